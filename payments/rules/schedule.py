"""The payment schedule: derived from the contract's terms, the sign-offs and the money, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from projects.money import ZERO, percent_of, total_of

DEPOSIT = "deposit"
RETENTION = "retention"
FINAL = "final"
WITHOUT_MILESTONE = frozenset({DEPOSIT, RETENTION, FINAL})  # the lines that are no milestone's


class State(StrEnum):
    """Where a line of the schedule stands."""

    LOCKED = "locked"
    PAYABLE = "payable"
    PART_PAID = "part_paid"
    PAID = "paid"


class Lock(StrEnum):
    """Why a line is locked; each names what would unlock it."""

    AGREEMENT_UNSIGNED = "agreement_unsigned"  # both sides sign the agreement
    MILESTONE_UNSIGNED = "milestone_unsigned"  # every required signer approves the milestone
    RETENTION_KEPT = "retention_kept"  # kept back until handover and the end of the defects period
    TERMINATED = "terminated"  # nothing: the contract ended before the milestone was signed off


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What the contract says of one milestone, and how far it is.

    `value` is what its work is worth, `amount` what is paid for it, before retention. `verified` is what
    inspections verified of its value while it is not signed off; `reported_percent` is the contractor's word
    and never worth money. `withheld` is what approvals withhold until repairs are verified. Of faults found
    after the sign-off and still open, `repair` is the estimated cost of all, `blocking_repair` that of the
    blocking ones. The dates are those of the plan that is asked about, the agreed one or the original one;
    either may be missing.
    """

    milestone: str
    position: int
    value: Decimal
    amount: Decimal
    signed_off: bool = False
    verified: Decimal = ZERO
    reported_percent: Decimal = ZERO
    withheld: Decimal = ZERO
    repair: Decimal = ZERO
    blocking_repair: Decimal = ZERO
    start: date | None = None
    end: date | None = None

    @property
    def earned(self) -> Decimal:
        """The verified value of its work, before the cost of repairs."""
        return self.value if self.signed_off else self.verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The terms that decide about money. `active` is true from activation on, in every later state too.

    `retention_open` is how much of the retention may be paid by now. After a termination unsigned lines are
    closed, and `final` is the closing sum that both sides signed for the contractor.
    """

    total: Decimal
    terms: tuple[Term, ...]
    deposit: Decimal = ZERO
    retention_percent: Decimal = ZERO
    active: bool = True
    retention_open: Decimal = ZERO
    terminated: bool = False
    final: Decimal = ZERO

    @property
    def earned(self) -> Decimal:
        """V, the verified value of the work: of what is signed off all, of what was inspected what was found,
        less the estimated cost of repairing blocking faults found after sign-off; never below 0."""
        worth = total_of([term.earned for term in self.terms])
        return max(ZERO, worth - total_of([term.blocking_repair for term in self.terms]))

    @property
    def repair(self) -> Decimal:
        """d, the estimated cost of repairing what was found after sign-off and is still open."""
        return total_of([term.repair for term in self.terms])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the schedule, with the money that counts against it. All amounts are money.

    `amount` is gross; over all lines it adds up to the contract total, so the retention line has none of its
    own. `retention` is kept back from it. `full` is what can ever be paid against the line; unless the
    contract was terminated it adds up to the contract total as well. `withheld` is the part of `full` that
    an open line does not pay yet: until repairs are verified, or the rest of the retention is due.
    """

    line: str
    milestone: str | None
    amount: Decimal
    retention: Decimal
    full: Decimal
    paid: Decimal
    locked_because: Lock | None
    withheld: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        """What the contract lets be paid against the line by now: nothing while locked, else all of it less
        what is withheld."""
        return ZERO if self.locked_because else self.full - self.withheld

    @property
    def payable(self) -> Decimal:
        """What may be released now."""
        return max(ZERO, self.open - self.paid)

    @property
    def early(self) -> Decimal:
        """What is paid beyond what is open: money that no unlocked line covers."""
        return max(ZERO, self.paid - self.open)

    @property
    def room(self) -> Decimal:
        """How much more money can count against the line, locked or not."""
        return max(ZERO, self.full - self.paid)

    @property
    def state(self) -> State:
        """An open line of amount 0 is paid; a locked line is locked whatever was paid against it."""
        if self.locked_because:
            return State.LOCKED
        if not self.room:
            return State.PAID
        return State.PART_PAID if self.paid else State.PAYABLE


