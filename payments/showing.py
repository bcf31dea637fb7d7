"""The schedule and the ledger as the payments page shows them: one row per line, one per payment."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from milestones.models import Milestone
from milestones.rounds import waiting_for, waits_for
from payments.actions import (
    allocate_payment,
    answer_reversal,
    confirm_payment,
    dispute_payment,
    release_payment,
    reverse_payment,
    withdraw_dispute,
)
from payments.linking import linked_payment
from payments.models import Dispute, Payment, Reversal
from payments.queries import (
    Ledger,
    PaymentWithReversed,
    is_confirmed,
    left_of,
    line_name,
    may_be_received,
    open_dispute_of,
)
from payments.rules import (
    DEPOSIT,
    FINAL,
    RETENTION,
    Line,
    Linked,
    Step,
    consent_refusal,
    reversal_refusal,
)
from projects.models import Party
from projects.money import ZERO, as_percent
from projects.page_kit import may_do

LINE_NAMES = {DEPOSIT: _("Deposit"), RETENTION: _("Retention"), FINAL: _("Closing sum")}


def line_title(line: str, milestones: Mapping[str, Milestone]) -> object:
    """How a line of the schedule is called: the deposit, the retention, or its milestone's title."""
    return milestones[line].title if line in milestones else LINE_NAMES[line]


@dataclass(frozen=True)
class LineRow:
    """A line of the schedule and what the reader may do about it.

    `chip` is a state of tracker.states. `waiting` are the roles whose signature would open the line.
    """

    line: Line
    title: object
    milestone: Milestone | None
    percent: Decimal
    chip: str
    waiting: list[str]
    signed_at: datetime | None
    paid_on: date | None
    may_release: bool


def line_rows(
    ledger: Ledger,
    milestones: Sequence[Milestone],
    payments: Sequence[Payment],
    part: Party,
    parties: list[Party],
) -> list[LineRow]:
    """The schedule, line by line. `milestones` as from `milestones_visible_to`, with `sign_off__entry`."""
    by_id = {str(m.id): m for m in milestones}
    paid_on = last_payment_by_line(payments)
    return [
        _line_row(line, by_id.get(line.line), ledger, part, parties, paid_on.get(line.line))
        for line in ledger.lines
    ]


def _line_row(
    line: Line,
    milestone: Milestone | None,
    ledger: Ledger,
    part: Party,
    parties: list[Party],
    paid_on: date | None,
) -> LineRow:
    is_signed = milestone is not None and milestone.state == Milestone.State.SIGNED_OFF
    return LineRow(
        line=line,
        title=milestone.title if milestone else LINE_NAMES[line.line],
        milestone=milestone,
        percent=as_percent(line.amount, ledger.contract.total),
        chip=_chip(line, milestone, part, parties),
        waiting=_roles_that_open(line, milestone, parties),
        signed_at=milestone.sign_off.entry.at if milestone and is_signed else None,
        paid_on=paid_on,
        may_release=bool(line.payable) and may_do(part, release_payment),
    )


def _chip(line: Line, milestone: Milestone | None, part: Party, parties: list[Party]) -> str:
    if milestone and waits_for(milestone, part, parties):
        return "waiting_for_you"
    if milestone and milestone.state == Milestone.State.SUBMITTED:
        return "waiting"
    return line.state


def _roles_that_open(line: Line, milestone: Milestone | None, parties: list[Party]) -> list[str]:
    if milestone is None or not line.locked_because:
        return []
    return waiting_for(milestone, parties) or milestone.signers


def last_payment_by_line(payments: Sequence[Payment]) -> dict[str, date]:
    """The day of the latest payment that came to each line."""
    found: dict[str, date] = {}
    for payment in payments:
        for allocation in payment.allocations.all():
            name = line_name(allocation.line, allocation.milestone_id)
            found[name] = max(payment.paid_on, found.get(name, payment.paid_on))
    return found


