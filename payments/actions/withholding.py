"""What the payments ask of an approval that withholds money."""

from decimal import Decimal

from milestones.actions import register_withholding_rule
from milestones.models import Milestone
from payments.queries import ledger_of
from projects.refusals import Refused


@register_withholding_rule
def withheld_is_within_the_payment(milestone: Milestone, withheld: Decimal) -> Refused | None:
    """What a round withholds in all is at most what is still unpaid of the line; beyond it there is no money
    to keep back, only a defect with an estimated cost."""
    line = ledger_of(milestone.project).line(str(milestone.pk))
    if line is not None and withheld > line.room:
        return Refused("withheld_above_payment", field="minor_defects", room=line.room)
    return None
