"""The facts of a contract in the order in which its journal tells of them: what its past is read from.

Nothing of a past day is stored beside them. They are never changed or removed, so they tell every day exactly
and a figure of a past day never changes (docs/certificates.md).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from milestones.models import Defect, DefectEvent, DefectNow, Estimate, Inspection, Milestone
from payments.models import Allocation, ChangeInForce, ChangeOrder, Payment, RetentionOpening, Reversal
from payments.queries import line_name
from payments.rules import (
    Change,
    Contract,
    Dated,
    Estimated,
    Fact,
    Faulty,
    Inspected,
    Moved,
    Opened,
    Repaired,
    Settled,
    Signed,
    SignedOff,
    Step,
    Term,
    Terminated,
    Told,
    earnings_of,
    undone,
)
from projects.models import AgreementSignature, Deed, DeedSignature, Project, Turn
from projects.money import ZERO

# A fact with its project, and the number and the moment of its entry.
_Entered = tuple[UUID, int, datetime, Fact]
_Projects = Collection[Project]


def dated_of(project: Project) -> Dated:
    """Everything that happened to the terms, the work and the money of a project: thirteen queries."""
    return dated_of_each([project])[project.pk]


def dated_of_each(projects: _Projects) -> dict[UUID, Dated]:
    """As `dated_of`, of each of these projects, in the same queries however many there are."""
    milestones = _milestones(projects)
    facts = [
        *_signatures(projects),
        *_changes(projects),
        *_work(projects, milestones),
        *_endings(projects),
        *_money(projects),
    ]
    return _dated(projects, milestones, facts)


def changes_of(project: Project) -> list[Step]:
    """Every change, by day: payments on the day they were paid, reversals on the day they came into force;
    and what inspections, changes of the terms, sign-offs, faults found after them and their repairs did to
    the verified value, on the day they were told. Eight queries."""
    projects = [project]
    milestones = _milestones(projects)
    facts = [*_changes(projects), *_work(projects, milestones)]
    worked = _dated(projects, milestones, facts)[project.pk]
    return [*_payments(project), *_reversals(project), *earnings_of(worked)]


def day_of(project: Project, at: datetime) -> date:
    """The day of a moment where the project is."""
    return at.astimezone(ZoneInfo(project.time_zone)).date()


def _dated(
    projects: _Projects, milestones: Iterable[Milestone], facts: Iterable[_Entered]
) -> dict[UUID, Dated]:
    """Of each project its terms as they were signed first, and the facts in their order; of one entry, in the
    order given."""
    terms: defaultdict[UUID, list[Milestone]] = defaultdict(list)
    for milestone in milestones:
        terms[milestone.project_id].append(milestone)
    told: defaultdict[UUID, list[tuple[int, datetime, Fact]]] = defaultdict(list)
    for owner, seq, at, fact in facts:
        told[owner].append((seq, at, fact))
    found = {}
    for project in projects:
        in_order = sorted(told[project.pk], key=lambda entered: entered[0])
        changes = [fact for _, _, fact in in_order if isinstance(fact, Change)]
        found[project.pk] = Dated(
            contract=undone(_now(project, terms[project.pk]), changes),
            told=[Told(day_of(project, at), fact) for _, at, fact in in_order],
        )
    return found


def _now(project: Project, milestones: Iterable[Milestone]) -> Contract:
    """The prices as they are now."""
    terms = tuple(
        Term(milestone=str(m.pk), position=m.position, value=m.value, amount=m.amount) for m in milestones
    )
    return Contract(
        total=project.contract_total,
        terms=terms,
        deposit=project.deposit,
        retention_percent=project.retention_percent,
    )


def _milestones(projects: _Projects) -> list[Milestone]:
    milestones = Milestone.objects.filter(project__in=projects).select_related("sign_off__entry")
    return list(milestones.order_by("position"))


def _changes(projects: _Projects) -> Iterator[_Entered]:
    columns = ("milestone_id", "change__amount", "change__kind")
    for *entry, stage, amount, kind in _of(ChangeInForce, projects, *columns):
        adds = kind == ChangeOrder.Kind.ADD_MILESTONE
        yield *entry, Change(milestone=str(stage), amount=amount, adds=adds)


def _signatures(projects: _Projects) -> Iterator[_Entered]:
    """The last signature under the agreement; none while it is a draft."""
    signed = [project for project in projects if project.state != Project.State.DRAFT]
    last: dict[UUID, tuple[int, datetime]] = {}
    for owner, seq, at in _of(AgreementSignature, signed):
        last[owner] = max((seq, at), last.get(owner, (0, at)))
    for owner, (seq, at) in last.items():
        yield owner, seq, at, Signed()


def _work(projects: _Projects, milestones: Iterable[Milestone]) -> Iterator[_Entered]:
    """What was found of it, and when it was signed off."""
    signed = {m.pk: m for m in milestones if m.state == Milestone.State.SIGNED_OFF}
    for milestone in signed.values():
        closed = milestone.sign_off.entry
        yield milestone.project_id, closed.seq, closed.at, SignedOff(str(milestone.pk))
    for *entry, stage, role, percent in _of(Inspection, projects, "milestone_id", "role", "percent"):
        yield *entry, Inspected(str(stage), role, percent)
    yield from _faults(projects, signed)


def _faults(projects: _Projects, signed: dict[UUID, Milestone]) -> Iterator[_Entered]:
    """Of a milestone that is signed off, only the approvals of its last round withhold anything."""
    columns = ("milestone_id", "pk", "blocking", "after_sign_off", "withheld", "decision__submission__round")
    for *entry, stage, defect, blocking, late, withheld, in_round in _of(Defect, projects, *columns):
        counts = stage in signed and signed[stage].round == in_round
        yield *entry, Faulty(str(stage), str(defect), blocking, late, withheld if counts else ZERO)
    of_defect = ("defect__milestone_id", "defect_id")
    for *entry, stage, defect, role, amount in _of(Estimate, projects, *of_defect, "role", "amount"):
        yield *entry, Estimated(str(stage), str(defect), role, amount)
    for *entry, stage, defect in _of(DefectEvent, projects, *of_defect, kind__in=DefectNow.CLOSED):
        yield *entry, Repaired(str(stage), str(defect))


def _endings(projects: _Projects) -> Iterator[_Entered]:
    for *entry, amount in _of(RetentionOpening, projects, "amount"):
        yield *entry, Opened(amount)
    for owner, seq, at in _of(Turn, projects, kind=Turn.Kind.TERMINATED):
        yield owner, seq, at, Terminated()
    closing = {"deed__kind": Deed.Kind.CLOSING_SUM, "concludes": True}
    for *entry, amount in _of(DeedSignature, projects, "deed__amount", **closing):
        yield *entry, Settled(max(ZERO, amount))


def _money(projects: _Projects) -> Iterator[_Entered]:
    """Payments and reversals as wholes, and what of them came to which line, when each was told."""
    for *entry, amount in _of(Payment, projects, "amount"):
        yield *entry, Moved(None, amount)
    for *entry, amount in _in_force(projects):
        yield *entry, Moved(None, -amount)
    for *entry, kind, stage, amount in _of(Allocation, projects, "line", "milestone_id", "amount"):
        yield *entry, Moved(line_name(kind, stage), amount)


def _in_force(projects: _Projects) -> Iterator[tuple[UUID, int, datetime, Decimal]]:
    """Reversals: in force at once, or from the answer that consented."""
    reversals = Reversal.objects.filter(
        Q(needs_consent=False) | Q(answer__consents=True), project__in=projects
    )
    columns = ("entry__seq", "entry__at", "answer__entry__seq", "answer__entry__at", "amount")
    for owner, seq, at, consented, consented_at, amount in reversals.values_list("project_id", *columns):
        yield owner, consented or seq, consented_at or at, amount


def _payments(project: Project) -> Iterator[Step]:
    paid = Payment.objects.filter(project=project).values_list("paid_on", "amount")
    return (Step(day, paid=amount) for day, amount in paid)


def _reversals(project: Project) -> Iterator[Step]:
    return (Step(day_of(project, at), paid=-amount) for _, _, at, amount in _in_force([project]))


def _of(table: Any, projects: _Projects, *columns: str, **wanted: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a table of facts: their project, the number and moment of their entry, these columns."""
    rows = table.objects.filter(project__in=projects, **wanted)
    return iter(rows.values_list("project_id", "entry__seq", "entry__at", *columns))
