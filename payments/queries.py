"""The money of projects: what the rules need, loaded in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Case, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When

from milestones.models import Milestone
from milestones.queries import MilestoneWithFacts, milestones_of
from payments.models import (
    Allocation,
    Dispute,
    Ending,
    IndexValue,
    LineKind,
    OpenDispute,
    Payment,
    Retained,
    Reversal,
)
from payments.rules import (
    Contract,
    DisputeState,
    Exposure,
    Line,
    Lot,
    Retention,
    Term,
    dispute_state,
    early_parts,
    exposure_of,
    lots_of,
    schedule_of,
)
from projects import clock
from projects.models import Project, Role
from projects.money import ZERO
from projects.policy import policy_of
from projects.queries import visible_to

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Reversed(TypedDict):
        reversed: Decimal | None

    PaymentWithReversed = WithAnnotations[Payment, Reversed]
else:
    PaymentWithReversed = Payment


# The kinds of lines in the order of the schedule.
PLACE_OF_LINE = Case(
    *(When(allocations__line=kind, then=place) for place, kind in enumerate(LineKind.values)), default=None
)


@dataclass(frozen=True)
class Ledger:
    """The money of one project at this moment: its schedule, and the lots that lie on the lines."""

    contract: Contract
    lines: list[Line]
    lots: list[Lot]

    @property
    def unheld(self) -> Decimal:
        """Money held against no line."""
        return sum((lot.amount for lot in self.lots if lot.line is None), ZERO)

    def line(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.line == name), None)

    def early_of_payment(self) -> dict[str, Decimal]:
        """The early part of each payment that has one, by payment id."""
        found: dict[str, Decimal] = {}
        for (payment, _), amount in early_parts(self.lines, self.lots).items():
            found[payment] = found.get(payment, ZERO) + amount
        return found


def line_name(kind: str, milestone_id: UUID | None) -> str:
    """How the rules and the API name a line: deposit, retention, or the milestone's id."""
    return str(milestone_id) if kind == LineKind.MILESTONE else kind


def contract_of(
    project: Project, milestones: Iterable[MilestoneWithFacts], *, original: bool = False
) -> Contract:
    """The terms that decide about money; `original` takes the plan's first dates."""
    terms = tuple(
        Term(
            milestone=str(m.id),
            position=m.position,
            value=m.value,
            amount=m.amount,
            signed_off=m.state == Milestone.State.SIGNED_OFF,
            verified=m.worth.verified,
            reported_percent=m.reported_percent,
            withheld=m.worth.withheld,
            repair=m.worth.repair,
            blocking_repair=m.worth.blocking_repair,
            start=m.planned_start,
            end=m.planned_end if original else m.agreed_end,
        )
        for m in milestones
    )
    ending = Ending.objects.get(pk=project.pk)
    return Contract(
        total=project.contract_total,
        terms=terms,
        deposit=project.deposit,
        retention_percent=project.retention_percent,
        active=project.state != Project.State.DRAFT,
        retention_open=ending.retention_open,
        terminated=ending.terminated,
        final=ending.final,
    )


def retention_of(project: Project) -> Retention:
    """What is kept back of a project, what opened of it, and when the rest does."""
    found = Retained.objects.get(pk=project.pk)
    return Retention(
        kept=found.kept,
        opened=found.opened,
        for_defects=found.for_defects,
        ends_on=found.ends_on,
        half_at_completion=policy_of(project.policy).retention_at_completion == "half",
    )


def with_retention_due() -> list[UUID]:
    """The projects whose defects period is over where they are, and that are to be closed or have retention
    left that may open."""
    tomorrow_anywhere = clock.now().date() + timedelta(days=1)
    over = Retained.objects.filter(ends_on__lte=tomorrow_anywhere).select_related("project")
    to_open = Q(kept__gt=F("opened") + F("for_defects"))
    found = over.filter(to_open | Q(project__state=Project.State.COMPLETED))
    return [
        retained.project_id
        for retained in found.order_by("project_id")
        if retained.ends_on and retained.ends_on <= clock.today(retained.project.time_zone)
    ]


def ledger_of(project: Project, milestones: Iterable[MilestoneWithFacts] | None = None) -> Ledger:
    """Load a project's money: three queries, whatever its size.

    The money is one statement, so that it is of one moment while others act; and it is read before the
    milestones, so that no sign-off is younger than the release that it let through.
    """
    rows, left = _money_of(project)
    contract = contract_of(project, milestones_of(project) if milestones is None else milestones)
    paid: dict[str, Decimal] = {}
    for lot in rows:
        assert lot.line is not None
        paid[lot.line] = paid.get(lot.line, ZERO) + lot.amount
    return Ledger(contract, schedule_of(contract, paid), lots_of(rows, left))


