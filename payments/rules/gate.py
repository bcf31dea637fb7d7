"""The gate: what may be released, where recorded money counts, how it is set off and taken back.

Two acts, kept apart: *release* pays what is unlocked, and is refused otherwise; *record* tells of money that
has already moved, and is never refused for being early. Plans are lists of (line, amount) to be written down
together; money held against no line is the remainder of a payment, so it needs no row of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from projects.money import ZERO, is_payable_amount, total_of

from .lots import Lot, early_lots, newest_first, taken
from .schedule import DEPOSIT, Line, Lock


class Refusal(NamedTuple):
    """Why an act is refused: a stable code, and what the sentence about it needs."""

    code: str
    data: Mapping[str, object]


class Move(NamedTuple):
    """Money counted against a line (positive) or taken from it (negative)."""

    line: str
    amount: Decimal


class Recorded(NamedTuple):
    """Where recorded money counts; the rest, `unheld`, is held against no line."""

    moves: list[Move]
    unheld: Decimal


def release_refusal(line: Line, amount: Decimal, unheld: Decimal) -> Refusal | None:
    """Why this much may not be released against the line now; None when it may.

    `bad_amount`: not a sum above 0 in whole cents. `payment_locked`: with the lock, which says what would
    unlock the line. `set_off_first`: the project's money held against no line (`unheld`) is set off first,
    for it has already been paid. `more_than_payable`: with what is payable.
    """
    if not is_payable_amount(amount):
        return Refusal("bad_amount", {})
    if line.locked_because:
        because = {"line": line.line, "locked_because": line.locked_because}
        return Refusal("payment_locked", because)
    if unheld > 0:
        return Refusal("set_off_first", {"unheld": unheld})
    if amount > line.payable:
        return Refusal("more_than_payable", {"line": line.line, "payable": line.payable})
    return None


def record_refusal(lines: Sequence[Line], amount: Decimal, named: str | None, active: bool) -> Refusal | None:
    """Why a record cannot be understood as told; being early is never a reason.

    `bad_amount`; `unknown_line`: the schedule has no such line; `before_activation`: until the agreement is
    signed, money can count only against the deposit or be held against no line.
    """
    if not is_payable_amount(amount):
        return Refusal("bad_amount", {})
    if named is None:
        return None
    if not active and named != DEPOSIT:
        return Refusal("before_activation", {"line": named})
    if named not in {line.line for line in lines}:
        return Refusal("unknown_line", {"line": named})
    return None


def plan_record(
    lines: Sequence[Line], amount: Decimal, named: str | None, active: bool
) -> Recorded | Refusal:
    """Where recorded money counts: against the named line, at most up to its full, locked or not.

    Unnamed, it fills what is payable, in the order of the schedule. What is over is held against no line.
    """
    if refusal := record_refusal(lines, amount, named, active):
        return refusal
    if named is None:
        room = [(line.line, line.payable) for line in lines]
    else:
        room = [(line.line, line.room) for line in lines if line.line == named]
    moves = _filled(room, amount)
    return Recorded(moves, amount - total_of([move.amount for move in moves]))


def plan_allocate(
    lots: Sequence[Lot], lines: Sequence[Line], payment: str, target: str, amount: Decimal
) -> list[Move] | Refusal:
    """Move early money of one payment to a line with room: what is held against no line first, then the
    payment's early parts on other lines, the newest first. Covered money never moves.

    `bad_amount`; `unknown_line`; `before_activation`: until the agreement is signed only the deposit may take
    money, as with a record; `nothing_to_move`: no money of this payment is early elsewhere;
    `more_than_early`: with how much is; `no_room`: with the room of the line.
    """
    if not is_payable_amount(amount):
        return Refusal("bad_amount", {})
    room = {line.line: line.room for line in lines}
    if target not in room:
        return Refusal("unknown_line", {"line": target})
    if target != DEPOSIT and any(line.locked_because == Lock.AGREEMENT_UNSIGNED for line in lines):
        return Refusal("before_activation", {"line": target})
    movable = _movable(lots, lines, payment, target)
    early = total_of([lot.amount for lot in movable])
    if not early:
        return Refusal("nothing_to_move", {})
    if amount > early:
        return Refusal("more_than_early", {"early": early})
    if amount > room[target]:
        return Refusal("no_room", {"line": target, "room": room[target]})
    return [*_withdrawn(taken(movable, amount)), Move(target, amount)]


def lines_to_set_off(lots: Sequence[Lot], lines: Sequence[Line], payment: str) -> list[Line]:
    """The lines with room for early money of a payment that does not lie on them already."""
    return [line for line in lines if line.room and _movable(lots, lines, payment, line.line)]


def _movable(lots: Sequence[Lot], lines: Sequence[Line], payment: str, target: str) -> list[Lot]:
    """The early money of a payment that lies elsewhere than on the target."""
    return [lot for lot in early_lots(lines, lots) if lot.payment == payment and lot.line != target]


def plan_reverse(lots: Sequence[Lot], payment: str, amount: Decimal) -> list[Move] | Refusal:
    """Take money of one payment back: first what is held against no line, then its newest allocations.

    So recording and reversing leaves everything as it was. `bad_amount`; `more_than_left`: with how much of
    the payment is left after earlier reversals.
    """
    if not is_payable_amount(amount):
        return Refusal("bad_amount", {})
    own = [lot for lot in newest_first(lots) if lot.payment == payment]
    left = total_of([lot.amount for lot in own])
    if amount > left:
        return Refusal("more_than_left", {"left": left})
    return _withdrawn(taken(sorted(own, key=lambda lot: lot.line is not None), amount))


def _filled(room: Iterable[tuple[str, Decimal]], amount: Decimal) -> list[Move]:
    """Fill the rooms one after the other for as long as the money lasts."""
    moves = []
    for line, free in room:
        if part := min(free, amount):
            moves.append(Move(line, part))
            amount -= part
    return moves


def _withdrawn(lots: Iterable[Lot]) -> list[Move]:
    """One negative move per line that lots are taken from."""
    taken_from: dict[str, Decimal] = {}
    for lot in lots:
        if lot.line is not None:
            taken_from[lot.line] = taken_from.get(lot.line, ZERO) - lot.amount
    return [Move(line, amount) for line, amount in taken_from.items()]
