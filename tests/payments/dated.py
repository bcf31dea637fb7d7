"""A book that tells of every act as a fact, on its day, as a journal does: for what is said of past days."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal as D

from payments.rules import (
    Change,
    Columns,
    Contract,
    Dated,
    Estimated,
    Exposure,
    Fact,
    Faulty,
    Inspected,
    Moved,
    Opened,
    Refusal,
    Repaired,
    Settled,
    Signed,
    SignedOff,
    Stand,
    Terminated,
    Told,
    certificate_of,
    earnings_of,
    exposure_of,
    history_of,
    stand_at,
)
from projects.policy import policy_of

from .book import TODAY, Book

BEGINNING = date(2026, 1, 1)


class DatedBook(Book):
    """A book with a calendar. What it tells is no more than what the acts themselves say."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self.day = BEGINNING
        self.first = contract
        self.told: list[Told] = []
        self.closes: dict[date, Exposure] = {}
        if contract.active:
            self._tell(Signed())

    @property
    def dated(self) -> Dated:
        return Dated(contract=replace(self.first, active=False), told=self.told)

    def wait(self, days: int) -> None:
        """What the figures were at the close of the day is remembered."""
        self.closes[self.day] = self.figures
        self.day += timedelta(days=days)

    def _tell(self, fact: Fact) -> None:
        self.told.append(Told(self.day, fact))

    def activate(self) -> None:
        if not self.contract.active:
            self._tell(Signed())
        super().activate()

    def sign(self, milestone: str, withheld: D = D(0)) -> None:
        if not self.term(milestone).signed_off:
            self._tell(SignedOff(milestone))
        super().sign(milestone, withheld)
        if withheld:
            self._tell(Faulty(milestone, self.faults[milestone][-1], False, False, withheld))

    def inspect(self, milestone: str, percent: D, role: str = "engineer") -> None:
        super().inspect(milestone, percent, role)
        self._tell(Inspected(milestone, role, percent))

    def change(self, change: Change) -> None:
        super().change(change)
        self._tell(change)

    def find_fault(self, milestone: str, cost: D, *, blocking: bool) -> str:
        name = super().find_fault(milestone, cost, blocking=blocking)
        self._tell(Faulty(milestone, name, blocking, True))
        self._tell(Estimated(milestone, name, "engineer", cost))
        return name

    def repair(self, milestone: str) -> None:
        for name in self.faults.get(milestone, []):
            self._tell(Repaired(milestone, name))
        super().repair(milestone)

    def settle_faults(self, milestone: str, deduction: D) -> None:
        self._tell(Change(milestone=milestone, amount=-deduction))
        for name in self.faults.get(milestone, []):
            self._tell(Repaired(milestone, name))
        super().settle_faults(milestone, deduction)

    def open_retention(self, amount: D) -> None:
        super().open_retention(amount)
        self._tell(Opened(amount))

    def terminate(self) -> None:
        self._tell(Terminated())
        super().terminate()

    def settle(self, amount: D) -> None:
        super().settle(amount)
        self._tell(Settled(amount))

    def pay_in_advance(self, line: str, amount: D) -> str:
        payment = super().pay_in_advance(line, amount)
        self._tell(Moved(line, amount))
        return payment

    def reverse(self, payment: str, amount: D) -> Refusal | None:
        refused = super().reverse(payment, amount)
        if refused is None:
            self._tell(Moved(None, -amount))
        return refused

    def _new_payment(self, amount: D) -> str:
        self._tell(Moved(None, amount))
        return super()._new_payment(amount)

    def _write(self, payment: str, moves: list[tuple[str, D]]) -> None:
        for line, amount in moves:
            self._tell(Moved(line, amount))
        super()._write(payment, moves)


def figures_at(stand: Stand) -> Exposure:
    """As `Book.figures`, of a day that is past."""
    return exposure_of(stand.contract, stand.lines, stand.unheld, policy_of({}), TODAY)


def check_past(book: DatedBook) -> None:
    """Of every past day the facts say what was true at its close; and the curve ends where the work is."""
    for day, figures in book.closes.items():
        assert figures_at(stand_at(book.dated, day)) == figures
    by_day = history_of(earnings_of(book.dated))
    assert (by_day[-1].earned if by_day else 0) == book.contract.earned
    for step in by_day:
        assert step.on not in book.closes or step.earned == book.closes[step.on].earned


def check_columns(c: Columns) -> None:
    assert c.before + c.period == c.to_date
    assert c.to_date + c.balance == c.scheduled
    assert c.gross - c.retention - c.withheld == c.unlocked
    assert c.unlocked_before + c.unlocked_period == c.unlocked
    assert c.earlier + c.early == c.paid
    assert c.unlocked - c.earlier == c.due == c.unlocked + c.early - c.paid
    assert min(c.gross, c.unlocked, c.due, c.early) >= 0


def check_certificate(book: DatedBook, begins: date, ends: date) -> None:
    """It ties out, line by line and in total, and its totals are the figures at the close of its last day."""
    certificate = certificate_of(book.dated, begins, ends)
    for columns in [*(row.columns for row in certificate.rows), certificate.total]:
        check_columns(columns)
    for column in fields(Columns):
        beside = certificate.unheld if column.name in {"paid", "early"} else 0
        whole = sum(getattr(row.columns, column.name) for row in certificate.rows)
        assert getattr(certificate.total, column.name) == whole + beside
    if known := [day for day in book.closes if day <= ends]:
        told, total = book.closes[max(known)], certificate.total
        assert (total.unlocked, total.early, total.due, total.paid) == (
            told.unlocked,
            told.early,
            told.payable,
            told.paid,
        )
        assert (total.scheduled, max(D(0), total.to_date)) == (told.contract_total, told.earned)
