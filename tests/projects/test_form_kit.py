"""Sums, percentages, days and lists as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from projects.form_kit import DayField, LinesField, MoneyField, PercentField


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("95000", "95000.00"),
        ("95,000", "95000.00"),
        ("1,900,000.5", "1900000.50"),
        (" ₪1,900,000 ", "1900000.00"),
        ("\u2066₪48,000\u2069", "48000.00"),
        ("0.01", "0.01"),
        ("999,999,999,999.99", "999999999999.99"),
    ],
)
def test_a_sum_is_read(written: str, meant: str) -> None:
    assert MoneyField().clean(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    ["95,00", "1,9000", "9.500,00", "95.000", "-5", "1e5", "١٠٠", "NaN", "0", "", "1000000000000", "a"],
)
def test_what_is_no_sum_is_refused_and_never_guessed(written: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(written)


def test_a_sum_may_be_zero_where_the_field_says_so() -> None:
    assert MoneyField(zero=True).clean("0") == 0
    with pytest.raises(ValidationError):
        MoneyField(zero=True).clean("-0.01")


def test_a_sum_is_shown_with_its_thousands_and_comes_back_the_same() -> None:
    field = MoneyField()
    for amount in ("1900000.00", "0.50", "12.30"):
        assert field.clean(field.prepare_value(Decimal(amount))) == Decimal(amount)
    assert field.prepare_value(Decimal("1900000.00")) == "1,900,000"
    assert field.prepare_value("1900000.5") == "1,900,000.50"
    assert field.prepare_value("1,9") == "1,9"  # what cannot be read stays as typed


@pytest.mark.parametrize(("written", "meant"), [("5", "5.00"), ("12.5%", "12.50"), ("0", "0"), ("20", "20")])
def test_a_percentage_is_read(written: str, meant: str) -> None:
    assert PercentField(most=20).clean(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["20.01", "-1", "5,5", "1.234", "", "x"])
def test_what_is_no_percentage_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        PercentField(most=20).clean(written)


@pytest.mark.parametrize("language", ["he", "en"])
def test_a_day_is_read_with_the_day_first(language: str) -> None:
    with translation.override(language):
        assert DayField().clean("05/11/2026") == date(2026, 11, 5)
        assert DayField().clean("5.11.2026") == date(2026, 11, 5)
        assert DayField().clean("2026-11-05") == date(2026, 11, 5)
        assert DayField().bound_data("05/11/2026", None) == "05/11/2026"


@pytest.mark.parametrize("written", ["11/31/2026", "31/02/2026", "05/11/0026", "05/11/2226", "soon"])
def test_an_impossible_day_is_refused(written: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError):
        DayField().clean(written)


def test_lines_are_things_and_empty_lines_are_not() -> None:
    field = LinesField(max_length=1000)
    assert field.clean(" one \r\n\r\n two\n") == ["one", "two"]
    assert not field.has_changed(["one", "two"], "one\r\ntwo")
    with pytest.raises(ValidationError):
        field.clean(" \n ")
