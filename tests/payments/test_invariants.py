"""The invariants of money, after every act of random stories about random contracts."""

from datetime import timedelta
from decimal import Decimal as D
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from milestones.findings import Faults
from payments.rules import (
    DEPOSIT,
    Change,
    Contract,
    Level,
    Refusal,
    State,
    Term,
    change_refusal,
    early_lots,
    early_parts,
)
from projects.money import CENT, is_amount, split

from .book import Book
from .dated import BEGINNING, DatedBook, check_certificate, check_past

FEW = settings(max_examples=60, stateful_step_count=25, deadline=None)


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """Contracts in force whose sums agree, also with a deposit, retention, and amounts or values of 0."""
    total = draw(st.integers(min_value=1, max_value=10**6)) * CENT
    shares = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
    values = split(total, [D(value) for value, _ in shares])
    deposit, *amounts = split(total, [D(draw(st.integers(0, 3))), *(D(amount) for _, amount in shares)])
    terms = [
        Term(milestone=f"M{i}", position=i, value=value, amount=amount)
        for i, (value, amount) in enumerate(zip(values, amounts, strict=True), start=1)
    ]
    kept = draw(st.sampled_from(["0", "5", "7.5", "20"]))
    return Contract(total=total, deposit=deposit, terms=tuple(terms), retention_percent=D(kept))


def sums(book: Book) -> st.SearchStrategy[D]:
    """Sums of money around the size of the contract."""
    return st.integers(1, int(book.contract.total * 120)).map(lambda cents: cents * CENT)


def check(book: Book) -> None:
    """Invariants 1 to 5 and 7 of the money, and that the parts of every sum are where they should be."""
    f, lines, unheld = book.figures, book.lines, book.unheld
    assert f.agreed_lead + f.excess == max(D(0), f.exposure)
    assert f.agreed_lead >= 0
    assert 0 <= f.excess <= f.early + f.repair
    assert f.paid + f.payable == f.unlocked + f.early
    assert f.paid == sum(book.left.values())
    if not book.contract.terminated:
        assert f.paid + f.payable <= f.contract_total + unheld
        assert sum(line.full for line in lines) == f.contract_total
    for line in lines:
        assert 0 <= line.paid <= line.full
        assert 0 <= line.open <= line.full
        assert all(is_amount(amount) for amount in (line.paid, line.full, line.payable, line.early))
    assert sum(line.amount for line in lines) == f.contract_total
    if f.level is Level.PLUMB:
        assert f.exposure <= 0
        assert f.early == 0
    if f.level is Level.AGREED:
        assert f.early + f.repair == 0


def check_lots(book: Book) -> None:
    """The lots account for every line and payment, and their early parts for all that is early."""
    lots, early = book.lots, early_parts(book.lines, book.lots)
    assert all(lot.amount > 0 for lot in lots)
    for line in book.lines:
        assert sum(lot.amount for lot in lots if lot.line == line.line) == line.paid
        assert sum(part for (_, where), part in early.items() if where == line.line) == line.early
    for payment, left in book.left.items():
        assert sum(lot.amount for lot in lots if lot.payment == payment) == left
    assert sum(early.values()) == book.figures.early


