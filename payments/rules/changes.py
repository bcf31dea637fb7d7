"""Changes of the signed terms: what one makes of the contract, and whether the terms bear it.

A change moves the contract total, and the value and the payment of one milestone, by the same sum: so the
sums agree after it as before. On a signed milestone it is a deduction that settles one of its defects. Who
signs it, and which defects may be settled, is no business of these rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from milestones.findings import Faults
from projects.money import ZERO, is_amount, total_of

from .gate import Refusal
from .schedule import RETENTION, Contract, Term, schedule_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`amount` is money, below 0 for a deduction; `days` moves the milestone's end.

    With `adds` the milestone is a new one, worth `amount`, with dates of its own. With `settles` it is a
    signed one, and that is what is left of its defects once this settles one of them.
    """

    milestone: str
    amount: Decimal
    days: int = 0
    adds: bool = False
    start: date | None = None
    end: date | None = None
    settles: Faults | None = None


def changed(contract: Contract, change: Change) -> Contract:
    """The contract once the change is in force. Verified money stays, cut at the new value."""
    terms = contract.terms
    if change.adds:
        terms = (*terms, _added(contract, change))
    else:
        terms = tuple(
            _changed(term, change) if term.milestone == change.milestone else term for term in terms
        )
    return replace(contract, total=contract.total + change.amount, terms=terms)


def _added(contract: Contract, change: Change) -> Term:
    return Term(
        milestone=change.milestone,
        position=max((term.position for term in contract.terms), default=0) + 1,
        value=change.amount,
        amount=change.amount,
        start=change.start,
        end=change.end,
    )


def _changed(term: Term, change: Change) -> Term:
    value = term.value + change.amount
    if change.settles:
        return replace(term, value=value, amount=term.amount + change.amount, **change.settles._asdict())
    return replace(
        term,
        value=value,
        amount=term.amount + change.amount,
        verified=min(term.verified, value),
        end=term.end + timedelta(days=change.days) if term.end else None,
    )


def undone(contract: Contract, latest: Iterable[Change]) -> Contract:
    """The contract with the prices of before its latest changes, and without the milestones they added."""
    since: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    added = set()
    for change in latest:
        since[change.milestone] += change.amount
        if change.adds:
            added.add(change.milestone)
    terms = tuple(
        replace(term, value=term.value - since[term.milestone], amount=term.amount - since[term.milestone])
        for term in contract.terms
        if term.milestone not in added
    )
    return replace(contract, total=contract.total - total_of(list(since.values())), terms=terms)


def change_refusal(contract: Contract, paid_by_line: Mapping[str, Decimal], change: Change) -> Refusal | None:
    """Why the terms do not bear the change now; None when they do.

    `bad_change`: no sum in whole cents, or less than nothing for a new milestone. `work_is_completed`: every
    milestone is signed off, and it settles no defect. `no_deduction`: a settlement that takes nothing off.
    `nothing_to_change`. `below_zero`: with the most that can be deducted.
    `no_date_to_move`, `ends_before_start`. `contract_without_price`: nothing would remain of the total.
    `change_below_paid`: more is paid against the line than it would hold, with both sums.
    """
    if not is_amount(change.amount) or (change.adds and change.amount < 0):
        return Refusal("bad_change", {})
    if not change.settles and all(term.signed_off for term in contract.terms):
        return Refusal("work_is_completed", {})
    if change.start and change.end and change.end < change.start:
        return Refusal("ends_before_start", {})
    term = next((term for term in contract.terms if term.milestone == change.milestone), None)
    if term is not None and (refusal := _term_refusal(term, change)):
        return refusal
    after = changed(contract, change)
    if not is_amount(after.total) or after.total <= 0:
        return Refusal("contract_without_price", {})
    return next(_overfull(after, paid_by_line, change), None)


def _term_refusal(term: Term, change: Change) -> Refusal | None:
    if change.settles and change.amount >= 0:
        return Refusal("no_deduction", {})
    if not change.amount and not change.days:
        return Refusal("nothing_to_change", {})
    if -change.amount > (most := min(term.value, term.amount)):
        return Refusal("below_zero", {"most": most})
    if change.days and term.end is None:
        return Refusal("no_date_to_move", {})
    if change.days and term.end and term.start and term.end + timedelta(days=change.days) < term.start:
        return Refusal("ends_before_start", {})
    return None


def _overfull(after: Contract, paid_by_line: Mapping[str, Decimal], change: Change) -> Iterator[Refusal]:
    """Of the lines that the change reaches, those that would hold less than is paid against them."""
    withheld = {term.milestone: term.withheld for term in after.terms}
    for line in schedule_of(after, paid_by_line):
        holds = line.full - withheld.get(line.line, ZERO)
        if line.line in {change.milestone, RETENTION} and line.paid > holds:
            yield Refusal("change_below_paid", {"paid": line.paid, "holds": max(ZERO, holds)})
