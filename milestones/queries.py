"""Milestones with the facts that pages, the API and the acts need; the number of queries is constant."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.db.models import (
    Count,
    DecimalField,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from milestones.findings import Estimates, Faults, repair_of
from milestones.front_loading import FrontLoading, PlannedPayment, front_loading_of
from milestones.models import (
    Concern,
    Criterion,
    Decision,
    Defect,
    DefectEvent,
    DefectNow,
    Evidence,
    Exhibit,
    Expectation,
    FixDateMove,
    Inspection,
    Milestone,
    ProgressEntry,
    Submission,
)
from milestones.rules import Gap, awaited, gaps_of
from projects.models import Party, Project
from projects.money import ZERO, total_of
from projects.policy import policy_of
from projects.queries import parties_of, visible_to

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class MilestoneFacts(TypedDict):
        reported_percent: Decimal
        evidence_count: int
        defects_open: int

    MilestoneWithFacts = WithAnnotations[Milestone, MilestoneFacts]
else:
    MilestoneWithFacts = Milestone


def with_facts(milestones: QuerySet[Milestone, Any]) -> QuerySet[MilestoneWithFacts]:
    """Add `reported_percent` (the contractor's latest word), `evidence_count` and `defects_open` (neither
    verified nor settled), and load `worth`."""
    faults = DefectNow.objects.filter(milestone=OuterRef("pk")).exclude(state__in=DefectNow.CLOSED)
    open_now = faults.order_by().values("milestone").annotate(n=Count("pk")).values("n")
    latest = ProgressEntry.objects.filter(milestone=OuterRef("pk")).order_by("-entry__seq").values("percent")
    percent = DecimalField(max_digits=5, decimal_places=2)
    return milestones.select_related("worth").annotate(
        reported_percent=Coalesce(Subquery(latest[:1]), Value(0, output_field=percent), output_field=percent),
        evidence_count=Count("evidence", distinct=True),
        defects_open=Coalesce(Subquery(open_now), 0, output_field=IntegerField()),
    )


def milestones_of(project: Project) -> QuerySet[MilestoneWithFacts]:
    return with_facts(Milestone.objects.filter(project=project)).order_by("position")


def milestones_visible_to(user_id: UUID) -> QuerySet[MilestoneWithFacts]:
    """With criteria, evidence and the rounds of decisions loaded."""
    evidence = Evidence.objects.select_related("attachment", "criterion", "entry").order_by(
        "entry__seq", "id"
    )
    decisions = Decision.objects.select_related("party__user", "entry").order_by("entry__seq")
    rounds = Submission.objects.select_related("entry", "withdrawal").order_by("round")
    return with_facts(
        visible_to(user_id, Milestone.objects.select_related("project")).prefetch_related(
            "criteria",
            Prefetch("evidence", evidence),
            Prefetch("submissions", rounds.prefetch_related(Prefetch("decisions", decisions))),
        )
    ).order_by("position")


def criteria_of(project: Project) -> list[Criterion]:
    return list(Criterion.objects.filter(project=project).order_by("milestone__position", "position"))


def agreement_gaps(project: Project) -> list[Gap]:
    """What the draft still lacks before it can be signed."""
    counts: dict[UUID, int] = {}
    for criterion in criteria_of(project):
        counts[criterion.milestone_id] = counts.get(criterion.milestone_id, 0) + 1
    milestones = list(project.milestones.order_by("position"))
    return gaps_of(project, milestones, counts, parties_of(project), project.expectations.all())


def expectations_visible_to(user_id: UUID) -> QuerySet[Expectation]:
    """With who stated and who answered them, what they concern, and how they were judged; in their order."""
    return _told(visible_to(user_id, Expectation.objects.all()))


def expectations_of(project: Project) -> list[Expectation]:
    return list(_told(Expectation.objects.filter(project=project)))


def _told(expectations: QuerySet[Expectation]) -> QuerySet[Expectation]:
    concerns = Concern.objects.select_related("milestone").order_by("milestone__position")
    return (
        expectations.select_related(
            "project", "stated_by__user", "answered_by__user", "judgement__party__user", "judgement__entry"
        )
        .prefetch_related(Prefetch("concerns", concerns), "project__milestones")
        .order_by("position")
    )


def concerned_by(expectation: Expectation) -> list[Milestone]:
    """The milestones that an expectation concerns: those it names, else all of its project."""
    named = [concern.milestone for concern in expectation.concerns.all()]
    return named or list(expectation.project.milestones.all())


def front_loading(project: Project) -> FrontLoading:
    """The front-loading test of the terms as they stand."""
    planned = [PlannedPayment(m.position, m.value, m.amount) for m in project.milestones.order_by("position")]
    return front_loading_of(
        project.contract_total,
        project.deposit,
        project.retention_percent,
        planned,
        policy_of(project.policy),
    )


def current_round(milestone: Milestone) -> Submission | None:
    """The latest submission, with its decisions; withdrawn or returned ones included."""
    return (
        Submission.objects.filter(milestone=milestone, round=milestone.round)
        .prefetch_related("decisions__party")
        .first()
    )


def awaited_roles(milestone: Milestone, submission: Submission, parties: list[Party]) -> list[str]:
    """The roles still to approve this round."""
    approvals = [d for d in submission.decisions.all() if d.approves]
    return awaited(milestone, approvals, parties, policy_of(milestone.project.policy))


def defects_visible_to(user_id: UUID) -> QuerySet[Defect]:
    """By their number, with where each stands, its photos, what became of it, and its dates that moved."""
    photos = Exhibit.objects.select_related("attachment", "entry").order_by("entry__seq", "attachment")
    events = DefectEvent.objects.select_related("entry__actor").order_by("entry__seq")
    return (
        visible_to(
            user_id,
            Defect.objects.select_related("now", "milestone", "project", "entry__actor", "reopened_as"),
        )
        .prefetch_related(
            Prefetch("exhibits", photos),
            Prefetch("events", events.prefetch_related(Prefetch("exhibits", photos))),
            Prefetch("moves", FixDateMove.objects.select_related("entry").order_by("entry__seq")),
        )
        .order_by("number")
    )


def inspections_of(milestone: Milestone) -> QuerySet[Inspection]:
    """The inspections of a milestone, latest first, with who made them and their photos."""
    photos = Exhibit.objects.select_related("attachment", "entry").order_by("entry__seq", "attachment")
    found = Inspection.objects.filter(milestone=milestone).select_related("entry__actor")
    return found.prefetch_related(Prefetch("exhibits", photos)).order_by("-entry__seq")


def estimates_of(now: DefectNow) -> Estimates:
    """The latest estimates of a defect's repair."""
    return Estimates(now.by_expert, now.by_homeowner, now.by_contractor)


