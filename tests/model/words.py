"""What the model speaks in: names, roles, lines, refusals, and money in whole agorot."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

DEPOSIT, RETENTION, FINAL = "deposit", "retention", "final"
HANDOVER, CLOSING_SUM = "handover", "closing sum"
HOMEOWNER, CONTRACTOR = "homeowner", "contractor"
ENGINEER, SUPERVISOR, OBSERVER = "engineer", "supervisor", "observer"
ROLES = [HOMEOWNER, CONTRACTOR, ENGINEER, SUPERVISOR, OBSERVER]
EXPERT = "expert"  # an engineer or a supervisor, where their word is one
SIDES = {HOMEOWNER, CONTRACTOR}
SIGNERS = {HOMEOWNER, ENGINEER, SUPERVISOR}
# Why work waits in each state of a project but the active one.
WAITS_BECAUSE = {
    "draft": "project_not_active",
    "suspended": "project_suspended",
    "completed": "project_completed",
    "closed": "project_completed",
    "terminated": "project_terminated",
}
NEVER = datetime.min.replace(tzinfo=UTC)
MOST = 99_999_999_999_999  # numeric(14,2), in agorot


class Name(str):
    """What the model calls a thing; the product has an id for it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


Calls = tuple[str, str]  # of a flag: how severe it is, and which role it asks to act


class No(Exception):
    """A refusal that the model foresees: its code, and what it says."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code, self.data = code, data


@dataclass(frozen=True)
class Who:
    """Who acts (None: the system), and whether with a fresh proof of identity."""

    person: str | None
    proven: bool = True

    def __repr__(self) -> str:
        return (self.person or "the system") + ("" if self.proven else " (unproven)")


def agorot(amount: Decimal) -> int:
    """A sum of money that can move, in agorot; refused when it is none."""
    if not amount.is_finite() or not 0 < amount * 100 <= MOST or amount * 100 % 1:
        raise No("bad_amount")
    return int(amount * 100)


def share(amount: int, hundredths: int) -> int:
    """A percentage of an amount, half an agora going up."""
    return (amount * hundredths + 5_000) // 10_000


def hundredths(percent: Decimal | str) -> int:
    return int(Decimal(percent) * 100)
