"""The figures: how far money and work are apart, what of it the contract allows, and what is early."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from projects.money import ZERO, as_percent, percent_of, rounded, total_of
from projects.policy import Policy

from .plan import days_late, planned_at
from .schedule import Contract, Line, Term, early_of

DEGREES_PER_PERCENT = 3
MOST_DEGREES = Decimal(30)


class Level(StrEnum):
    """How the plumb line hangs, from straight to alarming."""

    PLUMB = "plumb"
    AGREED = "agreed"
    WATCH = "watch"
    AHEAD = "ahead"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Every figure about the money and the work of one project on one day. Formulas: docs/exposure.md.

    Amounts are money in the project's currency; `spi` is a ratio and `lean_percent` a percentage of the
    contract total, both with two places. `repair` is the estimated repair cost of faults found after
    sign-off and still open.
    """

    contract_total: Decimal
    earned: Decimal
    reported: Decimal
    planned: Decimal
    paid: Decimal
    unlocked: Decimal
    payable: Decimal
    early: Decimal
    repair: Decimal
    exposure: Decimal
    agreed_lead: Decimal
    excess: Decimal
    level: Level
    shortfall: Decimal
    spi: Decimal | None
    days_late: int | None
    lean_percent: Decimal

    @property
    def lean_degrees(self) -> Decimal:
        """How far the gauge leans; positive where money leads."""
        return lean_degrees(self.lean_percent)


def exposure_of(
    contract: Contract, lines: Sequence[Line], unheld: Decimal, policy: Policy, on: date
) -> Exposure:
    """All figures of a project on a day, from its terms, its schedule and the money held against no line.

    exposure = paid - earned; excess = max(0, min(exposure, early + repair)), the part that no term of the
    contract covers; agreed_lead = max(0, exposure) - excess, the part that the signed contract allows.
    """
    paid = total_of([line.paid for line in lines]) + unheld
    early = early_of(lines, unheld)
    repair = contract.repair
    exposure = paid - contract.earned
    excess = excess_of(exposure, early, repair)
    planned = planned_at(contract.terms, on)
    return Exposure(
        contract_total=contract.total,
        earned=contract.earned,
        reported=total_of([_reported_value(term) for term in contract.terms]),
        planned=planned,
        paid=paid,
        unlocked=total_of([line.open for line in lines]),
        payable=total_of([line.payable for line in lines]),
        early=early,
        repair=repair,
        exposure=exposure,
        agreed_lead=max(ZERO, exposure) - excess,
        excess=excess,
        level=level_of(excess, exposure, early, contract.total, policy),
        shortfall=max(ZERO, exposure),
        spi=rounded(contract.earned / planned) if planned else None,
        days_late=days_late(contract.terms, on),
        lean_percent=as_percent(exposure, contract.total),
    )


def excess_of(exposure: Decimal, early: Decimal, repair: Decimal) -> Decimal:
    """U: the part of the exposure that no term of the contract covers."""
    return max(ZERO, min(exposure, early + repair))


def level_of(
    excess: Decimal, exposure: Decimal, early: Decimal, contract_total: Decimal, policy: Policy
) -> Level:
    """How serious the lead is: by its part that no term of the contract covers, never by the agreed part.

    Early money is watched even while the work is worth more than all that was paid.
    """
    if exposure <= 0 and not early:
        return Level.PLUMB
    if exposure > 0 and not excess:
        return Level.AGREED
    if excess <= watch_limit(contract_total, policy):
        return Level.WATCH
    return Level.AHEAD if excess <= ahead_limit(contract_total, policy) else Level.CRITICAL


def watch_limit(contract_total: Decimal, policy: Policy) -> Decimal:
    """The largest excess that is only watched: a percentage of the contract, kept within bounds."""
    limit = percent_of(contract_total, policy.watch_percent)
    return min(max(limit, policy.watch_least), policy.watch_most)


def ahead_limit(contract_total: Decimal, policy: Policy) -> Decimal:
    """The largest excess that is not yet critical: a percentage of the contract, kept within bounds."""
    limit = percent_of(contract_total, policy.ahead_percent)
    return min(max(limit, policy.ahead_least), policy.ahead_most)


def lean_degrees(lean_percent: Decimal) -> Decimal:
    """The gauge's lean in degrees: 3 per percent of the contract, at most 30 to either side."""
    return min(max(lean_percent * DEGREES_PER_PERCENT, -MOST_DEGREES), MOST_DEGREES)


class Step(NamedTuple):
    """A change of the money or of the verified work on a day; or, summed up, where both stand by then."""

    on: date
    paid: Decimal = ZERO
    earned: Decimal = ZERO


def history_of(changes: Iterable[Step]) -> list[Step]:
    """The two curves behind the chart: paid and earned at the close of each day on which either changed.

    A payment is a change on the day it was paid, a reversal one below 0 on the day it came into force, a
    sign-off one of `earned` by the milestone's value.
    """
    points = []
    paid = earned = ZERO
    for on, of_day in groupby(sorted(changes), key=lambda change: change.on):
        for change in of_day:
            paid, earned = paid + change.paid, earned + change.earned
        points.append(Step(on, paid, earned))
    return points


def _reported_value(term: Term) -> Decimal:
    """What the contractor's report would be worth, if reports were worth money."""
    return percent_of(term.value, Decimal(100) if term.signed_off else term.reported_percent)
