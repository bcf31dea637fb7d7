"""What changes the terms of a contract: change orders, and the values of its index."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models import Defect, Milestone
from projects.models import APPEND, MOST_INDEX, Fact, Party, Project, Role, index_field, money_field
from projects.money import MAX_AMOUNT

MOST_DAYS = 3650  # by which one change moves a date


class ChangeOrder(Fact):
    """A proposal to change the signed terms: another milestone, or another price and date of one. Money.

    `amount` is by how much the contract total, and the milestone's value and payment alike, change; of a
    milestone that is added it is all of both. `days` moves the agreed end. `defect` is one of a signed
    milestone that a deduction settles. The words and dates further down are those of a milestone that is
    added; it is called as the change is, and a line of `criteria` is one.
    """

    class Kind(models.TextChoices):
        ADD_MILESTONE = "add_milestone", _("Another milestone")
        CHANGE_MILESTONE = "change_milestone", _("Change of a milestone")
        SETTLE_DEFECT = "settle_defect", _("A defect settled by a deduction")

    rights: ClassVar[str] = APPEND

    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by_role = models.CharField(max_length=12, choices=Role.choices)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="+")
    defect = models.ForeignKey(Defect, models.PROTECT, null=True, related_name="+")
    title = models.TextField()
    reason = models.TextField(blank=True)
    amount = money_field()
    days = models.SmallIntegerField(default=0)
    criteria = models.TextField(blank=True)
    signers = ArrayField(models.CharField(max_length=12, choices=Role.choices), default=list)
    planned_start = models.DateField(null=True)
    planned_end = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="change_milestone", milestone__isnull=False, defect=None, signers=[])
                & (~Q(amount=0) | ~Q(days=0))
                & Q(planned_start=None, planned_end=None)
                | Q(kind="add_milestone", milestone=None, defect=None, amount__gte=0, days=0) & ~Q(signers=[])
                | Q(kind="settle_defect", milestone__isnull=False, defect__isnull=False, signers=[])
                & Q(amount__lt=0, days=0, planned_start=None, planned_end=None),
                name="change_says_what_it_changes",
            ),
            models.CheckConstraint(
                condition=Q(planned_start=None)
                | Q(planned_end=None)
                | Q(planned_end__gte=models.F("planned_start")),
                name="change_ends_after_it_starts",
            ),
            models.CheckConstraint(  # a numeric column takes NaN too, which is above every number
                condition=Q(amount__gte=-MAX_AMOUNT, amount__lte=MAX_AMOUNT), name="change_is_of_a_sum"
            ),
        ]


class ChangeSignature(Fact):
    """One party's signature under a change order, as it would change the terms that stood then."""

    rights: ClassVar[str] = APPEND

    change = models.ForeignKey(ChangeOrder, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    terms_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "party", "version"], name="one_signature_per_version_of_a_change"
            )
        ]


class ChangeEnd(Fact):
    """A change order that will not be: declined by either side, or taken back by who proposed it."""

    class Why(models.TextChoices):
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    rights: ClassVar[str] = APPEND

    change = models.OneToOneField(ChangeOrder, models.PROTECT, related_name="end")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why.choices)
    reason = models.TextField(blank=True)


class ChangeInForce(Fact):
    """A change order that everybody signed, and the terms from then on, of the contract and its milestone."""

    rights: ClassVar[str] = APPEND

    change = models.OneToOneField(ChangeOrder, models.PROTECT, related_name="force")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    contract_total = money_field()
    value = money_field()
    amount = money_field()
    agreed_end = models.DateField(null=True)


class IndexValue(Fact):
    """What was published of the agreed index for a month, as a side told it; the newest one counts."""

    rights: ClassVar[str] = APPEND

    project = models.ForeignKey(Project, models.PROTECT, related_name="index_values")
    by_role = models.CharField(max_length=12, choices=Role.choices)
    month = models.DateField()  # its first day
    value = index_field()
    published_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="index_is_of_a_month"),
            models.CheckConstraint(condition=Q(value__gt=0, value__lte=MOST_INDEX), name="index_is_positive"),
            models.UniqueConstraint(fields=["entry", "month"], name="an_act_tells_a_month_once"),
        ]
