"""Whether the gap between money and work grows with every day on which money moves (SPEC 8)."""

from collections.abc import Sequence
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
    """U at the close of each of the last payment days, where it grew from each to the next and has not fallen
    since; empty otherwise. `now` is U as it stands."""
    closes = [excess_at(dated, day) for day in payment_days(dated)[-WIDENING_DAYS:]]
    return closes if is_widening(closes, now) else []


def is_widening(closes: Sequence[Decimal], now: Decimal) -> bool:
    """Whether U grew over this many payment days, and stands no lower now."""
    grew = all(earlier < later for earlier, later in pairwise(closes))
    return len(closes) == WIDENING_DAYS and grew and now >= closes[-1]


def _is_payment(moved: Moved) -> bool:
    return moved.line is None and moved.amount > 0