class Stories(RuleBasedStateMachine):
    """Any sequence of acts by people who pay early, too much, in parts, and change their minds.

    The work is inspected, signed with amounts withheld, found faulty, repaired, and sometimes never finished.
    """

    payments = Bundle("payments")

    @initialize(contract=contracts(), active=st.booleans())
    def begin(self, contract: Contract, active: bool) -> None:
        self.book, self.named = DatedBook(contract if active else self.before_activation(contract)), 0

    @staticmethod
    def before_activation(contract: Contract) -> Contract:
        return Contract(
            total=contract.total,
            deposit=contract.deposit,
            terms=contract.terms,
            retention_percent=contract.retention_percent,
            active=False,
        )

    @rule()
    def activate(self) -> None:
        before = self.book.figures
        self.book.activate()
        assert self.book.figures.early <= before.early

    @rule(data=st.data())
    def sign(self, data: st.DataObject) -> None:
        term = self.drawn_term(data, signed=False)
        if not self.book.contract.active or self.book.contract.terminated or not term:
            return
        before, room = self.book.figures, self.book.line(term.milestone).room
        self.book.sign(term.milestone, min(room, data.draw(sums(self.book) | st.just(D(0)))))
        assert self.book.figures.exposure <= before.exposure
        assert self.book.figures.excess <= before.excess

    @rule(data=st.data(), percent=st.integers(0, 100), role=st.sampled_from(["homeowner", "engineer"]))
    def inspect(self, data: st.DataObject, percent: int, role: str) -> None:
        if term := self.drawn_term(data, signed=False):
            before = self.book.figures
            self.book.inspect(term.milestone, D(percent), role)
            after = self.book.figures
            assert (after.paid, after.payable, after.early) == (before.paid, before.payable, before.early)

    @rule(data=st.data(), blocks=st.booleans())
    def find_a_fault(self, data: st.DataObject, blocks: bool) -> None:
        if term := self.drawn_term(data, signed=True):
            before, cost = self.book.figures, data.draw(sums(self.book))
            self.book.find_fault(term.milestone, cost, blocking=blocks)
            assert self.book.figures.earned == max(D(0), self.worth() - self.blocking())
            assert self.book.figures.exposure >= before.exposure
            assert self.book.figures.early == before.early

    @rule(data=st.data())
    def repair(self, data: st.DataObject) -> None:
        if term := self.drawn_term(data, signed=True):
            before = self.book.figures
            self.book.repair(term.milestone)
            assert self.book.figures.exposure <= before.exposure
            assert self.book.figures.early <= before.early

    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        """A deduction that settles the minor faults of a signed milestone."""
        term = self.drawn_term(data, signed=True)
        if not term or term.blocking_repair or self.book.contract.terminated:
            return
        before, less = self.book.figures, data.draw(sums(self.book))
        nothing_left = Faults(withheld=D(0), repair=D(0), blocking_repair=D(0))
        change = Change(milestone=term.milestone, amount=-less, settles=nothing_left)
        if change_refusal(self.book.contract, {line.line: line.paid for line in self.book.lines}, change):
            return
        self.book.settle_faults(term.milestone, less)
        after = self.book.figures
        assert (after.paid, after.contract_total) == (before.paid, before.contract_total - less)
        assert after.earned == max(D(0), self.worth() - self.blocking())
        assert after.early <= before.early

    @rule(data=st.data(), cents=st.integers(-(10**6), 10**6), adds=st.booleans())
    def change(self, data: st.DataObject, cents: int, adds: bool) -> None:
        """By change orders verified money stays, cut at the new value, and money that moved does not move."""
        term = self.drawn_term(data, signed=False)
        if not self.book.contract.active or self.book.contract.terminated or not term:
            return
        self.named += 1
        change = Change(
            milestone=f"N{self.named}" if adds else term.milestone, amount=cents * CENT, adds=adds
        )
        before, paid = self.book.figures, {line.line: line.paid for line in self.book.lines}
        if change_refusal(self.book.contract, paid, change):
            return
        self.book.change(change)
        after = self.book.figures
        assert (after.paid, after.unlocked, after.early) == (before.paid, before.unlocked, before.early)
        cut = max(D(0), term.verified - term.value - change.amount) if not adds else D(0)
        assert after.earned == max(D(0), self.worth() - self.blocking())
        assert after.earned >= before.earned - cut
        assert (after.earned == before.earned) if not cut else (after.earned <= before.earned)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.book.wait(days)

    @rule(data=st.data(), target=payments)
    def pay_in_advance(self, data: st.DataObject) -> object:
        term = self.drawn_term(data, signed=False)
        if not self.book.contract.active or self.book.contract.terminated or not term:
            return multiple()
        before, room = self.book.figures, self.book.line(term.milestone).room
        if not (amount := min(room, data.draw(sums(self.book)))):
            return multiple()
        payment = self.book.pay_in_advance(term.milestone, amount)
        assert self.book.figures.early == before.early + amount
        return payment

    @rule()
    def terminate(self) -> None:
        if self.book.contract.active and not self.book.contract.terminated and self.book.acts > 6:
            before = self.book.figures
            self.book.terminate()
            after = self.book.figures
            assert (after.paid, after.earned) == (before.paid, before.earned)

    def drawn_term(self, data: st.DataObject, *, signed: bool) -> Term | None:
        terms = [term for term in self.book.contract.terms if term.signed_off == signed]
        return data.draw(st.sampled_from(terms)) if terms else None

    def worth(self) -> D:
        return sum((term.earned for term in self.book.contract.terms), D(0))

    def blocking(self) -> D:
        return sum((term.blocking_repair for term in self.book.contract.terms), D(0))

    @rule(data=st.data(), target=payments)
    def record(self, data: st.DataObject) -> object:
        amount = data.draw(sums(self.book))
        named = data.draw(st.sampled_from([None, *(line.line for line in self.book.lines)]))
        before = self.book.figures
        payment = self.book.record(amount, named)
        if isinstance(payment, Refusal):
            assert payment.code == "before_activation"
            return multiple()
        assert self.book.figures.paid == before.paid + amount
        return payment

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(self.book.lines))
        amount = data.draw(sums(self.book) | st.just(line.payable))
        before = self.book.figures
        refusal = self.book.release(line.line, amount)
        allowed = 0 < amount <= line.payable and not self.book.unheld
        assert (refusal is None) == allowed
        assert self.book.figures.early == before.early
        if refusal:
            assert self.book.figures == before

    @rule(data=st.data(), payment=payments)
    def allocate(self, data: st.DataObject, payment: str) -> None:
        before, lines = self.book.figures, {line.line: line for line in self.book.lines}
        movable = [lot for lot in early_lots(self.book.lines, self.book.lots) if lot.payment == payment]
        where = data.draw(st.sampled_from(list(lines)))
        early = sum((lot.amount for lot in movable if lot.line != where), D(0))
        amount = data.draw(sums(self.book) | st.just(max(CENT, min(early, lines[where].room))))
        refusal = self.book.allocate(payment, where, amount)
        in_force = self.book.contract.active or where == DEPOSIT
        assert (refusal is None) == (in_force and amount <= early and amount <= lines[where].room)
        assert self.book.figures.paid == before.paid
        assert self.book.figures.early <= before.early

    @rule(data=st.data(), payment=payments)
    def reverse(self, data: st.DataObject, payment: str) -> None:
        before, left = self.book.figures, self.book.left[payment]
        amount = data.draw(sums(self.book) | st.just(max(CENT, left)))
        refusal = self.book.reverse(payment, amount)
        assert (refusal is None) == (amount <= left)
        assert self.book.figures.early <= before.early
        assert self.book.figures.paid == before.paid - (D(0) if refusal else amount)

    @rule()
    def everything_can_still_be_finished(self) -> None:
        """Invariant 12: repaired, signed, set off, released: nothing is stuck or overpaid."""
        if self.book.contract.terminated:
            return
        book = self.book.copy()
        book.finish()
        assert book.figures.payable == 0
        assert book.figures.paid == book.contract.total + book.unheld
        assert all(line.state is State.PAID for line in book.lines)

    def teardown(self) -> None:
        """Whatever happened since, every past day is told as it was, and every certificate ties out."""
        if hasattr(self, "book"):
            self.book.wait(1)
            check_past(self.book)
            days = [BEGINNING - timedelta(days=1), *self.book.closes]
            for before, day in pairwise(days):
                check_certificate(self.book, before + timedelta(days=1), day)
            check_certificate(self.book, BEGINNING, days[-1])

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "book"):
            check(self.book)
            check_lots(self.book)


