"""My projects as a list: figures, the stage in hand, who is waited for; a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.figures import with_stages
from milestones.models import Milestone
from milestones.queries import milestones_visible_to
from milestones.rounds import waiting_for, waits_for
from payments.actions import confirm_payment
from payments.figures import with_figures
from payments.models import Payment
from payments.queries import awaits_receipt, with_reversed
from payments.rules import Level
from projects.flagging import flag_title
from projects.models import Flag, Party, Project, Role
from projects.money import as_percent
from projects.page_kit import may_do
from projects.queries import projects_visible_to, visible_to

AHEAD = {Level.WATCH.value, Level.AHEAD.value, Level.CRITICAL.value}
ROWS_ON_A_PAGE = 50
SEVERITIES = ("critical", "warning", "notice")


@dataclass(frozen=True)
class Row:
    """One project: `project` carries the figures; `worst` is its most severe open flag.

    `role` is the reader's; `contractor` a name, empty where that is the reader.
    """

    project: Any
    role: str
    contractor: str
    stage: dict[str, Any] | None
    waits_for_me: bool
    waiting: list[object]
    worst: Flag | None

    @property
    def lean_percent(self) -> Decimal:
        return as_percent(self.project.exposure, self.project.contract_total)

    @property
    def earned_percent(self) -> Decimal:
        return as_percent(self.project.earned, self.project.contract_total)

    @property
    def is_ahead(self) -> bool:
        return self.project.level in AHEAD

    @property
    def needs_a_look(self) -> bool:
        return (
            self.is_ahead or self.waits_for_me or (self.worst is not None and self.worst.severity != "notice")
        )

    @property
    def worst_title(self) -> str:
        return flag_title(self.worst.kind) if self.worst else ""

    @property
    def urgency(self) -> tuple[bool, int, bool, Decimal]:
        severity = SEVERITIES.index(self.worst.severity) if self.worst else len(SEVERITIES)
        return not self.needs_a_look, severity, not self.waits_for_me, -self.project.exposure


@dataclass(frozen=True)
class Group:
    """Rows that stand together in the table, under a title."""

    title: object
    icon: str
    rows: list[Row]


@dataclass(frozen=True)
class Filter:
    key: str
    label: object
    count: int
    current: bool


@dataclass(frozen=True)
class Portfolio:
    """A page of a filter's rows, exceptions first, and the filters with how many each shows."""

    page: Page[Row]
    every: list[Row]
    search: str
    show: str
    filters: list[Filter]

    @property
    def count(self) -> int:
        return len(self.every)

    @property
    def exceptions(self) -> list[Row]:
        return [row for row in self.page if row.needs_a_look]

    @property
    def on_track(self) -> list[Row]:
        return [row for row in self.page if not row.needs_a_look]

    @property
    def groups(self) -> list[Group]:
        return [
            Group(_("Needs a look"), "flag", self.exceptions),
            Group(_("On track"), "check", self.on_track),
        ]

    @property
    def role(self) -> str:
        """The reader's role where it is the same everywhere: it colours the initials in the header."""
        roles = {row.role for row in self.every}
        return roles.pop() if len(roles) == 1 else ""

    @property
    def needing_a_look(self) -> int:
        return sum(row.needs_a_look for row in self.every)

    @property
    def calm(self) -> int:
        """In how many the line hangs straight, or leans only as agreed."""
        return sum(not row.is_ahead for row in self.every)


FILTERS = {
    "": (_("All"), lambda row: True),
    "look": (_("Needs a look"), lambda row: row.needs_a_look),
    "me": (_("Waiting for me"), lambda row: row.waits_for_me),
    "ahead": (_("Money ahead"), lambda row: row.is_ahead),
}


