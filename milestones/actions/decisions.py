"""The signers' acts: approve a submission, or return it with what is unmet or at fault."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from milestones.actions.defects import write_defect
from milestones.models import Decision, Defect, Milestone, Submission
from milestones.queries import awaited_roles, current_round, has_unverified_blocking, withheld_in
from milestones.rules import SIGNER_ROLES
from projects.endings import require_active
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import Project
from projects.money import ZERO, total_of
from projects.queries import parties_of
from projects.refusals import Refused

WithholdingRule = Callable[[Milestone, Decimal], Refused | None]

_WITHHOLDING_RULES: list[WithholdingRule] = []


def register_withholding_rule(rule: WithholdingRule) -> WithholdingRule:
    """Let an app above object to what a round would withhold in all (money), for payments unknown here."""
    _WITHHOLDING_RULES.append(rule)
    return rule


@action("milestone_approved", on=Milestone, by=SIGNER_ROLES, signing=True, proof=True, scope="sign")
def approve_milestone(
    act: Act, *, version: int, note: str = "", minor_defects: Sequence[Mapping[str, Any]] = ()
) -> Decision:
    """Approve the submission of this version; the last required approval signs the milestone off.

    Each of `minor_defects` (title; withheld, fix_by, place) may withhold an amount until its repair is
    verified. Refuses not_your_role, milestone_not_submitted, milestone_is_closed, changed_since_read,
    decided_already, project_suspended, project_terminated, blocking_defects, withheld_above_payment,
    title_missing.
    """
    submission = _round_to_decide(act, version)
    milestone: Milestone = act.target
    if has_unverified_blocking(milestone):
        raise Refused("blocking_defects")
    decision = act.add(_decision(act, submission, approves=True, note=note))
    _withhold(act, decision, submission, minor_defects)
    missing = awaited_roles(milestone, _as_it_stands(submission), parties_of(act.project))
    if not missing:
        act.change(milestone, state=Milestone.State.SIGNED_OFF)
        act.later("milestone_signed_mail", milestone=str(milestone.id))
    else:
        act.later("milestone_approved_mail", decision=str(decision.id))
    act.record(**_said(act, submission), note=text_hash(note), state=milestone.state)
    return decision


@action("milestone_returned", on=Milestone, by=SIGNER_ROLES, signing=True, scope="sign")
def return_milestone(
    act: Act,
    *,
    version: int,
    reason: str,
    unmet_criteria: Sequence[UUID] = (),
    defects: Sequence[Mapping[str, Any]] = (),
) -> Decision:
    """Refuse the submission, naming at least one unmet criterion or defect. It ends the round; approvals are
    void.

    A defect is named by title, and blocking, fix_by, place, photos where they are told. Refuses
    not_your_role, milestone_not_submitted, milestone_is_closed, changed_since_read, decided_already,
    reason_missing, nothing_unmet, unknown_criterion, title_missing, unknown_evidence.
    """
    submission = _round_to_decide(act, version)
    milestone: Milestone = act.target
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if not unmet_criteria and not defects:
        raise Refused("nothing_unmet", field="unmet_criteria")
    if set(unmet_criteria) - set(milestone.criteria.values_list("id", flat=True)):
        raise Refused("unknown_criterion", field="unmet_criteria")
    unmet = sorted(set(unmet_criteria))
    decision = act.add(_decision(act, submission, approves=False, note=reason, unmet=unmet))
    _name_defects(act, decision, defects)
    act.change(milestone, state=Milestone.State.IN_PROGRESS)
    act.record(**_said(act, submission), reason=text_hash(reason), unmet=unmet, state=milestone.state)
    act.later("milestone_returned_mail", milestone=str(milestone.id))
    return decision


def _withhold(
    act: Act, decision: Decision, submission: Submission, found: Sequence[Mapping[str, Any]]
) -> None:
    """Write the minor defects of an approval; what its round withholds in all is within the payment."""
    amounts = [defect.get("withheld", ZERO) for defect in found]
    for rule in _WITHHOLDING_RULES if any(amounts) else ():
        if refused := rule(act.target, withheld_in(submission) + total_of(amounts)):
            raise refused
    _name_defects(act, decision, found)


def _name_defects(act: Act, decision: Decision, found: Sequence[Mapping[str, Any]]) -> None:
    defects: list[Defect] = [write_defect(act, act.target, one, decision=decision) for one in found]
    if defects:
        act.record(defects=[defect.id for defect in defects])
    if withheld := total_of([defect.withheld for defect in defects]):
        act.record(withheld=withheld)


def _round_to_decide(act: Act, version: int) -> Submission:
    milestone: Milestone = act.target
    assert act.party is not None
    if act.party.role not in milestone.signers:
        raise Refused("not_your_role")
    if milestone.state == Milestone.State.SIGNED_OFF:
        raise Refused("milestone_is_closed")
    if act.project.state != Project.State.DRAFT:
        require_active(act.project)
    submission = current_round(milestone)
    if milestone.state != Milestone.State.SUBMITTED or submission is None:
        raise Refused("milestone_not_submitted")
    if version != milestone.version:
        raise Refused("changed_since_read")
    if any(d.party.user_id == act.actor.user_id for d in submission.decisions.all()):
        raise Refused("decided_already")
    return submission


def _as_it_stands(submission: Submission) -> Submission:
    """The submission with the decisions as they stand now, this act's own among them."""
    return Submission.objects.prefetch_related("decisions").get(pk=submission.pk)


def _decision(
    act: Act, submission: Submission, *, approves: bool, note: str, unmet: Sequence[UUID] = ()
) -> Decision:
    assert act.party is not None
    return Decision(
        submission=submission,
        party=act.party,
        role=act.party.role,
        approves=approves,
        version=submission.version,
        shown_hash=submission.shown_hash,
        note=note,
        unmet=list(unmet),
    )


def _said(act: Act, submission: Submission) -> dict:
    assert act.party is not None
    return {
        "milestone": act.target.id,
        "round": submission.round,
        "version": submission.version,
        "shown": submission.shown_hash,
        "party": act.party.id,
        "role": act.party.role,
    }
