"""Linkage money: by how much the agreed index moved what was paid. It stands outside every other figure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

from projects.linkage import Linkage, latest_due, month_after
from projects.money import rounded, total_of

EXACT_DIGITS = 60  # more than any product of a sum, a share and two values has


class Published(NamedTuple):
    """The value of the index for a month (its first day), and the day on which it was published."""

    month: date
    value: Decimal
    published_on: date


class Linked(NamedTuple):
    """The linkage of a sum paid on a day: the index known then, and the linkage money, which may be negative.

    While the index of a month is `missing` that was due by then, there is no amount.
    """

    month: date
    value: Decimal
    amount: Decimal | None
    missing: date | None


class LinkageSum(NamedTuple):
    """The linkage money of several payments, and the months that are missing to tell that of the others."""

    amount: Decimal
    missing: list[date]


Values = Mapping[date, Published]


def counting(told: Iterable[Published]) -> dict[date, Published]:
    """The value that counts for each month: of those told for it, in the order of the journal, the last."""
    return {value.month: value for value in told}


def linkage_money(amount: Decimal, share: Decimal, now: Decimal, base: Decimal) -> Decimal:
    """What linkage adds to a sum: amount * (1 + share * (now / base - 1)), rounded once, less the sum.

    `share` in percent; `now` and `base` are values of the index.
    """
    with localcontext(prec=EXACT_DIGITS):
        return rounded(amount * (100 * base + share * (now - base)) / (100 * base)) - amount


def linked(linkage: Linkage, values: Values, amount: Decimal, paid_on: date) -> Linked:
    """The linkage of a sum by the index known on the day it was paid: the last one published by then.

    Until one of a later month is published the base counts, and the linkage is 0; that of nothing needs none.
    """
    month, value = _known_on(linkage, values, paid_on)
    missing = _missing_on(linkage, values, paid_on, month) if amount else None
    money = None if missing else linkage_money(amount, linkage.share, value, linkage.base_value)
    return Linked(month, value, money, missing)


def _known_on(linkage: Linkage, values: Values, day: date) -> tuple[date, Decimal]:
    known = [value for value in values.values() if value.published_on <= day]
    later = [(value.month, value.value) for value in known if value.month > linkage.base_month]
    return max(later, default=(linkage.base_month, linkage.base_value))


def _missing_on(linkage: Linkage, values: Values, day: date, known: date) -> date | None:
    """The latest month after the known one whose index was due by a day and that nobody told.

    One that was told and came out later than usual was not known, and is not missing.
    """
    month = latest_due(linkage.index, day)
    while month > known:
        if month not in values:
            return month
        month = month_after(month, -1)
    return None


def linkage_sum(of: Iterable[Linked]) -> LinkageSum:
    """The linkage money of payments, as far as their index is known."""
    every = list(of)
    amounts = [one.amount for one in every if one.amount is not None]
    return LinkageSum(total_of(amounts), sorted({one.missing for one in every if one.missing}))


def value_refusal(linkage: Linkage, told: Published, others: Collection[date], today: date) -> str | None:
    """Why a value of the index cannot be told now; None when it can. `others`: months told beside it."""
    if told.month <= linkage.base_month:
        return "month_before_base"
    if told.month in others:
        return "month_twice"
    if told.published_on < month_after(told.month):
        return "index_before_its_month_ends"
    if told.published_on > today:
        return "index_in_future"
    return None