def portfolio_of(user_id: UUID, search: str = "", show: str = "", number: str = "") -> Portfolio:
    """The reader's projects; `search` looks in names and addresses, `show` is a key of FILTERS.

    `number` is that of a page; what is none means the first or the last one.
    """
    show = show if show in FILTERS else ""
    every = sorted(_rows(user_id, search.strip()), key=lambda row: row.urgency)
    filters = [
        Filter(key, label, sum(map(belongs, every)), key == show) for key, (label, belongs) in FILTERS.items()
    ]
    rows = Paginator(list(filter(FILTERS[show][1], every)), ROWS_ON_A_PAGE)
    return Portfolio(rows.get_page(number), every, search.strip(), show, filters)


def _rows(user_id: UUID, search: str) -> list[Row]:
    found = projects_visible_to(user_id)
    if search:
        of_people = Party.objects.filter(user__full_name__icontains=search, left_at=None).values("project")
        named = Q(name__icontains=search) | Q(address__icontains=search)
        found = found.filter(named | Q(id__in=of_people))
    projects = list(with_stages(with_figures(found)).order_by("-created_at", "id"))
    ids = [project.id for project in projects]
    parties = _by_project(Party.objects.filter(project__in=ids, left_at=None).select_related("user"))
    flags = _by_project(visible_to(user_id, Flag.objects.filter(project__in=ids, cleared_at=None)))
    stages = _stages_in_hand(user_id, projects)
    unconfirmed = _with_unconfirmed_money(ids)
    return [
        _row(
            project,
            _part(user_id, parties[project.id]),
            parties[project.id],
            flags.get(project.id, []),
            stages.get(project.id),
            project.id in unconfirmed,
        )
        for project in projects
    ]


def _part(user_id: UUID, parties: list[Party]) -> Party:
    return next(party for party in parties if party.user_id == user_id and party.is_present)


def _with_unconfirmed_money(ids: Sequence[UUID]) -> set[UUID]:
    """The projects in which the contractor has still to say whether money arrived."""
    untold = Payment.objects.filter(project__in=ids, by_role=Role.HOMEOWNER, confirmation=None)
    payments = with_reversed(untold).select_related("confirmation", "disputed__dispute")
    return {payment.project_id for payment in payments if awaits_receipt(payment)}


def _by_project(rows: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found


def _stages_in_hand(user_id: UUID, projects: Sequence[Any]) -> dict[UUID, Milestone]:
    """The stages that wait for signatures, with their decisions, by project."""
    ids = [project.stage_in_hand["id"] for project in projects if project.stage_in_hand]
    submitted = milestones_visible_to(user_id).filter(pk__in=ids, state=Milestone.State.SUBMITTED)
    return {stage.project_id: stage for stage in submitted}


def _row(
    project: Any,
    part: Party,
    parties: list[Party],
    flags: list[Flag],
    submitted: Milestone | None,
    money_is_unconfirmed: bool,
) -> Row:
    others = (p for p in parties if p.pk != part.pk)
    contractor = next((p.user.full_name for p in others if p.role == Role.CONTRACTOR and p.user), "")
    may_pay = project.payable > 0 and part.role == Role.HOMEOWNER and part.may_sign
    may_sign = submitted is not None and waits_for(submitted, part, parties)
    may_confirm = money_is_unconfirmed and may_do(part, confirm_payment)
    return Row(
        project=project,
        role=part.role,
        contractor=contractor,
        stage=project.stage_in_hand,
        waits_for_me=may_pay or may_sign or may_confirm,
        waiting=_waiting(project, submitted, parties),
        worst=min(flags, key=lambda flag: SEVERITIES.index(flag.severity), default=None),
    )


def _waiting(project: Any, submitted: Milestone | None, parties: list[Party]) -> list[object]:
    """The roles that are waited for: to sign, to pay, or to work."""
    if project.state == Project.State.DRAFT:
        return [_("Both sides")]
    if submitted is not None:
        return [Role(role).label for role in waiting_for(submitted, parties)]
    if project.payable > 0:
        return [Role.HOMEOWNER.label]
    return [Role.CONTRACTOR.label] if project.stage_in_hand else []