Stories.TestCase.settings = FEW
TestStories = Stories.TestCase


def shown(book: Book) -> tuple[object, ...]:
    return book.figures, book.lines, book.unheld


@given(contracts(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_release_in_parts_equals_one_release(contract: Contract, data: st.DataObject):
    whole = Book(contract)
    whole.sign("M1")
    parts = whole.copy()
    payable = whole.line("M1").payable
    first = data.draw(st.integers(0, int(payable * 100))) * CENT
    for part in (first, payable - first):
        assert not part or parts.release("M1", part) is None
    assert not payable or whole.release("M1", payable) is None
    assert shown(parts) == shown(whole)


@given(contracts(), st.data())
@settings(max_examples=60, deadline=None)
def test_record_and_reverse_is_identity(contract: Contract, data: st.DataObject):
    book = Book(contract)
    book.sign("M1")
    book.record(data.draw(sums(book)), data.draw(st.sampled_from([None, "M1", DEPOSIT])))
    before, lots = shown(book), book.lots
    amount = data.draw(sums(book))
    payment = book.record(amount, data.draw(st.sampled_from([None, *(line.line for line in book.lines)])))
    assert isinstance(payment, str)
    assert book.reverse(payment, amount) is None
    assert shown(book) == before
    assert book.lots == lots


@given(contracts(), st.data())
@settings(max_examples=60, deadline=None)
def test_record_then_sign_is_sign_then_record(contract: Contract, data: st.DataObject):
    early, late = Book(contract), Book(contract)
    amount = data.draw(sums(early))
    early.record(amount, "M1")
    early.sign("M1")
    late.sign("M1")
    late.record(amount, "M1")
    assert shown(early) == shown(late)