def schedule_of(contract: Contract, paid_by_line: Mapping[str, Decimal]) -> list[Line]:
    """The lines of the schedule: the deposit, the milestones by position, the retention, the closing sum.

    The deposit opens when the agreement is signed, a milestone's line when the milestone is signed off.
    Retention is kept from milestone lines only, rounded half-up on each; the retention line collects exactly
    what they kept and opens as far as the contract says by now. A termination closes unsigned lines, which
    then keep nothing, and leaves the deposit open as far as it is paid. A deposit, retention or closing sum
    of 0 is left out, unless money was put against it: no money that moved is ever left out of sight.
    ValueError for an unknown line.
    """
    terms = sorted(contract.terms, key=lambda term: term.position)
    milestones = [_milestone_line(contract, term, paid_by_line) for term in terms]
    kept = total_of([line.retention for line in milestones])
    lines = [
        _deposit_line(contract, paid_by_line),
        *milestones,
        _retention_line(contract, kept, paid_by_line),
        _final_line(contract, paid_by_line),
    ]
    if unknown := paid_by_line.keys() - {line.line for line in lines}:
        raise ValueError(f"money against lines that are not of this contract: {sorted(unknown)}")
    return [line for line in lines if line.milestone or line.full or line.paid]


def early_of(lines: Sequence[Line], unheld: Decimal) -> Decimal:
    """E: what is paid beyond its opening, line by line, plus money held against no line; never netted."""
    return total_of([line.early for line in lines]) + unheld


def _deposit_line(contract: Contract, paid_by_line: Mapping[str, Decimal]) -> Line:
    paid = paid_by_line.get(DEPOSIT, ZERO)
    return Line(
        line=DEPOSIT,
        milestone=None,
        amount=contract.deposit,
        retention=ZERO,
        full=paid if contract.terminated else contract.deposit,
        paid=paid,
        locked_because=None if contract.active else Lock.AGREEMENT_UNSIGNED,
    )


def _milestone_line(contract: Contract, term: Term, paid_by_line: Mapping[str, Decimal]) -> Line:
    is_closed = contract.terminated and not term.signed_off
    kept = ZERO if is_closed else percent_of(term.amount, contract.retention_percent)
    return Line(
        line=term.milestone,
        milestone=term.milestone,
        amount=term.amount,
        retention=kept,
        full=ZERO if is_closed else term.amount - kept,
        paid=paid_by_line.get(term.milestone, ZERO),
        locked_because=_lock_of(contract, term),
        withheld=term.withheld if term.signed_off else ZERO,
    )


def _lock_of(contract: Contract, term: Term) -> Lock | None:
    if not contract.active:
        return Lock.AGREEMENT_UNSIGNED
    if term.signed_off:
        return None
    return Lock.TERMINATED if contract.terminated else Lock.MILESTONE_UNSIGNED


def _retention_line(contract: Contract, kept: Decimal, paid_by_line: Mapping[str, Decimal]) -> Line:
    return Line(
        line=RETENTION,
        milestone=None,
        amount=ZERO,
        retention=ZERO,
        full=kept,
        paid=paid_by_line.get(RETENTION, ZERO),
        locked_because=None if contract.retention_open else Lock.RETENTION_KEPT,
        withheld=kept - contract.retention_open if contract.retention_open else ZERO,
    )


def _final_line(contract: Contract, paid_by_line: Mapping[str, Decimal]) -> Line:
    """The closing sum opens with the signatures of both sides, without which there is none."""
    return Line(
        line=FINAL,
        milestone=None,
        amount=ZERO,
        retention=ZERO,
        full=contract.final,
        paid=paid_by_line.get(FINAL, ZERO),
        locked_because=None,
    )
