"""Money: decimals with two places, one rounding function, and parts that always add up to the whole."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
# The columns are numeric(14,2): twelve digits before the point, two after it.
MAX_DIGITS = 14
DECIMAL_PLACES = 2
MAX_AMOUNT = Decimal("999999999999.99")


def rounded(amount: Decimal) -> Decimal:
    """The amount in whole cents, half a cent going away from zero, as PostgreSQL's `round(x, 2)` does.

    The only place where money is rounded. It is also the rounding of percentages that are shown.
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """`percent` per cent of a money amount, rounded half-up to whole cents."""
    return rounded(amount * percent / 100)


def as_percent(part: Decimal, whole: Decimal) -> Decimal:
    """What per cent `part` is of `whole`, rounded half-up to two places; 0 of a whole of 0."""
    return rounded(part * 100 / whole) if whole else ZERO


def total_of(amounts: Sequence[Decimal]) -> Decimal:
    """The sum of money amounts, with two places even when there are none."""
    return sum(amounts, ZERO)


def is_amount(value: Decimal) -> bool:
    """Whether a value can be stored as money: finite, whole cents, at most `MAX_AMOUNT` either way."""
    return value.is_finite() and abs(value) <= MAX_AMOUNT and value == rounded(value)


def is_payable_amount(value: Decimal) -> bool:
    """Whether a value can be a sum of money that moves: an amount greater than 0."""
    return is_amount(value) and value > 0


def split(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide whole cents in proportion to weights; the parts add up to `total` exactly.

    Largest remainder: every part is first cut down to whole cents, and the cents left over go one each to
    the largest remainders, the earlier position winning a tie. So a part differs from its exact share by
    less than a cent, and a weight of 0 gets nothing unless all weights are 0, which divides equally.
    A negative total is divided as its positive twin. Raises ValueError for a fraction of a cent, a negative
    weight, or no weights at all.
    """
    if not is_amount(total) or not weights or min(weights) < 0:
        raise ValueError("split needs whole cents and one or more weights of at least 0")
    if total < 0:
        return [-part for part in split(-total, weights)]
    shares = _exact_shares(int(total / CENT), weights)
    cents = [int(share) for share in shares]
    left_over = int(total / CENT) - sum(cents)
    by_remainder = sorted(range(len(shares)), key=lambda i: cents[i] - shares[i])
    for position in by_remainder[:left_over]:
        cents[position] += 1
    return [part * CENT for part in cents]


def _exact_shares(cents: int, weights: Sequence[Decimal]) -> list[Fraction]:
    """The exact share of each weight, in cents, as fractions: no precision is lost before the cut."""
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not whole:
        return [Fraction(cents, len(weights))] * len(weights)
    return [cents * weight / whole for weight in exact]