def _money_of(project: Project) -> tuple[list[Lot], dict[str, Decimal]]:
    """The allocation rows in journal order, and what is left of each payment.

    Of one act's rows the one further down the schedule is the newer.
    """
    money = list(
        with_reversed(Payment.objects.filter(project=project))
        .order_by("allocations__entry__seq", PLACE_OF_LINE, "allocations__milestone__position")
        .values_list(
            *("id", "amount", "reversed", "kind", "allocations__entry__seq"),
            *("allocations__line", "allocations__milestone_id", "allocations__amount"),
        )
    )
    left = {str(payment): amount - (taken or ZERO) for payment, amount, taken, *_ in money}
    rows = [
        Lot(str(payment), seq, line_name(line, milestone), amount, is_advance=kind == Payment.Kind.ADVANCE)
        for payment, _, _, kind, seq, line, milestone, amount in money
        if line
    ]
    return rows, left


def with_reversed(payments: QuerySet[Payment]) -> QuerySet[PaymentWithReversed]:
    """Add `reversed`: what was taken back of each payment, reversals in force only."""
    in_force = Q(needs_consent=False) | Q(answer__consents=True)
    taken = Reversal.objects.filter(in_force, payment=OuterRef("pk")).order_by().values("payment")
    return payments.annotate(reversed=Subquery(taken.annotate(total=Sum("amount")).values("total")))


def payments_visible_to(user_id: UUID) -> QuerySet[PaymentWithReversed]:
    """With what was confirmed, taken back, disputed and allocated, and the index values; the newest first."""
    allocations = Allocation.objects.select_related("milestone").order_by("entry__seq")
    reversals = Reversal.objects.select_related("answer", "entry").order_by("entry__seq")
    disputes = Dispute.objects.select_related("withdrawal", "entry").order_by("entry__seq")
    return (
        with_reversed(visible_to(user_id, Payment.objects.all()))
        .select_related("entry__actor", "confirmation__entry", "disputed__dispute", "project")
        .prefetch_related(
            Prefetch("allocations", allocations),
            Prefetch("reversals", reversals),
            Prefetch("disputes", disputes),
            Prefetch("project__index_values", IndexValue.objects.order_by("entry__seq")),
        )
        .order_by("-entry__seq")
    )


def exposure_now(
    project: Project, on: date, milestones: Iterable[MilestoneWithFacts] | None = None
) -> Exposure:
    """Every figure of a project on a day, from what is known now."""
    ledger = ledger_of(project, milestones)
    return exposure_of(ledger.contract, ledger.lines, ledger.unheld, policy_of(project.policy), on)


def left_of(payment: PaymentWithReversed) -> Decimal:
    """What is left of a payment, loaded by `with_reversed`, after the reversals in force."""
    return payment.amount - (payment.reversed or ZERO)


def pending_reversals() -> QuerySet[Reversal]:
    """Reversals that wait for the other side's answer."""
    return Reversal.objects.filter(needs_consent=True, answer=None)


def is_confirmed(payment: Payment) -> bool:
    """Receipt is known: the contractor confirmed it, or recorded the payment themselves."""
    return payment.by_role == "contractor" or hasattr(payment, "confirmation")


def may_be_received(payment: PaymentWithReversed) -> bool:
    """Receipt is not known, and may be confirmed yet; not where all of it was taken back."""
    return not is_confirmed(payment) and bool(left_of(payment))


def awaits_receipt(payment: PaymentWithReversed) -> bool:
    """The contractor has still to say whether it arrived, loaded with `disputed__dispute`: whoever disputes
    that has said so."""
    dispute = open_dispute_of(payment)
    return may_be_received(payment) and not (dispute and dispute.by_role == Role.CONTRACTOR)


def open_dispute_of(payment: Payment) -> Dispute | None:
    """The dispute of a payment that is open, loaded with `disputed__dispute`."""
    return payment.disputed.dispute if hasattr(payment, "disputed") else None


def state_of_dispute(dispute: Dispute, payment: PaymentWithReversed) -> DisputeState:
    """What has become of a dispute; both as `payments_visible_to` loads them."""
    confirmation = getattr(payment, "confirmation", None)
    is_received = confirmation is not None and confirmation.entry.seq > dispute.entry.seq
    return dispute_state(
        is_withdrawn=hasattr(dispute, "withdrawal"),
        is_received=is_received and dispute.by_role == Role.CONTRACTOR,
        left=left_of(payment),
    )


def disputed_in(project: Project) -> Decimal:
    """The money of a project that is paid, and that a side says is not."""
    amounts = OpenDispute.objects.filter(project=project).aggregate(total=Sum("amount"))
    return amounts["total"] or ZERO
