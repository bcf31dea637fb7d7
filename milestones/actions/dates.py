"""The contractor moves the date of a milestone, with a reason: announced in time, or after it had passed."""

from datetime import date

from milestones.models import Milestone, Reschedule
from milestones.rules import reschedule_refusal
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import Project, Role
from projects.refusals import Refused


@action("date_announced", on=Milestone, by={Role.CONTRACTOR}, scope="progress")
def reschedule_milestone(act: Act, *, agreed_end: date, cause: str = "other", reason: str = "") -> Reschedule:
    """Move the agreed date of a milestone that is worked on; up to that day, that is announced in time.

    Refuses project_not_active, milestone_is_submitted, milestone_is_closed, date_is_past, date_unchanged,
    ends_before_start, reason_for_date.
    """
    milestone: Milestone = act.target
    if act.project.state != Project.State.ACTIVE:
        raise Refused("project_not_active")
    if refusal := reschedule_refusal(milestone, agreed_end, act.today):
        raise Refused(refusal[0], field=refusal[1])
    if cause == Reschedule.Cause.OTHER and not reason.strip():
        raise Refused("reason_for_date", field="reason")
    previous = milestone.agreed_end
    in_time = previous is None or act.today <= previous
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
