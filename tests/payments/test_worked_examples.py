"""The worked examples, figures as literal numbers: P; V; X; N; E; A; U; level; payable."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from payments.rules import Lock, State, early_parts

from .book import HOUSE, KITCHEN, Book, contract_of


@pytest.fixture
def kitchen() -> Book:
    """A kitchen of 95,000: 65 % at the order, which is 5 % of the work."""
    return Book(contract_of(95_000, KITCHEN))


@pytest.fixture
def house() -> Book:
    """A house of 1,900,000 in twelve milestones; 5 % of each payment is kept back."""
    return Book(contract_of(1_900_000, HOUSE, retention_percent=5))


def figures_of(book: Book) -> str:
    f = book.figures
    money = (f.paid, f.earned, f.exposure, f.unlocked, f.early, f.agreed_lead, f.excess)
    return "; ".join([*(f"{amount:,.0f}" for amount in money), f.level, f"{f.payable:,.0f}"])


def test_kitchen(kitchen: Book):
    kitchen.sign_and_release("M1")
    assert figures_of(kitchen) == "61,750; 4,750; 57,000; 61,750; 0; 57,000; 0; agreed; 0"
    kitchen.sign("M2")
    kitchen.state("M3", verified_percent=D(40))
    assert figures_of(kitchen) == "61,750; 31,350; 30,400; 61,750; 0; 30,400; 0; agreed; 0"
    kitchen.record(D(9_500), "M4")
    assert figures_of(kitchen) == "71,250; 31,350; 39,900; 61,750; 9,500; 30,400; 9,500; critical; 0"
    kitchen.sign("M3")
    assert figures_of(kitchen) == "71,250; 57,000; 14,250; 76,000; 9,500; 4,750; 9,500; critical; 14,250"
    assert kitchen.release("M3", D(14_250)) is None
    assert figures_of(kitchen) == "85,500; 57,000; 28,500; 76,000; 9,500; 19,000; 9,500; critical; 0"
    kitchen.sign("M4")
    assert figures_of(kitchen) == "85,500; 71,250; 14,250; 85,500; 0; 14,250; 0; agreed; 0"


def test_spiral(house: Book):
    house.sign_and_release("M1")
    house.sign_and_release("M2")
    assert figures_of(house) == "306,850; 247,000; 59,850; 306,850; 0; 59,850; 0; agreed; 0"
    house.pay_in_advance("M3", D(100_000))
    assert figures_of(house) == "406,850; 247,000; 159,850; 306,850; 100,000; 59,850; 100,000; critical; 0"
    house.record(D(114_000), "M4")
    assert figures_of(house) == "520,850; 247,000; 273,850; 306,850; 214,000; 59,850; 214,000; critical; 0"
    house.state("M3", verified_percent=D(50))
    assert figures_of(house) == "520,850; 323,000; 197,850; 306,850; 214,000; 0; 197,850; critical; 0"
    house.sign("M3")
    assert (
        figures_of(house) == "520,850; 399,000; 121,850; 451,250; 114,000; 7,850; 114,000; critical; 44,400"
    )


def test_retention(house: Book):
    house.sign_and_release("M1")
    payment = house.record(D(228_000), "M2")
    assert isinstance(payment, str)
    assert house.line("M2").paid == D(216_600)
    assert house.unheld == D(11_400)
    assert figures_of(house) == "318,250; 19,000; 299,250; 90,250; 228,000; 71,250; 228,000; critical; 0"
    house.sign("M2")
    assert figures_of(house) == "318,250; 247,000; 71,250; 306,850; 11,400; 59,850; 11,400; watch; 0"

    house.sign("M3")
    refusal = house.release("M3", D(100))
    assert refusal is not None
    assert refusal == ("set_off_first", {"unheld": D(11_400)})

    assert house.allocate(payment, "retention", D(11_400)) is None
    for term in house.contract.terms:
        house.sign_and_release(term.milestone)
    assert house.line("retention").room == D(83_600)
    assert figures_of(house) == ("1,816,400; 1,900,000; -83,600; 1,805,000; 11,400; 0; 0; watch; 0")

    house.contract = replace(house.contract, retention_open=D(95_000))
    assert house.release("retention", D(83_600)) is None
    assert figures_of(house) == ("1,900,000; 1,900,000; 0; 1,900,000; 0; 0; 0; plumb; 0")


def test_withheld_and_repairs():
    halves = Book(contract_of(400_000, [(50, 50), (50, 50)], retention_percent=5))
    halves.state("M1", verified_percent=D(60))
    halves.pay_in_advance("M1", D(150_000))
    assert figures_of(halves) == "150,000; 120,000; 30,000; 0; 150,000; 0; 30,000; critical; 0"
    halves.sign("M1")
    halves.state("M1", withheld=D(30_000))
    assert figures_of(halves) == "150,000; 200,000; -50,000; 160,000; 0; 0; 0; plumb; 10,000"
    assert halves.line("M1").state is State.PART_PAID

    assert halves.release("M1", D(10_000)) is None
    assert halves.line("M1").state is State.PART_PAID, "what is withheld is still owed"
    halves.state("M1", repair=D(60_000), blocking_repair=D(60_000))
    assert figures_of(halves) == "160,000; 140,000; 20,000; 160,000; 0; 0; 20,000; ahead; 0"
    assert halves.figures.repair == D(60_000)
    halves.state("M1", withheld=D(0))
    assert halves.release("M1", D(30_000)) is None
    assert figures_of(halves) == "190,000; 140,000; 50,000; 190,000; 0; 0; 50,000; critical; 0"
    assert halves.line("M1").state is State.PAID


def test_deduction_and_termination():
    terms = contract_of(500_000, [(40, 36), (60, 54)], retention_percent=10)
    book = Book(replace(terms, deposit=D(50_000)))
    assert book.release("deposit", D(50_000)) is None
    book.sign_and_release("M1")
    book.state("M2", verified_percent=D(50))
    book.pay_in_advance("M2", D(100_000))
    ahead = "312,000; 350,000; -38,000; 212,000; 100,000; 0; 0; watch; 0"
    assert figures_of(book) == ahead

    book.state("M2", verified_percent=D(100))  # verified money stays, cut at the new value
    book.deduct("M2", D(150_000))
    assert book.contract.total == D(350_000)
    assert book.line("M2").full == D(108_000)
    assert figures_of(book) == ahead

    book.terminate()
    assert book.unheld == D(100_000)
    assert book.line("M2").locked_because is Lock.TERMINATED
    book.contract = replace(book.contract, final=D(120_000))
    assert book.allocate("P3", "final", D(100_000)) is None
    assert figures_of(book) == "312,000; 350,000; -38,000; 332,000; 0; 0; 0; plumb; 20,000"
    assert book.release("final", D(20_000)) is None
    book.contract = replace(book.contract, retention_open=D(18_000))
    assert book.release("retention", D(18_000)) is None
    assert figures_of(book) == "350,000; 350,000; 0; 350,000; 0; 0; 0; plumb; 0"


def test_an_advance_counts_before_records_on_its_line():
    """A record of 40 and then an advance of 60 on a line that opens to 70: the record is early by 30."""
    book = Book(contract_of(200, [(50, 50), (50, 50)]))
    record = book.record(D(40), "M1")
    book.pay_in_advance("M1", D(60))
    book.sign("M1")
    book.state("M1", withheld=D(30))
    assert early_parts(book.lines, book.lots) == {(record, "M1"): D(30)}


def test_what_the_kitchen_would_lose_leans_the_gauge_to_its_stop(kitchen: Book):
    kitchen.sign_and_release("M1")
    assert kitchen.figures.shortfall == D(57_000)
    assert kitchen.figures.lean_percent == D("60.00")
    assert kitchen.figures.lean_degrees == 30
