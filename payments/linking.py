"""Linkage to the agreed index: the values that both sides see, and what they make of the payments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from payments.history import day_of
from payments.models import IndexValue, Payment, Reversal
from payments.queries import PaymentWithReversed, left_of
from payments.rules import LinkageSum, Linked, Published, counting, linkage_sum, linked
from projects.linkage import Linkage
from projects.models import Project
from projects.money import ZERO
from projects.queries import visible_to


def index_values_visible_to(user_id: UUID) -> QuerySet[IndexValue]:
    """Every value that was told, with who told it and whether it `counts`: no newer one is of its month."""
    newer = IndexValue.objects.filter(
        project=OuterRef("project"), month=OuterRef("month"), entry__seq__gt=OuterRef("entry__seq")
    )
    return (
        visible_to(user_id, IndexValue.objects.all())
        .select_related("entry__actor")
        .annotate(seq=F("entry__seq"), counts=~Exists(newer))
        .order_by("-month", "-entry__seq")
    )


def published(told: Iterable[IndexValue]) -> dict[date, Published]:
    """The values that count, of those told in the order of the journal."""
    return counting(Published(value.month, value.value, value.published_on) for value in told)


def values_of(project: Project) -> dict[date, Published]:
    return published(IndexValue.objects.filter(project=project).order_by("entry__seq"))


def linkage_in_force(project: Project) -> Linkage | None:
    """The linkage that both sides signed; None in a draft, and where none was agreed."""
    return None if project.state == Project.State.DRAFT else project.linkage


def linked_payment(payment: PaymentWithReversed) -> Linked | None:
    """The linkage of what is left of a payment from `payments_visible_to`; None where none is in force."""
    linkage = linkage_in_force(payment.project)
    if linkage is None:
        return None
    return linked(linkage, published(payment.project.index_values.all()), left_of(payment), payment.paid_on)


@dataclass(frozen=True)
class LinkedPayment:
    """A payment with what is left of it and its linkage."""

    payment: PaymentWithReversed
    left: Decimal
    linked: Linked


class LinkageAccount(NamedTuple):
    """The linkage of all that was paid under a contract: what is left of it (P), the linkage money beside it,
    and each payment, the newest first; no payments where no linkage is in force."""

    paid: Decimal
    sum: LinkageSum
    rows: list[LinkedPayment]

    @property
    def together(self) -> Decimal:
        """What was paid, with its linkage."""
        return self.paid + self.sum.amount


def linkage_account(project: Project, payments: Sequence[PaymentWithReversed]) -> LinkageAccount:
    """Of all payments of a project, as from `payments_visible_to`."""
    linkage, paid = linkage_in_force(project), sum(map(left_of, payments), ZERO)
    if linkage is None or not payments:
        return LinkageAccount(paid, linkage_sum([]), [])
    values = published(payments[0].project.index_values.all())
    rows = [
        LinkedPayment(payment, left_of(payment), linked(linkage, values, left_of(payment), payment.paid_on))
        for payment in payments
    ]
    return LinkageAccount(paid, linkage_sum(row.linked for row in rows), rows)


def linkage_if_paid(project: Project, amount: Decimal, on: date) -> Linked | None:
    """The linkage of a sum if it were paid on a day; None where none is in force."""
    linkage = linkage_in_force(project)
    return linked(linkage, values_of(project), amount, on) if linkage else None


class LinkageInPeriod(NamedTuple):
    """The linkage money of a certificate. `missing`: the months whose index nobody told by its last day."""

    before: Decimal
    period: Decimal
    to_date: Decimal
    missing: list[date]


def linkage_in_period(project: Project, begins: date, ends: date) -> LinkageInPeriod | None:
    """What the journal had told of linkage money in a period, both days included; None where none is agreed.

    As in all of a certificate, payments, reversals and values count from the day they were told, so that of a
    past day it never changes. Three queries.
    """
    linkage = linkage_in_force(project)
    if linkage is None:
        return None
    facts = _Told.of(project)
    then, now = (facts.linkage_by(linkage, day) for day in (begins - timedelta(days=1), ends))
    return LinkageInPeriod(then.amount, now.amount - then.amount, now.amount, now.missing)


class _Told(NamedTuple):
    """The facts behind linkage money with the day on which each was told, in the order of the journal."""

    values: list[tuple[date, Published]]
    payments: list[tuple[date, UUID, date, Decimal]]
    reversals: list[tuple[date, UUID, Decimal]]

    @classmethod
    def of(cls, project: Project) -> "_Told":
        values = IndexValue.objects.filter(project=project).order_by("entry__seq")
        told = values.values_list("entry__at", "month", "value", "published_on")
        payments = Payment.objects.filter(project=project)
        in_force = Reversal.objects.filter(Q(needs_consent=False) | Q(answer__consents=True), project=project)
        taken = in_force.values_list("entry__at", "answer__entry__at", "payment_id", "amount")
        return cls(
            [(day_of(project, at), Published(*value)) for at, *value in told],
            [
                (day_of(project, at), *payment)
                for at, *payment in payments.values_list("entry__at", "id", "paid_on", "amount")
            ],
            [(day_of(project, consented or asked), *reversal) for asked, consented, *reversal in taken],
        )

    def linkage_by(self, linkage: Linkage, day: date) -> LinkageSum:
        values = counting(value for at, value in self.values if at <= day)
        taken: dict[Any, Decimal] = {}
        for at, payment, amount in self.reversals:
            if at <= day:
                taken[payment] = taken.get(payment, ZERO) + amount
        return linkage_sum(
            linked(linkage, values, amount - taken.get(payment, ZERO), paid_on)
            for at, payment, paid_on, amount in self.payments
            if at <= day
        )
