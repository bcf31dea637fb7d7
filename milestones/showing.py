"""Defects and inspections as pages show them: with what the reader may do about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from milestones.actions import (
    estimate_defect,
    fix_defect,
    reopen_defect,
    reschedule_defect,
    verify_defect,
)
from milestones.findings import counted_cost
from milestones.models import Defect, DefectEvent, DefectNow
from milestones.queries import estimates_of
from milestones.rules import judges_repairs, settlement_refusal
from projects.models import SIDES, Party, Project
from projects.page_kit import may_do

State = DefectNow.State


@dataclass(frozen=True)
class DefectRow:
    """A defect, what its repair counts as (money, None while nobody estimated it), and the reader's acts."""

    defect: Defect
    cost: Decimal | None
    is_overdue: bool
    may_fix: bool
    may_reschedule: bool
    may_verify: bool
    may_reopen: bool
    may_estimate: bool
    may_settle: bool

    @property
    def chip(self) -> str:
        return f"defect_{self.defect.now.state}"

    @property
    def latest(self) -> DefectEvent | None:
        """What was last said of it."""
        events = list(self.defect.events.all())
        return events[-1] if events else None

    @property
    def is_verified(self) -> bool:
        return self.defect.now.state == State.VERIFIED

    @property
    def is_settled(self) -> bool:
        return self.defect.now.state == State.SETTLED

    @property
    def is_closed(self) -> bool:
        return self.defect.now.state in DefectNow.CLOSED

    @property
    def may_act(self) -> bool:
        """Whether there is anything for the reader to do about it."""
        if self.may_fix or self.may_reschedule or self.may_verify or self.may_reopen:
            return True
        return self.may_estimate or self.may_settle


def defect_rows(defects: Iterable[Defect], part: Party, today: date) -> list[DefectRow]:
    """What is open, what waits to be verified, the rest; each by number. From `defects_visible_to`."""
    rows = [_row(defect, part, today) for defect in defects]
    turn = {State.OPEN: 0, State.FIXED: 1, State.VERIFIED: 2, State.SETTLED: 2}
    return sorted(rows, key=lambda row: (turn[State(row.defect.now.state)], row.defect.number))


def _row(defect: Defect, part: Party, today: date) -> DefectRow:
    state, fix_by = defect.now.state, defect.now.fix_by
    is_signed = part.project.state != Project.State.DRAFT
    judges = is_signed and judges_repairs(part, defect.milestone)
    came_back = hasattr(defect, "reopened_as")
    is_open, may_return = state not in DefectNow.CLOSED, state == State.VERIFIED and not came_back
    is_side = part.role in SIDES and part.project.state == Project.State.ACTIVE
    return DefectRow(
        defect=defect,
        cost=counted_cost(defect.milestone.value, estimates_of(defect.now)),
        is_overdue=bool(fix_by and fix_by < today and is_open),
        may_fix=is_signed and state == State.OPEN and may_do(part, fix_defect),
        may_reschedule=is_signed and state == State.OPEN and may_do(part, reschedule_defect),
        may_verify=judges and is_open and may_do(part, verify_defect),
        may_reopen=judges and (state == State.FIXED or may_return) and may_do(part, reopen_defect),
        may_estimate=is_signed and is_open and may_do(part, estimate_defect),
        may_settle=is_side and settlement_refusal(defect, state) is None,
    )
