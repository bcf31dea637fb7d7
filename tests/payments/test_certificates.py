"""Certificates: a table computed by hand, tie-outs over random stories, and what the database's facts say."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.rules import (
    Certificate,
    Closing,
    Columns,
    Contract,
    Dated,
    Exposure,
    Finding,
    Moved,
    Refusal,
    Term,
    certificate_of,
)

from .book import Book
from .stories import _act
from .test_invariants import contracts

BEGINNING = date(2026, 1, 1)
few = settings(max_examples=60, deadline=None)


class DatedBook(Book):
    """A book that remembers the day of everything that is written into it."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self.day = BEGINNING
        self.terms = replace(contract, active=False)
        self.active_from = BEGINNING if contract.active else None
        self.signed: dict[str, date] = {}
        self.moved: list[Moved] = []
        self.findings: dict[date, dict[str, Finding]] = {}
        self.closings: dict[date, Closing] = {}

    def state(self, milestone: str, **facts: Any) -> None:
        super().state(milestone, **facts)
        if facts.get("signed_off"):
            self.signed.setdefault(milestone, self.day)
        self.findings[self.day] = {
            term.milestone: Finding(*(getattr(term, name) for name in Finding._fields))
            for term in self.contract.terms
        }

    def close(self, **facts: Any) -> None:
        self.contract = replace(self.contract, **facts)
        self.closings[self.day] = Closing(*(getattr(self.contract, name) for name in Closing._fields))

    def reverse(self, payment: str, amount: D) -> Refusal | None:
        refused = super().reverse(payment, amount)
        if refused is None:
            self.moved.append(Moved(self.day, None, -amount))
        return refused

    def _new_payment(self, amount: D) -> str:
        self.moved.append(Moved(self.day, None, amount))
        return super()._new_payment(amount)

    def _write(self, payment: str, moves: list[tuple[str, D]]) -> None:
        self.moved += [Moved(self.day, line, amount) for line, amount in moves]
        super()._write(payment, moves)

    @property
    def dated(self) -> Dated:
        return Dated(
            contract=self.terms,
            active_from=self.active_from,
            signed_off=self.signed,
            moved=self.moved,
            found=lambda day: _latest(self.findings, day, {}),
            closed=lambda day: _latest(self.closings, day, Closing()),
        )


def _latest(said: dict[date, Any], day: date, before: Any) -> Any:
    days = [on for on in said if on <= day]
    return said[max(days)] if days else before


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
        Contract(total=D(100_000), terms=terms, deposit=D(10_000), retention_percent=D(10), active=True)
    )
    book.active_from = date(2026, 1, 5)
    book.day = date(2026, 1, 20)
    assert book.release("deposit", D(10_000)) is None
    book.sign_and_release("M1")
    book.state("M2", verified_percent=D(50))

    book.day = date(2026, 2, 12)
    book.sign("M2")
    book.record(D(8_000), "M3")
    book.state("M3", verified_percent=D("33.33"))
    book.state("M4", verified_percent=D("12.34"))

    book.day = date(2026, 3, 10)
    assert book.release("M2", D(10_800)) is None
    book.state("M4", verified_percent=D(10))
    book.sign("M3")
    book.state("M3", withheld=D(2_000))

    book.day = date(2026, 4, 16)
    book.state("M3", withheld=D(0), repair=D(1_200), blocking_repair=D(1_200))
    assert book.release("M3", D(5_500)) is None
    book.sign("M4")
    book.record(D(20_000), "M4")  # 6,500 more than its line can hold
    book.close(retention_open=D(500))
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
def dated_stories(draw: st.DrawFn) -> tuple[DatedBook, dict[date, Exposure]]:
    """Up to twelve acts and findings on up to as many days, and the figures at the close of each day."""
    contract = replace(draw(contracts()), active=draw(st.integers(0, 4)) > 0)
    book, amounts, closes = DatedBook(contract), {}, {}
    for _ in range(draw(st.integers(0, 12))):
        book.day += timedelta(days=draw(st.integers(0, 20)))
        if draw(st.integers(0, 3)):
            _act(draw, book, amounts)
        else:
            _find(draw, book)
        closes[book.day] = book.figures
    return book, closes


def _find(draw: st.DrawFn, book: DatedBook) -> None:
    term = draw(st.sampled_from(book.contract.terms))
    if not term.signed_off:
        book.state(term.milestone, verified_percent=D(draw(st.integers(0, 10_000))) / 100)
    elif book.contract.active:
        cost = D(draw(st.integers(0, int(term.value * 100)))) / 100
        book.state(term.milestone, repair=cost, blocking_repair=cost)


def check_columns(c: Columns) -> None:
    assert c.before + c.period == c.to_date
    assert c.to_date + c.balance == c.scheduled
    assert c.gross - c.retention - c.withheld == c.unlocked
    assert c.unlocked_before + c.unlocked_period == c.unlocked
    assert c.earlier + c.early == c.paid
    assert c.unlocked - c.earlier == c.due == c.unlocked + c.early - c.paid
    assert min(c.gross, c.unlocked, c.due, c.early) >= 0


@given(story=dated_stories(), data=st.data())
@few
def test_every_period_of_every_story_ties_out(
    story: tuple[DatedBook, dict[date, Exposure]], data: st.DataObject
) -> None:
    book, closes = story
    days = st.integers(-5, 260).map(lambda n: BEGINNING + timedelta(days=n))
    begins, ends = sorted([data.draw(days), data.draw(days)])
    certificate = certificate_of(book.dated, begins, ends)
    for columns in [*(row.columns for row in certificate.rows), certificate.total]:
        check_columns(columns)
    for column in fields(Columns):
        beside = certificate.unheld if column.name in {"paid", "early"} else 0
        whole = sum(getattr(row.columns, column.name) for row in certificate.rows)
        assert getattr(certificate.total, column.name) == whole + beside
    assert certificate.total.scheduled == book.contract.total
    if known := [day for day in closes if day <= ends]:
        told = closes[max(known)]
        total = certificate.total
        assert (total.unlocked, total.early, total.due, total.paid) == (
            told.unlocked,
            told.early,
            told.payable,
            told.paid,
        )
        assert max(D(0), total.to_date) == told.earned


@given(story=dated_stories(), lengths=st.lists(st.integers(1, 60), min_size=2, max_size=5))
@few
def test_what_one_certificate_says_to_date_the_next_one_says_before(
    story: tuple[DatedBook, dict[date, Exposure]], lengths: list[int]
) -> None:
    dated, begins, following = story[0].dated, BEGINNING, []
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
