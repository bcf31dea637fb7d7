"""Stages of the work: their terms, what is reported of them, and who signed them off."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import (
    APPEND,
    DRAFT,
    READ,
    Attachment,
    Fact,
    JournalEntry,
    Party,
    Project,
    Role,
    money_field,
    percent_field,
)
from projects.money import MAX_AMOUNT


class Milestone(Fact):
    """A stage of the work. Its value and its amount are different numbers (docs/exposure.md)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        IN_PROGRESS = "in_progress", _("In progress")
        SUBMITTED = "submitted", _("Submitted")
        SIGNED_OFF = "signed_off", _("Signed off")

    rights: ClassVar[str] = DRAFT
    changes: ClassVar[tuple[str, ...]] = (
        "position",
        "title",
        "description",
        "value",
        "amount",
        "planned_start",
        "planned_end",
        "agreed_end",
        "signers",
        "state",
        "version",
        "round",
    )

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.TextField()
    description = models.TextField(blank=True)
    value = money_field()
    amount = money_field()
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    agreed_end = models.DateField(null=True, blank=True)
    signers = ArrayField(models.CharField(max_length=12, choices=Role.choices))
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED.value)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "position"],
                name="one_milestone_per_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="milestone_value_not_negative"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="milestone_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(planned_start=None)
                | Q(planned_end=None)
                | Q(planned_end__gte=models.F("planned_start")),
                name="milestone_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "in_progress", "submitted", "signed_off"]),
                name="milestone_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(Fact):
    """One acceptance criterion, in the client's words."""

    rights: ClassVar[str] = DRAFT
    changes: ClassVar[tuple[str, ...]] = ()

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class ProgressEntry(Fact):
    """The contractor's report. Reported progress is never worth money."""

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="progress")
    percent = percent_field()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="progress_is_a_percent"
            )
        ]


class Evidence(Fact):
    """An attachment shown for a milestone, for one criterion or in general."""

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="evidence")
    progress = models.ForeignKey(ProgressEntry, models.PROTECT, related_name="evidence")
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "attachment"], name="evidence_is_shown_once")
        ]


class Submission(Fact):
    """The contractor says: finished, please sign. One round of decisions, on one version."""

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="submissions")
    round = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    shown_hash = models.CharField(max_length=64)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "round"], name="one_submission_per_round")
        ]


class Withdrawal(Fact):
    """The contractor took a submission back."""

    rights: ClassVar[str] = APPEND

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="withdrawal")


class Decision(Fact):
    """One signer's answer to a submission: approved, or returned with what is unmet or at fault.

    The defects that it names carry it (`Defect.decision`); the database refuses a return that names nothing.
    """

    rights: ClassVar[str] = APPEND

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    party = models.ForeignKey(Party, models.PROTECT, related_name="decisions")
    role = models.CharField(max_length=12, choices=Role.choices)
    approves = models.BooleanField()
    version = models.PositiveIntegerField()
    shown_hash = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    unmet = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "party"], name="a_signer_decides_once_per_round"),
            models.CheckConstraint(
                condition=Q(approves=False) | Q(unmet=[]),
                name="only_a_return_names_what_is_unmet",
            ),
        ]


class Inspection(Fact):
    """An engineer's, supervisor's or homeowner's own finding of how far an unfinished milestone is."""

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="inspections")
    role = models.CharField(max_length=12, choices=Role.choices)
    percent = percent_field()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="inspection_is_a_percent"
            )
        ]


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


