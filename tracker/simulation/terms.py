"""Further stories, about the terms of money: faults, inspections, changes, advances, disputes, endings."""

from datetime import timedelta
from decimal import Decimal

from milestones.actions import (
    approve_milestone,
    fix_defect,
    inspect_milestone,
    log_progress,
    report_defect,
    reschedule_milestone,
    submit_milestone,
    verify_defect,
)
from milestones.models import Defect, Milestone
from payments.actions import (
    approve_advance,
    ask_for_advance,
    complete_project,
    dispute_payment,
    end_defects_period,
    open_advance,
    pay_advance,
    propose_change,
    record_payment,
    sign_change,
    terminate_project,
)
from payments.changing import version_of
from payments.models import Advance, ChangeOrder
from projects.endings import (
    propose_closing_sum,
    propose_handover,
    sign_closing_sum,
    sign_handover,
    suspend_project,
)
from tracker.simulation.stories import (
    BEGUN,
    WORKED,
    Chapter,
    Teller,
    in_progress,
    paid_early,
    released,
    signed_off,
)

BOTH = ("contractor", "homeowner")


def _inspected(t: Teller) -> None:
    """The homeowner finds less than was reported."""
    t.tell(log_progress, "contractor", t.stage(1).id, percent=Decimal(95), note="כמעט הכול בוצע")
    percent = Decimal(t.chance.randrange(40, 75, 5))
    t.tell(inspect_milestone, "homeowner", t.stage(1).id, percent=percent, note="נספר במקום")


def _faulty(t: Teller) -> None:
    fault = {"title": "סדק ליד החלון", "place": "קומה א׳", "fix_by": t.today + timedelta(days=9)}
    cost = Decimal(t.chance.randrange(1, 9) * 500)
    t.tell(report_defect, "homeowner", t.stage(1).id, blocking=True, estimated_cost=cost, **fault)


def _repaired(t: Teller) -> None:
    t.tell(fix_defect, "contractor", Defect.objects.get(project=t.project).id, note="נסתם ונצבע")


def _verified(t: Teller) -> None:
    t.tell(verify_defect, "homeowner", Defect.objects.get(project=t.project).id)


def _withheld(t: Teller) -> None:
    """The first stage is signed off with a small fault, for which a little is kept."""
    stage = t.stage(1)
    small = {"title": "שריטה באריח", "withheld": Decimal(300), "fix_by": t.today + timedelta(days=14)}
    t.tell(approve_milestone, "homeowner", stage.id, version=stage.version, minor_defects=[small])


def _moved(t: Teller) -> None:
    stage = t.stage(2)
    assert stage.planned_end is not None
    moved = {"agreed_end": stage.planned_end + timedelta(days=12), "cause": "supply"}
    t.tell(reschedule_milestone, "contractor", stage.id, **moved)


def _proposed(t: Teller) -> None:
    amount = Decimal(t.chance.choice([-2, 3, 4]) * 1_000)
    change = {"title": "חלון גדול בסלון", "reason": "עוד אור", "milestone": t.stage(3).id, "amount": amount}
    t.tell(propose_change, "contractor", t.project.id, **change)


def _changed(t: Teller) -> None:
    order = ChangeOrder.objects.get(project=t.project)
    for who in BOTH:
        t.tell(sign_change, who, order.id, version=version_of(order))


def _asked(t: Teller) -> None:
    stage = t.stage(2)
    amount = min(stage.amount / 3, t.project.contract_total / 12).quantize(Decimal(1))
    asked = {"milestone": stage.id, "amount": amount, "catch_up_on": t.today + timedelta(days=30)}
    t.tell(ask_for_advance, "contractor", t.project.id, reason="הספק מבקש תשלום מראש", **asked)


def _thought_over(t: Teller) -> None:
    advance = Advance.objects.get(project=t.project)
    t.tell(open_advance, "homeowner", advance.id)
    t.wait(hours=48)
    t.tell(approve_advance, "homeowner", advance.id, version=1)


def _advanced(t: Teller) -> None:
    advance = Advance.objects.get(project=t.project)
    t.tell(pay_advance, "homeowner", advance.id, amount=advance.amount, **t.paid)


def _widened(t: Teller) -> None:
    """Three payments for work that is not done, each a few days after the one before."""
    for position in (2, 3, 2):
        t.wait(days=3)
        early = {"line": str(t.stage(position).id), "amount": Decimal(4_000), "reason": "קושי תזרימי"}
        t.payment = t.tell(record_payment, "homeowner", t.project.id, **early, **t.paid)


def _disputed(t: Teller) -> None:
    t.tell(dispute_payment, "contractor", t.payment.id, reason="הסכום לא הגיע")


def _finished(t: Teller) -> None:
    """Every stage is signed off and paid."""
    for stage in Milestone.objects.filter(project=t.project).exclude(state=Milestone.State.SIGNED_OFF):
        t.tell(log_progress, "contractor", stage.id, percent=Decimal(100), note="הושלם")
        t.tell(submit_milestone, "contractor", stage.id, criteria_met=[c.id for c in stage.criteria.all()])
        signed_off(t, stage.position)
    released(t)


def _completed(t: Teller) -> None:
    t.tell(complete_project, "contractor", t.project.id)


def _handed_over(t: Teller) -> None:
    handover = {"day": t.today, "text": "שני מפתחות לדלת הכניסה"}
    t.tell(propose_handover, "contractor", t.project.id, **handover)
    for who in BOTH:
        t.tell(sign_handover, who, t.project.id, version=1)


def _closed(t: Teller) -> None:
    t.wait(days=32)
    t.tell(end_defects_period, "system", t.project.id)


def _suspended(t: Teller) -> None:
    t.tell(suspend_project, "homeowner", t.project.id, reason="עיכוב בהיתר")


def _terminated(t: Teller) -> None:
    t.tell(terminate_project, "homeowner", t.project.id, reason="איש לא בא לאתר")


def _settled(t: Teller) -> None:
    closing = {"amount": Decimal(t.chance.randrange(5, 30) * 1_000), "text": "מחצית השלב השני בוצעה"}
    t.tell(propose_closing_sum, "contractor", t.project.id, **closing)
    for who in BOTH:
        t.tell(sign_closing_sum, who, t.project.id, version=1)


LEFT = (*WORKED, signed_off, _terminated)
ENDED = (*BEGUN, _finished, _completed)
STORIES: dict[str, tuple[Chapter, ...]] = {
    "inspected": (*BEGUN, in_progress, _inspected),
    "faulty": (*BEGUN, in_progress, _faulty),
    "repaired": (*BEGUN, in_progress, _faulty, _repaired),
    "verified": (*BEGUN, in_progress, _faulty, _repaired, _verified),
    "withheld": (*WORKED, _withheld, released),
    "found_later": (*WORKED, signed_off, released, _faulty),
    "moved": (*BEGUN, _moved),
    "proposed": (*BEGUN, in_progress, _proposed),
    "changed": (*BEGUN, in_progress, _proposed, _changed),
    "asked": (*BEGUN, in_progress, _asked),
    "approved": (*BEGUN, in_progress, _asked, _thought_over),
    "advanced": (*BEGUN, in_progress, _asked, _thought_over, _advanced),
    "widening": (*BEGUN, in_progress, _widened),
    "disputed": (*BEGUN, in_progress, paid_early, _disputed),
    "suspended": (*WORKED, signed_off, _suspended),
    "completed": ENDED,
    "handed_over": (*ENDED, _handed_over),
    "closed": (*ENDED, _handed_over, _closed),
    "terminated": LEFT,
    "settled": (*LEFT, _settled),
}
