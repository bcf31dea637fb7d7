"""What the acts on money share: where moves are written, and how a pure refusal becomes the act's."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from payments.models import Allocation, LineKind, Payment
from payments.rules import DEPOSIT, RETENTION, Refusal
from projects.kernel import Act
from projects.refusals import Refused

INPUT_AT_FAULT = {
    "bad_amount": "amount",
    "more_than_payable": "amount",
    "more_than_early": "amount",
    "more_than_left": "amount",
    "no_room": "amount",
    "unknown_line": "line",
    "before_activation": "line",
}


def refuse(refusal: Refusal) -> Refused:
    """The refusal of a rule, as the act's."""
    return Refused(refusal.code, field=INPUT_AT_FAULT.get(refusal.code), **refusal.data)


def require_past(act: Act, day: date, field: str) -> None:
    """Money that is said to have moved tomorrow has not moved."""
    if day > act.today:
        raise Refused("date_in_future", field=field)


def write_moves(act: Act, payment: Payment, moves: Iterable[tuple[str, Decimal]]) -> list[Allocation]:
    """Write where money counts: positive to a line, negative away from it."""
    rows = [_allocation(payment, line, amount) for line, amount in moves]
    act.add_all(rows)
    return rows


def said_of(moves: Iterable[tuple[str, Decimal]]) -> list[list[str]]:
    """Moves as the journal holds them."""
    return [[line, str(amount)] for line, amount in moves]


def _allocation(payment: Payment, line: str, amount: Decimal) -> Allocation:
    if line in {DEPOSIT, RETENTION}:
        return Allocation(payment=payment, line=line, amount=amount)
    return Allocation(payment=payment, line=LineKind.MILESTONE, milestone_id=UUID(line), amount=amount)