class Expectation(Fact):
    """What the client expects and how it is measured, in their words; of milestones or the whole project.

    `by_role` says whose words they are: the homeowners', or a promise that the contractor's side made to win
    the job. `counter` says that it is not realistic as stated and what meeting it would take, `cost` that in
    money; once the homeowners accept the counter it is the final wording. `doer` will do the work.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        COUNTERED = "countered", _("Not realistic as stated")
        CONFIRMED = "confirmed", _("Confirmed")

    rights: ClassVar[str] = DRAFT
    changes: ClassVar[tuple[str, ...]] = (
        "goal",
        "measure",
        "state",
        "version",
        "counter",
        "cost",
        "doer",
        "answered_by_id",
    )

    project = models.ForeignKey(Project, models.PROTECT, related_name="expectations")
    position = models.PositiveSmallIntegerField()
    stated_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by_role = models.CharField(max_length=12, choices=Role.choices)
    goal = models.TextField()
    measure = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN.value)
    version = models.PositiveIntegerField(default=1)
    counter = models.TextField(blank=True)
    cost = money_field(null=True, blank=True)
    doer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="one_expectation_per_position"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "countered", "confirmed"]), name="expectation_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(counter="", cost=None, doer="", answered_by=None),
                name="an_open_expectation_has_no_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_by__isnull=False), name="an_answer_names_who_gave_it"
            ),
            models.CheckConstraint(
                condition=~Q(counter="") | (~Q(state="countered") & Q(cost=None)),
                name="a_counter_has_words",
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gt=0), name="meeting_it_costs_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(by_role="contractor") | ~Q(doer=""),
                name="a_promise_of_sales_names_who_does_it",
            ),
        ]

    def __str__(self) -> str:
        return self.goal

    @property
    def is_sales_promise(self) -> bool:
        """Whether the contractor's side stated it: it counts once who does the work stands behind it."""
        return self.by_role == Role.CONTRACTOR


class Concern(Fact):
    """A milestone that an expectation is about. An expectation with none is about the whole project."""

    rights: ClassVar[str] = DRAFT
    changes: ClassVar[tuple[str, ...]] = ()

    expectation = models.ForeignKey(Expectation, models.PROTECT, related_name="concerns")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="concerns")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expectation", "milestone"], name="an_expectation_names_a_milestone_once"
            )
        ]


class Judgement(Fact):
    """Whether an expectation was met, said once by a signing homeowner when its work was signed off."""

    rights: ClassVar[str] = APPEND

    expectation = models.OneToOneField(Expectation, models.PROTECT, related_name="judgement")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    met = models.BooleanField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(met=True) | ~Q(note=""), name="what_is_not_met_is_said")
        ]


class Reschedule(Fact):
    """The contractor moved the date of a milestone, with a reason: announced in time, or after it had passed.

    `previous_end` is the date that was moved; None where the milestone had none.
    """

    class Cause(models.TextChoices):
        CONSULTANT = "consultant", _("Waiting for a consultant or an engineer")
        SUPPLY = "supply", _("Materials are delayed")
        WEATHER = "weather", _("The weather")
        OTHER = "other", _("Another reason")

    rights: ClassVar[str] = APPEND

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="reschedules")
    previous_end = models.DateField(null=True)
    agreed_end = models.DateField()
    in_time = models.BooleanField()
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.OTHER.value)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(previous_end=None) | ~Q(previous_end=models.F("agreed_end")),
                name="a_reschedule_moves_the_date",
            ),
            models.CheckConstraint(
                condition=Q(cause__in=["consultant", "supply", "weather", "other"]),
                name="reschedule_cause_known",
            ),
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


class SignOff(models.Model):
    """The entry that signed a milestone off, that of the last approval: a view.

    The milestone's own entry is a later one where a deduction settled one of its defects.
    """

    rights: ClassVar[str] = READ

    milestone = models.OneToOneField(Milestone, models.DO_NOTHING, primary_key=True, related_name="sign_off")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    entry = models.ForeignKey(JournalEntry, models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False


class Worth(models.Model):
    """How far a milestone's work is verified, and what of its payment waits: a view. Money and percent.

    `verified`: what inspections verified of its value while it is not signed off (milestones.findings);
    `verified_percent`: that in percent of its present value, to show; `found_percent`: what the inspection
    that counts said. `withheld`: until repairs are verified. `repair`, `blocking_repair`: the estimated cost
    of faults found after sign-off and still open. The view is made in payments, where changes of terms are.
    """

    rights: ClassVar[str] = READ

    milestone = models.OneToOneField(Milestone, models.DO_NOTHING, primary_key=True, related_name="worth")
    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="+")
    verified = money_field()
    verified_percent = percent_field()
    found_percent = percent_field()
    withheld = money_field()
    repair = money_field()
    blocking_repair = money_field()

    class Meta:
        managed = False
