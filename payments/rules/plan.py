"""The plan: how much of the work should stand on a day, and how far behind it the work is."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from projects.money import ZERO, rounded, total_of

from .schedule import Term


def planned_at(terms: Sequence[Term], on: date) -> Decimal:
    """The value of the work that should stand on a day.

    Each milestone's value is spread evenly from its start (nothing yet) to its end (all of it), rounded on
    each. One that has an end but no earlier start cannot be spread: its day is given to the work, and it
    counts whole from the next day on. One without an end is never late: it counts as far as it is verified,
    as if that had been its date, so it moves neither the index nor the days.
    """
    return total_of([_planned_value(term, on) for term in terms])


def days_late(terms: Sequence[Term], on: date) -> int | None:
    """Days between `on` and the day the plan stood where the verified work stands now; negative when the
    work is ahead; 0 when the plan stands there on `on`. None when no milestone has an end date.

    Where the plan stands still (between two milestones, or before the first), the nearest of its days
    counts, so a pause in the plan makes nobody late.
    """
    dated = [term for term in terms if term.end]
    if not dated:
        return None
    earned = max(ZERO, total_of([term.earned - term.blocking_repair for term in dated]))
    planned = planned_at(dated, on)
    if planned > earned:
        return (on - _last_day_up_to(dated, earned, on)).days
    if planned < earned:
        return -(_first_day_reaching(dated, earned, on) - on).days
    return 0


def _planned_value(term: Term, on: date) -> Decimal:
    if term.end is None:
        return term.earned
    if on > term.end:
        return term.value
    if term.start is None or term.start >= term.end or on <= term.start:
        return ZERO
    return rounded(term.value * (on - term.start).days / (term.end - term.start).days)


def _last_day_up_to(dated: Sequence[Term], value: Decimal, before: date) -> date:
    """The last day on which the plan asked for no more than `value`; on `before` it asks for more."""
    first = min(min(term.start or term.end, term.end) for term in dated if term.end)
    return _first_day(dated, lambda planned: planned > value, first, before) - timedelta(days=1)


def _first_day_reaching(dated: Sequence[Term], value: Decimal, after: date) -> date:
    """The first day on which the plan asks for `value`; on `after` it asks for less."""
    last = max(term.end for term in dated if term.end) + timedelta(days=1)
    return _first_day(dated, lambda planned: planned >= value, after, last)


def _first_day(dated: Sequence[Term], is_there: Callable[[Decimal], bool], first: date, last: date) -> date:
    """The first day from `first` to `last` whose planned value passes; the plan never falls, so halve."""
    days = range((last - first).days)
    there = bisect_left(days, True, key=lambda day: is_there(planned_at(dated, first + timedelta(days=day))))
    return first + timedelta(days=there)
