"""An advance: where it stands, and what may be done about it at a moment. See docs/gate.md.

Version 1 of the terms is what the contractor asked. An approval on other terms (less, or on a condition)
makes the next version, and so does a change of the contract; the approvals before it no longer count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from projects.money import ZERO, is_payable_amount, percent_of
from projects.policy import Policy

from .gate import Refusal

LAPSES_AFTER = timedelta(days=7)


class AdvanceState(StrEnum):
    """Where a request stands. Open, so that no other may be asked for, are the first three."""

    ASKED = "asked"
    APPROVED = "approved"  # by everybody who signs for the homeowners, and not paid
    PAID = "paid"  # and the work has not caught up: its milestone is not signed off
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # undecided for seven days
    ENDED = "ended"  # by the sign-off, a termination, or because all of it was taken back


OPEN = {AdvanceState.ASKED, AdvanceState.APPROVED, AdvanceState.PAID}
UNPAID = {AdvanceState.ASKED, AdvanceState.APPROVED}


class Promise(StrEnum):
    """How the promise of a paid advance stands: that its milestone is signed off by the catch-up date."""

    AWAITED = "awaited"
    KEPT = "kept"
    LATE = "late"  # kept, after its day
    BROKEN = "broken"  # its day has passed


class Approval(NamedTuple):
    """A homeowner's yes to one version of the terms. `completes`: then everybody who signs had said it."""

    party: str
    version: int
    amount: Decimal
    condition: str
    completes: bool


