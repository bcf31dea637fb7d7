from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.money import (
    CENT,
    MAX_AMOUNT,
    as_percent,
    is_amount,
    is_payable_amount,
    percent_of,
    rounded,
    split,
    total_of,
)

amounts = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1).map(lambda cents: cents * CENT)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=4), min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        ("0.005", "0.01"),
        ("0.004999", "0.00"),
        ("2.675", "2.68"),
        ("2.665", "2.67"),  # half-even would say 2.66
        ("-0.005", "-0.01"),  # away from zero, as PostgreSQL rounds
        ("999999999999.985", "999999999999.99"),
        ("7", "7.00"),
    ],
)
def test_half_a_cent_goes_up(exact, cents):
    assert str(rounded(D(exact))) == cents


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=6))
def test_rounding_is_to_the_nearest_cent_and_done_once(amount):
    assert abs(rounded(amount) - amount) <= CENT / 2
    assert rounded(rounded(amount)) == rounded(amount)
    assert rounded(-amount) == -rounded(amount)


def test_percent_of_money():
    assert percent_of(D("95000.00"), D("65")) == D("61750.00")
    assert percent_of(D("0.10"), D("5")) == D("0.01")
    assert percent_of(D("333.33"), D("7.5")) == D("25.00")


def test_as_percent():
    assert str(as_percent(D("57000"), D("95000"))) == "60.00"
    assert str(as_percent(D("1"), D("3"))) == "33.33"
    assert str(as_percent(D("5"), D("0"))) == "0.00"


def test_total_of_nothing_still_has_two_places():
    assert str(total_of([])) == "0.00"


@pytest.mark.parametrize("value", ["0", "0.01", "-12.50", "999999999999.99", "-999999999999.99", "1E+3"])
def test_amounts(value):
    assert is_amount(D(value))


@pytest.mark.parametrize("value", ["0.001", "1000000000000", "-1000000000000", "NaN", "Infinity", "1E+400"])
def test_not_amounts(value):
    assert not is_amount(D(value))


def test_money_that_moves_is_above_0():
    assert is_payable_amount(D("0.01"))
    assert is_payable_amount(MAX_AMOUNT)
    assert not is_payable_amount(D("0.00"))
    assert not is_payable_amount(D("-0.01"))


def test_cents_left_over_go_to_the_largest_remainders_and_to_the_first_of_equals():
    assert split(D("100.00"), [D(1), D(1), D(1)]) == [D("33.34"), D("33.33"), D("33.33")]
    assert split(D("0.02"), [D(1), D(1), D(1)]) == [D("0.01"), D("0.01"), D("0.00")]
    assert split(D("0.05"), [D(1), D(2)]) == [D("0.02"), D("0.03")]  # 1.67 and 3.33 cents


def test_weights_of_0_get_nothing_unless_there_is_no_other():
    assert split(D("10.00"), [D(0), D(3), D(0)]) == [D("0.00"), D("10.00"), D("0.00")]
    assert split(D("0.03"), [D(0), D(0)]) == [D("0.02"), D("0.01")]


def test_a_deduction_is_split_like_an_addition():
    assert split(D("-100.00"), [D(1), D(1), D(1)]) == [D("-33.34"), D("-33.33"), D("-33.33")]


@pytest.mark.parametrize(
    ("total", "shares"), [("1.005", ["1"]), ("1.00", []), ("1.00", ["1", "-1"]), ("1E+13", ["1"])]
)
def test_what_cannot_be_split(total, shares):
    with pytest.raises(ValueError):
        split(D(total), [D(share) for share in shares])


@given(amounts, weights)
def test_parts_add_up_to_the_whole_and_are_within_a_cent_of_their_share(total, shares):
    parts = split(total, shares)
    assert sum(parts) == total
    assert all(is_amount(part) for part in parts)
    whole = sum(map(Fraction, shares))
    for part, share in zip(parts, shares, strict=True):
        exact = Fraction(total) * Fraction(share) / whole if whole else Fraction(total) / len(shares)
        assert abs(Fraction(part) - exact) < Fraction(CENT)


@given(amounts, weights, st.integers(min_value=1, max_value=1000))
def test_only_the_proportions_matter(total, shares, factor):
    assert split(total, shares) == split(total, [share * factor for share in shares])