def faults_without(settled: Defect, value: Decimal) -> Faults:
    """What is left of the open defects of a signed milestone, whose work is then worth `value`, once this one
    is settled. One query; what `Worth` says of them all (tests bind the two)."""
    others = DefectNow.objects.filter(milestone=settled.milestone_id).exclude(state__in=DefectNow.CLOSED)
    rows = others.exclude(defect=settled).select_related("defect__decision__submission")
    late = [row for row in rows if row.defect.after_sign_off]
    return Faults(
        withheld=total_of([row.defect.withheld for row in rows if _closed_by(row.defect, settled.milestone)]),
        repair=repair_of(value, [estimates_of(row) for row in late]),
        blocking_repair=repair_of(value, [estimates_of(row) for row in late if row.defect.blocking]),
    )


def _closed_by(defect: Defect, milestone: Milestone) -> bool:
    """Whether an approval of the round that closed its milestone named a defect."""
    return defect.decision is not None and defect.decision.submission.round == milestone.round


def has_open_blocking(milestone: Milestone) -> bool:
    """Whether a blocking defect that keeps the milestone from being submitted is open."""
    return _holding_up(milestone).filter(now__state=DefectNow.State.OPEN).exists()


def has_unverified_blocking(milestone: Milestone) -> bool:
    """Whether a blocking defect keeps the milestone from being signed off: its repair is not verified."""
    return _holding_up(milestone).exclude(now__state__in=DefectNow.CLOSED).exists()


def _holding_up(milestone: Milestone) -> QuerySet[Defect]:
    return Defect.objects.filter(milestone=milestone, blocking=True, after_sign_off=False)


def withheld_in(submission: Submission) -> Decimal:
    """What the approvals of a round withhold in all, money."""
    named = Defect.objects.filter(decision__submission=submission)
    return named.aggregate(total=Sum("withheld"))["total"] or ZERO
