"""What was found of the work, recomputed from the facts by the rules: inspections and defects."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from milestones.findings import Estimates, Findings, Found, repair_of
from milestones.models import Defect, DefectEvent, DefectNow, Estimate, Inspection, Milestone
from payments.models import ChangeInForce
from projects.integrity import Break
from projects.money import total_of

from .report import Report

WORTH = ("verified", "verified_percent", "found_percent", "withheld", "repair", "blocking_repair")
KEEPS = {Milestone.State.SUBMITTED, Milestone.State.SIGNED_OFF}


# The entry; the role that found a percent, or none; and that percent, or the sum of a change order.
_Told = tuple[int, str | None, Decimal]


@dataclass
class _Fault:
    """A defect as its facts tell of it, in the journal's order."""

    row: dict[str, Any]
    estimates: Estimates = field(default_factory=Estimates)
    is_closed: bool = False


def work(report: Report, project: UUID | None) -> None:
    """How far each milestone is verified, and what its defects withhold and cost, is what the rules make of
    the facts. Six statements."""
    told, faults = _told(project), _faults(project)
    rows = _of(Milestone, project).values("id", "project_id", "value", "state", "round", *_named())
    for row in rows.iterator():
        ruled = _ruled(row, told[row["id"]], faults[row["id"]])
        for name in WORTH:
            if ruled[name] != row[f"worth__{name}"]:
                about = f"{name} of milestones_milestone/{row['id']}"
                report.add(Break("work", "worth_differs", row["project_id"], None, about))


def _named() -> list[str]:
    return [f"worth__{name}" for name in WORTH]


def _ruled(milestone: dict[str, Any], told: list[_Told], faults: list[_Fault]) -> dict[str, Decimal]:
    found = _verified(milestone["value"], told)
    still_open = [fault for fault in faults if not fault.is_closed]
    late = [fault for fault in still_open if fault.row["after_sign_off"]]
    blocking = [fault.estimates for fault in late if fault.row["blocking"]]
    return {
        "verified": found.money,
        "verified_percent": found.share_of(milestone["value"]),
        "found_percent": found.percent,
        "withheld": total_of([f.row["withheld"] for f in still_open if _is_kept(milestone, f.row)]),
        "repair": repair_of(milestone["value"], [fault.estimates for fault in late]),
        "blocking_repair": repair_of(milestone["value"], blocking),
    }


def _is_kept(milestone: dict[str, Any], defect: dict[str, Any]) -> bool:
    """Named by an approval of the round that waits, or that closed the milestone."""
    return milestone["state"] in KEEPS and defect["decision__submission__round"] == milestone["round"]


def _verified(value: Decimal, told: list[_Told]) -> Found:
    """What counts of the inspections of a milestone that is worth `value` by now, after all its changes."""
    findings, worth = Findings(), value - total_of([amount for _, role, amount in told if role is None])
    for _, role, figure in sorted(told, key=lambda said: said[0]):
        if role is None:
            worth += figure
            findings = findings.revalued(worth)
        else:
            findings = findings.inspected(role, figure, worth)
    return findings.verified


def _told(project: UUID | None) -> dict[UUID, list[_Told]]:
    found: dict[UUID, list[_Told]] = defaultdict(list)
    inspections = _of(Inspection, project).values_list("milestone_id", "entry__seq", "role", "percent")
    for milestone, seq, role, percent in inspections.iterator():
        found[milestone].append((seq, role, percent))
    changes = _of(ChangeInForce, project).values_list("milestone_id", "entry__seq", "change__amount")
    for milestone, seq, amount in changes.iterator():
        found[milestone].append((seq, None, amount))
    return found


def _faults(project: UUID | None) -> dict[UUID, list[_Fault]]:
    columns = ("id", "milestone_id", "blocking", "withheld", "after_sign_off", "decision__submission__round")
    by_id = {row["id"]: _Fault(row) for row in _of(Defect, project).values(*columns).iterator()}
    for defect, role, amount in _estimates(project):
        by_id[defect].estimates = by_id[defect].estimates.said(role, amount)
    closed = _of(DefectEvent, project).filter(kind__in=DefectNow.CLOSED)
    for defect in closed.values_list("defect_id", flat=True).iterator():
        by_id[defect].is_closed = True
    found: dict[UUID, list[_Fault]] = defaultdict(list)
    for fault in by_id.values():
        found[fault.row["milestone_id"]].append(fault)
    return found


def _estimates(project: UUID | None) -> Iterator[tuple[UUID, str, Decimal]]:
    rows = _of(Estimate, project).order_by("entry__seq")
    return rows.values_list("defect_id", "role", "amount").iterator()


def _of(table: Any, project: UUID | None) -> Any:
    return table.objects.filter(project=project) if project else table.objects.all()
