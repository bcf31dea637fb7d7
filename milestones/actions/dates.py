"""The contractor moves the date of a milestone, or of a repair, with a reason: announced in time, or after it
had passed."""

from datetime import date

from milestones.models import Defect, DefectNow, FixDateMove, Milestone, Reschedule
from milestones.rules import moved_date_refusal, reschedule_refusal
from projects.endings import require_active
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import Project, Role
from projects.refusals import Refused


@action("date_announced", on=Milestone, by={Role.CONTRACTOR}, scope="progress")
def reschedule_milestone(act: Act, *, agreed_end: date, cause: str = "other", reason: str = "") -> Reschedule:
    """Move the agreed date of a milestone that is worked on; up to that day, that is announced in time.

    Refuses project_not_active, project_suspended, project_completed, project_terminated,
    milestone_is_submitted, milestone_is_closed, date_is_past, date_unchanged, ends_before_start,
    reason_for_date.
    """
    milestone: Milestone = act.target
    require_active(act.project)
    if refusal := reschedule_refusal(milestone, agreed_end, act.today):
        raise Refused(refusal[0], field=refusal[1])
    _require_reason(cause, reason)
    previous = milestone.agreed_end
    in_time = _is_in_time(act, previous)
    moved = act.add(
        Reschedule(
            milestone=milestone,
            previous_end=previous,
            agreed_end=agreed_end,
            in_time=in_time,
            cause=cause,
            reason=reason,
        )
    )
    act.change(milestone, agreed_end=agreed_end, version=milestone.version + 1)
    if not in_time:
        act.kind = "date_missed"
    act.record(
        milestone=milestone.id,
        previous_end=previous,
        agreed_end=agreed_end,
        cause=cause,
        reason=text_hash(reason),
        version=milestone.version,
    )
    act.later("date_moved_mail", reschedule=str(moved.id))
    return moved


@action("fix_date_announced", on=Defect, by={Role.CONTRACTOR}, scope="progress")
def reschedule_defect(act: Act, *, fix_by: date, cause: str = "other", reason: str = "") -> Defect:
    """Move the fix date of an open defect; up to that day, that is announced in time.

    Refuses project_not_active, defect_is_verified, defect_is_settled, defect_not_open, date_is_past,
    date_unchanged, reason_for_date.
    """
    defect: Defect = act.target
    if act.project.state == Project.State.DRAFT:
        raise Refused("project_not_active")
    now = DefectNow.objects.get(defect=defect)
    if now.state in DefectNow.CLOSED:
        raise Refused(f"defect_is_{now.state}")
    if now.state != DefectNow.State.OPEN:
        raise Refused("defect_not_open")
    if refusal := moved_date_refusal(now.fix_by, fix_by, act.today):
        raise Refused(refusal, field="fix_by")
    _require_reason(cause, reason)
    said = {"previous_fix_by": now.fix_by, "fix_by": fix_by, "cause": cause}
    in_time = _is_in_time(act, now.fix_by)
    moved = act.add(FixDateMove(defect=defect, in_time=in_time, reason=reason, **said))
    if not in_time:
        act.kind = "fix_date_missed"
    about = {"milestone": defect.milestone_id, "defect": defect.id, "number": defect.number}
    act.record(**about, **said, reason=text_hash(reason))
    act.later("fix_date_moved_mail", move=str(moved.id))
    return defect


def _require_reason(cause: str, reason: str) -> None:
    """Words, unless the cause says it all."""
    if cause == Reschedule.Cause.OTHER and not reason.strip():
        raise Refused("reason_for_date", field="reason")


def _is_in_time(act: Act, previous: date | None) -> bool:
    return previous is None or act.today <= previous
