"""VAT: the dated rates, and the split of a sum that includes it."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.money import CENT
from projects.vat import vat_split

BEFORE, AFTER = date(2024, 12, 31), date(2025, 1, 1)


@pytest.mark.parametrize(
    ("amount", "day", "split"),
    [
        ("1170.00", BEFORE, ("17.00", "1000.00", "170.00")),
        ("1180.00", AFTER, ("18.00", "1000.00", "180.00")),
        ("1170.00", AFTER, ("18.00", "991.53", "178.47")),
        ("0.01", AFTER, ("18.00", "0.01", "0.00")),
        ("0.04", AFTER, ("18.00", "0.03", "0.01")),
    ],
)
def test_the_rate_is_that_of_the_day_of_the_payment(
    amount: str, day: date, split: tuple[str, str, str]
) -> None:
    assert tuple(map(str, vat_split(D(amount), day, D(17)))) == split


def test_a_contract_without_vat_has_none() -> None:
    assert vat_split(D("100.00"), AFTER, D(0)) == (D(0), D("100.00"), D(0))


@given(cents=st.integers(0, 10**14 - 1), day=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_parts_add_up(cents: int, day: date) -> None:
    split = vat_split(cents * CENT, day, D(18))
    assert split.net + split.vat == cents * CENT
    assert split.vat >= 0
