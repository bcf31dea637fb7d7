"""The contractor's acts: log progress, submit, take a submission back."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from milestones.agreement import shown_hash
from milestones.models import Criterion, Evidence, Milestone, ProgressEntry, Submission, Withdrawal
from milestones.queries import current_round, has_open_blocking
from milestones.rules import REMINDED_AFTER, submission_refusal
from projects.business_days import business_days_after
from projects.endings import require_active
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import Attachment, Role
from projects.policy import policy_of
from projects.refusals import Refused


@action("progress_logged", on=Milestone, by={Role.CONTRACTOR}, scope="progress")
def log_progress(
    act: Act,
    *,
    percent: Decimal,
    note: str = "",
    evidence: Sequence[UUID] = (),
    criterion: UUID | None = None,
) -> ProgressEntry:
    """Report progress with photos, shown for one criterion where given. Reported percent is never money.

    Refuses project_not_active, project_suspended, project_terminated, milestone_is_submitted,
    milestone_is_closed, progress_out_of_range, unknown_criterion, unknown_evidence.
    """
    milestone: Milestone = act.target
    _require_open_for_work(act, milestone)
    if not 0 <= percent <= 100:
        raise Refused("progress_out_of_range", field="percent")
    shown_for = _criterion(milestone, criterion)
    attachments = _fresh_attachments(act, milestone, evidence)
    entry = act.add(ProgressEntry(milestone=milestone, percent=percent, note=note))
    act.add_all(
        [
            Evidence(milestone=milestone, progress=entry, criterion=shown_for, attachment=a)
            for a in attachments
        ]
    )
    values: dict = {"state": Milestone.State.IN_PROGRESS}
    if attachments:
        values["version"] = milestone.version + 1
    act.change(milestone, **values)
    act.record(
        milestone=milestone.id,
        percent=percent,
        note=text_hash(note),
        evidence=[a.sha256 for a in attachments],
        version=milestone.version,
    )
    return entry


@action("milestone_submitted", on=Milestone, by={Role.CONTRACTOR}, scope="progress")
def submit_milestone(act: Act, *, criteria_met: Collection[UUID], note: str = "") -> Submission:
    """Finished, please sign: opens a new round on a new version and closes the evidence.

    Refuses project_not_active, project_suspended, project_terminated, milestone_is_submitted,
    milestone_is_closed, criteria_unmet, unknown_criterion, evidence_missing, blocking_defects.
    """
    milestone: Milestone = act.target
    require_active(act.project)
    criteria = list(milestone.criteria.all())
    evidence = list(milestone.evidence.select_related("attachment"))
    refusal = submission_refusal(
        milestone, criteria_met, [c.id for c in criteria], bool(evidence), policy_of(act.project.policy)
    )
    if refusal:
        raise Refused(refusal[0], field=refusal[1])
    if has_open_blocking(milestone):
        raise Refused("blocking_defects")
    round_, version = milestone.round + 1, milestone.version + 1
    act.change(milestone, state=Milestone.State.SUBMITTED, round=round_, version=version)
    shown = shown_hash(milestone, criteria, evidence)
    submission = act.add(
        Submission(milestone=milestone, round=round_, version=version, shown_hash=shown, note=note)
    )
    act.record(milestone=milestone.id, round=round_, version=version, shown=shown, note=text_hash(note))
    act.later("submission_waiting_mail", submission=str(submission.id))
    for days in REMINDED_AFTER:
        due = business_days_after(act.at, days, act.project.time_zone)
        act.later("review_reminder_mail", due=due, submission=str(submission.id), days=days)
    return submission


@action("submission_withdrawn", on=Milestone, by={Role.CONTRACTOR}, scope="progress")
def withdraw_submission(act: Act) -> Milestone:
    """Take the submission back; its approvals are void and work may be logged again.

    Refuses project_not_active, project_suspended, project_terminated, milestone_not_submitted.
    """
    milestone: Milestone = act.target
    require_active(act.project)
    submission = current_round(milestone)
    if milestone.state != Milestone.State.SUBMITTED or submission is None:
        raise Refused("milestone_not_submitted")
    act.add(Withdrawal(submission=submission))
    act.change(milestone, state=Milestone.State.IN_PROGRESS, version=milestone.version + 1)
    act.record(milestone=milestone.id, round=submission.round, version=milestone.version)
    return milestone


def _require_open_for_work(act: Act, milestone: Milestone) -> None:
    require_active(act.project)
    if milestone.state == Milestone.State.SUBMITTED:
        raise Refused("milestone_is_submitted")
    if milestone.state == Milestone.State.SIGNED_OFF:
        raise Refused("milestone_is_closed")


def _criterion(milestone: Milestone, criterion_id: UUID | None) -> Criterion | None:
    if criterion_id is None:
        return None
    found = milestone.criteria.filter(pk=criterion_id).first()
    if found is None:
        raise Refused("unknown_criterion", field="criterion")
    return found


def _fresh_attachments(act: Act, milestone: Milestone, ids: Sequence[UUID]) -> list[Attachment]:
    """Files of this project that the milestone does not show yet."""
    found = list(Attachment.objects.filter(project=act.project, pk__in=ids).order_by("entry__seq", "id"))
    shown = milestone.evidence.filter(attachment__in=found).exists()
    if shown or len(found) != len(set(ids)):
        raise Refused("unknown_evidence", field="evidence")
    return found
