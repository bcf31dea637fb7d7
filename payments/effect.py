"""What an act would do to the figures, shown before it is done. Pure, over a loaded ledger."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from payments.queries import Ledger
from payments.rules import Contract, Exposure, Line, exposure_of, schedule_of
from projects.models import Project
from projects.policy import policy_of


@dataclass(frozen=True)
class Effect:
    """The figures before and after; the line it is about, before it is paid; and what it may then be paid."""

    before: Exposure
    after: Exposure
    line: Line
    unlocks: Decimal


def effect_of_paying(project: Project, ledger: Ledger, name: str, amount: Decimal, on: date) -> Effect:
    """Paying `amount` against a line."""
    line = next(line for line in ledger.lines if line.line == name)
    return _effect(project, ledger, ledger.contract, line, amount, on)


def effect_of_signing(project: Project, ledger: Ledger, name: str, on: date) -> Effect:
    """Every signature under a milestone, and then paying what it unlocks."""
    terms = tuple(
        replace(term, signed_off=True) if term.milestone == name else term for term in ledger.contract.terms
    )
    contract = replace(ledger.contract, terms=terms)
    line = next(line for line in schedule_of(contract, paid_by_line(ledger)) if line.line == name)
    return _effect(project, ledger, contract, line, line.payable, on)


def paid_by_line(ledger: Ledger) -> dict[str, Decimal]:
    return {line.line: line.paid for line in ledger.lines}


def effect_of_signing_first(
    project: Project, ledger: Ledger, first: str, name: str, amount: Decimal, on: date
) -> Effect:
    """Every signature under the milestone `first`, paying what that unlocks, and only then paying `amount`
    against the line `name` before its signatures; nothing more where it is the same milestone."""
    signed = effect_of_signing(project, ledger, first, on)
    terms = tuple(
        replace(term, signed_off=True) if term.milestone == first else term for term in ledger.contract.terms
    )
    contract = replace(ledger.contract, terms=terms)
    paid = paid_by_line(ledger) | {first: signed.line.paid + signed.unlocks}
    if name != first:
        paid[name] += amount
    lines = schedule_of(contract, paid)
    after = exposure_of(contract, lines, ledger.unheld, policy_of(project.policy), on)
    return replace(signed, after=after)


def _effect(
    project: Project, ledger: Ledger, contract: Contract, line: Line, amount: Decimal, on: date
) -> Effect:
    """The figures now, and when `amount` was paid against the line under `contract`."""
    policy = policy_of(project.policy)
    lines = schedule_of(contract, paid_by_line(ledger) | {line.line: line.paid + amount})
    return Effect(
        before=exposure_of(ledger.contract, ledger.lines, ledger.unheld, policy, on),
        after=exposure_of(contract, lines, ledger.unheld, policy, on),
        line=line,
        unlocks=amount,
    )
