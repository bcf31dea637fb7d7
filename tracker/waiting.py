"""What waits for a reader in a project: signatures, repairs, payments, receipts, work to correct."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milestones.actions import log_progress
from milestones.expecting import rows_for
from milestones.models import Defect, DefectNow, Expectation, Milestone
from milestones.queries import MilestoneWithFacts
from milestones.rounds import decisions_of, waiting_for, waits_for, was_returned
from milestones.rules import judges_repairs
from milestones.web import defect_address
from payments.actions import approve_advance, complete_project, confirm_payment, release_payment
from payments.advance_showing import once_paid, time_to_think
from payments.advances import AdvanceWithFacts, offer_of, room_for
from payments.changing import ChangeWithVersion, waits_for_signature
from payments.queries import Ledger, PaymentWithReversed, awaits_receipt, left_of, open_dispute_of
from payments.rules import AdvanceState, consent_refusal
from payments.showing import line_title
from projects import clock
from projects.actions import confirm_party
from projects.models import SIDES, Deed, Party, Project
from projects.money import ZERO
from projects.page_kit import may_do
from projects.wording import isolated, money_digits


@dataclass(frozen=True)
class Waiting:
    """A card of what waits: words, one way to act on it, and its tone (docs/design.md).

    `note`: what the act unlocks; `thinking`: how the time to think stands.
    """

    title: str
    text: str
    url: str
    action: str
    tone: str = "accent"
    note: str = ""
    thinking: str = ""


@dataclass(frozen=True)
class Facts:
    """What the reader's part is judged over; loaded once by the page."""

    part: Party
    parties: Sequence[Party]
    stages: Sequence[MilestoneWithFacts]
    ledger: Ledger
    payments: Sequence[PaymentWithReversed]
    expectations: Sequence[Expectation] = ()
    changes: Sequence[ChangeWithVersion] = ()
    advances: Sequence[AdvanceWithFacts] = ()
    deeds: Sequence[Deed] = ()


def waiting_for_reader(facts: Facts) -> list[Waiting]:
    """Everything that waits for this reader, the signatures first."""
    every = (
        _signatures,
        _advances,
        _endings,
        _repairs,
        _releases,
        _returned,
        _receipts,
        _reversals,
        _disputes,
        _changes,
        _people,
        _expectations,
    )
    return [card for cards in every for card in cards(facts)]


def _money(facts: Facts, amount: Decimal) -> str:
    return isolated(money_digits(amount, facts.part.project.currency))


def _signatures(facts: Facts) -> Iterator[Waiting]:
    for stage in facts.stages:
        if waits_for(stage, facts.part, facts.parties):
            line = facts.ledger.line(str(stage.id))
            unlocks = max(ZERO, line.room - stage.worth.withheld) if line else ZERO
            yield Waiting(
                title=_("Milestone %(number)s is ready for review") % {"number": stage.position},
                text=f"\u2068{stage.title}\u2069. {_signed_so_far(stage)}".strip(),
                url=reverse("milestone", args=[stage.id]),
                action=_("Review and decide"),
                note=_("Unlocks for payment: %(amount)s") % {"amount": _money(facts, unlocks)},
            )


def _signed_so_far(stage: Milestone) -> str:
    names = [decision.party.user.full_name for decision in decisions_of(stage) if decision.party.user]
    return _("Signed already: %(names)s.") % {"names": ", ".join(names)} if names else ""


def _advances(facts: Facts) -> Iterator[Waiting]:
    """A request that this reader has not decided on, or an approved one that may be paid."""
    if not may_do(facts.part, approve_advance):
        return
    for advance in facts.advances:
        offer, now = offer_of(advance), clock.now()
        state = offer.state(now)
        words = {"number": advance.milestone.position, "amount": _money(facts, offer.amount)}
        address = reverse("advance", args=[advance.id])
        if state == AdvanceState.ASKED and str(facts.part.id) in offer.awaited:
            exposure = room_for(advance, facts.ledger).exposure
            yield Waiting(
                title=_("%(amount)s is asked for before milestone %(number)s is signed off") % words,
                text=once_paid(exposure, offer.amount, facts.part.project.currency),
                url=address,
                action=_("Look at the request"),
                tone="warn",
                thinking=time_to_think(offer, now),
            )
        elif state == AdvanceState.APPROVED:
            yield Waiting(
                title=_("An advance of %(amount)s for milestone %(number)s was approved") % words,
                text=_("It may be paid now, once, or not at all."),
                url=address,
                action=_("Look at the request"),
                tone="warn",
            )


