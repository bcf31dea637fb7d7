"""A contract told again from its facts, as far as any day: the terms, findings and money in force by then.

Facts come in the journal's order, each on the day of its entry. None is ever changed or removed, so what this
says of a past day stays as it is, whatever happens later.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any, NamedTuple

from milestones.findings import Estimates, Findings, repair_of
from projects.money import ZERO, total_of

from .changes import Change, changed
from .exposure import Step
from .schedule import Contract, Line, Term, schedule_of


class Signed(NamedTuple):
    """Both sides have signed the agreement: the contract is in force."""


class SignedOff(NamedTuple):
    """Every required signer approved a milestone."""

    milestone: str


class Inspected(NamedTuple):
    """In which role somebody found how much of a milestone's work, in percent."""

    milestone: str
    role: str
    percent: Decimal


class Faulty(NamedTuple):
    """A defect of a milestone. `withheld`, in money, by the approval that closed the milestone; `late`: found
    after that."""

    milestone: str
    defect: str
    blocking: bool
    late: bool
    withheld: Decimal = ZERO


class Estimated(NamedTuple):
    """What somebody takes the repair of a defect to cost, in money."""

    milestone: str
    defect: str
    role: str
    amount: Decimal


class Repaired(NamedTuple):
    """The repair of a defect was verified, or a deduction settled it."""

    milestone: str
    defect: str


class Opened(NamedTuple):
    """So much of the retention opened."""

    amount: Decimal


class Terminated(NamedTuple):
    """The contract ended before its work was done."""


class Settled(NamedTuple):
    """Both sides signed what is due to the contractor after a termination."""

    amount: Decimal


class Moved(NamedTuple):
    """Money that came to a line, or left it (negative); no line: a whole payment or reversal."""

    line: str | None
    amount: Decimal


Fact = (
    Signed
    | SignedOff
    | Change
    | Inspected
    | Faulty
    | Estimated
    | Repaired
    | Opened
    | Terminated
    | Settled
    | Moved
)


class Told(NamedTuple):
    """A fact, on the day of its entry where the project is."""

    on: date
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """The terms as both sides signed them first, and all that was told since, in the journal's order."""

    contract: Contract
    told: Sequence[Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A contract at the close of a day: its terms, the schedule, and the money held against no line."""

    contract: Contract
    lines: list[Line]
    unheld: Decimal


def stand_at(dated: Dated, day: date) -> Stand:
    """The contract at the close of a day, from what its journal said by then."""
    replay = _Replay(dated.contract)
    for told in takewhile(lambda told: told.on <= day, dated.told):
        replay.learn(told.fact)
    return Stand(
        contract=replay.contract,
        lines=schedule_of(replay.contract, replay.held),
        unheld=replay.paid - total_of(list(replay.held.values())),
    )


def earnings_of(dated: Dated) -> Iterator[Step]:
    """Every change of the verified value of the work."""
    replay, earned = _Replay(dated.contract), ZERO
    for on, fact in dated.told:
        replay.learn(fact)
        now = replay.contract.earned
        if now != earned:
            yield Step(on, earned=now - earned)
        earned = now


@dataclass
class _Fault:
    told: Faulty
    estimates: Estimates = field(default_factory=Estimates)


class _Replay:
    """Where a contract stands after the facts that were told of it so far."""

    def __init__(self, contract: Contract) -> None:
        self.contract = replace(contract, active=False)
        self.findings: defaultdict[str, Findings] = defaultdict(Findings)
        self.faults: defaultdict[str, dict[str, _Fault]] = defaultdict(dict)
        self.held: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self.paid = ZERO

    def learn(self, fact: Fact) -> None:
        match fact:
            case Moved(None, amount):
                self.paid += amount
            case Moved(str(line), amount):
                self.held[line] += amount
            case Signed():
                self.contract = replace(self.contract, active=True)
            case Opened(amount):
                opened = self.contract.retention_open + amount
                self.contract = replace(self.contract, retention_open=opened)
            case Terminated():
                self.contract = replace(self.contract, terminated=True)
            case Settled(amount):
                self.contract = replace(self.contract, final=amount)
            case _:
                self._learn_of_the_work(fact)

    def _learn_of_the_work(self, fact: Fact) -> None:
        match fact:
            case SignedOff(milestone):
                self._state(milestone, signed_off=True)
            case Change():
                self._change(fact)
            case Inspected(milestone, role, percent):
                value = self._term(milestone).value
                self._find(milestone, self.findings[milestone].inspected(role, percent, value))
            case Faulty(milestone, defect):
                self.faults[milestone][defect] = _Fault(fact)
                self._count_faults(milestone)
            case Estimated(milestone, defect, role, amount):
                fault = self.faults[milestone][defect]
                fault.estimates = fault.estimates.said(role, amount)
                self._count_faults(milestone)
            case Repaired(milestone, defect):
                del self.faults[milestone][defect]
                self._count_faults(milestone)

    def _change(self, change: Change) -> None:
        self.contract = changed(self.contract, change)
        value = self._term(change.milestone).value
        self._find(change.milestone, self.findings[change.milestone].revalued(value))
        self._count_faults(change.milestone)

    def _find(self, milestone: str, findings: Findings) -> None:
        self.findings[milestone] = findings
        self._state(milestone, verified=findings.verified.money)

    def _count_faults(self, milestone: str) -> None:
        value, faults = self._term(milestone).value, self.faults[milestone].values()
        late = [fault for fault in faults if fault.told.late]
        self._state(
            milestone,
            withheld=total_of([fault.told.withheld for fault in faults]),
            repair=repair_of(value, [fault.estimates for fault in late]),
            blocking_repair=repair_of(value, [fault.estimates for fault in late if fault.told.blocking]),
        )

    def _term(self, milestone: str) -> Term:
        """Raises LookupError where the facts name a milestone that the contract has not."""
        for term in self.contract.terms:
            if term.milestone == milestone:
                return term
        raise LookupError(f"no milestone {milestone}")

    def _state(self, milestone: str, **facts: Any) -> None:
        terms = tuple(
            replace(term, **facts) if term.milestone == milestone else term for term in self.contract.terms
        )
        self.contract = replace(self.contract, terms=terms)