@dataclass(frozen=True)
class PaymentRow:
    """A payment with what became of it. Money; `by_then` is where all money and work stood that day."""

    payment: Payment
    titles: list[object]
    left: Decimal
    early: Decimal
    linked: Linked | None
    by_then: Step
    waiting: Reversal | None
    dispute: Dispute | None
    is_confirmed: bool
    may_confirm: bool
    may_reverse: bool
    may_allocate: bool
    may_consent: bool
    may_decline: bool
    may_dispute: bool
    may_withdraw: bool
    is_own: bool

    @property
    def lead_then(self) -> Decimal:
        """How far money led the work when this payment was made; below 0 the work led."""
        return self.by_then.paid - self.by_then.earned

    @property
    def seq(self) -> int:
        """The number of its entry in the journal."""
        return self.payment.entry.seq

    @property
    def page_of_entry(self) -> int:
        """What the journal's list begins before, so that the entry stands first."""
        return self.seq + 1

    @property
    def has_more(self) -> bool:
        """Whether there is something to say or do beneath its line."""
        acts = self.may_confirm or self.may_allocate or self.waiting is not None
        return acts or self.linked is not None or self.dispute is not None or bool(self.payment.reason)


def payment_rows(
    ledger: Ledger,
    milestones: Sequence[Milestone],
    payments: Sequence[PaymentWithReversed],
    part: Party,
    steps: list[Step],
) -> list[PaymentRow]:
    """The ledger, newest first. `payments` as from `payments_visible_to`, `steps` as from `history_of`."""
    by_id = {str(m.id): m for m in milestones}
    early = ledger.early_of_payment()
    days = [step.on for step in steps]
    stood = [Step(date.min), *steps]  # before the first change, and for what was told while the page loaded
    return [
        _payment_row(p, by_id, early.get(str(p.id), ZERO), part, stood[bisect_right(days, p.paid_on)])
        for p in payments
    ]


def _payment_row(
    payment: PaymentWithReversed, by_id: Mapping[str, Milestone], early: Decimal, part: Party, by_then: Step
) -> PaymentRow:
    left = left_of(payment)
    waiting = next((r for r in payment.reversals.all() if r.needs_consent and not hasattr(r, "answer")), None)
    is_own = part.role == payment.by_role
    is_release = payment.kind != Payment.Kind.RECORD
    refused = reversal_refusal(is_own=is_own, is_release=is_release, signs=part.may_sign)
    may_answer = waiting is not None and may_do(part, answer_reversal)
    dispute = open_dispute_of(payment)
    may_withdraw = dispute is not None and dispute.by_role == part.role
    return PaymentRow(
        payment=payment,
        titles=_titles(payment, by_id),
        left=left,
        early=early,
        linked=linked_payment(payment),
        by_then=by_then,
        waiting=waiting,
        dispute=dispute,
        is_confirmed=is_confirmed(payment),
        may_confirm=may_be_received(payment) and may_do(part, confirm_payment),
        may_reverse=not refused and bool(left) and waiting is None and may_do(part, reverse_payment),
        may_allocate=bool(early) and may_do(part, allocate_payment),
        may_consent=may_answer and not consent_refusal(is_own=is_own, signs=part.may_sign),
        may_decline=may_answer,
        may_dispute=bool(left) and dispute is None and may_do(part, dispute_payment),
        may_withdraw=may_withdraw and may_do(part, withdraw_dispute),
        is_own=is_own,
    )


def _titles(payment: Payment, by_id: Mapping[str, Milestone]) -> list[object]:
    """The lines that money of this payment counts against now."""
    held: dict[str, Decimal] = {}
    for allocation in payment.allocations.all():
        name = line_name(allocation.line, allocation.milestone_id)
        held[name] = held.get(name, ZERO) + allocation.amount
    return [line_title(name, by_id) for name, amount in held.items() if amount]
