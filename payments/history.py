"""The facts of a contract in the order in which its journal tells of them: what its past is read from.

Nothing of a past day is stored beside them. They are never changed or removed, so they tell every day exactly
and a figure of a past day never changes (docs/certificates.md).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
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

# A fact with the number and the moment of its entry.
_Entered = tuple[int, datetime, Fact]


def dated_of(project: Project) -> Dated:
    """Everything that happened to the terms, the work and the money of a project: thirteen queries."""
    milestones = _milestones(project)
    changes = list(_changes(project))
    facts = [
        *_signatures(project),
        *changes,
        *_work(project, milestones),
        *_endings(project),
        *_money(project),
    ]
    return _dated(project, milestones, changes, facts)


def changes_of(project: Project) -> list[Step]:
    """Every change, by day: payments on the day they were paid, reversals on the day they came into force;
    and what inspections, changes of the terms, sign-offs, faults found after them and their repairs did to
    the verified value, on the day they were told. Eight queries."""
    milestones = _milestones(project)
    changes = list(_changes(project))
    worked = _dated(project, milestones, changes, [*changes, *_work(project, milestones)])
    return [*_payments(project), *_reversals(project), *earnings_of(worked)]


def day_of(project: Project, at: datetime) -> date:
    """The day of a moment where the project is."""
    return at.astimezone(ZoneInfo(project.time_zone)).date()


def _dated(
    project: Project,
    milestones: Iterable[Milestone],
    changes: Iterable[_Entered],
    facts: Iterable[_Entered],
) -> Dated:
    """The terms as they were signed first, and the facts in their order; of one entry, in the order given."""
    in_order = sorted(facts, key=lambda entered: entered[0])
    return Dated(
        contract=_signed_first(project, milestones, changes),
        told=[Told(day_of(project, at), fact) for _, at, fact in in_order],
    )


def _signed_first(project: Project, milestones: Iterable[Milestone], changes: Iterable[_Entered]) -> Contract:
    terms = tuple(
        Term(milestone=str(m.pk), position=m.position, value=m.value, amount=m.amount) for m in milestones
    )
    now = Contract(
        total=project.contract_total,
        terms=terms,
        deposit=project.deposit,
        retention_percent=project.retention_percent,
    )
    return undone(now, [fact for _, _, fact in changes if isinstance(fact, Change)])


def _milestones(project: Project) -> list[Milestone]:
    return list(
        Milestone.objects.filter(project=project).select_related("sign_off__entry").order_by("position")
    )


def _changes(project: Project) -> Iterator[_Entered]:
    rows = ChangeInForce.objects.filter(project=project)
    for seq, at, stage, amount, kind in rows.values_list(
        "entry__seq", "entry__at", "milestone_id", "change__amount", "change__kind"
    ):
        adds = kind == ChangeOrder.Kind.ADD_MILESTONE
        yield seq, at, Change(milestone=str(stage), amount=amount, adds=adds)


def _signatures(project: Project) -> Iterator[_Entered]:
    """The last signature under the agreement; none while it is a draft."""
    if project.state != Project.State.DRAFT:
        signatures = AgreementSignature.objects.filter(project=project).order_by("-entry__seq")
        for seq, at in signatures.values_list("entry__seq", "entry__at")[:1]:
            yield seq, at, Signed()


def _work(project: Project, milestones: Iterable[Milestone]) -> Iterator[_Entered]:
    """What was found of it, and when it was signed off."""
    signed = {m.pk: m for m in milestones if m.state == Milestone.State.SIGNED_OFF}
    for milestone in signed.values():
        closed = milestone.sign_off.entry
        yield closed.seq, closed.at, SignedOff(str(milestone.pk))
    for seq, at, stage, role, percent in _of(Inspection, project, "milestone_id", "role", "percent"):
        yield seq, at, Inspected(str(stage), role, percent)
    yield from _faults(project, signed)


def _faults(project: Project, signed: dict[Any, Milestone]) -> Iterator[_Entered]:
    """Of a milestone that is signed off, only the approvals of its last round withhold anything."""
    columns = ("milestone_id", "pk", "blocking", "after_sign_off", "withheld", "decision__submission__round")
    for seq, at, stage, defect, blocking, late, withheld, in_round in _of(Defect, project, *columns):
        counts = stage in signed and signed[stage].round == in_round
        fault = Faulty(str(stage), str(defect), blocking, late, withheld if counts else ZERO)
        yield seq, at, fault
    of_defect = ("defect__milestone_id", "defect_id")
    for seq, at, stage, defect, role, amount in _of(Estimate, project, *of_defect, "role", "amount"):
        yield seq, at, Estimated(str(stage), str(defect), role, amount)
    closed = _of(DefectEvent, project, *of_defect, kind__in=DefectNow.CLOSED)
    for seq, at, stage, defect in closed:
        yield seq, at, Repaired(str(stage), str(defect))


def _endings(project: Project) -> Iterator[_Entered]:
    for seq, at, amount in _of(RetentionOpening, project, "amount"):
        yield seq, at, Opened(amount)
    for seq, at in _of(Turn, project, kind=Turn.Kind.TERMINATED):
        yield seq, at, Terminated()
    closing = {"deed__kind": Deed.Kind.CLOSING_SUM, "concludes": True}
    for seq, at, amount in _of(DeedSignature, project, "deed__amount", **closing):
        yield seq, at, Settled(max(ZERO, amount))


def _money(project: Project) -> Iterator[_Entered]:
    """Payments and reversals as wholes, and what of them came to which line, when each was told."""
    for seq, at, amount in _of(Payment, project, "amount"):
        yield seq, at, Moved(None, amount)
    for seq, at, amount in _in_force(project):
        yield seq, at, Moved(None, -amount)
    for seq, at, kind, stage, amount in _of(Allocation, project, "line", "milestone_id", "amount"):
        yield seq, at, Moved(line_name(kind, stage), amount)


def _in_force(project: Project) -> Iterator[tuple[int, datetime, Any]]:
    """Reversals: in force at once, or from the answer that consented."""
    reversals = Reversal.objects.filter(Q(needs_consent=False) | Q(answer__consents=True), project=project)
    columns = ("entry__seq", "entry__at", "answer__entry__seq", "answer__entry__at", "amount")
    for seq, at, consented, consented_at, amount in reversals.values_list(*columns):
        yield consented or seq, consented_at or at, amount


def _payments(project: Project) -> Iterator[Step]:
    paid = Payment.objects.filter(project=project).values_list("paid_on", "amount")
    return (Step(day, paid=amount) for day, amount in paid)


def _reversals(project: Project) -> Iterator[Step]:
    return (Step(day_of(project, at), paid=-amount) for _, at, amount in _in_force(project))


def _of(table: Any, project: Project, *columns: str, **wanted: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a table of facts: the number and the moment of their entry, and these columns."""
    rows = table.objects.filter(project=project, **wanted)
    return iter(rows.values_list("entry__seq", "entry__at", *columns))