class Room(NamedTuple):
    """What bounds an advance now, in money: the room of its line, the exposure, and the cap on it."""

    line: Decimal
    exposure: Decimal
    cap: Decimal

    @property
    def under_cap(self) -> Decimal:
        """How much more may be paid before the exposure reaches the cap."""
        return max(ZERO, self.cap - self.exposure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A request with everything that happened to it, in the journal's order.

    `signers`: the parts of the homeowners who sign and are present now. `openings`: when each part opened it.
    `left`: what is left of its payment; None while it is unpaid. `changes_since`: how many changes of the
    contract total, or of its milestone, came into force since the last approval, or since it was asked.
    """

    asked_at: datetime
    asked: Decimal
    signers: frozenset[str]
    cooling_off: timedelta
    openings: Mapping[str, datetime]
    approvals: Sequence[Approval] = ()
    is_declined: bool = False
    is_withdrawn: bool = False
    is_signed_off: bool = False
    is_terminated: bool = False
    left: Decimal | None = None
    changes_since: int = 0

    @property
    def version(self) -> int:
        return (self.approvals[-1].version if self.approvals else 1) + self.changes_since

    @property
    def is_overtaken(self) -> bool:
        """Whether the contract changed after approvals, which no longer count."""
        return bool(self.approvals and self.changes_since)

    @property
    def amount(self) -> Decimal:
        """What the terms in force would pay."""
        return self.approvals[-1].amount if self.approvals else self.asked

    @property
    def condition(self) -> str:
        return self.approvals[-1].condition if self.approvals else ""

    @property
    def approved_by(self) -> frozenset[str]:
        """The parts that approved the terms in force."""
        return frozenset(given.party for given in self.approvals if given.version == self.version)

    @property
    def awaited(self) -> frozenset[str]:
        """The parts whose approval of the terms in force is missing."""
        return self.signers - self.approved_by

    @property
    def unopened(self) -> frozenset[str]:
        """The parts that sign and have not opened the request."""
        return self.signers - self.openings.keys()

    @property
    def decide_after(self) -> datetime | None:
        """From when it may be approved; None while somebody who signs has not opened it."""
        if self.unopened or not self.signers:
            return None
        return max(self.openings[party] for party in self.signers) + self.cooling_off

    @property
    def lapses_at(self) -> datetime:
        return self.asked_at + LAPSES_AFTER

    @property
    def is_approved(self) -> bool:
        """Everybody who signs approved these terms. Leaving approves nothing: an approval completed it."""
        completed = any(given.completes for given in self.approvals if given.version == self.version)
        return completed and not self.awaited

    def state(self, at: datetime) -> AdvanceState:
        """Where it stands at a moment."""
        if self.is_withdrawn or self.is_declined:
            return AdvanceState.WITHDRAWN if self.is_withdrawn else AdvanceState.DECLINED
        if self.left == 0 or self.is_signed_off or self.is_terminated:
            return AdvanceState.ENDED
        if self.left is not None:
            return AdvanceState.PAID
        if self.is_approved:
            return AdvanceState.APPROVED
        return AdvanceState.LAPSED if at >= self.lapses_at else AdvanceState.ASKED


def promise_of(offer: Offer, by: date, signed_on: date | None, on: date) -> Promise | None:
    """How the promise to catch up by a day stands on another; the day itself still keeps it.

    None where there is none: nothing was paid, all of it came back, or the contract ended before the work.
    """
    if not offer.left:
        return None
    if signed_on:
        return Promise.KEPT if signed_on <= by else Promise.LATE
    if offer.is_terminated:
        return None
    return Promise.BROKEN if on > by else Promise.AWAITED


def advance_cap(contract_total: Decimal, policy: Policy) -> Decimal:
    """The most that money may be ahead of the work once an advance is paid."""
    return percent_of(contract_total, policy.advance_cap_percent)


def cooling_off(policy: Policy) -> timedelta:
    """The time to think; hours with two decimals are whole seconds."""
    return timedelta(seconds=int(policy.cooling_off_hours * 3600))


def answer_refusal(offer: Offer, at: datetime) -> Refusal | None:
    """Why it may no more be opened, declined or withdrawn: `advance_closed`, with its state."""
    state = offer.state(at)
    return None if state in UNPAID else Refusal("advance_closed", {"state": state.value})


def approval_refusal(
    offer: Offer, party: str, version: int, amount: Decimal, condition: str, at: datetime, room: Room
) -> Refusal | None:
    """Why a part may not approve these terms at a moment.

    `advance_closed`; `changed_since_read`: another version stands; `advance_unopened`, `cooling_off`: the
    time to think has not begun, or not ended; `bad_amount`, `more_than_asked`; `approved_already`; `no_room`,
    `advance_over_cap`.
    """
    if refusal := answer_refusal(offer, at):
        return refusal
    if at >= offer.lapses_at:
        return Refusal("advance_closed", {"state": AdvanceState.LAPSED.value})
    if version != offer.version:
        return Refusal("changed_since_read", {})
    if offer.decide_after is None:
        return Refusal("advance_unopened", {})
    if at < offer.decide_after:
        return Refusal("cooling_off", {"decide_after": offer.decide_after})
    if not is_payable_amount(amount):
        return Refusal("bad_amount", {})
    if amount > offer.asked:
        return Refusal("more_than_asked", {"asked": offer.asked})
    is_same = (amount, condition) == (offer.amount, offer.condition)
    if is_same and party in offer.approved_by and (offer.awaited or offer.is_approved):
        return Refusal("approved_already", {})
    return room_refusal(amount, room)


def payment_refusal(offer: Offer, amount: Decimal, at: datetime, room: Room) -> Refusal | None:
    """Why this much may not be paid under it at a moment.

    `advance_closed`; `advance_not_approved`; `bad_amount`, `more_than_approved`; `no_room`,
    `advance_over_cap`.
    """
    if refusal := answer_refusal(offer, at):
        return refusal
    if offer.state(at) != AdvanceState.APPROVED:
        return Refusal("advance_not_approved", {})
    if not is_payable_amount(amount):
        return Refusal("bad_amount", {})
    if amount > offer.amount:
        return Refusal("more_than_approved", {"approved": offer.amount})
    return room_refusal(amount, room)


def room_refusal(amount: Decimal, room: Room) -> Refusal | None:
    """Why an advance of this size does not fit: `no_room` on its line, or `advance_over_cap`."""
    if amount > room.line:
        return Refusal("no_room", {"room": room.line})
    if amount > room.under_cap:
        return Refusal("advance_over_cap", {"cap": room.cap, "most": room.under_cap})
    return None


def approval_of(offer: Offer, party: str, amount: Decimal, condition: str) -> Approval:
    """The approval that a part gives on these terms: of the version in force, or of a new one."""
    is_same = (amount, condition) == (offer.amount, offer.condition)
    version = offer.version if is_same else offer.version + 1
    missing = (offer.awaited if is_same else offer.signers) - {party}
    return Approval(party, version, amount, condition, completes=not missing)
