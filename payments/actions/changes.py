"""Changes of the signed terms: either side proposes, both sides sign, the last signature puts it in force."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from milestones.actions.terms import write_milestone
from milestones.models import Defect, DefectEvent, DefectNow, Milestone
from milestones.rules import SIGNER_ROLES, settlement_refusal, those_who_sign_the_agreement
from payments.actions.common import refuse
from payments.changing import as_rule, paid_by_line, terms_of_change, version_of
from payments.models import ChangeEnd, ChangeInForce, ChangeOrder, ChangeSignature
from payments.queries import ledger_of
from payments.rules import Change, change_refusal, changed
from people.ids import new_id
from projects.endings import require_active
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import SIDES
from projects.queries import parties_of
from projects.refusals import Refused


@action("change_proposed", by=SIDES)
def propose_change(
    act: Act,
    *,
    title: str,
    amount: Decimal,
    reason: str = "",
    milestone: UUID | None = None,
    defect: UUID | None = None,
    version: int | None = None,
    value: Decimal | None = None,
    days: int = 0,
    criteria: Sequence[str] = (),
    signers: Sequence[str] = (),
    planned_start: date | None = None,
    planned_end: date | None = None,
) -> ChangeOrder:
    """Propose to change the price and the date of one unsigned milestone; or to settle a minor `defect` of a
    signed one by a deduction; or, without either, to add another milestone.

    The milestone's value and its payment change by the same sum, `amount`, and so does the contract total;
    `value`, where given, says the same; `version` is the one of the milestone read. Nothing changes before
    both sides have signed. Refuses project_not_active, project_suspended, project_completed,
    project_terminated, work_is_completed, unknown_milestone, unknown_defect,
    changed_since_read, milestone_is_submitted, milestone_is_closed, milestone_unsigned, defect_is_blocking,
    defect_is_verified, defect_is_settled, value_differs, criteria_missing, nobody_signs, nothing_to_change,
    no_deduction, bad_change, below_zero, no_date_to_move, ends_before_start, contract_without_price,
    change_below_paid.
    """
    assert act.party is not None
    require_active(act.project)
    if value is not None and value != amount:
        raise Refused("value_differs", field="value")
    named = _defect(act, defect, milestone) if defect else None
    order = ChangeOrder(
        party=act.party,
        by_role=act.party.role,
        kind=_kind(milestone, defect),
        milestone=named.milestone if named else _milestone(act, milestone) if milestone else None,
        defect=named,
        title=title,
        reason=reason,
        amount=amount,
        days=days,
    )
    if order.milestone and version not in {None, order.milestone.version}:
        raise Refused("changed_since_read")
    if named and days:
        raise Refused("milestone_is_closed", field="days")
    if order.milestone is None:
        if days:
            raise Refused("no_date_to_move", field="days")
        texts = [" ".join(text.split()) for text in criteria if text.strip()]
        _require_acceptance(act, texts, signers)
        order.criteria, order.signers = "\n".join(texts), list(dict.fromkeys(signers))
        order.planned_start, order.planned_end = planned_start, planned_end
    _judge(act, order)
    act.add(order)
    act.record(
        change=order.id,
        party=act.party.id,
        role=act.party.role,
        milestone=order.milestone_id,
        amount=amount,
        days=days,
        title=text_hash(title),
        reason=text_hash(reason),
        **_said_of(order),
    )
    act.later("change_proposed_mail", change=str(order.id))
    return order


@action("change_signed", on=ChangeOrder, by=SIDES, signing=True, proof=True, scope="sign")
def sign_change(act: Act, *, version: int) -> ChangeOrder:
    """Sign a change order on the terms as they were read; the last signature brings it into force.

    Then the contract total, the milestone's value, payment and date, or a new milestone at the end, change in
    one act, and a defect that it names is settled for good. Refuses project_not_active, project_suspended,
    project_completed, project_terminated, change_has_ended, changed_since_read, and where the defect or the
    terms no longer bear it milestone_is_submitted, milestone_is_closed, defect_is_verified,
    defect_is_settled, work_is_completed, below_zero, contract_without_price, change_below_paid.
    """
    order: ChangeOrder = act.target
    assert act.party is not None
    _require_open(order)
    require_active(act.project)
    if version != version_of(order):
        raise Refused("changed_since_read")
    if order.defect:
        _require_settleable(order.defect)
    elif order.milestone:
        _require_unsigned(order.milestone)
    change = _judge(act, order)
    signed = set(order.signatures.filter(version=version).values_list("party_id", flat=True))
    if act.party.id in signed:
        return order
    terms = terms_of_change(order, act.project, version)
    act.add(ChangeSignature(change=order, party=act.party, version=version, terms_hash=terms))
    act.record(change=order.id, party=act.party.id, role=act.party.role, version=version, terms=terms)
    act.record(amount=order.amount, days=order.days, **_said_of(order))
    everybody = {p.id for p in those_who_sign_the_agreement(parties_of(act.project))}
    if everybody <= signed | {act.party.id}:
        act.kind = "defect_settled" if order.defect else "change_in_force"
        _put_in_force(act, order, change, version)
        act.later("change_in_force_mail", change=str(order.id))
    else:
        act.later("change_signed_mail", change=str(order.id), party=str(act.party.id))
    return order


@action("change_declined", on=ChangeOrder, by=SIDES, scope="sign")
def decline_change(act: Act, *, reason: str = "") -> ChangeOrder:
    """Decline a change order that waits; who proposed it takes it back so. The terms stay as they are.

    Who declines another's must be one who signs. Refuses change_has_ended, not_a_signer.
    """
    order: ChangeOrder = act.target
    assert act.party is not None
    _require_open(order)
    is_own = order.party_id == act.party.id
    if not is_own and not act.party.may_sign:
        raise Refused("not_a_signer")
    why = ChangeEnd.Why.WITHDRAWN if is_own else ChangeEnd.Why.DECLINED
    act.add(ChangeEnd(change=order, party=act.party, why=why, reason=reason))
    if is_own:
        act.kind = "change_withdrawn"
    act.record(
        change=order.id,
        party=act.party.id,
        role=act.party.role,
        amount=order.amount,
        days=order.days,
        reason=text_hash(reason),
    )
    act.later("change_ended_mail", change=str(order.id))
    return order


def _require_open(order: ChangeOrder) -> None:
    if hasattr(order, "end") or hasattr(order, "force"):
        raise Refused("change_has_ended")


def _milestone(act: Act, milestone_id: UUID) -> Milestone:
    found = Milestone.objects.filter(project=act.project, pk=milestone_id).first()
    if found is None:
        raise Refused("unknown_milestone", field="milestone")
    _require_unsigned(found)
    return found


def _defect(act: Act, defect_id: UUID, milestone_id: UUID | None) -> Defect:
    """The defect to be settled; of this milestone, where one is named beside it."""
    defects = Defect.objects.filter(project=act.project, pk=defect_id).select_related("milestone")
    found = defects.first()
    if found is None or milestone_id not in {None, found.milestone_id}:
        raise Refused("unknown_defect", field="defect")
    _require_settleable(found)
    return found


def _kind(milestone: UUID | None, defect: UUID | None) -> str:
    if defect:
        return ChangeOrder.Kind.SETTLE_DEFECT
    return ChangeOrder.Kind.CHANGE_MILESTONE if milestone else ChangeOrder.Kind.ADD_MILESTONE


def _said_of(order: ChangeOrder) -> dict[str, Any]:
    """The defect that a change settles, for the journal."""
    return {"defect": order.defect_id, "number": order.defect.number} if order.defect else {}


def _require_settleable(defect: Defect) -> None:
    state = DefectNow.objects.values_list("state", flat=True).get(defect=defect)
    if refusal := settlement_refusal(defect, state):
        raise Refused(refusal, field="defect")


def _require_unsigned(milestone: Milestone) -> None:
    """A round of decisions is about terms that stand still; and a signed milestone is closed for good."""
    if milestone.state == Milestone.State.SUBMITTED:
        raise Refused("milestone_is_submitted")
    if milestone.state == Milestone.State.SIGNED_OFF:
        raise Refused("milestone_is_closed")


def _require_acceptance(act: Act, criteria: Sequence[str], signers: Sequence[str]) -> None:
    """A new milestone says when it is done, and who signs it off: roles that somebody signs as."""
    if not criteria:
        raise Refused("criteria_missing", field="criteria")
    present = {p.role for p in parties_of(act.project) if p.may_sign}
    if not signers or set(signers) - (present & SIGNER_ROLES):
        raise Refused("nobody_signs", field="signers")


def _judge(act: Act, order: ChangeOrder) -> Change:
    """The change, which the terms bear as they stand now."""
    change, ledger = as_rule(order), ledger_of(act.project)
    if refusal := change_refusal(ledger.contract, paid_by_line(ledger), change):
        raise refuse(refusal)
    return change


def _put_in_force(act: Act, order: ChangeOrder, change: Change, version: int) -> None:
    """Contract total, milestone and sums, all together; the fact first, since the guards ask for it."""
    milestone_id = order.milestone_id or new_id()
    after = changed(ledger_of(act.project).contract, replace(change, milestone=str(milestone_id)))
    term = next(term for term in after.terms if term.milestone == str(milestone_id))
    terms = {"value": term.value, "amount": term.amount, "agreed_end": term.end}
    act.add(
        ChangeInForce(
            change=order, milestone_id=milestone_id, version=version, contract_total=after.total, **terms
        )
    )
    act.change(act.project, contract_total=after.total)
    if order.defect and order.milestone:  # its version stays the one that was signed off
        act.add(DefectEvent(defect=order.defect, kind=DefectEvent.Kind.SETTLED))
        act.change(order.milestone, **terms)
    elif order.milestone:
        act.change(order.milestone, version=order.milestone.version + 1, **terms)
    else:
        write_milestone(
            act,
            term.position,
            order.criteria.split("\n"),
            id=milestone_id,
            title=order.title,
            signers=order.signers,
            planned_start=order.planned_start,
            planned_end=order.planned_end,
            **terms,
        )
    act.record(milestone=milestone_id, contract_total=after.total, value=term.value, agreed_end=term.end)
