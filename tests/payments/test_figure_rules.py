"""The levels, the lean of the gauge, and what counts as earned and as history."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from payments.rules import (
    Level,
    Step,
    history_of,
    lean_degrees,
    level_of,
)
from projects.policy import policy_of

from .book import KITCHEN, Book, contract_of

POLICY = policy_of({})
KITCHEN_CONTRACT = contract_of(95_000, KITCHEN)


@pytest.mark.parametrize(
    ("total", "excess", "level"),
    [
        ("10000", "500", Level.WATCH),  # 1 % would be 100
        ("10000", "500.01", Level.AHEAD),
        ("10000", "2500", Level.AHEAD),  # 5 % would be 500
        ("10000", "2500.01", Level.CRITICAL),
        ("1000000", "10000", Level.WATCH),
        ("1000000", "10000.01", Level.AHEAD),
        ("1000000", "50000", Level.AHEAD),
        ("1000000", "50000.01", Level.CRITICAL),
        ("9000000", "20000", Level.WATCH),  # 1 % would be 90,000
        ("9000000", "20000.01", Level.AHEAD),
        ("9000000", "100000", Level.AHEAD),  # 5 % would be 450,000
        ("9000000", "100000.01", Level.CRITICAL),
    ],
)
def test_levels_by_excess(total, excess, level):
    assert level_of(D(excess), D(excess), D(excess), D(total), POLICY) is level


@pytest.mark.parametrize(
    ("exposure", "early", "level"),
    [
        ("0", "0", Level.PLUMB),
        ("-1", "0", Level.PLUMB),
        ("0.01", "0", Level.AGREED),
        ("900000", "0", Level.AGREED),
        ("-1", "0.01", Level.WATCH),
        ("0", "100000", Level.WATCH),
    ],
)
def test_levels_without_excess(exposure, early, level):
    assert level_of(D(0), D(exposure), D(early), D(1_000_000), POLICY) is level


def test_level_bounds_are_policy():
    strict = policy_of({"watch_percent": "0.5", "watch_most": "1000"})
    assert level_of(D(1001), D(1001), D(1001), D(1_000_000), strict) is Level.AHEAD


@pytest.mark.parametrize(
    ("percent", "degrees"),
    [("0", "0"), ("2.50", "7.5"), ("-2.50", "-7.5"), ("10", "30"), ("10.01", "30"), ("-60", "-30")],
)
def test_the_gauge_leans_3_degrees_per_percent_up_to_30(percent, degrees):
    assert lean_degrees(D(percent)) == D(degrees)


def test_reports_are_shown_and_never_earned():
    book = Book(KITCHEN_CONTRACT)
    book.sign("M1")
    terms = [replace(term, reported_percent=D("33.33")) for term in book.contract.terms]
    book.contract = replace(book.contract, terms=tuple(terms))
    assert book.figures.earned == D("4750.00")
    # 4,750 signed, then 33.33 % of 9,500, 42,750, 14,250, 19,000 and 4,750, each rounded.
    assert book.figures.reported == D("4750") + D("3166.35") + D("14248.58") + D("4749.53") + D(
        "6332.70"
    ) + D("1583.18")


def test_history_stands_at_the_close_of_each_day():
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    changes = [
        Step(tuesday, paid=D(-30)),
        Step(monday, paid=D(100)),
        Step(tuesday, earned=D(50)),
        Step(monday, paid=D(20)),
    ]
    assert history_of(changes) == [(monday, 120, 0), (tuesday, 90, 50)]
    assert history_of([]) == []
