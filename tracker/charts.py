"""Geometry of the drawings: from figures to numbers an SVG template writes down. Pure functions.

Every coordinate leaves as text, so that no template localises it. Figures that are read as quantities
(the plumb line, bars, rails) follow the reading direction; X-Y charts (tracker/curve.py) never mirror.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians, sin

from payments.rules.exposure import MOST_DEGREES, lean_degrees

MAX_DEGREES = int(MOST_DEGREES)
STRAIGHT_PERCENT = Decimal(1)
FAR_PERCENT = Decimal(5)

ARC_RADIUS = 185
TIP_RADIUS = 174
TICK_EVERY_DEGREES = 6

# What a level of docs/exposure.md looks like. `plumb` is blue because the only lean it allows is work ahead.
TONES = {"plumb": "accent", "agreed": "plain", "watch": "warn", "ahead": "warn", "critical": "stop"}


def number(value: float) -> str:
    """A coordinate as text: at most two decimals, no thousands separator, never "-0"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percentage(value: Decimal | float) -> str:
    """A share of the drawing's width, kept between nothing and all of it."""
    return f"{number(min(max(float(value), 0.0), 100.0))}%"


@dataclass(frozen=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Zone:
    """One coloured stretch of the gauge's scale."""

    name: str
    path: str


@dataclass(frozen=True)
class Gauge:
    """The plumb line, drawn around its pivot at 0,0. `rotate` is clockwise, as SVG counts degrees."""

    tone: str
    rotate: str
    wedge: str
    zones: tuple[Zone, ...]
    ticks: tuple[Line, ...]


def gauge(lean_percent: Decimal, level: str, rtl: bool) -> Gauge:
    """The plumb line for an exposure of `lean_percent` of the contract; positive: money ahead.

    Money ahead leans towards the end of the line of reading: right in English, left in Hebrew. The scale
    turns amber at 1 % and red at 5 %, whatever the project's own limits.

    Raises KeyError for an unknown level.
    """
    side = -1 if rtl else 1
    degrees = float(lean_degrees(lean_percent))
    return Gauge(
        tone=TONES[level],
        rotate=number(-side * degrees),
        wedge=_wedge(side * degrees),
        zones=_zones(side),
        ticks=tuple(_tick(d) for d in range(-MAX_DEGREES, MAX_DEGREES + 1, TICK_EVERY_DEGREES) if d),
    )


def _at(degrees: float, radius: float) -> tuple[float, float]:
    """The point hanging `radius` below the pivot, swung to the right by `degrees`."""
    return radius * sin(radians(degrees)), radius * cos(radians(degrees))


def _arc(start: float, end: float, radius: float) -> str:
    (x1, y1), (x2, y2) = _at(start, radius), _at(end, radius)
    sweep = 1 if end < start else 0
    return f"M{number(x1)} {number(y1)}A{radius} {radius} 0 0 {sweep} {number(x2)} {number(y2)}"


def _wedge(degrees: float) -> str:
    """The sector between the vertical and the string; empty when the line hangs straight."""
    if not degrees:
        return ""
    x, y = _at(degrees, TIP_RADIUS)
    sweep = 0 if degrees > 0 else 1
    return f"M0 0V{TIP_RADIUS}A{TIP_RADIUS} {TIP_RADIUS} 0 0 {sweep} {number(x)} {number(y)}Z"


def _zones(side: int) -> tuple[Zone, ...]:
    """Work ahead, straight, money ahead, money far ahead, with a hair between each two."""
    straight, far = float(lean_degrees(STRAIGHT_PERCENT)), float(lean_degrees(FAR_PERCENT))
    gap = 0.35
    spans = (
        ("work", -MAX_DEGREES, -straight - gap),
        ("straight", -straight, straight),
        ("ahead", straight + gap, far - gap),
        ("far", far + gap, MAX_DEGREES),
    )
    return tuple(Zone(name, _arc(side * a, side * b, ARC_RADIUS)) for name, a, b in spans)


def _tick(degrees: int) -> Line:
    inner = 166 if abs(degrees) == MAX_DEGREES else 171
    (x1, y1), (x2, y2) = _at(degrees, inner), _at(degrees, 175)
    return Line(number(x1), number(y1), number(x2), number(y2))


@dataclass(frozen=True)
class Span:
    """A stretch of a horizontal bar, as percentages of its width measured from the left edge."""

    x: str
    width: str


def span(start: Decimal, end: Decimal, rtl: bool) -> Span:
    """The stretch of a bar from `start` to `end` percent along the line of reading."""
    low, high = (min(max(edge, Decimal(0)), Decimal(100)) for edge in (start, end))
    return Span(percentage(100 - high if rtl else low), percentage(max(high - low, Decimal(0))))


@dataclass(frozen=True)
class Bars:
    """The pair of bars: money paid, its last part hatched where it is ahead, over verified work."""

    covered: Span
    early: Span
    verified: Span
    paid_percent: Decimal
    verified_percent: Decimal


def bars(paid: Decimal, verified: Decimal, total: Decimal, rtl: bool) -> Bars:
    """Paid and verified money as shares of a contract of `total`; a total of 0 gives empty bars."""
    paid_percent, verified_percent = (_share(part, total) for part in (paid, verified))
    covered = min(paid_percent, verified_percent)
    return Bars(
        covered=span(Decimal(0), covered, rtl),
        early=span(covered, paid_percent, rtl),
        verified=span(Decimal(0), verified_percent, rtl),
        paid_percent=paid_percent,
        verified_percent=verified_percent,
    )


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return 100 * part / whole if whole else Decimal(0)


def segments(weights: Sequence[Decimal], rtl: bool, gap: Decimal = Decimal(1)) -> list[Span]:
    """A bar cut into pieces in proportion to weights, with `gap` percent between each two.

    No pieces for no weight at all; a piece of weight 0 keeps its place without a width.
    """
    whole = sum(weights)
    if not whole:
        return []
    room = 100 - gap * (len(weights) - 1)
    pieces, start = [], Decimal(0)
    for weight in weights:
        width = room * weight / whole
        pieces.append(span(start, start + width, rtl))
        start += width + gap
    return pieces


@dataclass(frozen=True)
class RailStep:
    """How the two strings pass one milestone of the rail.

    `work` is "done" (signed off), "current" (the first that is not) or "later". `money` is "passes",
    "ends" (the weight hangs here) or "none". `early`: the money here is ahead of the work. `far`: neither
    beside the current row nor where the money ends; a phone folds it away.
    """

    work: str
    money: str
    early: bool
    far: bool


def rail(values: Sequence[Decimal], signed: Sequence[bool], paid: Decimal) -> list[RailStep]:
    """The two strings along the milestones, in their order.

    The work's string follows the signatures; the money's hangs as deep as the scheduled values that the
    sum `paid` would cover, ending in the last row if it covers all of them. So the lower string is the one
    that is ahead, also where amounts differ from values.
    """
    end = _row_reached(values, paid)
    current = next((i for i, done in enumerate(signed) if not done), len(signed))
    return [
        RailStep(
            work="done" if signed[i] else "current" if i == current else "later",
            money="none" if i > end else "ends" if i == end else "passes",
            early=i <= end and not signed[i],
            far=abs(i - current) > 1 and i != end,
        )
        for i in range(len(values))
    ]


def _row_reached(values: Sequence[Decimal], paid: Decimal) -> int:
    """The row in which `paid` is used up; -1 when nothing was paid."""
    if paid <= 0 or not values:
        return -1
    covered = Decimal(0)
    for row, value in enumerate(values):
        covered += value
        if covered >= paid:
            return row
    return len(values) - 1
