"""What engineers, supervisors and homeowners find: how far an unfinished milestone really is."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from milestones.actions.exhibits import attachments_of, require_confirmed, show
from milestones.models import Exhibit, Inspection, Milestone
from milestones.rules import SIGNER_ROLES
from projects.endings import require_active
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.refusals import Refused


@action("milestone_inspected", on=Milestone, by=SIGNER_ROLES, scope="progress")
def inspect_milestone(
    act: Act, *, percent: Decimal, note: str = "", evidence: Sequence[UUID] = ()
) -> Inspection:
    """Write down how far the work was found to be, in percent: verified progress, which counts as earned.

    It unlocks no payment; only the sign-off does. Refuses part_not_confirmed, project_not_active,
    project_suspended, project_completed, project_terminated,
    milestone_is_closed, progress_out_of_range, unknown_evidence.
    """
    milestone: Milestone = act.target
    party = require_confirmed(act)
    require_active(act.project)
    if milestone.state == Milestone.State.SIGNED_OFF:
        raise Refused("milestone_is_closed")
    if not 0 <= percent <= 100:
        raise Refused("progress_out_of_range", field="percent")
    attachments = attachments_of(act, evidence, field="evidence")
    inspection = act.add(Inspection(milestone=milestone, role=party.role, percent=percent, note=note))
    show(act, attachments, lambda attachment: Exhibit(inspection=inspection, attachment=attachment))
    act.record(
        milestone=milestone.id,
        percent=percent,
        role=party.role,
        note=text_hash(note),
        evidence=[a.sha256 for a in attachments],
    )
    return inspection
