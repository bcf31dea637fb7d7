"""Facts written in bulk past the acts and the guards (fixture `unguarded`): for figures of any contract."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from milestones.models import Decision, Milestone, Submission
from payments.models import Allocation, LineKind, Payment, Reversal, ReversalAnswer
from payments.rules import DEPOSIT, RETENTION, Contract, Lot
from people.ids import new_id
from projects.models import JournalEntry, Party, Project

DAY = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Money:
    """What moved: of each payment its amount, what is left of it, and where it was counted."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    left: dict[str, Decimal] = field(default_factory=dict)
    rows: Sequence[Lot] = ()


def write_project(contract: Contract, policy: dict[str, Any], money: Money | None = None) -> Project:
    """The contract with its milestones, approvals and money as rows; lines are named as in the contract."""
    project = Project(
        entry_id=new_id(),
        name="Almog family house",
        kind="house_build",
        contract_total=contract.total,
        deposit=contract.deposit,
        retention_percent=contract.retention_percent,
        vat_rate=Decimal(18),
        starts_on=DAY,
        policy=policy,
        state=Project.State.ACTIVE if contract.active else Project.State.DRAFT,
        created_at=MOMENT,
    )
    project.save(force_insert=True)
    milestones = _write_milestones(project, contract)
    if money:
        _write_money(project, milestones, money)
    return project


def _write_milestones(project: Project, contract: Contract) -> dict[str, Milestone]:
    found = {
        term.milestone: Milestone(
            project=project,
            entry_id=project.entry_id,
            position=term.position,
            title=term.milestone,
            value=term.value,
            amount=term.amount,
            signers=["homeowner"],
            state=Milestone.State.SIGNED_OFF if term.signed_off else Milestone.State.PLANNED,
            round=1,
        )
        for term in contract.terms
    }
    Milestone.objects.bulk_create(found.values())
    _write_approvals(project, [m for m in found.values() if m.state == Milestone.State.SIGNED_OFF])
    return found


def _write_approvals(project: Project, signed: Sequence[Milestone]) -> None:
    fact = {"project": project, "entry_id": project.entry_id}
    party = Party.objects.create(**fact, role="homeowner", user_id=new_id(), joined_at=MOMENT)
    rounds = [Submission(**fact, milestone=m, round=1, version=1, shown_hash="") for m in signed]
    Submission.objects.bulk_create(rounds)
    Decision.objects.bulk_create(
        Decision(**fact, submission=r, party=party, role="homeowner", approves=True, version=1, shown_hash="")
        for r in rounds
    )


def _write_money(project: Project, milestones: dict[str, Milestone], money: Money) -> None:
    fact = {"project": project, "entry_id": project.entry_id}
    payments = {
        name: Payment(**fact, kind="record", by_role="homeowner", amount=amount, paid_on=DAY, method="cash")
        for name, amount in money.amounts.items()
    }
    Payment.objects.bulk_create(payments.values())
    entries = {row.seq: _entry(project, row.seq) for row in money.rows}
    JournalEntry.objects.bulk_create(entries.values())
    Allocation.objects.bulk_create(
        Allocation(
            project=project,
            entry=entries[row.seq],
            payment=payments[row.payment],
            line=row.line if row.line in {DEPOSIT, RETENTION} else LineKind.MILESTONE,
            milestone=milestones.get(row.line or ""),
            amount=row.amount,
        )
        for row in money.rows
    )
    for name, payment in payments.items():
        _write_reversals(fact, payment, payment.amount - money.left[name])


def _write_reversals(fact: dict[str, Any], payment: Payment, taken: Decimal) -> None:
    """What was taken back, half of it by consent; beside others that wait, or were declined."""
    at_once = (taken / 2).quantize(Decimal("0.01"))
    asked = {"payment": payment, "why": "wrong_record"}
    for amount, consents in [(taken - at_once, True), (payment.amount, False), (payment.amount, None)]:
        if amount:
            reversal = Reversal.objects.create(**fact, **asked, amount=amount, needs_consent=True)
            if consents is not None:
                ReversalAnswer.objects.create(**fact, reversal=reversal, consents=consents)
    if at_once:
        Reversal.objects.create(**fact, **asked, amount=at_once, needs_consent=False)


def _entry(project: Project, seq: int) -> JournalEntry:
    return JournalEntry(project=project, seq=seq, kind="payment_recorded", at=MOMENT, body=b"")
