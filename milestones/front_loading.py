"""The front-loading test: does the contract, as planned, pay ahead of the work? Seen before anyone signs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from projects.money import ZERO, as_percent, percent_of, split
from projects.policy import Policy

BEFORE_WORK = 0  # where the deposit stands among the positions of the milestones


class PlannedPayment(NamedTuple):
    """A milestone as the contract plans it: its work's value, and the gross amount paid when it is signed."""

    position: int
    value: Decimal
    amount: Decimal


class Gap(NamedTuple):
    """By how much the money paid leads the value of the work, right after the payment at a position."""

    amount: Decimal
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontLoading:
    """The result of the test. Percents are of the contract total; `at_payment` is a milestone's position,
    0 for the deposit, None when money never leads."""

    worst_gap_amount: Decimal
    worst_gap_percent: Decimal
    at_payment: int | None
    deposit: Decimal
    deposit_percent: Decimal
    deposit_cap: Decimal
    is_front_loaded: bool
    proposed_deposit: Decimal
    proposed_amounts: tuple[Decimal, ...]


def front_loading_of(
    total: Decimal,
    deposit: Decimal,
    retention_percent: Decimal,
    payments: Sequence[PlannedPayment],
    policy: Policy,
) -> FrontLoading:
    """Compare the money paid with the value of the work after every planned payment, in order of position.

    The deposit is paid before any work. A milestone's payment is made when its work is signed off, so its own
    value counts beside it; what is kept back as retention is not paid yet. Between payments only work is
    added, so the worst moment is right after one of them: had everything gone by the contract, this gap is
    what the homeowner would lose if the work stopped on that day. Front-loaded: the gap, or the deposit, is
    above its percentage of the total in the policy. The sums of a draft need not agree for the test to work.
    """
    ordered = sorted(payments)
    worst = _worst_gap(deposit, retention_percent, ordered)
    cap = percent_of(total, policy.deposit_cap_percent)
    limit = percent_of(total, policy.front_loading_percent)
    proposed_deposit = min(deposit, cap, limit)
    return FrontLoading(
        worst_gap_amount=worst.amount,
        worst_gap_percent=as_percent(worst.amount, total),
        at_payment=worst.position,
        deposit=deposit,
        deposit_percent=as_percent(deposit, total),
        deposit_cap=cap,
        is_front_loaded=worst.amount > limit or deposit > cap,
        proposed_deposit=proposed_deposit,
        proposed_amounts=_amounts_that_follow_values(total - proposed_deposit, ordered),
    )


def _worst_gap(deposit: Decimal, retention_percent: Decimal, ordered: Sequence[PlannedPayment]) -> Gap:
    """The largest gap above 0 and the first payment that makes it."""
    gaps = _gaps(deposit, retention_percent, ordered)
    worst = max(gaps, key=lambda gap: gap.amount, default=Gap(ZERO, None))
    return worst if worst.amount > 0 else Gap(ZERO, None)


def _gaps(deposit: Decimal, retention_percent: Decimal, ordered: Sequence[PlannedPayment]) -> Iterator[Gap]:
    yield Gap(deposit, BEFORE_WORK)
    gap = deposit
    for position, value, amount in ordered:
        gap += amount - percent_of(amount, retention_percent) - value
        yield Gap(gap, position)


def _amounts_that_follow_values(rest: Decimal, ordered: Sequence[PlannedPayment]) -> tuple[Decimal, ...]:
    """Amounts, in order of position, that keep the total and never let money lead by more than the deposit.

    Each milestone is paid in proportion to its value, rounded by largest remainder. Where the values add up
    to the total, no amount is above its value, so the gap only falls from the deposit on.
    """
    return tuple(split(rest, [payment.value for payment in ordered])) if ordered else ()
