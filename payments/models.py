"""Moved money: what was released through the gate, what was recorded beside it, and where it counts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models import Defect, Milestone
from projects.models import APPEND, MOST_INDEX, READ, Fact, Party, Project, Role, index_field, money_field
from projects.money import MAX_AMOUNT


class Method(models.TextChoices):
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CARD = "card", _("Card")
    CASH = "cash", _("Cash")
    OTHER = "other", _("Other")


class LineKind(models.TextChoices):
    DEPOSIT = "deposit", _("Deposit")
    MILESTONE = "milestone", _("Milestone")
    RETENTION = "retention", _("Retention")
    FINAL = "final", _("Closing sum")


class Advance(Fact):
    """What the contractor asks for before a milestone is signed off, and by when the work catches up.

    Where it stands is derived from it, from the answers below and its payment (payments.rules.advances).
    """

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="advances")
    amount = money_field()
    reason = models.TextField(blank=True)
    catch_up_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="advance_is_positive")]


class AdvanceOpening(Fact):
    """A homeowner who signs has opened the request; the time to think runs from the last one of them."""

    rights: ClassVar[str] = APPEND

    advance = models.ForeignKey(Advance, models.PROTECT, related_name="openings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advance", "party"], name="an_advance_is_opened_once")]


class AdvanceApproval(Fact):
    """A homeowner agrees to an advance, on terms. Other terms than those of the last version make a new one,
    which voids the approvals before it. `completes`: with this one everybody who signs had approved."""

    rights: ClassVar[str] = APPEND

    advance = models.ForeignKey(Advance, models.PROTECT, related_name="approvals")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    amount = money_field()
    condition = models.TextField(blank=True)
    completes = models.BooleanField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="approved_amount_is_positive")]


class AdvanceDecline(Fact):
    """A homeowner who signs says no, which ends it."""

    rights: ClassVar[str] = APPEND

    advance = models.OneToOneField(Advance, models.PROTECT, related_name="decline")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)


class AdvanceWithdrawal(Fact):
    """The contractor took the request back."""

    rights: ClassVar[str] = APPEND

    advance = models.OneToOneField(Advance, models.PROTECT, related_name="withdrawal")


class Payment(Fact):
    """Money that moved. Never edited or deleted; corrected by a reversal."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("Released through the gate")
        RECORD = "record", _("Recorded outside the gate")
        ADVANCE = "advance", _("Advance")

    rights: ClassVar[str] = APPEND

    project = models.ForeignKey(Project, models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by_role = models.CharField(max_length=12, choices=Role.choices)
    amount = money_field()
    paid_on = models.DateField()
    method = models.CharField(max_length=15, choices=Method.choices)
    reference = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    advance = models.OneToOneField(Advance, models.PROTECT, null=True, related_name="payment")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=["release", "record", "advance"]), name="payment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="record") | Q(by_role="homeowner"), name="only_homeowners_release"
            ),
            models.CheckConstraint(
                condition=Q(kind="advance", advance__isnull=False)
                | (~Q(kind="advance") & Q(advance__isnull=True)),
                name="an_advance_is_paid_under_its_request",
            ),
        ]


class Allocation(Fact):
    """Part of a payment counted against a line of the schedule; negative where it was moved away."""

    rights: ClassVar[str] = APPEND

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    line = models.CharField(max_length=10, choices=LineKind.choices)
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="allocations")
    amount = money_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_is_not_zero"),
            models.CheckConstraint(
                condition=Q(line="milestone", milestone__isnull=False)
                | Q(line__in=["deposit", "retention", "final"], milestone=None),
                name="allocation_names_its_line",
            ),
        ]


class RetentionOpening(Fact):
    """Part of what was kept back opens, once and for all: at completion, or after the defects period."""

    class Part(models.TextChoices):
        COMPLETION = "completion", _("At completion")
        PERIOD = "period", _("After the defects period")

    rights: ClassVar[str] = APPEND

    part = models.CharField(max_length=10, choices=Part.choices)
    amount = money_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="retention_opening_is_positive"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(part="completion"), name="retention_opens_once_at_completion"
            ),
        ]


class Confirmation(Fact):
    """The contractor confirms that the money arrived."""

    rights: ClassVar[str] = APPEND

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="confirmation")
    received_on = models.DateField()
    receipt_number = models.TextField(blank=True)


