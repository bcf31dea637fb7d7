"""Certificates: a table computed by hand, tie-outs over random stories, and what the database's facts say."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.rules import Certificate, Change, Columns, Contract, Term, certificate_of, change_refusal

from .dated import BEGINNING, DatedBook, check_certificate
from .stories import _act
from .test_invariants import contracts

few = settings(max_examples=60, deadline=None)


# --- By hand: a house of 100,000 with a deposit of 10,000 and 10 percent kept back, over four months. Value
# and amount of eight stages, in thousands; with the deposit and the retention, ten lines.

STAGES = [(5, 10), (12, 12), (20, 15), (15, 15), (18, 13), (10, 10), (12, 10), (8, 5)]

# scheduled, before, period, to date, balance | gross, retention, withheld, N | earlier, due, early
JANUARY = """
deposit         0     0      0     0      0 | 10000     0    0 10000 | 10000     0    0
M1           5000     0   5000  5000      0 | 10000  1000    0  9000 |  9000     0    0
M2          12000     0   6000  6000   6000 |     0     0    0     0 |     0     0    0
M3          20000     0      0     0  20000 |     0     0    0     0 |     0     0    0
M4          15000     0      0     0  15000 |     0     0    0     0 |     0     0    0
M5          18000     0      0     0  18000 |     0     0    0     0 |     0     0    0
M6          10000     0      0     0  10000 |     0     0    0     0 |     0     0    0
M7          12000     0      0     0  12000 |     0     0    0     0 |     0     0    0
M8           8000     0      0     0   8000 |     0     0    0     0 |     0     0    0
retention       0     0      0     0      0 |     0     0    0     0 |     0     0    0
total      100000     0  11000 11000  89000 | 20000  1000    0 19000 | 19000     0    0
"""
FEBRUARY = """
deposit         0     0      0     0      0 | 10000     0    0 10000 | 10000     0    0
M1           5000  5000      0  5000      0 | 10000  1000    0  9000 |  9000     0    0
M2          12000  6000   6000 12000      0 | 12000  1200    0 10800 |     0 10800    0
M3          20000     0   6666  6666  13334 |     0     0    0     0 |     0     0 8000
M4          15000     0   1851  1851  13149 |     0     0    0     0 |     0     0    0
M5          18000     0      0     0  18000 |     0     0    0     0 |     0     0    0
M6          10000     0      0     0  10000 |     0     0    0     0 |     0     0    0
M7          12000     0      0     0  12000 |     0     0    0     0 |     0     0    0
M8           8000     0      0     0   8000 |     0     0    0     0 |     0     0    0
retention       0     0      0     0      0 |     0     0    0     0 |     0     0    0
total      100000 11000  14517 25517  74483 | 32000  2200    0 29800 | 19000 10800 8000
"""
MARCH = """
deposit         0     0      0     0      0 | 10000     0    0 10000 | 10000     0    0
M1           5000  5000      0  5000      0 | 10000  1000    0  9000 |  9000     0    0
M2          12000 12000      0 12000      0 | 12000  1200    0 10800 | 10800     0    0
M3          20000  6666  13334 20000      0 | 15000  1500 2000 11500 |  8000  3500    0
M4          15000  1851   -351  1500  13500 |     0     0    0     0 |     0     0    0
M5          18000     0      0     0  18000 |     0     0    0     0 |     0     0    0
M6          10000     0      0     0  10000 |     0     0    0     0 |     0     0    0
M7          12000     0      0     0  12000 |     0     0    0     0 |     0     0    0
M8           8000     0      0     0   8000 |     0     0    0     0 |     0     0    0
retention       0     0      0     0      0 |     0     0    0     0 |     0     0    0
total      100000 25517  12983 38500  61500 | 47000  3700 2000 41300 | 37800  3500    0
"""
APRIL = """
deposit         0     0      0     0      0 | 10000     0    0 10000 | 10000     0    0
M1           5000  5000      0  5000      0 | 10000  1000    0  9000 |  9000     0    0
M2          12000 12000      0 12000      0 | 12000  1200    0 10800 | 10800     0    0
M3          20000 20000  -1200 18800   1200 | 15000  1500    0 13500 | 13500     0    0
M4          15000  1500  13500 15000      0 | 15000  1500    0 13500 | 13500     0    0
M5          18000     0      0     0  18000 |     0     0    0     0 |     0     0    0
M6          10000     0      0     0  10000 |     0     0    0     0 |     0     0    0
M7          12000     0      0     0  12000 |     0     0    0     0 |     0     0    0
M8           8000     0      0     0   8000 |     0     0    0     0 |     0     0    0
retention       0     0      0     0      0 |     0  -500    0   500 |     0   500    0
total      100000 38500  12300 50800  49200 | 62000  4700    0 57300 | 56800   500 6500
"""
SHOWN = [
    *("scheduled", "before", "period", "to_date", "balance", "gross", "retention", "withheld", "unlocked"),
    *("earlier", "due", "early"),
]


def four_months() -> DatedBook:
    terms = tuple(
        Term(milestone=f"M{n}", position=n, value=D(value * 1000), amount=D(amount * 1000))
        for n, (value, amount) in enumerate(STAGES, start=1)
    )
    book = DatedBook(
        Contract(total=D(100_000), terms=terms, deposit=D(10_000), retention_percent=D(10), active=False)
    )
    book.day = date(2026, 1, 5)
    book.activate()
    book.day = date(2026, 1, 20)
    assert book.release("deposit", D(10_000)) is None
    book.sign_and_release("M1")
    book.inspect("M2", D(50))

    book.day = date(2026, 2, 12)
    book.sign("M2")
    book.record(D(8_000), "M3")
    book.inspect("M3", D("33.33"))
    book.inspect("M4", D("12.34"))

    book.day = date(2026, 3, 10)
    assert book.release("M2", D(10_800)) is None
    book.inspect("M4", D(10))
    book.sign("M3", withheld=D(2_000))

    book.day = date(2026, 4, 16)
    book.repair("M3")
    book.find_fault("M3", D(1_200), blocking=True)
    assert book.release("M3", D(5_500)) is None
    book.sign("M4")
    book.record(D(20_000), "M4")  # 6,500 more than its line can hold
    book.open_retention(D(500))
    return book


def sheet(text: str) -> dict[str, dict[str, D]]:
    rows = [line.replace("|", " ").split() for line in text.strip().splitlines()]
    return {name: dict(zip(SHOWN, map(D, figures), strict=True)) for name, *figures in rows}


def as_sheet(certificate: Certificate) -> dict[str, dict[str, D]]:
    rows = [(row.line, row.columns) for row in certificate.rows] + [("total", certificate.total)]
    return {name: {column: getattr(columns, column) for column in SHOWN} for name, columns in rows}


@pytest.mark.parametrize(
    ("month", "expected", "percent"),
    [(1, JANUARY, "11.00"), (2, FEBRUARY, "25.52"), (3, MARCH, "38.50"), (4, APRIL, "50.80")],
)
def test_four_months_by_hand(month: int, expected: str, percent: str) -> None:
    begins = date(2026, month, 1)
    ends = date(2026, month + 1, 1) - timedelta(days=1)
    certificate = certificate_of(four_months().dated, begins, ends)
    assert as_sheet(certificate) == sheet(expected)
    assert certificate.total.percent == D(percent)


def test_money_against_no_line_is_in_the_total_only() -> None:
    certificate = certificate_of(four_months().dated, date(2026, 4, 1), date(2026, 4, 30))
    assert certificate.unheld == D(6_500)
    assert certificate.total.paid == D(63_300)
    assert sum(row.columns.paid for row in certificate.rows) == D(56_800)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="period"):
        certificate_of(four_months().dated, date(2026, 2, 2), date(2026, 2, 1))


# --- Tie-outs, whatever happened


@st.composite
def dated_stories(draw: st.DrawFn) -> DatedBook:
    """Up to twelve acts and findings on up to as many days."""
    contract = replace(draw(contracts()), active=draw(st.integers(0, 4)) > 0)
    book, amounts = DatedBook(contract), {}
    for _ in range(draw(st.integers(0, 12))):
        book.wait(draw(st.integers(0, 20)))
        if draw(st.integers(0, 3)):
            _act(draw, book, amounts)
        else:
            _find(draw, book)
    book.wait(1)
    return book


def _find(draw: st.DrawFn, book: DatedBook) -> None:
    """What is found of a milestone, a change of its price, or another milestone."""
    term = draw(st.sampled_from(book.contract.terms))
    if term.signed_off and book.contract.active:
        cost = D(draw(st.integers(0, int(term.value * 100)))) / 100
        book.find_fault(term.milestone, cost, blocking=True)
    elif draw(st.booleans()):
        book.inspect(term.milestone, D(draw(st.integers(0, 10_000))) / 100)
    elif book.contract.active:
        amount = D(draw(st.integers(int(term.value * -100), int(term.value * 300)))) / 100
        adds = amount > term.value
        change = Change(
            milestone=f"N{book.acts}{len(book.told)}" if adds else term.milestone, amount=amount, adds=adds
        )
        if not change_refusal(book.contract, {line.line: line.paid for line in book.lines}, change):
            book.change(change)


@given(book=dated_stories(), data=st.data())
@few
def test_every_period_of_every_story_ties_out(book: DatedBook, data: st.DataObject) -> None:
    days = st.integers(-5, 260).map(lambda n: BEGINNING + timedelta(days=n))
    begins, ends = sorted([data.draw(days), data.draw(days)])
    check_certificate(book, begins, ends)


@given(book=dated_stories(), lengths=st.lists(st.integers(1, 60), min_size=2, max_size=5))
@few
def test_what_one_certificate_says_to_date_the_next_one_says_before(
    book: DatedBook, lengths: list[int]
) -> None:
    dated, begins, following = book.dated, BEGINNING, []
    for length in lengths:
        following.append(certificate_of(dated, begins, begins + timedelta(days=length - 1)))
        begins += timedelta(days=length)
    whole = certificate_of(dated, BEGINNING, begins - timedelta(days=1))
    for earlier, later in pairwise(following):
        was = {row.line: row.columns for row in earlier.rows}
        for row in later.rows:
            before = was.get(row.line, Columns())
            assert (row.columns.before, row.columns.unlocked_before) == (before.to_date, before.unlocked)
    assert sum(c.total.period for c in following) == whole.total.period
    assert sum(c.total.unlocked_period for c in following) == whole.total.unlocked_period
