"""The payment schedule and the figures of docs/exposure.md, in whole agorot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .book import Defect, Payment, Piece, Project, Stage
from .words import CLOSING_SUM, DEPOSIT, FINAL, RETENTION, hundredths, share

DEFAULTS = {
    "front_loading_percent": "10",
    "deposit_cap_percent": "10",
    "watch_percent": "1",
    "watch_least": "500",
    "watch_most": "20000",
    "ahead_percent": "5",
    "ahead_least": "2500",
    "ahead_most": "100000",
    "cooling_off_hours": "48",
    "advance_cap_percent": "10",
    "defects_period_months": "12",
    "retention_at_completion": "half",
}


@dataclass(frozen=True)
class Line:
    name: str
    full: int
    paid: int
    locked_because: str | None
    withheld: int = 0

    @property
    def open(self) -> int:
        return 0 if self.locked_because else self.full - self.withheld

    @property
    def payable(self) -> int:
        return max(0, self.open - self.paid)

    @property
    def early(self) -> int:
        return max(0, self.paid - self.open)

    @property
    def room(self) -> int:
        return max(0, self.full - self.paid)

    @property
    def state(self) -> str:
        if self.locked_because:
            return "locked"
        if not self.room:
            return "paid"
        return "part_paid" if self.paid else "payable"


def lines_of(project: Project) -> list[Line]:
    """The deposit, the milestones in their order, what is kept back of them, and a closing sum.

    After a termination the deposit is what was paid of it, and unsigned lines hold and keep nothing.
    """
    unsigned = "agreement_unsigned" if project.draft else None
    paid = _paid(project)
    deposit = paid.get(DEPOSIT, 0) if project.terminated else project.deposit
    found = [Line(DEPOSIT, deposit, paid.get(DEPOSIT, 0), unsigned)]
    waits = "terminated" if project.terminated else "milestone_unsigned"
    kept_in_all = 0
    for stage in project.stages:
        signed_off = stage.state == "signed_off"
        holds = signed_off or not project.terminated
        kept = share(stage.amount, project.kept) if holds else 0
        kept_in_all += kept
        lock = unsigned or (None if signed_off else waits)
        full = stage.amount - kept if holds else 0
        withheld = 0 if lock else withheld_of(project, stage)
        found.append(Line(stage.name, full, paid.get(stage.name, 0), lock, withheld))
    lock, waits_yet = (None, kept_in_all - project.opened) if project.opened else ("retention_kept", 0)
    found.append(Line(RETENTION, kept_in_all, paid.get(RETENTION, 0), lock, waits_yet))
    closing = project.concluded(CLOSING_SUM)
    found.append(Line(FINAL, max(0, closing.amount) if closing else 0, paid.get(FINAL, 0), None))
    return [line for line in found if line.full or line.paid or line.name not in {DEPOSIT, RETENTION, FINAL}]


def line_of(project: Project, name: str) -> Line | None:
    return next((line for line in lines_of(project) if line.name == name), None)


def place_of(project: Project, line: str) -> int:
    """Where a line stands in the schedule."""
    return next(place for place, found in enumerate(lines_of(project)) if found.name == line)


def unheld_of(project: Project) -> int:
    return sum(payment.loose for payment in project.payments)


def withheld_of(project: Project, stage: Stage) -> int:
    """What the approvals of its present round keep back until repairs are verified."""
    named = [d for d in project.defects if d.stage == stage.name and d.round == stage.round]
    return sum(defect.withheld for defect in named if not defect.is_closed)


def age_of(payment: Payment, piece: Piece) -> tuple[bool, int, int]:
    """Larger is newer: of one act's pieces, the one further down the schedule; an advance is the oldest."""
    return (payment.kind != "advance", piece.when, piece.place)


def early_pieces(project: Project) -> list[tuple[Payment, Piece, int]]:
    """What lies on lines beyond what is open there, and how much of each piece, the newest first."""
    early = {line.name: line.early for line in lines_of(project)}
    found = []
    pieces = [(payment, piece) for payment in project.payments for piece in payment.pieces]
    for payment, piece in sorted(pieces, key=lambda both: age_of(*both), reverse=True):
        if part := min(piece.amount, early[piece.line]):
            early[piece.line] -= part
            found.append((payment, piece, part))
    return found


def early_of(project: Project, payment: Payment) -> int:
    """What of one payment no unlocked line covers."""
    return payment.loose + sum(part for its, _, part in early_pieces(project) if its is payment)


def repair_of(project: Project, stage: Stage, counts: Callable[[Defect], bool] = bool) -> int:
    """The estimated cost of open faults found after the sign-off, those that count."""
    open_now = [d for d in project.defects if d.stage == stage.name and d.after and not d.is_closed]
    faults = [fault for fault in open_now if counts(fault)]
    unjudged = [fault for fault in faults if fault.by_expert is None]
    alone, agreed = sum(f.by_homeowner for f in unjudged), sum(f.agreed for f in unjudged)
    return sum(fault.by_expert or 0 for fault in faults) + min(alone, max(stage.value, agreed))


def figures_of(project: Project) -> dict[str, Any]:
    """P, V, X, N, E, U, A, the level and what goes with them."""
    lines, unheld = lines_of(project), unheld_of(project)
    paid = sum(payment.left for payment in project.payments)
    worth = sum(earned_of(stage) for stage in project.stages)
    lowers = sum(repair_of(project, stage, lambda fault: fault.blocking) for stage in project.stages)
    earned = max(0, worth - lowers)
    early = sum(line.early for line in lines) + unheld
    repair = sum(repair_of(project, stage) for stage in project.stages)
    exposure = paid - earned
    excess = max(0, min(exposure, early + repair))
    return {
        "paid": paid,
        "earned": earned,
        "reported": sum(
            stage.value if stage.state == "signed_off" else share(stage.value, stage.reported)
            for stage in project.stages
        ),
        "exposure": exposure,
        "unlocked": sum(line.open for line in lines),
        "payable": sum(line.payable for line in lines),
        "early": early,
        "repair": repair,
        "excess": excess,
        "agreed_lead": max(0, exposure) - excess,
        "shortfall": max(0, exposure),
        "level": level_of(project, exposure, early, excess),
        "unheld": unheld,
    }


def earned_of(stage: Stage) -> int:
    return stage.value if stage.state == "signed_off" else stage.found.worth


def level_of(project: Project, exposure: int, early: int, excess: int) -> str:
    if exposure <= 0 and early == 0:
        return "plumb"
    if exposure > 0 and excess == 0:
        return "agreed"
    if excess <= limit_of(project, "watch"):
        return "watch"
    return "ahead" if excess <= limit_of(project, "ahead") else "critical"


def _paid(project: Project) -> dict[str, int]:
    """What is paid against each line."""
    paid: dict[str, int] = {}
    for payment in project.payments:
        for piece in payment.pieces:
            paid[piece.line] = paid.get(piece.line, 0) + piece.amount
    return paid


def part_of_total(project: Project, key: str) -> int:
    return share(project.total, hundredths(policy_of(project.policy, key)))


def limit_of(project: Project, level: str) -> int:
    """The largest excess that is not yet above a level, `watch` or `ahead`."""
    least, most = (hundredths(policy_of(project.policy, f"{level}_{end}")) for end in ("least", "most"))
    return min(max(part_of_total(project, f"{level}_percent"), least), most)


def policy_of(policy: Mapping[str, Any], key: str) -> str:
    return policy.get(key, DEFAULTS[key])
