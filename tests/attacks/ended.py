"""What has ended, or stands still, in the world of the attacks: a shed, a hut, a fence, and another."""

from decimal import Decimal
from typing import Any

from milestones.actions import log_progress, report_defect
from milestones.models import Submission
from payments.actions import complete_project, record_payment, terminate_project
from projects.endings import (
    propose_closing_sum,
    propose_handover,
    sign_closing_sum,
    sign_handover,
    suspend_project,
)
from projects.models import Project
from tests.cast import TODAY, Cast, acting, active, photo, signed_off, stage, submitted

SHED = [{"title": "Shed", "value": "1000.00", "amount": "1000.00", "signers": ["homeowner"]}]

FENCE = [
    {"title": "Posts", "value": "400.00", "amount": "400.00", "signers": ["homeowner"]},
    {"title": "Boards", "value": "600.00", "amount": "600.00", "signers": ["homeowner"]},
]


def endings(people: Cast) -> dict[str, Any]:
    """A completed project and a terminated one, each with a deed that Alon alone signed; one suspended."""
    alon, small = acting(people.alon), {"contract_total": Decimal(1000), "deposit": Decimal(0)}
    shed, hut, halted = (active(people, stages, **small) for stages in (SHED, SHED, FENCE))
    fence = active(people, FENCE, policy={"defects_period_months": "0"}, **small)
    signed_off(people, stage(hut, 1))
    signed_off(people, stage(shed, 1))
    posts = signed_off(people, stage(fence, 1))
    report_defect(acting(people.noa), posts.id, title="Crack", estimated_cost=Decimal(5))
    complete_project(alon, shed.id)
    protocol = propose_handover(alon, shed.id, day=TODAY(), text="Two keys")
    sign_handover(alon, shed.id, version=1)
    early = {"amount": Decimal(50), "paid_on": TODAY(), "method": "bank_transfer"}
    record_payment(acting(people.noa), fence.id, line=str(stage(fence, 2).id), **early)
    terminate_project(alon, fence.id, reason="We cannot go on")
    closing = propose_closing_sum(alon, fence.id, amount=Decimal(300), text="Half of the boards")
    sign_closing_sum(alon, fence.id, version=1)
    waiting, begun = submitted(people, stage(halted, 1)), stage(halted, 2)
    log_progress(alon, begun.id, percent=Decimal(10), evidence=[photo(people, halted, "ef" * 32).id])
    suspend_project(acting(people.noa), halted.id, reason="It rains in")
    return {
        "finished": Project.objects.get(pk=shed.pk),
        "unopened": Project.objects.get(pk=hut.pk),
        "halted": Project.objects.get(pk=halted.pk),
        "halted_round": Submission.objects.get(milestone=waiting),
        "ended": Project.objects.get(pk=fence.pk),
        "protocol": protocol,
        "closing": closing,
    }
