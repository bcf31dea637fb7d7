"""Linkage of a contract to a published index: what is agreed on, and when the index of a month is published.

A month is its first day. On which day of the next month each index usually comes out is data (indices.json).
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

_INDICES = Path(__file__).with_name("indices.json")


@dataclass(frozen=True, slots=True)
class Linkage:
    """Which index, which share of every payment follows it (percent), and the month and value against which
    later months are measured."""

    index: str
    share: Decimal
    base_month: date
    base_value: Decimal


def month_after(month: date, count: int = 1) -> date:
    """The first day of the month so many months later; earlier for a negative count."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def usual_day(index: str, month: date) -> date:
    """The day on which the index of a month is usually published."""
    return month_after(month).replace(day=_day_of(index))


def latest_due(index: str, day: date) -> date:
    """The latest month whose index is usually published by a day, that day included."""
    return month_after(day, -1 if day.day >= _day_of(index) else -2)


def _day_of(index: str) -> int:
    return _published_on_day()[index]


@cache
def _published_on_day() -> dict[str, int]:
    indices = json.loads(_INDICES.read_text(encoding="utf-8"))
    return {index: about["published_on_day"] for index, about in indices.items()}
