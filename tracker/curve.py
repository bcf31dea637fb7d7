"""Geometry of the S-curve: planned, verified and paid money over time.

It never mirrors: a rising curve looks rising in Hebrew too.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from projects.money import rounded
from tracker.charts import number

# Cumulative money at the end of a day, in ascending order of days.
Series = Sequence[tuple[date, Decimal]]

LEFT, RIGHT, TOP, BOTTOM = 50, 14, 22, 30
LABEL_APART = 22
MONTHS_BETWEEN_TICKS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class GridLine:
    y: str
    percent: int


@dataclass(frozen=True)
class MonthTick:
    x: str
    day: date
    with_year: bool


@dataclass(frozen=True)
class Rectangle:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class EndLabel:
    """Where a line ends today: its dot, and the line of text beside it."""

    amount: Decimal
    dot_y: str
    text_y: str


@dataclass(frozen=True)
class TodayMark:
    """The line of today, its word, and the two ends beside it; anchors keep the words inside the drawing."""

    x: str
    anchor: str
    text_x: str
    end_anchor: str
    end_text_x: str
    paid: EndLabel
    verified: EndLabel


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


@dataclass(frozen=True)
class CurveRow:
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
    plan_text: tuple[str, str] | None
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
        plan_text=_plan_text(frame, planned),
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
    paid_end, verified_end = _end_labels(frame, paid, verified)
    word_before = x > LEFT + 60
    ends_after = x < LEFT + (frame.width - LEFT - RIGHT) * 0.62
    return TodayMark(
        x=number(x),
        anchor="end" if word_before else "start",
        text_x=number(x - 8 if word_before else x + 8),
        end_anchor="start" if ends_after else "end",
        end_text_x=number(x + 14 if ends_after else x - 14),
        paid=paid_end,
        verified=verified_end,
    )


def _end_labels(frame: _Frame, paid: Decimal, verified: Decimal) -> tuple[EndLabel, EndLabel]:
    """Both labels below their dots, in the order of their dots, never on each other or under the floor."""
    paid_y, verified_y = frame.y(paid), frame.y(verified)
    upper = min(min(paid_y, verified_y) + 16, frame.floor - LABEL_APART - 8)
    lower = min(max(max(paid_y, verified_y) + 5, upper + LABEL_APART), frame.floor - 8)
    paid_text, verified_text = (upper, lower) if paid_y <= verified_y else (lower, upper)
    return (
        EndLabel(paid, number(paid_y), number(paid_text)),
        EndLabel(verified, number(verified_y), number(verified_text)),
    )


def _plan_text(frame: _Frame, planned: Series) -> tuple[str, str] | None:
    """Where the plan's name ends: just above its line, at two fifths of its time."""
    if not planned:
        return None
    start, end = planned[0][0], planned[-1][0]
    day = start + (end - start) * 2 // 5
    height = frame.y(_planned_at(planned, day) or Decimal(0)) - 6
    return number(max(frame.x(day) - 12, LEFT + 90)), number(height)


def _rows(planned: Series, verified: Series, paid: Series) -> tuple[CurveRow, ...]:
    days = sorted({day for day, _ in [*verified, *paid]})
    return tuple(
        CurveRow(day, _planned_at(planned, day), _value_at(verified, day), _value_at(paid, day))
        for day in days
    )
