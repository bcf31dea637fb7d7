"""Whether the gap between money and work grows with every day on which money moves (docs/flags.md)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from projects.money import total_of

from .exposure import excess_of
from .replay import Dated, Moved, stand_at
from .schedule import early_of

WIDENING_DAYS = 3  # so many payment days in a row


def payment_days(dated: Dated) -> list[date]:
    """The days on which payments were told of, the earliest first: of their entries, not of `paid_on`."""
    return sorted({on for on, fact in dated.told if isinstance(fact, Moved) and _is_payment(fact)})


def excess_at(dated: Dated, day: date) -> Decimal:
    """U at the close of a day, after the last entry of it, from what was told by then. Money."""
    stand = stand_at(dated, day)
    paid = total_of([line.paid for line in stand.lines]) + stand.unheld
    early = early_of(stand.lines, stand.unheld)
    return excess_of(paid - stand.contract.earned, early, stand.contract.repair)


def widening_of(dated: Dated, now: Decimal) -> list[Decimal]:
    """As `widening_among` of the closes of a project's payment days; `now` is U as it stands."""
    return widening_among((excess_at(dated, day) for day in reversed(payment_days(dated))), now)


def widening_among(closes: Iterable[Decimal], now: Decimal) -> list[Decimal]:
    """U at the close of the latest three payment days in a row, from each to the next of which it grew, if it
    has not fallen since; empty otherwise. A later day that left it as it was ends nothing. `closes`: the
    latest first.
    """
    course: list[Decimal] = []  # the earliest first
    for close in closes:
        if close > (course[0] if course else now):
            return []
        course.insert(0, close)
        rise = course[:WIDENING_DAYS]
        if len(rise) == WIDENING_DAYS and all(earlier < later for earlier, later in pairwise(rise)):
            return rise
    return []


def _is_payment(moved: Moved) -> bool:
    return moved.line is None and moved.amount > 0
