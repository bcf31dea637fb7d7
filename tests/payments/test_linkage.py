"""Linkage money as a rule: computed by hand, rounded once, and by the index that was known on the day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules import Published, counting, linkage_money, linkage_sum, linked, value_refusal
from projects.linkage import Linkage, latest_due, month_after, usual_day
from projects.money import CENT

JAN, FEB, MAR, APR, MAY = (date(2026, month, 1) for month in range(1, 6))
AGREED = Linkage("construction_inputs", D(40), JAN, D(125))
TODAY = date(2026, 6, 20)


def told(*values: tuple[date, str], late: int = 0) -> dict[date, Published]:
    """Values by month, published on the usual day or so many days later."""
    return counting(
        Published(month, D(value), month_after(month).replace(day=15 + late)) for month, value in values
    )


SPRING = told((FEB, "126.1"), (MAR, "130"), (APR, "120"))


@pytest.mark.parametrize(
    ("amount", "share", "now", "base", "money"),
    [
        ("100000.00", "40", "130", "125", "1600.00"),  # 5 / 125 = 4 %, two fifths of it 1.6 %
        ("100000.00", "40", "120", "125", "-1600.00"),
        ("100000.00", "100", "130", "125", "4000.00"),
        ("100000.00", "0", "999", "125", "0.00"),
        ("100000.00", "40", "125", "125", "0.00"),
        ("333.33", "40", "126.1", "125", "1.17"),  # 333.33 * 1.00352 = 334.5033216
        ("0.01", "40", "130", "125", "0.00"),
        ("0.50", "100", "101", "100", "0.01"),  # 0.505 becomes 0.51
        ("0.50", "100", "99", "100", "0.00"),  # 0.495 becomes 0.50: the whole is rounded, once
        ("1000000.00", "40", "139.3", "118.7", "69418.70"),  # 20.6 / 118.7 * 0.4 = 0.069418702…
        ("999999999999.99", "40", "139.3", "139.2999", "287150.24"),  # 10^12 * 0.4 * 0.0001 / 139.2999
        ("0.00", "40", "130", "125", "0.00"),
    ],
)
def test_by_hand(amount: str, share: str, now: str, base: str, money: str) -> None:
    assert str(linkage_money(D(amount), D(share), D(now), D(base))) == money


@pytest.mark.parametrize(
    ("paid_on", "month", "money"),
    [
        (date(2026, 1, 10), JAN, "0.00"),  # before the base came out: still the base
        (date(2026, 3, 14), JAN, "0.00"),  # that of February comes out tomorrow
        (date(2026, 3, 15), FEB, "352.00"),
        (date(2026, 4, 14), FEB, "352.00"),
        (date(2026, 4, 15), MAR, "1600.00"),
        (date(2026, 5, 15), APR, "-1600.00"),
        (date(2026, 6, 14), APR, "-1600.00"),
    ],
)
def test_the_index_known_on_the_day_counts(paid_on: date, month: date, money: str) -> None:
    found = linked(AGREED, SPRING, D("100000.00"), paid_on)
    assert (found.month, found.missing, str(found.amount)) == (month, None, money)


def test_a_missing_index_is_named_and_nothing_is_guessed() -> None:
    found = linked(AGREED, SPRING, D("100000.00"), date(2026, 6, 15))
    assert (found.amount, found.missing) == (None, MAY)
    early = linked(AGREED, told((MAR, "130")), D("100000.00"), date(2026, 3, 20))
    assert (early.amount, early.missing) == (None, FEB)
    nothing = linked(AGREED, {}, D("0.00"), date(2026, 6, 15))
    assert (str(nothing.amount), nothing.missing) == ("0.00", None)


def test_an_earlier_gap_does_not_matter_once_a_later_index_is_known() -> None:
    found = linked(AGREED, told((MAR, "130")), D("100000.00"), date(2026, 4, 15))
    assert (found.month, str(found.amount)) == (MAR, "1600.00")


def test_what_came_out_late_was_not_known_and_is_not_missing() -> None:
    values = told((FEB, "126.1")) | told((MAR, "130"), late=5)
    before, after = (linked(AGREED, values, D("100000.00"), date(2026, 4, day)) for day in (19, 20))
    assert (before.month, before.missing, str(before.amount)) == (FEB, None, "352.00")
    assert (after.month, str(after.amount)) == (MAR, "1600.00")
    alone = linked(AGREED, told((MAR, "130"), late=5), D("100000.00"), date(2026, 4, 19))
    assert (alone.amount, alone.missing) == (None, FEB)


def test_what_came_out_early_was_known() -> None:
    values = counting([Published(FEB, D(130), date(2026, 3, 13))])
    assert linked(AGREED, values, D("100000.00"), date(2026, 3, 13)).month == FEB


def test_of_what_is_told_for_a_month_the_last_counts() -> None:
    values = told((FEB, "200"), (FEB, "130"))
    assert str(linked(AGREED, values, D("100000.00"), date(2026, 3, 20)).amount) == "1600.00"


def test_months_go_over_the_turn_of_the_year() -> None:
    december = date(2026, 12, 1)
    assert month_after(december) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert usual_day("construction_inputs", december) == date(2027, 1, 15)
    assert latest_due("construction_inputs", date(2027, 1, 14)) == date(2026, 11, 1)
    assert latest_due("construction_inputs", date(2027, 1, 15)) == december


@pytest.mark.parametrize(
    ("month", "day", "code"),
    [
        (JAN, date(2026, 2, 15), "month_before_base"),
        (FEB, date(2026, 2, 28), "index_before_its_month_ends"),
        (MAY, date(2026, 6, 21), "index_in_future"),
        (MAR, date(2026, 4, 15), "month_twice"),
        (FEB, date(2026, 3, 1), None),
        (MAY, TODAY, None),
    ],
)
def test_what_can_be_told(month: date, day: date, code: str | None) -> None:
    assert value_refusal(AGREED, Published(month, D(130), day), {MAR}, TODAY) == code


def test_the_sum_says_what_is_missing_once() -> None:
    days = [date(2026, 4, 20), date(2026, 6, 15), date(2026, 6, 18), date(2026, 7, 20)]
    found = linkage_sum(linked(AGREED, SPRING, D("100000.00"), day) for day in days)
    assert (str(found.amount), found.missing) == ("1600.00", [MAY, date(2026, 6, 1)])
    assert str(linkage_sum([]).amount) == "0.00"


amounts = st.integers(0, 10**13).map(lambda cents: cents * CENT)
shares = st.integers(0, 10_000).map(lambda hundredths: D(hundredths) / 100)
points = st.integers(1, 10**10 - 1).map(lambda parts: D(parts) / 10_000)


@given(amount=amounts, share=shares, now=points, base=points)
def test_it_is_rounded_once(amount: D, share: D, now: D, base: D) -> None:
    """The payment with its linkage is whole cents, and half a cent at most from the exact sum."""
    money = linkage_money(amount, share, now, base)
    assert money == money.quantize(CENT)
    factor = 1 + Fraction(share) / 100 * (Fraction(now) / Fraction(base) - 1)
    off = Fraction(amount) + Fraction(money) - Fraction(amount) * factor
    assert -Fraction(1, 200) < off <= Fraction(1, 200)


@given(amount=amounts, share=shares, now=points, base=points)
def test_it_goes_the_way_of_the_index(amount: D, share: D, now: D, base: D) -> None:
    money = linkage_money(amount, share, now, base)
    assert linkage_money(amount, D(0), now, base) == 0 == linkage_money(amount, share, base, base)
    assert money >= 0 if now >= base else money <= 0
    assert amount + money >= 0
    assert abs(money) <= abs(linkage_money(amount, D(100), now, base))


months = st.integers(1, 18).map(lambda count: month_after(JAN, count))
published = st.builds(
    lambda month, value, late: Published(month, value, month_after(month).replace(day=late)),
    months,
    points,
    st.integers(1, 28),
)


@given(values=st.lists(published, max_size=20), day=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_index_of_a_later_day_counts(values: Sequence[Published], day: date) -> None:
    found = linked(AGREED, counting(values), D("100000.00"), day)
    by_then = {value.month for value in values if value.published_on <= day}
    if found.amount is None:
        assert found.missing not in {value.month for value in values}
        assert found.missing is not None
        assert found.month < found.missing <= latest_due(AGREED.index, day)
    else:
        assert found.month in {JAN, *by_then}
