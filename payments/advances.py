"""Requests for advances with everything that decides where they stand; the number of queries is constant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from milestones.models import Milestone
from payments.models import Advance, AdvanceApproval, AdvanceOpening, ChangeInForce, Payment
from payments.queries import Ledger, with_reversed
from payments.rules import OPEN, Approval, Offer, Promise, Room, advance_cap, cooling_off, promise_of
from projects.models import Party, Project, Role
from projects.money import ZERO
from projects.policy import policy_of
from projects.queries import visible_to

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class OfferFacts(TypedDict):
        signer_ids: list[UUID]
        paid: Decimal | None
        taken_back: Decimal | None
        changes_since: int

    AdvanceWithFacts = WithAnnotations[Advance, OfferFacts]
else:
    AdvanceWithFacts = Advance


def with_answers(advances: QuerySet[Advance]) -> QuerySet[AdvanceWithFacts]:
    """What `offer_of` needs: the answers, what is left of the payment, which homeowners sign now, and how
    often the contract changed since the last approval."""
    signers = Party.objects.filter(
        project=OuterRef("project"),
        role=Role.HOMEOWNER,
        signs=True,
        confirmed=True,
        joined_at__isnull=False,
        left_at=None,
    )
    paid = with_reversed(Payment.objects.filter(advance=OuterRef("pk"))).order_by()
    last = AdvanceApproval.objects.filter(advance=OuterRef("pk")).order_by("-entry__seq")
    changes = ChangeInForce.objects.filter(
        ~Q(change__amount=0) | Q(milestone=OuterRef("milestone")),
        project=OuterRef("project"),
        entry__seq__gt=OuterRef("last_seq"),
    )
    counted = changes.order_by().values("project").annotate(n=Count("pk")).values("n")
    openings = AdvanceOpening.objects.select_related("entry", "party__user")
    approvals = AdvanceApproval.objects.select_related("entry", "party__user").order_by("entry__seq")
    return (
        advances.select_related(
            *("entry__actor", "milestone", "project__ending"),
            *("milestone__sign_off__entry", "decline__entry", "decline__party__user", "withdrawal__entry"),
        )
        .annotate(
            signer_ids=ArraySubquery(signers.order_by("id").values("id")),
            paid=Subquery(paid.values("amount")),
            taken_back=Subquery(paid.values("reversed")),
            last_seq=Coalesce(Subquery(last.values("entry__seq")[:1]), F("entry__seq")),
        )
        .annotate(changes_since=Coalesce(Subquery(counted), 0))
        .prefetch_related(Prefetch("openings", openings), Prefetch("approvals", approvals))
    )


def advances_visible_to(user_id: UUID) -> QuerySet[AdvanceWithFacts]:
    """The requests that a person may see, the newest first."""
    return with_answers(visible_to(user_id, Advance.objects.all())).order_by("-entry__seq")


def advances_of(project: Project) -> QuerySet[AdvanceWithFacts]:
    """The requests of a project, the newest first."""
    return with_answers(Advance.objects.filter(project=project)).order_by("-entry__seq")


def offer_of(advance: AdvanceWithFacts) -> Offer:
    """A request, as from `with_answers`, for the rules."""
    left = None if advance.paid is None else advance.paid - (advance.taken_back or ZERO)
    return Offer(
        asked_at=advance.entry.at,
        asked=advance.amount,
        signers=frozenset(str(pk) for pk in advance.signer_ids),
        cooling_off=cooling_off(policy_of(advance.project.policy)),
        openings={str(o.party_id): o.entry.at for o in advance.openings.all()},
        approvals=[
            Approval(str(a.party_id), a.version, a.amount, a.condition, a.completes)
            for a in advance.approvals.all()
        ],
        is_declined=hasattr(advance, "decline"),
        is_withdrawn=hasattr(advance, "withdrawal"),
        is_signed_off=advance.milestone.state == Milestone.State.SIGNED_OFF,
        is_terminated=advance.project.ending.terminated,
        left=left,
        changes_since=advance.changes_since,
    )


@dataclass(frozen=True)
class CatchUp:
    """What was promised for a paid advance, and how it stands.

    `signed_on` is the day on which its milestone was signed off; `days_over` how late that was, or is by now.
    """

    state: Promise
    by: date
    signed_on: date | None
    days_over: int


def catch_up_of(advance: AdvanceWithFacts, on: date) -> CatchUp | None:
    """The promise of an advance as it stands on a day; None where there is none."""
    stage, by, signed_on = advance.milestone, advance.catch_up_on, None
    if stage.state == Milestone.State.SIGNED_OFF:
        signed_on = stage.sign_off.entry.at.astimezone(ZoneInfo(advance.project.time_zone)).date()
    state = promise_of(offer_of(advance), by, signed_on, on)
    return CatchUp(state, by, signed_on, max(0, ((signed_on or on) - by).days)) if state else None


def open_advance_among(advances: Iterable[AdvanceWithFacts], at: datetime) -> AdvanceWithFacts | None:
    """The one request that keeps others from being asked."""
    return next((advance for advance in advances if offer_of(advance).state(at) in OPEN), None)


def room_for(advance: Advance, ledger: Ledger) -> Room:
    """What bounds an advance now: the room of its line, the exposure, and the cap on it."""
    line = ledger.line(str(advance.milestone_id))
    paid = sum((line.paid for line in ledger.lines), ledger.unheld)
    return Room(
        line=line.room if line else ZERO,
        exposure=paid - ledger.contract.earned,
        cap=advance_cap(ledger.contract.total, policy_of(advance.project.policy)),
    )
