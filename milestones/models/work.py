"""Milestones: their terms, what is reported and found of them, who decided, and their dates."""

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
