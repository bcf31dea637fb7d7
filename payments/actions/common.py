"""What the acts on money share: where moves are written, and how a pure refusal becomes the act's."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from payments.models import Advance, Allocation, LineKind, Payment
from payments.rules import WITHOUT_MILESTONE, Refusal
from projects.kernel import Act
from projects.refusals import Refused

INPUT_AT_FAULT = {
    "bad_amount": "amount",
    "more_than_payable": "amount",
    "more_than_early": "amount",
    "more_than_left": "amount",
    "no_room": "amount",
    "more_than_asked": "amount",
    "more_than_approved": "amount",
    "advance_over_cap": "amount",
    "unknown_line": "line",
    "before_activation": "line",
    "bad_change": "amount",
    "no_deduction": "amount",
    "below_zero": "amount",
    "change_below_paid": "amount",
    "contract_without_price": "amount",
    "nothing_to_change": "amount",
    "no_date_to_move": "days",
    "ends_before_start": "days",
}


def refuse(refusal: Refusal) -> Refused:
    """The refusal of a rule, as the act's."""
    return Refused(refusal.code, field=INPUT_AT_FAULT.get(refusal.code), **refusal.data)


def require_past(act: Act, day: date, field: str) -> None:
    """Money that is said to have moved tomorrow has not moved."""
    if day > act.today:
        raise Refused("date_in_future", field=field)


def payment_by(
    act: Act,
    kind: str,
    amount: Decimal,
    paid_on: date,
    method: str,
    reference: str,
    reason: str = "",
    advance: Advance | None = None,
) -> Payment:
    """A new payment by the side of whoever acts."""
    assert act.party is not None
    return act.add(
        Payment(
            kind=kind,
            by_role=act.party.role,
            amount=amount,
            paid_on=paid_on,
            method=method,
            reference=reference,
            reason=reason,
            advance=advance,
        )
    )


def write_moves(act: Act, payment: Payment, moves: Iterable[tuple[str, Decimal]]) -> list[Allocation]:
    """Write where money counts: positive to a line, negative away from it."""
    rows = [_allocation(payment, line, amount) for line, amount in moves]
    act.add_all(rows)
    return rows


def said_of(moves: Iterable[tuple[str, Decimal]]) -> list[list[str]]:
    """Moves as the journal holds them."""
    return [[line, str(amount)] for line, amount in moves]


def _allocation(payment: Payment, line: str, amount: Decimal) -> Allocation:
    if line in WITHOUT_MILESTONE:
        return Allocation(payment=payment, line=line, amount=amount)
    return Allocation(payment=payment, line=LineKind.MILESTONE, milestone_id=UUID(line), amount=amount)