def _endings(facts: Facts) -> Iterator[Waiting]:
    """The next act of a project whose work is all signed off, or that has ended."""
    project, part = facts.part.project, facts.part
    if not may_do(part, complete_project):
        return
    if project.state == Project.State.ACTIVE and facts.stages:
        if all(stage.state == Milestone.State.SIGNED_OFF for stage in facts.stages):
            yield Waiting(
                title=_("All the work is signed off"),
                text=_("Complete the project; the handover follows."),
                url=reverse("complete", args=[project.id]),
                action=_("Complete the project"),
            )
    elif project.state == Project.State.COMPLETED:
        yield from _deed(facts, "handover", _("The handover protocol is to be written"))
    elif project.state == Project.State.TERMINATED:
        yield from _deed(facts, "settlement", _("A closing sum can be proposed"))


def _deed(facts: Facts, page: str, to_write: str) -> Iterator[Waiting]:
    """What both sides sign at the end: to be written, or to be signed by the reader."""
    url = reverse(page, args=[facts.part.project_id])
    deed = facts.deeds[0] if facts.deeds else None
    signatures = list(deed.signatures.all()) if deed else []
    if deed is None:
        text = _("Either side can write it; both sign the same version.")
        yield Waiting(title=to_write, text=text, url=url, action=_("To the page"))
    elif not any(s.concludes or s.party_id == facts.part.id for s in signatures):
        yield Waiting(
            title=_("%(deed)s: version %(version)s waits for your signature")
            % {"deed": deed.get_kind_display(), "version": deed.version},
            text=_("It counts when both sides have signed the same version."),
            url=url,
            action=_("Read and sign"),
        )


def _repairs(facts: Facts) -> Iterator[Waiting]:
    """Defects that are said to be fixed, for those who verify repairs."""
    fixed = Defect.objects.filter(project=facts.part.project_id, now__state=DefectNow.State.FIXED)
    for defect in fixed.select_related("milestone"):
        if judges_repairs(facts.part, defect.milestone):
            yield Waiting(
                title=_("Defect %(number)s is marked as fixed") % {"number": defect.number},
                text=f"\u2068{defect.title}\u2069",
                url=defect_address(defect),
                action=_("Review and decide"),
            )


def _releases(facts: Facts) -> Iterator[Waiting]:
    if not may_do(facts.part, release_payment):
        return
    by_id = {str(stage.id): stage for stage in facts.stages}
    for line in facts.ledger.lines:
        if line.payable:
            yield Waiting(
                title=_("%(amount)s may be paid") % {"amount": _money(facts, line.payable)},
                text=f"\u2068{line_title(line.line, by_id)}\u2069",
                url=f"{reverse('release', args=[facts.part.project_id])}?line={line.line}",
                action=_("Release the payment"),
            )


def _returned(facts: Facts) -> Iterator[Waiting]:
    """Work to correct, or to submit again since the last whose decision was missing has left."""
    if not may_do(facts.part, log_progress) or facts.part.project.state != Project.State.ACTIVE:
        return
    for stage in facts.stages:
        if stage.state == Milestone.State.SUBMITTED and not waiting_for(stage, facts.parties):
            yield Waiting(
                title=_("Milestone %(number)s is to be submitted again") % {"number": stage.position},
                text=_(
                    "Who was still to sign has left the project."
                    " Withdraw the submission, and submit it again."
                ),
                url=reverse("milestone", args=[stage.id]),
                action=_("To the milestone"),
                tone="warn",
            )
        if returned := was_returned(stage):
            yield Waiting(
                title=_("Milestone %(number)s came back for correction") % {"number": stage.position},
                text=f"\u2068{returned.note}\u2069",
                url=reverse("milestone", args=[stage.id]),
                action=_("See what is missing"),
                tone="warn",
            )


