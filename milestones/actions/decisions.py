"""The signers' acts: approve a submission, or return it with what is unmet."""

from collections.abc import Sequence
from uuid import UUID

from milestones.models import Decision, Milestone, Submission
from milestones.queries import awaited_roles, current_round
from milestones.rules import SIGNER_ROLES
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.queries import parties_of
from projects.refusals import Refused


@action("milestone_approved", on=Milestone, by=SIGNER_ROLES, signing=True, proof=True, scope="sign")
def approve_milestone(act: Act, *, version: int, note: str = "") -> Decision:
    """Approve the submission of this version; the last required approval signs the milestone off.

    Refuses not_your_role, milestone_not_submitted, milestone_is_closed, changed_since_read, decided_already.
    """
    submission = _round_to_decide(act, version)
    milestone: Milestone = act.target
    decision = act.add(_decision(act, submission, approves=True, note=note))
    missing = awaited_roles(milestone, _as_it_stands(submission), parties_of(act.project))
    if not missing:
        act.change(milestone, state=Milestone.State.SIGNED_OFF)
        act.later("milestone_signed_mail", milestone=str(milestone.id))
    else:
        act.later("milestone_approved_mail", decision=str(decision.id))
    act.record(**_said(act, submission), note=text_hash(note), state=milestone.state)
    return decision


@action("milestone_returned", on=Milestone, by=SIGNER_ROLES, signing=True, scope="sign")
def return_milestone(act: Act, *, version: int, reason: str, unmet_criteria: Sequence[UUID] = ()) -> Decision:
    """Refuse the submission, naming at least one unmet criterion. It ends the round; approvals are void.

    Refuses as approve_milestone does, and reason_missing, nothing_unmet, unknown_criterion.
    """
    submission = _round_to_decide(act, version)
    milestone: Milestone = act.target
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if not unmet_criteria:
        raise Refused("nothing_unmet", field="unmet_criteria")
    if set(unmet_criteria) - set(milestone.criteria.values_list("id", flat=True)):
        raise Refused("unknown_criterion", field="unmet_criteria")
    unmet = sorted(set(unmet_criteria))
    decision = act.add(_decision(act, submission, approves=False, note=reason, unmet=unmet))
    act.change(milestone, state=Milestone.State.IN_PROGRESS)
    act.record(**_said(act, submission), reason=text_hash(reason), unmet=unmet, state=milestone.state)
    act.later("milestone_returned_mail", milestone=str(milestone.id))
    return decision


def _round_to_decide(act: Act, version: int) -> Submission:
    milestone: Milestone = act.target
    assert act.party is not None
    if act.party.role not in milestone.signers:
        raise Refused("not_your_role")
    if milestone.state == Milestone.State.SIGNED_OFF:
        raise Refused("milestone_is_closed")
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
