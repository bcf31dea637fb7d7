"""Contracts to begin from: their sums, dates and words."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.models import Kind, Role
from projects.money import total_of
from projects.vat import vat_rate_on
from tracker.catalogue import KEYS, WEEKEND, milestones_from_template, template_of, templates

SUNDAY = date(2026, 11, 1)
TOTALS = st.decimals(min_value="0.01", max_value="999999999999.99", places=2)


def test_the_house_costs_what_its_stages_cost() -> None:
    stages = milestones_from_template("house", Decimal("1900000.00"), SUNDAY, "en")
    assert [str(s["amount"]) for s in stages[:4]] == ["95000.00", "228000.00", "152000.00", "228000.00"]
    assert [str(s["value"]) for s in stages[:4]] == ["19000.00", "228000.00", "152000.00", "247000.00"]
    assert len(stages) == 12


def test_the_kitchen_pays_most_at_the_order() -> None:
    order, drawings, *_ = milestones_from_template("kitchen", Decimal("95000.00"), SUNDAY, "en")
    assert (str(order["value"]), str(order["amount"])) == ("4750.00", "61750.00")
    assert drawings["amount"] == 0
    assert drawings["signers"] == ["homeowner", "supervisor"]


@pytest.mark.parametrize("key", KEYS)
@given(total=TOTALS, share=st.integers(0, 100))
def test_parts_add_up_to_the_contract(key: str, total: Decimal, share: int) -> None:
    deposit = (total * share / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
    stages = milestones_from_template(key, total, SUNDAY, "he", deposit=deposit)
    assert total_of([s["value"] for s in stages]) == total
    assert total_of([s["amount"] for s in stages]) + deposit == total


@pytest.mark.parametrize("key", KEYS)
@given(starts_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_stages_follow_one_another_on_business_days(key: str, starts_on: date) -> None:
    stages = milestones_from_template(key, Decimal(1000), starts_on, "en")
    assert timedelta(0) <= stages[0]["planned_start"] - starts_on <= timedelta(days=2)
    for stage, following in pairwise(stages):
        assert stage["planned_start"] <= stage["planned_end"] < following["planned_start"]
    assert not {s[end].weekday() for s in stages for end in ("planned_start", "planned_end")} & WEEKEND


def test_ten_business_days_from_a_sunday_end_on_a_thursday() -> None:
    first = milestones_from_template("house", Decimal(1000), SUNDAY, "en")[0]
    assert (first["planned_start"], first["planned_end"]) == (SUNDAY, date(2026, 11, 12))


def test_work_that_begins_on_a_friday_begins_on_sunday() -> None:
    assert (
        milestones_from_template("kitchen", Decimal(1), date(2026, 10, 30), "en")[0]["planned_start"]
        == SUNDAY
    )


def test_both_languages_say_the_same() -> None:
    for hebrew, english in zip(templates("he"), templates("en"), strict=True):
        assert hebrew.name != english.name
        assert len(hebrew.milestones) == len(english.milestones)
        for he, en in zip(hebrew.milestones, english.milestones, strict=True):
            assert he.title != en.title
            assert len(he.criteria) == len(en.criteria) > 0
            assert (he.value_percent, he.signers) == (en.value_percent, en.signers)


def test_a_template_is_a_whole_contract() -> None:
    for template in templates("en"):
        assert template.kind in Kind.values
        assert total_of([s.value_percent for s in template.milestones]) == 100
        assert total_of([s.amount_percent for s in template.milestones]) == 100
        assert {role for s in template.milestones for role in s.signers} <= set(Role.values)


def test_an_unknown_template_is_no_template() -> None:
    with pytest.raises(KeyError):
        template_of("../settings", "en")


def test_a_deposit_above_the_total_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to split"):
        milestones_from_template("house", Decimal(10), SUNDAY, "en", deposit=Decimal(11))


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2014, 1, 1), 17),
        (date(2024, 12, 31), 17),
        (date(2025, 1, 1), 18),
        (date(2030, 1, 1), 18),
    ],
)
def test_the_vat_rate_changes_with_the_year(day: date, rate: int) -> None:
    assert vat_rate_on(day) == rate