def _receipts(facts: Facts) -> Iterator[Waiting]:
    if not may_do(facts.part, confirm_payment):
        return
    for payment in facts.payments:
        if awaits_receipt(payment):
            yield Waiting(
                title=_("Did %(amount)s arrive?") % {"amount": _money(facts, left_of(payment))},
                text=_("Recorded as paid. Without your confirmation it counts as paid and unconfirmed."),
                url=reverse("confirm", args=[payment.id]),
                action=_("Confirm receipt"),
            )


def _reversals(facts: Facts) -> Iterator[Waiting]:
    if facts.part.role not in SIDES:
        return
    for payment in facts.payments:
        for reversal in payment.reversals.all():
            if (
                reversal.needs_consent
                and not hasattr(reversal, "answer")
                and not consent_refusal(is_own=payment.by_role == facts.part.role, signs=facts.part.may_sign)
            ):
                yield Waiting(
                    title=_("The other side asks to take back %(amount)s of a payment")
                    % {"amount": _money(facts, reversal.amount)},
                    text=f"{reversal.get_why_display()}. \u2068{reversal.reason}\u2069",
                    url=f"{reverse('payments', args=[payment.project_id])}#payment-{payment.id}",
                    action=_("Answer"),
                    tone="warn",
                )


def _disputes(facts: Facts) -> Iterator[Waiting]:
    if facts.part.role not in SIDES:
        return
    for payment in facts.payments:
        dispute = open_dispute_of(payment)
        if dispute and dispute.by_role != facts.part.role:
            yield Waiting(
                title=_("The other side disputes a payment of %(amount)s")
                % {"amount": _money(facts, left_of(payment))},
                text=f"\u2068{dispute.reason}\u2069",
                url=f"{reverse('payments', args=[payment.project_id])}#payment-{payment.id}",
                action=_("Answer"),
                tone="warn",
            )


def _changes(facts: Facts) -> Iterator[Waiting]:
    for order in facts.changes:
        if waits_for_signature(order, facts.part):
            amount = isolated(money_digits(order.amount, facts.part.project.currency, plus=True))
            yield Waiting(
                title=_("A change of the contract waits for your signature"),
                text=f"\u2068{order.title}\u2069, {amount}",
                url=reverse("change", args=[order.pk]),
                action=_("See the change"),
            )


def _people(facts: Facts) -> Iterator[Waiting]:
    if not may_do(facts.part, confirm_party):
        return
    for party in facts.parties:
        if not party.confirmed and not party.left_at and not party.declined_at:
            name = party.user.full_name if party.user else party.invited_email
            yield Waiting(
                title=_("The contractor brought someone who will sign"),
                text=f"\u2068{name}\u2069, {party.get_role_display()}",
                url=reverse("people", args=[party.project_id]),
                action=_("Review and confirm"),
            )


def _expectations(facts: Facts) -> Iterator[Waiting]:
    """What the contractor has to answer, and the homeowners to decide on, or to judge."""
    part, rows = facts.part, rows_for(facts.part, facts.expectations)
    states = Expectation.State
    unanswered = sum(row.may_confirm and row.expectation.state == states.OPEN for row in rows)
    cards = (
        (unanswered, _("Expectations wait for your answer"), _("Read and answer")),
        (
            sum(row.may_accept for row in rows),
            _("The contractor answered an expectation"),
            _("Read and decide"),
        ),
        (sum(row.may_judge for row in rows), _("Say whether what you expected was met"), _("Say it")),
    )
    for count, title, action in cards:
        if count:
            yield Waiting(
                title=title,
                text=ngettext("One expectation", "%(n)s expectations", count) % {"n": count},
                url=reverse("expectations", args=[part.project_id]),
                action=action,
            )
