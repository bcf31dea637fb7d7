from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules import Term, days_late, exposure_of, planned_at, schedule_of
from projects.policy import policy_of

from .book import KITCHEN, contract_of

START = date(2026, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def term(position: int, value: str, start: int | None, end: int | None, signed: bool = False) -> Term:
    return Term(
        milestone=f"M{position}",
        position=position,
        value=D(value),
        amount=D(value),
        signed_off=signed,
        start=None if start is None else day(start),
        end=None if end is None else day(end),
    )


def signed(terms: list[Term], *positions: int) -> list[Term]:
    return [replace(one, signed_off=one.position in positions) for one in terms]


# Ten days for 1,000, a pause of five, ten days for 500.
PLAN = [term(1, "1000", 0, 10), term(2, "500", 15, 25)]


@pytest.mark.parametrize(
    ("on", "planned"),
    [(-5, 0), (0, 0), (1, 100), (5, 500), (10, 1000), (15, 1000), (20, 1250), (25, 1500), (90, 1500)],
)
def test_value_is_spread_evenly_from_start_to_end(on, planned):
    assert planned_at(PLAN, day(on)) == planned


def test_each_milestone_is_rounded_half_up():
    assert planned_at([term(1, "0.01", 0, 2)], day(1)) == D("0.01")
    assert planned_at([term(1, "100", 0, 3), term(2, "100", 0, 3)], day(1)) == D("66.66")


@pytest.mark.parametrize("start", [None, 10, 12])
def test_without_a_span_the_day_itself_is_given_to_the_work(start):
    one = [term(1, "1000", start, 10)]
    assert [planned_at(one, day(on)) for on in (9, 10, 11)] == [0, 0, 1000]
    assert [days_late(one, day(on)) for on in (10, 11, 13)] == [0, 1, 3]


def test_a_blocking_fault_found_after_the_sign_off_sets_the_work_back():
    faulty = [replace(PLAN[0], signed_off=True, blocking_repair=D(400)), PLAN[1]]
    assert days_late(signed(PLAN, 1), day(10)) == 0
    assert days_late(faulty, day(10)) == 4
    assert days_late([replace(faulty[0], blocking_repair=D(2000)), PLAN[1]], day(10)) == 10


@pytest.mark.parametrize("start", [None, 0])
def test_a_milestone_without_an_end_is_never_late_and_flatters_nobody(start):
    undated = term(3, "400", start, None)
    assert planned_at([*PLAN, undated], day(5)) == 500
    assert planned_at([*PLAN, replace(undated, signed_off=True)], day(5)) == 900
    assert days_late([*PLAN, undated], day(5)) == 5
    assert days_late([*PLAN, replace(undated, signed_off=True)], day(5)) == 5
    assert days_late([undated], day(500)) is None


@pytest.mark.parametrize(
    ("done", "on", "late"),
    [
        ((), -3, 0),  # nothing is due yet
        ((), 0, 0),
        ((), 4, 4),
        ((), 12, 12),
        ((1,), 4, -6),  # the plan reaches 1,000 on day 10
        ((1,), 10, 0),
        ((1,), 13, 0),  # the pause makes nobody late
        ((1,), 15, 0),
        ((1,), 18, 3),
        ((1, 2), 20, -5),
        ((1, 2), 25, 0),
        ((1, 2), 99, 0),
        ((2,), 7, 2),  # 500 stood in the plan on day 5
    ],
)
def test_days_late_against_the_day_the_plan_stood_where_the_work_stands(done, on, late):
    assert days_late(signed(PLAN, *done), day(on)) == late


@st.composite
def plans(draw: st.DrawFn) -> list[Term]:
    dates = st.none() | st.integers(0, 40)
    cents = st.integers(0, 10**7).map(lambda cents: str(D(cents) / 100))
    rows = draw(st.lists(st.tuples(cents, dates, dates, st.booleans()), min_size=1, max_size=6))
    return [term(i, *row) for i, row in enumerate(rows, start=1)]


@given(plans(), st.integers(-5, 50))
def test_the_plan_never_falls_and_ends_whole(terms, on):
    assert planned_at(terms, day(on)) <= planned_at(terms, day(on + 1))
    dated = sum(term.value for term in terms if term.end)
    done = sum(term.value for term in terms if term.signed_off and not term.end)
    assert planned_at(terms, day(41)) == dated + done


@given(plans(), st.integers(-5, 50))
def test_late_exactly_where_the_plan_asks_for_more_than_is_verified(terms, on):
    late = days_late(terms, day(on))
    if late is None:
        assert not any(term.end for term in terms)
        return
    earned = sum(term.value for term in terms if term.signed_off)
    planned = planned_at(terms, day(on))
    assert (late > 0) == (planned > earned)
    assert (late < 0) == (planned < earned)
    if late > 0:
        assert planned_at(terms, day(on - late)) <= earned < planned_at(terms, day(on - late + 1))
    if late < 0:
        assert planned_at(terms, day(on - late - 1)) < earned <= planned_at(terms, day(on - late))


def test_spi_is_verified_over_planned_and_none_before_the_plan_begins():
    kitchen = contract_of(95_000, KITCHEN)
    terms = [replace(one, start=day(0), end=day(10), signed_off=one.position <= 2) for one in kitchen.terms]
    kitchen = replace(kitchen, terms=tuple(terms))

    def figures_on(on: int):
        return exposure_of(kitchen, schedule_of(kitchen, {}), D(0), policy_of({}), day(on))

    assert figures_on(0).spi is None
    assert figures_on(3).planned == D(28_500)
    assert figures_on(3).spi == D("0.50")
    assert figures_on(10).spi == D("0.15")
    assert figures_on(10).days_late == 9  # 14,250 is a day and a half of the plan
