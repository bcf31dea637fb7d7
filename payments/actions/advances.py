"""Money before the signature: the contractor asks, who signs for the homeowners decides and pays."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from milestones.models import Milestone
from payments.actions.common import payment_by, refuse, require_past, write_moves
from payments.advances import AdvanceWithFacts, advances_of, offer_of, open_advance_among, room_for
from payments.models import (
    Advance,
    AdvanceApproval,
    AdvanceDecline,
    AdvanceOpening,
    AdvanceWithdrawal,
    Payment,
)
from payments.queries import ledger_of
from payments.rules import Refusal, answer_refusal, approval_of, approval_refusal, payment_refusal
from projects.endings import require_active
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import Role
from projects.money import is_payable_amount
from projects.refusals import Refused


@action("advance_asked", by={Role.CONTRACTOR})
def ask_for_advance(
    act: Act, *, milestone: UUID, amount: Decimal, catch_up_on: date, reason: str = ""
) -> Advance:
    """Ask for part of a milestone's payment before it is signed off. One request at a time.

    Refuses project_not_active, project_suspended, project_completed, project_terminated, unknown_line,
    milestone_signed_off, bad_amount, no_room, catch_up_past, advance_open.
    """
    require_active(act.project)
    stage = Milestone.objects.filter(project=act.project, pk=milestone).first()
    line = ledger_of(act.project).line(str(milestone))
    if stage is None or line is None:
        raise Refused("unknown_line", field="milestone")
    if stage.state == Milestone.State.SIGNED_OFF:
        raise Refused("milestone_signed_off", field="milestone")
    if not is_payable_amount(amount):
        raise Refused("bad_amount", field="amount")
    if amount > line.room:
        raise Refused("no_room", field="amount", room=line.room)
    if catch_up_on <= act.today:
        raise Refused("catch_up_past", field="catch_up_on")
    if open_advance_among(advances_of(act.project), act.at):
        raise Refused("advance_open")
    advance = act.add(Advance(milestone=stage, amount=amount, catch_up_on=catch_up_on, reason=reason))
    act.record(
        advance=advance.id,
        milestone=stage.id,
        amount=amount,
        catch_up_on=catch_up_on,
        reason=text_hash(reason),
    )
    act.later("advance_asked_mail", advance=str(advance.id))
    return advance


@action("advance_opened", on=Advance, by={Role.HOMEOWNER}, signing=True, scope="sign")
def open_advance(act: Act) -> Advance:
    """A homeowner opens the request; from the last one of those who sign the time to think runs.

    Opening it again changes nothing. Refuses advance_closed.
    """
    advance = _as_it_stands(act)
    assert act.party is not None
    if any(opening.party_id == act.party.id for opening in advance.openings.all()):
        return advance
    _require_waiting(act, advance)
    act.add(AdvanceOpening(advance=advance, party=act.party))
    act.record(advance=advance.id, milestone=advance.milestone_id)
    return advance


@action("advance_approved", on=Advance, by={Role.HOMEOWNER}, signing=True, proof=True, scope="sign")
def approve_advance(
    act: Act, *, version: int, amount: Decimal | None = None, condition: str | None = None
) -> Advance:
    """Agree to these terms; unless given, to the amount and the condition of the version that was read.

    Other terms make a new version, which the others approve as well. Refuses advance_closed,
    changed_since_read, advance_unopened, cooling_off, bad_amount, more_than_asked, approved_already, no_room,
    advance_over_cap.
    """
    advance = _as_it_stands(act)
    offer = offer_of(advance)
    assert act.party is not None
    amount = offer.amount if amount is None else amount
    condition = offer.condition if condition is None else condition.strip()
    room = room_for(advance, ledger_of(act.project))
    if refusal := approval_refusal(offer, str(act.party.id), version, amount, condition, act.at, room):
        raise refuse(refusal)
    given = approval_of(offer, str(act.party.id), amount, condition)
    act.add(
        AdvanceApproval(
            advance=advance,
            party=act.party,
            version=given.version,
            amount=amount,
            condition=condition,
            completes=given.completes,
        )
    )
    act.record(
        advance=advance.id,
        milestone=advance.milestone_id,
        amount=amount,
        version=given.version,
        condition=text_hash(condition),
        completes=given.completes,
    )
    if given.completes:
        act.later("advance_decided_mail", advance=str(advance.id))
    return advance


@action("advance_declined", on=Advance, by={Role.HOMEOWNER}, signing=True, scope="sign")
def decline_advance(act: Act, *, reason: str = "") -> Advance:
    """Do not pay early; possible at once, and as long as nothing was paid. It ends the request.

    Refuses advance_closed.
    """
    advance = _as_it_stands(act)
    assert act.party is not None
    _require_waiting(act, advance)
    act.add(AdvanceDecline(advance=advance, party=act.party, reason=reason))
    act.record(
        advance=advance.id,
        milestone=advance.milestone_id,
        amount=advance.amount,
        reason=text_hash(reason),
    )
    act.later("advance_decided_mail", advance=str(advance.id))
    return advance


@action("advance_withdrawn", on=Advance, by={Role.CONTRACTOR})
def withdraw_advance(act: Act) -> Advance:
    """The contractor takes the request back, as long as nothing was paid. Refuses advance_closed."""
    advance = _as_it_stands(act)
    _require_waiting(act, advance)
    act.add(AdvanceWithdrawal(advance=advance))
    act.record(advance=advance.id, milestone=advance.milestone_id, amount=advance.amount)
    return advance


@action("advance_paid", on=Advance, by={Role.HOMEOWNER}, signing=True, proof=True, scope="pay")
def pay_advance(act: Act, *, amount: Decimal, paid_on: date, method: str, reference: str = "") -> Payment:
    """Pay what everybody who signs approved, or less, once; the milestone's line is still locked.

    Refuses advance_closed, advance_not_approved, bad_amount, more_than_approved, no_room, advance_over_cap,
    date_in_future.
    """
    advance = _as_it_stands(act)
    room = room_for(advance, ledger_of(act.project))
    if refusal := payment_refusal(offer_of(advance), amount, act.at, room):
        raise refuse(refusal)
    require_past(act, paid_on, "paid_on")
    payment = payment_by(act, Payment.Kind.ADVANCE, amount, paid_on, method, reference, advance=advance)
    write_moves(act, payment, [(str(advance.milestone_id), amount)])
    act.record(
        advance=advance.id,
        payment=payment.id,
        milestone=advance.milestone_id,
        amount=amount,
        paid_on=paid_on,
        method=method,
    )
    act.later("payment_mail", payment=str(payment.id))
    return payment


def _as_it_stands(act: Act) -> AdvanceWithFacts:
    """The request with its answers, under the lock."""
    return advances_of(act.project).get(pk=act.target.pk)


def _require_waiting(act: Act, advance: AdvanceWithFacts) -> None:
    refusal: Refusal | None = answer_refusal(offer_of(advance), act.at)
    if refusal:
        raise refuse(refusal)
