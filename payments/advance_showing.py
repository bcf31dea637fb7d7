"""A request for an advance as pages show it: its effect, the time to think, and how earlier ones went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from milestones.models import Milestone
from milestones.queries import MilestoneWithFacts
from payments.actions import (
    approve_advance,
    ask_for_advance,
    decline_advance,
    open_advance,
    pay_advance,
    withdraw_advance,
)
from payments.advances import AdvanceWithFacts, CatchUp, catch_up_of, offer_of
from payments.effect import Effect, effect_of_paying, effect_of_signing_first
from payments.queries import Ledger
from payments.rules import UNPAID, AdvanceState, Exposure, Line, Offer
from projects import clock
from projects.models import Party, Project
from projects.money import ZERO
from projects.page_kit import may_do
from projects.wording import clock_text, day_text, money_text


def once_paid(exposure: Decimal, amount: Decimal, currency: str) -> str:
    """What paying `amount` now would make of the exposure, in a sentence."""
    words = {"before": money_text(exposure, currency), "after": money_text(exposure + amount, currency)}
    if exposure + amount <= ZERO:
        return _("Once paid, verified work would still cover all that was paid.")
    if exposure <= ZERO:
        return _("Once paid, money would be %(after)s ahead of the work.") % words
    return _("Once paid, money would be %(after)s ahead of the work, instead of %(before)s today.") % words


def time_to_think(offer: Offer, at: datetime) -> str:
    """How it stands, in a few words; none while somebody who signs has not opened the request."""
    if offer.decide_after is None:
        return ""
    if at >= offer.decide_after:
        return _("The time to think is over")
    until = f"{day_text(offer.decide_after)}, {clock_text(offer.decide_after)}"
    return _("Time to think until %(moment)s") % {"moment": until}


@dataclass(frozen=True)
class Scenarios:
    """The figures today, when it is paid now, and when a milestone that waits is decided first.

    `line` is that of the advance.
    """

    today: Exposure
    approved: Exposure
    first: MilestoneWithFacts | None
    after_first: Exposure | None
    line: Line


def scenarios_of(
    project: Project,
    ledger: Ledger,
    stages: Sequence[MilestoneWithFacts],
    advance: AdvanceWithFacts,
    on: date,
) -> Scenarios:
    """What paying the terms in force would do now, or after the milestone that waits for its signatures."""
    name, amount = str(advance.milestone_id), offer_of(advance).amount
    effect: Effect = effect_of_paying(project, ledger, name, amount, on)
    first = next((stage for stage in stages if stage.state == Milestone.State.SUBMITTED), None)
    return Scenarios(
        today=effect.before,
        approved=effect.after,
        first=first,
        after_first=effect_of_signing_first(project, ledger, str(first.id), name, amount, on).after
        if first
        else None,
        line=effect.line,
    )


@dataclass(frozen=True)
class Earlier:
    """An earlier request: what became of it, and where it was paid, how its catch-up date went."""

    number: int
    amount: Decimal
    state: AdvanceState
    position: int
    asked_on: date
    was_paid: bool
    promise: CatchUp | None


def earlier_than(
    advance: AdvanceWithFacts, every: Sequence[AdvanceWithFacts], on: date, at: datetime
) -> list[Earlier]:
    """The requests before this one, the newest first. `every` as from `advances_of`."""
    older = [other for other in every if other.entry.seq < advance.entry.seq]
    return [_earlier(other, len(older) - n, on, at) for n, other in enumerate(older)]


def _earlier(advance: AdvanceWithFacts, number: int, on: date, at: datetime) -> Earlier:
    zone = ZoneInfo(advance.project.time_zone)
    return Earlier(
        number=number,
        amount=offer_of(advance).amount,
        state=offer_of(advance).state(at),
        position=advance.milestone.position,
        asked_on=advance.entry.at.astimezone(zone).date(),
        was_paid=advance.paid is not None,
        promise=catch_up_of(advance, on),
    )


@dataclass(frozen=True)
class Decision:
    """What the reader may do about a request now, and how the time to think stands.

    `elapsed` is the percent of it that has passed. `unopened`, `awaited`: the people whose part is missing.
    """

    state: AdvanceState
    offer: Offer
    unopened: list[Party]
    awaited: list[Party]
    approved: list[Party]
    elapsed: Decimal
    is_too_late: bool
    may_decide: bool
    may_open: bool
    may_approve: bool
    may_decline: bool
    may_pay: bool
    may_withdraw: bool

    @property
    def hours(self) -> int:
        """How long the time to think is, in whole hours."""
        return int(self.offer.cooling_off.total_seconds() // 3600)

    @property
    def chip(self) -> str:
        return f"advance_{self.state}"


def decision_on(advance: AdvanceWithFacts, part: Party, parties: Sequence[Party], at: datetime) -> Decision:
    """The decision panel of a reader at a moment."""
    offer = offer_of(advance)
    state = offer.state(at)
    waits, after, own = state in UNPAID, offer.decide_after, str(part.id)
    is_over = after is not None and at >= after
    may_decide = waits and may_do(part, approve_advance)

    def among(names: frozenset[str]) -> list[Party]:
        return [party for party in parties if str(party.id) in names]

    return Decision(
        state=state,
        offer=offer,
        unopened=among(offer.unopened),
        awaited=among(offer.awaited),
        approved=among(offer.approved_by & offer.signers),
        elapsed=_elapsed(offer, at),
        is_too_late=after is not None and after >= offer.lapses_at,
        may_decide=may_decide,
        may_open=may_decide and own not in offer.openings and may_do(part, open_advance),
        may_approve=may_decide and is_over and own in offer.awaited and at < offer.lapses_at,
        may_decline=waits and may_do(part, decline_advance),
        may_pay=state == AdvanceState.APPROVED and may_do(part, pay_advance),
        may_withdraw=waits and may_do(part, withdraw_advance),
    )


def _elapsed(offer: Offer, at: datetime) -> Decimal:
    if offer.decide_after is None:
        return Decimal(0)
    begun = offer.decide_after - offer.cooling_off
    return Decimal(min(100, max(0, int(100 * (at - begun) / offer.cooling_off))))


@dataclass(frozen=True)
class AdvanceRow:
    """A request in the list of the payments page."""

    advance: AdvanceWithFacts
    amount: Decimal
    state: AdvanceState
    promise: CatchUp | None

    @property
    def chip(self) -> str:
        return f"advance_{self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in UNPAID


def advance_rows(advances: Iterable[AdvanceWithFacts], on: date) -> list[AdvanceRow]:
    """The requests of a project with where they stand now, and their promises on a day."""
    now = clock.now()
    offers = [(advance, offer_of(advance)) for advance in advances]
    return [
        AdvanceRow(advance, offer.amount, offer.state(now), catch_up_of(advance, on))
        for advance, offer in offers
    ]


def may_ask(part: Party) -> bool:
    """Whether a part may ask for advances in its project now."""
    return part.project.state == Project.State.ACTIVE and may_do(part, ask_for_advance)
