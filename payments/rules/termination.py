"""What a termination does to the money: which of it loses its line, and how the two sides stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.money import ZERO, total_of

from .gate import Move
from .lots import Lot, newest_first, taken
from .schedule import Contract, Line, schedule_of


def moves_of_termination(
    contract: Contract, lines: Sequence[Line], lots: Sequence[Lot]
) -> list[tuple[str, Move]]:
    """What is taken from lines that can hold it no longer: (payment, negative move).

    Unsigned lines are closed, so all that lies there is held against no line from now on; so is what the
    retention line holds of money that unsigned lines would have kept back, the newest first.
    """
    paid = {line.line: line.paid for line in lines if line.paid}
    moves = []
    for line in schedule_of(replace(contract, terminated=True), paid):
        on_line = [lot for lot in newest_first(lots) if lot.line == line.line]
        beyond = max(ZERO, line.paid - line.full)
        parts: dict[str, Decimal] = {}
        for lot in taken(on_line, beyond):
            parts[lot.payment] = parts.get(lot.payment, ZERO) - lot.amount
        moves += [(payment, Move(line.line, amount)) for payment, amount in parts.items()]
    return moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The account of a terminated contract. Money; all of it derived.

    `balance` is the verified value of the work less what was paid for it: above 0 the contractor has worked
    for more than was paid, below 0 the homeowner has paid for more than was done. `retained` and `withheld`
    are the parts of signed payments that wait; `repair` what open faults will cost. Of what both sides then
    agreed on, `final` is due to the contractor and `payable` may be paid now.
    """

    earned: Decimal
    paid: Decimal
    retained: Decimal
    withheld: Decimal
    repair: Decimal
    unheld: Decimal
    final: Decimal
    payable: Decimal

    @property
    def balance(self) -> Decimal:
        return self.earned - self.paid


def settlement_of(contract: Contract, lines: Sequence[Line], unheld: Decimal) -> Settlement:
    """The account of a contract as its lines stand."""
    stages = [line for line in lines if line.milestone]
    return Settlement(
        earned=contract.earned,
        paid=total_of([line.paid for line in lines]) + unheld,
        retained=total_of([line.retention for line in stages]) - contract.retention_open,
        withheld=total_of([line.withheld for line in stages]),
        repair=contract.repair,
        unheld=unheld,
        final=contract.final,
        payable=total_of([line.payable for line in lines]),
    )
