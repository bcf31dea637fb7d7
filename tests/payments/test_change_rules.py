"""Changes of the terms as rules: whatever is changed, in any order, the sums agree and no line overflows."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from milestones.findings import Faults
from payments.rules import (
    RETENTION,
    Change,
    Contract,
    Refusal,
    Term,
    change_refusal,
    changed,
    undone,
)
from projects.money import CENT, total_of

from .book import TODAY, Book
from .test_invariants import check, check_lots, contracts, sums

FEW = settings(max_examples=60, stateful_step_count=25, deadline=None)


def paid_of(book: Book) -> dict[str, D]:
    return {line.line: line.paid for line in book.lines}


class Stories(RuleBasedStateMachine):
    """Payments early and late, inspections, sign-offs, and changes of every kind."""

    payments = Bundle("payments")

    @initialize(contract=contracts())
    def begin(self, contract: Contract) -> None:
        self.book, self.added = Book(contract), 0

    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        named = data.draw(st.sampled_from([None, *(line.line for line in self.book.lines)]))
        self.book.record(data.draw(sums(self.book)), named)

    @rule(data=st.data(), percent=st.integers(0, 10_000), role=st.sampled_from(["homeowner", "engineer"]))
    def inspect(self, data: st.DataObject, percent: int, role: str) -> None:
        term = data.draw(st.sampled_from(self.book.contract.terms))
        self.book.inspect(term.milestone, percent * CENT, role)

    @rule(data=st.data())
    def sign(self, data: st.DataObject) -> None:
        self.book.sign(data.draw(st.sampled_from(self.book.contract.terms)).milestone)

    @rule(data=st.data(), cents=st.integers(-(10**8), 10**8))
    def change(self, data: st.DataObject, cents: int) -> None:
        term = data.draw(st.sampled_from(self.book.contract.terms))
        if not term.signed_off:
            near = data.draw(st.sampled_from([cents * CENT, -term.value, -term.amount, CENT, -CENT]))
            self.try_change(Change(milestone=term.milestone, amount=near))

    @rule(data=st.data(), cents=st.integers(0, 10**6))
    def withhold(self, data: st.DataObject, cents: int) -> None:
        term = data.draw(st.sampled_from(self.book.contract.terms))
        if term.signed_off:
            room = self.book.line(term.milestone).room
            self.book.state(term.milestone, withheld=min(cents * CENT, room))

    @rule(data=st.data(), cents=st.integers(0, 10**8))
    def settle(self, data: st.DataObject, cents: int) -> None:
        term = data.draw(st.sampled_from(self.book.contract.terms))
        if not term.signed_off:
            return
        paid, line = paid_of(self.book), self.book.line(term.milestone)
        near = data.draw(st.sampled_from([cents * CENT, term.value, term.amount, line.open - line.paid]))
        freed = data.draw(st.integers(0, int(term.withheld * 100))) * CENT
        left = Faults(withheld=term.withheld - freed, repair=D(0), blocking_repair=D(0))
        change = Change(milestone=term.milestone, amount=-near, settles=left)
        if change_refusal(self.book.contract, paid, change):
            return
        before = self.book.figures
        self.book.contract = changed(self.book.contract, change)
        after = self.book.figures
        assert (after.paid, after.earned) == (before.paid, before.earned - near)
        assert after.early <= before.early

    @rule(cents=st.integers(-100, 10**8))
    def add(self, cents: int) -> None:
        self.added += 1
        self.try_change(Change(milestone=f"N{self.added}", amount=cents * CENT, adds=True))

    def try_change(self, change: Change) -> None:
        before, contract, paid = self.book.figures, self.book.contract, paid_of(self.book)
        if change_refusal(contract, paid, change):
            return
        self.book.change(change)
        assert self.book.contract == changed(contract, change)
        assert undone(self.book.contract, [change]) == replace(contract, terms=self.as_they_were(contract))
        after = self.book.figures
        assert after.contract_total == before.contract_total + change.amount
        assert after.paid == before.paid
        assert (after.earned == before.earned) if change.amount >= 0 else (after.earned <= before.earned)
        assert (after.unlocked, after.early) == (before.unlocked, before.early)

    def as_they_were(self, contract: Contract) -> tuple[Term, ...]:
        """The terms before a change; but what was cut of verified money no undoing brings back."""
        verified = {term.milestone: term.verified for term in self.book.contract.terms}
        return tuple(replace(term, verified=verified[term.milestone]) for term in contract.terms)

    @invariant()
    def sums_agree(self) -> None:
        contract = self.book.contract
        assert total_of([term.value for term in contract.terms]) == contract.total > 0
        assert total_of([term.amount for term in contract.terms]) + contract.deposit == contract.total
        assert all(min(term.value, term.amount) >= 0 for term in contract.terms)
        check(self.book)
        check_lots(self.book)


Stories.TestCase.settings = FEW
TestStories = Stories.TestCase


def two(**more: D) -> Contract:
    terms = [
        Term(milestone="M1", position=1, value=D(60), amount=D(50), start=TODAY, end=TODAY + timedelta(9)),
        Term(milestone="M2", position=2, value=D(40), amount=D(50)),
    ]
    return replace(Contract(total=D(100), terms=tuple(terms), retention_percent=D(10)), **more)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(milestone="M1", amount=D("0.001")), "bad_change"),
        (Change(milestone="N", amount=D(-1), adds=True), "bad_change"),
        (Change(milestone="M1", amount=D(0)), "nothing_to_change"),
        (Change(milestone="M1", amount=D(-51)), "below_zero"),
        (Change(milestone="M2", amount=D(-41)), "below_zero"),
        (Change(milestone="M2", amount=D(0), days=1), "no_date_to_move"),
        (Change(milestone="M1", amount=D(0), days=-10), "ends_before_start"),
        (
            Change(milestone="N", amount=D(1), adds=True, start=TODAY, end=TODAY - timedelta(1)),
            "ends_before_start",
        ),
        (Change(milestone="M1", amount=D(999_999_999_999)), "contract_without_price"),
    ],
)
def test_what_the_terms_do_not_bear(change: Change, code: str) -> None:
    refusal = change_refusal(two(), {}, change)
    assert refusal
    assert refusal.code == code


def settled(amount: str, withheld: str = "0", **of_line: D) -> Refusal | None:
    """Of a signed milestone of 60, paid 50 of which 5 are kept back, so much is taken off."""
    signed = replace(two().terms[0], signed_off=True, withheld=D(10))
    left = Faults(withheld=D(withheld), repair=D(0), blocking_repair=D(0))
    contract = replace(two(), terms=(signed, replace(two().terms[1], signed_off=True)))
    return change_refusal(contract, of_line, Change(milestone="M1", amount=D(amount), settles=left))


def test_a_settlement_is_a_deduction_that_leaves_room_for_what_was_paid() -> None:
    assert settled("-10") is None, "also when all work is signed off"
    for amount in ("0", "1"):
        assert settled(amount) == ("no_deduction", {})
    assert settled("-50.01") == ("below_zero", {"most": D(50)})
    assert settled("-10", M1=D(36)) is None
    assert settled("-10", M1=D("36.01")) == ("change_below_paid", {"paid": D("36.01"), "holds": D(36)})
    assert settled("-10", withheld="4", M1=D(33)) == ("change_below_paid", {"paid": D(33), "holds": D(32)})


def test_what_is_paid_against_the_line_and_the_retention_bounds_a_deduction() -> None:
    change = Change(milestone="M1", amount=D(-30))
    assert change_refusal(two(), {"M1": D(18)}, change) is None
    refused = change_refusal(two(), {"M1": D("18.01")}, change)
    assert refused == ("change_below_paid", {"paid": D("18.01"), "holds": D(18)})
    assert change_refusal(two(), {RETENTION: D(7)}, change) is None
    refused = change_refusal(two(), {RETENTION: D("7.01")}, change)
    assert refused == ("change_below_paid", {"paid": D("7.01"), "holds": D(7)})


def test_nothing_remains_and_nothing_after_completion() -> None:
    single = Contract(total=D(5), terms=(Term(milestone="M1", position=1, value=D(5), amount=D(5)),))
    refusal = change_refusal(single, {}, Change(milestone="M1", amount=D(-5)))
    assert refusal
    assert refusal.code == "contract_without_price"
    done = replace(single, terms=(replace(single.terms[0], signed_off=True),))
    refusal = change_refusal(done, {}, Change(milestone="N", amount=D(5), adds=True))
    assert refusal
    assert refusal.code == "work_is_completed"


def test_an_addition_has_the_next_position_and_dates_of_its_own() -> None:
    change = Change(milestone="N", amount=D(20), adds=True, start=TODAY, end=TODAY + timedelta(3))
    after = changed(two(), change)
    assert after.total == D(120)
    assert (after.terms[-1].position, after.terms[-1].start, after.terms[-1].end) == (3, TODAY, change.end)
    moved = changed(two(), Change(milestone="M1", amount=D(0), days=5))
    assert moved.terms[0].end == TODAY + timedelta(14)
