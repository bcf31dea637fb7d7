"""A book of one contract in memory: the rules of payments driven act by act, without a database."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from payments.rules import (
    Change,
    Contract,
    Exposure,
    Line,
    Lot,
    Refusal,
    Term,
    changed,
    exposure_of,
    lots_of,
    plan_allocate,
    plan_record,
    plan_reverse,
    release_refusal,
    schedule_of,
)
from projects.money import percent_of
from projects.policy import policy_of

TODAY = date(2026, 11, 22)

# Percent of the contract: what each milestone's work is worth, and what is paid for it.
HOUSE = [
    (1, 5),
    (12, 12),
    (8, 8),
    (13, 12),
    (14, 13),
    (8, 7),
    (10, 10),
    (10, 9),
    (10, 9),
    (7, 7),
    (5, 5),
    (2, 3),
]
KITCHEN = [(5, 65), (10, 0), (45, 15), (15, 10), (20, 5), (5, 5)]


def contract_of(total: int, shares: list[tuple[int, int]], retention_percent: int = 0) -> Contract:
    """A contract whose milestones M1, M2 … have the given percents of value and amount."""
    whole = D(total)
    terms = [
        Term(
            milestone=f"M{position}",
            position=position,
            value=percent_of(whole, D(value)),
            amount=percent_of(whole, D(amount)),
        )
        for position, (value, amount) in enumerate(shares, start=1)
    ]
    return Contract(total=whole, terms=tuple(terms), retention_percent=D(retention_percent))


class Book:
    """What the actions write down: signed allocation rows, and what is left of every payment."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.rows: list[Lot] = []
        self.left: dict[str, D] = {}
        self.acts = 0
        self.found: dict[str, list[tuple[str, D]]] = {}
        self.faults: dict[str, list[str]] = {}

    @property
    def lots(self) -> list[Lot]:
        return lots_of(self.rows, self.left)

    @property
    def unheld(self) -> D:
        return sum((lot.amount for lot in self.lots if lot.line is None), D(0))

    @property
    def lines(self) -> list[Line]:
        paid: dict[str, D] = {}
        for row in self.rows:
            paid[row.line] = paid.get(row.line, D(0)) + row.amount
        return schedule_of(self.contract, paid)

    def line(self, name: str) -> Line:
        return next(line for line in self.lines if line.line == name)

    @property
    def figures(self) -> Exposure:
        return exposure_of(self.contract, self.lines, self.unheld, policy_of({}), TODAY)

    def copy(self) -> "Book":
        return deepcopy(self)

    def activate(self) -> None:
        self.contract = replace(self.contract, active=True)

    def sign(self, milestone: str, withheld: D = D(0)) -> None:
        """Every signature under it; the approvals withhold so much until a repair is verified."""
        self.state(milestone, signed_off=True, withheld=withheld)
        if withheld:
            self._fault(milestone)

    def term(self, milestone: str) -> Term:
        return next(t for t in self.contract.terms if t.milestone == milestone)

    def inspect(self, milestone: str, percent: D, role: str = "engineer") -> None:
        """So much is found of what its work is worth now."""
        money = percent_of(self.term(milestone).value, percent)
        self.found.setdefault(milestone, []).append((role, money))
        self._verify(milestone)

    def change(self, change: Change) -> None:
        """A signed change order. What was found of a milestone stays, cut at its new value."""
        if change.adds:
            self.contract = changed(self.contract, change)
            return
        term = self.term(change.milestone)
        value = term.value + change.amount
        self.state(term.milestone, value=value, amount=term.amount + change.amount)
        self.contract = replace(self.contract, total=self.contract.total + change.amount)
        found = self.found.get(term.milestone, [])
        self.found[term.milestone] = [(role, min(money, value)) for role, money in found]
        self._verify(term.milestone)

    def deduct(self, milestone: str, amount: D) -> None:
        self.change(Change(milestone=milestone, amount=-amount))

    def _verify(self, milestone: str) -> None:
        """The last word counts; a homeowner's over an expert's before it only if it is lower."""
        verified = D(0)
        for n, (role, money) in enumerate(self.found[milestone]):
            experts = [money for who, money in self.found[milestone][:n] if who != "homeowner"]
            verified = min(money, experts[-1]) if role == "homeowner" and experts else money
        self.state(milestone, verified=verified)

    def find_fault(self, milestone: str, cost: D, *, blocking: bool) -> str:
        """A fault found after the sign-off, and what an engineer takes its repair to cost."""
        term = self.term(milestone)
        blocked = term.blocking_repair + (cost if blocking else 0)
        self.state(milestone, repair=term.repair + cost, blocking_repair=blocked)
        return self._fault(milestone)

    def repair(self, milestone: str) -> None:
        """All its faults are repaired, and that is verified."""
        self.state(milestone, repair=D(0), blocking_repair=D(0), withheld=D(0))
        self.faults[milestone] = []

    def settle_faults(self, milestone: str, deduction: D) -> None:
        """A deduction from a signed milestone, signed by both sides, settles its faults."""
        term = self.term(milestone)
        self.state(milestone, value=term.value - deduction, amount=term.amount - deduction)
        self.contract = replace(self.contract, total=self.contract.total - deduction)
        Book.repair(self, milestone)

    def open_retention(self, amount: D) -> None:
        self.contract = replace(self.contract, retention_open=self.contract.retention_open + amount)

    def settle(self, amount: D) -> None:
        """Both sides sign what is still due to the contractor of a terminated contract."""
        self.contract = replace(self.contract, final=amount)

    def state(self, milestone: str, **facts: Any) -> None:
        """What is so of a milestone: fields of `Term`."""
        terms = [replace(t, **facts) if t.milestone == milestone else t for t in self.contract.terms]
        self.contract = replace(self.contract, terms=tuple(terms))

    def _fault(self, milestone: str) -> str:
        self.acts += 1
        name = f"F{self.acts}"
        self.faults.setdefault(milestone, []).append(name)
        return name

    def terminate(self) -> None:
        """Unsigned lines are closed, and their money is held against no line."""
        closed = [t.milestone for t in self.contract.terms if not t.signed_off]
        for lot in [lot for lot in self.lots if lot.line in closed]:
            self._write(lot.payment, [(str(lot.line), -lot.amount)])
        self.contract = replace(self.contract, terminated=True)

    def pay_in_advance(self, line: str, amount: D) -> str:
        """An approved advance, paid by its own act."""
        payment = self._new_payment(amount)
        self.acts += 1
        self.rows.append(Lot(payment, self.acts, line, amount, is_advance=True))
        return payment

    def release(self, line: str, amount: D) -> Refusal | None:
        if refusal := release_refusal(self.line(line), amount, self.unheld):
            return refusal
        self._write(self._new_payment(amount), [(line, amount)])
        return None

    def record(self, amount: D, line: str | None = None) -> str | Refusal:
        plan = plan_record(self.lines, amount, line, self.contract.active)
        if isinstance(plan, Refusal):
            return plan
        payment = self._new_payment(amount)
        self._write(payment, plan.moves)
        return payment

    def allocate(self, payment: str, line: str, amount: D) -> Refusal | None:
        moves = plan_allocate(self.lots, self.lines, payment, line, amount)
        if isinstance(moves, Refusal):
            return moves
        self._write(payment, moves)
        return None

    def reverse(self, payment: str, amount: D) -> Refusal | None:
        moves = plan_reverse(self.lots, payment, amount)
        if isinstance(moves, Refusal):
            return moves
        self.left[payment] -= amount
        self._write(payment, moves)
        return None

    def sign_and_release(self, milestone: str) -> None:
        self.sign(milestone)
        if payable := self.line(milestone).payable:
            assert self.release(milestone, payable) is None

    def finish(self) -> None:
        """Repair and sign everything, open the retention, set off what is held against no line where there is
        room, release the rest."""
        self.activate()
        for term in self.contract.terms:
            self.state(term.milestone, signed_off=True, withheld=D(0), repair=D(0), blocking_repair=D(0))
        kept = sum((line.retention for line in self.lines), D(0))
        self.contract = replace(self.contract, retention_open=kept)
        for lot in [lot for lot in self.lots if lot.line is None]:
            self._set_off(lot.payment, lot.amount)
        for line in self.lines:
            if line.payable and not self.unheld:
                assert self.release(line.line, line.payable) is None

    def _set_off(self, payment: str, amount: D) -> None:
        for line in self.lines:
            if part := min(amount, line.room):
                assert self.allocate(payment, line.line, part) is None
                amount -= part

    def _new_payment(self, amount: D) -> str:
        payment = f"P{len(self.left) + 1}"
        self.left[payment] = amount
        return payment

    def _write(self, payment: str, moves: list[tuple[str, D]]) -> None:
        self.acts += 1
        self.rows += [Lot(payment, self.acts, line, amount) for line, amount in moves]


def with_deposit(contract: Contract, deposit: D) -> Contract:
    """The contract with a deposit, taken from its first milestone's amount."""
    first, *rest = contract.terms
    return replace(contract, deposit=deposit, terms=(replace(first, amount=first.amount - deposit), *rest))
