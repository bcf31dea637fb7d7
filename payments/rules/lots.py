"""Which money lies where: payments counted against lines in lots, and which of them came early."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from projects.money import ZERO

from .schedule import Line


class Lot(NamedTuple):
    """Money of one payment that came to one line (None: held against no line) in one act.

    `seq` is the act's place in the project's journal: a higher one is newer. Of lots with the same seq the
    one later in its list is newer. An advance counts before records, so it is older than they are.
    """

    payment: str
    seq: int
    line: str | None
    amount: Decimal
    is_advance: bool = False


def lots_of(rows: Iterable[Lot], left: Mapping[str, Decimal]) -> list[Lot]:
    """The money that lies against each line now, from allocation rows in journal order, signed.

    A negative row takes from the newest lots of its own payment and line. `left` is what is left of each
    payment after its reversals; what its rows do not account for is held against no line and becomes a lot
    of line None. ValueError when a row, or the rows together, take more than there is.
    """
    lots: list[Lot] = []
    for row in rows:
        lots = [*lots, row] if row.amount > 0 else _less(lots, row)
    return [*lots, *_unheld(lots, left)]


def early_lots(lines: Sequence[Line], lots: Sequence[Lot]) -> list[Lot]:
    """The lots, or parts of lots, that no unlocked line covers: together they are E.

    First what is held against no line, then by age, the newest first. Within a line the newest money is the
    early part: what came first fills what is open.
    """
    early = {line.line: line.early for line in lines}
    parts = [lot for lot in lots if lot.line is None]
    for lot in newest_first(lots):
        if lot.line is not None and (part := min(lot.amount, early[lot.line])) > 0:
            early[lot.line] -= part
            parts.append(lot._replace(amount=part))
    return parts


def early_parts(lines: Sequence[Line], lots: Sequence[Lot]) -> dict[tuple[str, str | None], Decimal]:
    """The early part of each payment by payment and line (None: held against no line), where there is one."""
    parts: defaultdict[tuple[str, str | None], Decimal] = defaultdict(lambda: ZERO)
    for lot in early_lots(lines, lots):
        parts[lot.payment, lot.line] += lot.amount
    return dict(parts)


def newest_first(lots: Sequence[Lot]) -> list[Lot]:
    """The lots from the newest to the oldest."""
    return sorted(lots, key=lambda lot: (not lot.is_advance, lot.seq))[::-1]


def taken(lots: Iterable[Lot], amount: Decimal) -> Iterator[Lot]:
    """The parts of lots that make up an amount, in the order given; ValueError when they do not reach."""
    for lot in lots:
        if amount <= 0:
            return
        part = min(lot.amount, amount)
        amount -= part
        yield lot._replace(amount=part)
    if amount > 0:
        raise ValueError(f"{amount} more is to be taken than there is")


def _less(lots: Sequence[Lot], row: Lot) -> list[Lot]:
    """The lots without the money that a negative row took from the newest of them."""
    rest = -row.amount
    smaller = []
    for lot in reversed(lots):
        part = min(lot.amount, rest) if (lot.payment, lot.line) == (row.payment, row.line) else ZERO
        rest -= part
        if part < lot.amount:
            smaller.append(lot._replace(amount=lot.amount - part))
    if rest:
        raise ValueError(f"{rest} more is taken from line {row.line} than payment {row.payment} has there")
    return smaller[::-1]


def _unheld(lots: Iterable[Lot], left: Mapping[str, Decimal]) -> Iterator[Lot]:
    rest = dict(left)
    for lot in lots:
        rest[lot.payment] -= lot.amount
    if short := [payment for payment, amount in rest.items() if amount < 0]:
        raise ValueError(f"more counts against lines than is left of payments {short}")
    return (Lot(payment, 0, None, amount) for payment, amount in rest.items() if amount)
