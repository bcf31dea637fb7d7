"""Geometry of the S-curve: planned, verified and paid money over time.

It never mirrors: a rising curve looks rising in Hebrew too.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from projects.money import rounded
from tracker.charts import number

# Cumulative money at the end of a day, in ascending order of days.
Series = Sequence[tuple[date, Decimal]]

LEFT, RIGHT, TOP, BOTTOM = 50, 14, 22, 30
LABEL_APART = 22
# What the words beside today's line, and the plan's name, need of the width.
END_TEXT_ROOM, PLAN_TEXT_ROOM = 120, 100
MONTHS_BETWEEN_TICKS = (1, 2, 3, 6, 12)


class GridLine(NamedTuple):
    y: str
    percent: int


class MonthTick(NamedTuple):
    x: str
    day: date
    with_year: bool


class Rectangle(NamedTuple):
    x: str
    y: str
    width: str
    height: str


class Label(NamedTuple):
    """Where a word stands, and whether it begins or ends there (SVG's text-anchor)."""

    x: str
    y: str
    anchor: str


class End(NamedTuple):
    """Where a line ends today: its sum, its dot, and the words beside it."""

    amount: Decimal
    dot_y: str
    label: Label


class TodayMark(NamedTuple):
    x: str
    label: Label
    paid: End
    verified: End


@dataclass(frozen=True)
class Axes:
    width: str
    height: str
    left: str
    right: str
    top: str
    floor: str
    grid: tuple[GridLine, ...]
    months: tuple[MonthTick, ...]


@dataclass(frozen=True)
class Lines:
    """The paths; one without points is empty."""

    plan: str
    forecast: str
    verified: str
    verified_area: str
    paid: str


class CurveRow(NamedTuple):
    """One row of the curve's table; `planned` is None without a plan."""

    day: date
    planned: Decimal | None
    verified: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Curve:
    axes: Axes
    lines: Lines
    ahead: tuple[Rectangle, ...]
    today: TodayMark
    plan_label: Label | None
    rows: tuple[CurveRow, ...]


@dataclass(frozen=True)
class _Frame:
    """The scales: days to x, money to y."""

    first: date
    last: date
    top_amount: Decimal
    width: int
    height: int

    def x(self, day: date) -> float:
        return LEFT + (self.width - LEFT - RIGHT) * (day - self.first).days / (self.last - self.first).days

    def y(self, amount: Decimal) -> float:
        return self.floor - (self.floor - TOP) * float(amount / self.top_amount)

    @property
    def floor(self) -> float:
        return self.height - BOTTOM

    def point(self, day: date, amount: Decimal) -> str:
        return f"{number(self.x(day))} {number(self.y(amount))}"


def curve(
    *,
    planned: Series,
    verified: Series,
    paid: Series,
    today: date,
    total: Decimal,
    forecast: Series = (),
    width: int = 660,
    height: int = 290,
) -> Curve:
    """The S-curve of a contract of `total`, which must be positive.

    `planned` and `forecast` are joined point to point, since the plan spreads each value evenly; `verified`
    and `paid` are steps that keep their value until their next day, drawn up to `today`. Any of them may
    be empty. Raises ValueError without a total.
    """
    if total <= 0:
        raise ValueError("a curve needs a total")
    every = [*planned, *forecast, *verified, *paid, (today, total)]
    first, last = min(day for day, _ in every), max(day for day, _ in every)
    highest = max(amount for _, amount in every)
    frame = _Frame(first, max(last, first + timedelta(days=1)), highest, width, height)
    verified_steps, paid_steps = (_until(today, first, series) for series in (verified, paid))
    return Curve(
        axes=_axes(frame, total),
        lines=Lines(
            plan=_polyline(frame, planned),
            forecast=_polyline(frame, forecast),
            verified=_steps(frame, verified_steps),
            verified_area=f"{_steps(frame, verified_steps)}V{number(frame.floor)}H{number(frame.x(first))}Z",
            paid=_steps(frame, paid_steps),
        ),
        ahead=_ahead(frame, paid_steps, verified_steps),
        today=_today(frame, today, paid_steps[-1][1], verified_steps[-1][1]),
        plan_label=_plan_label(frame, planned, today, verified_steps, paid_steps) if planned else None,
        rows=_rows(planned, verified_steps, paid_steps),
    )


def _until(today: date, first: date, series: Series) -> list[tuple[date, Decimal]]:
    """The steps as far as today, from nothing on the first day to a closing point today."""
    past = [(day, amount) for day, amount in series if day <= today]
    last = past[-1][1] if past else Decimal(0)
    return [(first, Decimal(0)), *past, (today, last)]


def _steps(frame: _Frame, series: Series) -> str:
    start_day, start = series[0]
    moves = [f"M{frame.point(start_day, start)}"]
    moves += [f"H{number(frame.x(day))}V{number(frame.y(amount))}" for day, amount in series[1:]]
    return "".join(moves)


def _polyline(frame: _Frame, series: Series) -> str:
    return "M" + "L".join(frame.point(day, amount) for day, amount in series) if series else ""


def _value_at(series: Series, day: date) -> Decimal:
    """The value of steps on a day: that of the last step not after it."""
    position = bisect_right([d for d, _ in series], day)
    return series[position - 1][1] if position else Decimal(0)


def _planned_at(series: Series, day: date) -> Decimal | None:
    """The plan on a day, evenly between its points, in whole cents; None without a plan."""
    position = bisect_right([d for d, _ in series], day)
    if not series:
        return None
    if position in (0, len(series)):
        return series[-1][1] if position else Decimal(0)
    (day_a, a), (day_b, b) = series[position - 1], series[position]
    return rounded(a + (b - a) * (day - day_a).days / (day_b - day_a).days)


def _ahead(frame: _Frame, paid: Series, verified: Series) -> tuple[Rectangle, ...]:
    """The rectangles between the steps wherever more was paid than verified."""
    days = sorted({day for day, _ in [*paid, *verified]})
    found = []
    for start, end in pairwise(days):
        high, low = _value_at(paid, start), _value_at(verified, start)
        if high > low:
            x, y = frame.x(start), frame.y(high)
            found.append(Rectangle(*map(number, (x, y, frame.x(end) - x, frame.y(low) - y))))
    return tuple(found)


def _axes(frame: _Frame, total: Decimal) -> Axes:
    return Axes(
        width=number(frame.width),
        height=number(frame.height),
        left=number(LEFT),
        right=number(frame.width - RIGHT),
        top=number(TOP),
        floor=number(frame.floor),
        grid=tuple(GridLine(number(frame.y(total * share / 100)), share) for share in range(0, 101, 25)),
        months=_months(frame),
    )


def _months(frame: _Frame) -> tuple[MonthTick, ...]:
    """First days of months, as many as fit with room for their names; a year stands with each January."""
    fitting = (frame.width - LEFT - RIGHT) // 78
    months = (frame.last.year - frame.first.year) * 12 + frame.last.month - frame.first.month
    step = next((s for s in MONTHS_BETWEEN_TICKS if months <= s * fitting), MONTHS_BETWEEN_TICKS[-1])
    ticks: list[MonthTick] = []
    for index in range(frame.first.year * 12, frame.last.year * 12 + 12, step):
        day = date(index // 12, index % 12 + 1, 1)
        if frame.first <= day <= frame.last:
            ticks.append(MonthTick(number(frame.x(day)), day, with_year=not ticks or day.month == 1))
    return tuple(ticks)


def _today(frame: _Frame, today: date, paid: Decimal, verified: Decimal) -> TodayMark:
    """Words stand after the line where there is room for them, before it otherwise."""
    x = frame.x(today)
    after = frame.width - RIGHT - x >= END_TEXT_ROOM
    paid_y, verified_y = frame.y(paid), frame.y(verified)
    upper, lower = _text_lines(frame, min(paid_y, verified_y), max(paid_y, verified_y), after)
    paid_text, verified_text = (upper, lower) if paid_y <= verified_y else (lower, upper)
    return TodayMark(
        x=number(x),
        label=_beside(x, TOP - 6, after=x <= LEFT + 60, distance=8),
        paid=End(paid, number(paid_y), _beside(x, paid_text, after, distance=13)),
        verified=End(verified, number(verified_y), _beside(x, verified_text, after, distance=13)),
    )


def _beside(x: float, y: float, after: bool, distance: int) -> Label:
    return Label(number(x + distance if after else x - distance), number(y), "start" if after else "end")


def _text_lines(frame: _Frame, upper_dot: float, lower_dot: float, after: bool) -> tuple[float, float]:
    """Baselines for the upper and the lower dot's words, never on each other.

    After today there is free room below the dots; before it, above them, since all steps rise.
    """
    if not after:
        lower = max(upper_dot - 12, TOP + 12 + LABEL_APART)
        return lower - LABEL_APART, lower
    upper = min(upper_dot + 16, frame.floor - LABEL_APART - 8)
    return upper, min(max(lower_dot + 5, upper + LABEL_APART), frame.floor - 8)


def _plan_label(frame: _Frame, planned: Series, today: date, verified: Series, paid: Series) -> Label | None:
    """The plan's name: above its line where nothing else is drawn there, else below it in the blue."""
    start, end = planned[0][0], planned[-1][0]
    days = [start + (end - start) * fifths // 5 for fifths in (2, 3, 4)]
    for day in days:
        height = _planned_at(planned, day) or Decimal(0)
        if day <= today:
            is_free = height >= max(_value_at(verified, day), _value_at(paid, day))
        else:
            is_free = frame.x(day) - PLAN_TEXT_ROOM > frame.x(today) + END_TEXT_ROOM
        if is_free:
            return Label(number(max(frame.x(day) - 12, LEFT + 90)), number(frame.y(height) - 6), "end")
    low = frame.y(_planned_at(planned, days[0]) or Decimal(0)) + 20
    return Label(number(frame.x(days[0]) + 10), number(min(low, frame.floor - 8)), "start")


def _rows(planned: Series, verified: Series, paid: Series) -> tuple[CurveRow, ...]:
    days = sorted({day for day, _ in [*verified, *paid]})
    return tuple(
        CurveRow(day, _planned_at(planned, day), _value_at(verified, day), _value_at(paid, day))
        for day in days
    )
