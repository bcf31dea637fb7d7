"""What the client expects, and how it was judged."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.models.work import Milestone
from projects.models import (
    APPEND,
    DRAFT,
    Fact,
    Party,
    Project,
    Role,
    money_field,
)


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
