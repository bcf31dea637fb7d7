"""What lists say of the stages of a project, and the front-loading test, as queryset annotations."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When, Window
from django.db.models.functions import Coalesce, Greatest, JSONObject

from milestones.models import Milestone
from projects.figures import NOTHING, in_policy, percent_of
from projects.models import Project

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Stages(TypedDict):
        milestones_total: int
        milestones_signed: int
        stage_in_hand: dict[str, Any] | None

    class Planned(TypedDict):
        worst_gap: Decimal
        gap_limit: Decimal
        deposit_cap: Decimal

    class Lead(TypedDict):
        lead: Decimal

    ProjectWithStages = WithAnnotations[Project, Stages]
    ProjectAsPlanned = WithAnnotations[Project, Planned]
    MilestoneWithLead = WithAnnotations[Milestone, Lead]
else:
    ProjectWithStages = ProjectAsPlanned = Project
    MilestoneWithLead = Milestone

IN_HAND_FIRST = [Milestone.State.SUBMITTED, Milestone.State.IN_PROGRESS, Milestone.State.PLANNED]


def with_stages(projects: QuerySet[Project, Any]) -> QuerySet[ProjectWithStages]:
    """Add `milestones_total`, `milestones_signed`, and `stage_in_hand`.

    The stage in hand is the first that waits for signatures, else the first in progress, else the first
    planned: {id, position, title, state, signers}, or None when all are signed off.
    """
    own = Milestone.objects.filter(project=OuterRef("pk")).order_by().values("project")
    in_hand = (
        Milestone.objects.filter(project=OuterRef("pk"), state__in=IN_HAND_FIRST)
        .order_by(_turn(), "position")
        .values(
            said=JSONObject(id="id", position="position", title="title", state="state", signers="signers")
        )
    )
    signed = Count("pk", filter=Q(state=Milestone.State.SIGNED_OFF))
    return projects.annotate(
        milestones_total=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
        milestones_signed=Coalesce(Subquery(own.annotate(n=signed).values("n")), 0),
        stage_in_hand=Subquery(in_hand[:1]),
    )


def _turn() -> Case:
    return Case(*(When(state=state, then=Value(turn)) for turn, state in enumerate(IN_HAND_FIRST)))


def with_front_loading(projects: QuerySet[Project, Any]) -> QuerySet[ProjectAsPlanned]:
    """Add `worst_gap` as `front_loading_of` finds it, and what the policy allows: `gap_limit`, `deposit_cap`.

    All in money of the project. Front-loaded are those for which `FRONT_LOADED` holds.
    """
    leads = _leads().filter(project=OuterRef("pk")).order_by("-lead").values("lead")
    return projects.annotate(
        worst_gap=Greatest(NOTHING, F("deposit"), Subquery(leads[:1])),  # no milestones: a NULL, passed over
        gap_limit=percent_of("contract_total", in_policy("front_loading_percent")),
        deposit_cap=percent_of("contract_total", in_policy("deposit_cap_percent")),
    )


FRONT_LOADED = Q(worst_gap__gt=F("gap_limit")) | Q(deposit__gt=F("deposit_cap"))


def _leads() -> QuerySet[MilestoneWithLead]:
    """Add `lead`: by how much money leads the value of the work right after each planned payment."""
    step = F("amount") - percent_of("amount", F("project__retention_percent")) - F("value")
    return Milestone.objects.annotate(
        lead=F("project__deposit") + Window(Sum(step), partition_by="project_id", order_by="position")
    )
