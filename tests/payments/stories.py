"""Random stories of money: contracts, policies, and acts by people who pay early and change their minds."""

from dataclasses import dataclass, replace
from decimal import Decimal as D
from typing import Any

from hypothesis import strategies as st

from payments.rules import Contract, Refusal
from projects.money import CENT, percent_of
from projects.policy import KEYS, problems_of
from tests.facts import Money

from .book import Book
from .test_invariants import contracts, sums

BOUNDS = {
    "watch_percent": (0, 5),
    "watch_least": (0, 5_000),
    "watch_most": (500, 100_000),
    "ahead_percent": (1, 10),
    "ahead_least": (500, 25_000),
    "ahead_most": (2_500, 500_000),
    "front_loading_percent": (1, 25),
    "deposit_cap_percent": (0, 25),
}


@dataclass
class Story:
    book: Book
    policy: dict[str, Any]
    money: Money


def policies() -> st.SearchStrategy[dict[str, str]]:
    """Policies as they are stored: some keys, with values within their bounds and in order."""
    number = {
        key: st.integers(low * 100, high * 100).map(lambda n: str(n * CENT))
        for key, (low, high) in BOUNDS.items()
    }
    return st.fixed_dictionaries({}, optional=number).filter(lambda policy: not problems_of(policy))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A contract, in draft or in force, after up to ten acts; refused acts leave nothing.

    Some amounts shrink in the end, so that an open line may hold less than was paid against it.
    """
    contract = _scaled(draw(contracts()), D(draw(st.sampled_from([1, 100, 10_000]))))
    book = Book(replace(contract, active=draw(st.integers(0, 4)) > 0))
    amounts: dict[str, D] = {}
    for _ in range(draw(st.integers(0, 10))):
        _act(draw, book, amounts)
    if draw(st.booleans()):
        book.contract = _shrunk(draw, book.contract)
    return Story(book, draw(policies()), Money(amounts, dict(book.left), list(book.rows)))


def small_sums(book: Book) -> st.SearchStrategy[D]:
    """Up to a tenth of the contract, so that several payments find room on one line."""
    return st.integers(1, max(1, int(book.contract.total * 10))).map(lambda cents: cents * CENT)


def _scaled(contract: Contract, times: D) -> Contract:
    """A larger contract of the same shape, for the bounds of the policy."""
    terms = [replace(term, value=term.value * times, amount=term.amount * times) for term in contract.terms]
    total, deposit = contract.total * times, contract.deposit * times
    return replace(contract, total=total, deposit=deposit, terms=tuple(terms))


def _shrunk(draw: st.DrawFn, contract: Contract) -> Contract:
    percents = [draw(st.integers(0, 100)) for _ in contract.terms]
    terms = [
        replace(term, amount=percent_of(term.amount, D(percent)))
        for term, percent in zip(contract.terms, percents, strict=True)
    ]
    return replace(contract, terms=tuple(terms))


def _act(draw: st.DrawFn, book: Book, amounts: dict[str, D]) -> None:
    lines = [line.line for line in book.lines]
    act = draw(st.sampled_from(["sign", "record", "record", "release", "allocate", "reverse"]))
    if act == "sign" and book.contract.active:
        book.sign(draw(st.sampled_from(book.contract.terms)).milestone)
    elif act == "record":
        amount = draw(sums(book) | small_sums(book))
        payment = book.record(amount, draw(st.sampled_from([None, *lines])))
        if not isinstance(payment, Refusal):
            amounts[payment] = amount
    elif act == "release":
        line = draw(st.sampled_from(book.lines))
        if line.payable and book.release(line.line, line.payable) is None:
            amounts[f"P{len(book.left)}"] = line.payable
    elif amounts:
        payment, part = draw(st.sampled_from(list(amounts))), draw(sums(book) | small_sums(book))
        if act == "allocate":
            book.allocate(payment, draw(st.sampled_from(lines)), part)
        elif act == "reverse":
            book.reverse(payment, min(part, book.left[payment]) or part)


# What no figure of a story depends on.
BESIDE_THE_FIGURES = {
    *("homeowner_signers", "evidence_required", "defects_period_months", "retention_at_completion"),
    *("cooling_off_hours", "advance_cap_percent"),
}

assert set(BOUNDS) == set(KEYS) - BESIDE_THE_FIGURES
