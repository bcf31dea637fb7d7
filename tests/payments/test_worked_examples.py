"""The worked examples, figures as literal numbers: P; V; X; N; E; A; U; level; payable."""

from decimal import Decimal as D

import pytest

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
    assert figures_of(kitchen) == "61,750; 14,250; 47,500; 61,750; 0; 47,500; 0; agreed; 0"
    kitchen.record(D(9_500), "M4")
    assert figures_of(kitchen) == "71,250; 14,250; 57,000; 61,750; 9,500; 47,500; 9,500; critical; 0"
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
    house.record(D(100_000), "M3")
    assert figures_of(house) == "406,850; 247,000; 159,850; 306,850; 100,000; 59,850; 100,000; critical; 0"
    house.record(D(114_000), "M4")
    assert figures_of(house) == "520,850; 247,000; 273,850; 306,850; 214,000; 59,850; 214,000; critical; 0"
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
    house.finish()
    assert house.line("retention").room == D(83_600)
    assert figures_of(house) == ("1,816,400; 1,900,000; -83,600; 1,805,000; 11,400; 0; 0; watch; 0")


def test_what_the_kitchen_would_lose_leans_the_gauge_to_its_stop(kitchen: Book):
    kitchen.sign_and_release("M1")
    assert kitchen.figures.shortfall == D(57_000)
    assert kitchen.figures.lean_percent == D("60.00")
    assert kitchen.figures.lean_degrees == 30
