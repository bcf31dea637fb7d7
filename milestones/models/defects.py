"""Faults of the work: who found them, what a repair will cost, what was done, and where they stand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models.work import Decision, Inspection, Milestone, Reschedule
from projects.models import (
    APPEND,
    READ,
    Attachment,
    Fact,
    Project,
    Role,
    money_field,
)
from projects.money import MAX_AMOUNT


class Defect(Fact):
    """A fault of a milestone. What has become of it is told by its events; see `DefectNow`.

    `number` counts within the project. `fix_by` is the fix date under which it was found. `withheld` (money)
    is what the approval `decision` keeps back until the repair is verified; a return names defects too.
    `after_sign_off`: found when the milestone was signed off already. `reopens`: the verified defect that
    turned out not to be repaired.
    """

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="defects")
    number = models.PositiveIntegerField()
    title = models.TextField()
    place = models.TextField(blank=True)
    note = models.TextField(blank=True)
    blocking = models.BooleanField()
    fix_by = models.DateField(null=True)
    withheld = money_field(default=0)
    after_sign_off = models.BooleanField()
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="defects")
    reopens = models.OneToOneField("self", models.PROTECT, null=True, related_name="reopened_as")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_defect_per_number"),
            models.CheckConstraint(
                condition=Q(withheld=0)
                | Q(withheld__gt=0, withheld__lte=MAX_AMOUNT, blocking=False, decision__isnull=False),
                name="only_an_approval_withholds",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DefectEvent(Fact):
    """What became of a defect: the contractor repaired it, a signer verified that or found it unrepaired; or
    both sides settled it by a deduction, in the act that brought that into force (payments.ChangeOrder)."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        VERIFIED = "verified", _("Fixed and verified")
        REOPENED = "reopened", _("Not fixed yet")
        SETTLED = "settled", _("Settled by a deduction")

    rights: ClassVar[str] = APPEND

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["fixed", "verified", "reopened", "settled"]), name="defect_event_known"
            ),
            models.UniqueConstraint(fields=["defect", "entry"], name="one_event_of_a_defect_per_act"),
            models.UniqueConstraint(
                fields=["defect"], condition=Q(kind="verified"), name="a_defect_is_verified_once"
            ),
        ]


class Estimate(Fact):
    """What one side, or an expert, takes the repair of a defect to cost. The latest of a role counts."""

    rights: ClassVar[str] = APPEND

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="estimates")
    role = models.CharField(max_length=12, choices=Role.choices)
    amount = money_field()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=MAX_AMOUNT), name="estimate_is_an_amount"
            )
        ]


class Exhibit(Fact):
    """An attachment shown with an inspection, with a defect, or with what became of one."""

    rights: ClassVar[str] = APPEND

    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="exhibits")
    defect = models.ForeignKey(Defect, models.PROTECT, null=True, related_name="exhibits")
    event = models.ForeignKey(DefectEvent, models.PROTECT, null=True, related_name="exhibits")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inspection__isnull=False, defect=None, event=None)
                | Q(inspection=None, defect__isnull=False, event=None)
                | Q(inspection=None, defect=None, event__isnull=False),
                name="an_exhibit_is_of_one_thing",
            )
        ]


class FixDateMove(Fact):
    """The contractor moved the fix date of an open defect, with a reason: announced in time, or after it had
    passed. `previous_fix_by` is the date that was moved; None where the defect had none.
    """

    rights: ClassVar[str] = APPEND

    defect = models.ForeignKey(Defect, models.PROTECT, related_name="moves")
    previous_fix_by = models.DateField(null=True)
    fix_by = models.DateField()
    in_time = models.BooleanField()
    cause = models.CharField(
        max_length=10, choices=Reschedule.Cause.choices, default=Reschedule.Cause.OTHER.value
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["defect", "entry"], name="a_fix_date_moves_once_per_act"),
            models.CheckConstraint(
                condition=Q(previous_fix_by=None) | ~Q(previous_fix_by=models.F("fix_by")),
                name="a_moved_fix_date_is_another",
            ),
            models.CheckConstraint(
                condition=Q(cause__in=["consultant", "supply", "weather", "other"]),
                name="fix_date_cause_known",
            ),
        ]


class DefectNow(models.Model):
    """Where a defect stands: a view. Money. `fix_by` is its fix date, wherever it was moved to.

    The latest estimates of its repair: an engineer's or supervisor's (`by_expert`), and either side's.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        FIXED = "fixed", _("Fixed, waiting to be verified")
        VERIFIED = "verified", _("Fixed and verified")
        SETTLED = "settled", _("Settled by a deduction")

    CLOSED: ClassVar[frozenset[State]] = frozenset({State.VERIFIED, State.SETTLED})  # for good

    rights: ClassVar[str] = READ

    defect = models.OneToOneField(Defect, models.DO_NOTHING, primary_key=True, related_name="now")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    milestone = models.ForeignKey(Milestone, models.DO_NOTHING, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    by_expert = money_field(null=True)
    by_homeowner = money_field(null=True)
    by_contractor = money_field(null=True)
    fix_by = models.DateField(null=True)

    class Meta:
        managed = False