class Reversal(Fact):
    """A payment, or part of it, was recorded wrongly or came back. In force at once or by consent."""

    class Why(models.TextChoices):
        WRONG_RECORD = "wrong_record", _("Wrong record")
        MONEY_BACK = "money_back", _("The money came back")

    rights: ClassVar[str] = APPEND

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="reversals")
    amount = money_field()
    why = models.CharField(max_length=12, choices=Why.choices)
    reason = models.TextField(blank=True)
    needs_consent = models.BooleanField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="reversal_is_positive")]


class ReversalAnswer(Fact):
    """The other side's answer to a reversal that needs consent."""

    rights: ClassVar[str] = APPEND

    reversal = models.OneToOneField(Reversal, models.PROTECT, related_name="answer")
    consents = models.BooleanField()


class Dispute(Fact):
    """A side says that a payment did not move as it stands recorded; it counts until it is reversed.

    Whether it is still open is derived from it, from what follows and from the payment
    (payments.rules.disputes).
    """

    rights: ClassVar[str] = APPEND

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    by_role = models.CharField(max_length=12, choices=Role.choices)
    reason = models.TextField()


class DisputeWithdrawal(Fact):
    """The side that disputed a payment does so no more."""

    rights: ClassVar[str] = APPEND

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="withdrawal")


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


class Standing(models.Model):
    """Where a project stands, as sums over its rows: a view, read with payments.figures. Money.

    `covered`: the paid money that open lines cover. `held`: the money held against lines. `repair`: the
    estimated cost of faults found after sign-off and still open.
    """

    rights: ClassVar[str] = READ

    project = models.OneToOneField(Project, models.DO_NOTHING, primary_key=True, related_name="standing")
    paid = money_field()
    earned = money_field()
    unlocked = money_field()
    covered = money_field()
    held = money_field()
    repair = money_field()

    class Meta:
        managed = False


class Ending(models.Model):
    """How a contract comes to its end: a view. Money.

    `retention_open`: how much of the retention may be paid by now. `final`: the closing sum of a termination
    that both sides signed for the contractor.
    """

    rights: ClassVar[str] = READ

    project = models.OneToOneField(Project, models.DO_NOTHING, primary_key=True, related_name="ending")
    retention_open = money_field()
    terminated = models.BooleanField()
    final = money_field()

    class Meta:
        managed = False


class Retained(models.Model):
    """The retention of a project and when the rest of it opens: a view, read with payments.rules.retention.

    `kept`: all that milestone lines keep back. `opened`: what opened of it by now. `for_defects`: the
    estimated cost of open faults that were reported within the defects period. `ends_on`: the first day after
    the defects period; none until it has begun.
    """

    rights: ClassVar[str] = READ

    project = models.OneToOneField(Project, models.DO_NOTHING, primary_key=True, related_name="retained")
    kept = money_field()
    opened = money_field()
    for_defects = money_field()
    ends_on = models.DateField(null=True)

    class Meta:
        managed = False


class EarlyPart(models.Model):
    """What of a payment no unlocked line covers, for the payments that have such a part: a view."""

    rights: ClassVar[str] = READ

    payment = models.OneToOneField(Payment, models.DO_NOTHING, primary_key=True, related_name="early")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    amount = money_field()

    class Meta:
        managed = False


class PayableLine(models.Model):
    """A line of the schedule that may be paid now, how much, and since when: a view.

    `about_id`: the milestone, for the deposit the project, for other lines an id made of the project's.
    """

    rights: ClassVar[str] = READ

    about_id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    milestone = models.ForeignKey(Milestone, models.DO_NOTHING, null=True, related_name="+")
    payable = money_field()
    since = models.DateTimeField()
    line = models.CharField(max_length=10, choices=LineKind.choices)

    class Meta:
        managed = False


class OpenDispute(models.Model):
    """A dispute that is open, with what is left of its payment, in money: a view."""

    rights: ClassVar[str] = READ

    dispute = models.OneToOneField(Dispute, models.DO_NOTHING, primary_key=True, related_name="now_open")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    payment = models.OneToOneField(Payment, models.DO_NOTHING, related_name="disputed")
    amount = money_field()

    class Meta:
        managed = False
