"""The end of a contract where it is about money: completion, termination, the end of the defects period."""

from collections import defaultdict
from decimal import Decimal

from milestones.models import Milestone
from payments.actions.common import said_of, write_moves
from payments.models import Payment, RetentionOpening
from payments.queries import ledger_of, retention_of
from payments.rules import moves_of_termination
from projects.endings import require_active, require_reason, turn
from projects.kernel import Act, action
from projects.models import SIDES, Project, Turn
from projects.money import ZERO
from projects.refusals import Refused, not_there


@action("project_completed", by=SIDES, signing=True, scope="sign")
def complete_project(act: Act) -> Project:
    """All the work is signed off: the project is completed, and half of the retention opens where agreed.

    Refuses work_is_missing (with the milestones that are not signed off), project_not_active,
    project_suspended, project_completed, project_terminated.
    """
    require_active(act.project)
    undone = Milestone.objects.filter(project=act.project).exclude(state=Milestone.State.SIGNED_OFF)
    if missing := list(undone.order_by("position").values_list("position", flat=True)):
        raise Refused("work_is_missing", missing=", ".join(map(str, missing)))
    opens = retention_of(act.project).opens_at_completion
    turn(act, Turn.Kind.COMPLETED, Project.State.COMPLETED)
    if opens:
        act.add(RetentionOpening(part=RetentionOpening.Part.COMPLETION, amount=opens))
    act.record(amount=opens)
    return act.project


@action("project_terminated", by=SIDES, signing=True, proof=True, scope="sign")
def terminate_project(act: Act, *, reason: str) -> Project:
    """End the contract before its work is done. It cannot be taken back.

    Lines that are not signed off are closed, and money that lies there is held against no line. Refuses
    turn_without_reason, project_not_active, project_completed, project_terminated.
    """
    if act.project.state != Project.State.SUSPENDED:
        require_active(act.project)
    reason = require_reason(reason)
    ledger = ledger_of(act.project)
    moves = moves_of_termination(ledger.contract, ledger.lines, ledger.lots)
    turn(act, Turn.Kind.TERMINATED, Project.State.TERMINATED, reason)
    by_payment = defaultdict(list)
    for name, move in moves:
        by_payment[name].append(move)
    for payment in Payment.objects.filter(pk__in=by_payment):
        write_moves(act, payment, by_payment[str(payment.pk)])
    act.record(moves=said_of(move for _, move in moves))
    return act.project


@action("retention_opened", by=())
def end_defects_period(act: Act) -> Project:
    """The system's act once the defects period is over: the rest of the retention opens, less what open
    faults will cost, and a completed project is closed. Done again, it opens what was repaired since.
    """
    if act.actor.user_id is not None:
        raise not_there()
    retention = retention_of(act.project)
    if act.project.state in {Project.State.COMPLETED, Project.State.TERMINATED, Project.State.CLOSED} and (
        retention.is_over(act.today)
    ):
        _open_the_rest(act, retention.opens_after_the_period)
    return act.project


def _open_the_rest(act: Act, opens: Decimal) -> None:
    if act.project.state == Project.State.COMPLETED:
        act.kind = "project_closed"
        turn(act, Turn.Kind.CLOSED, Project.State.CLOSED)
    if opens > ZERO:
        act.add(RetentionOpening(part=RetentionOpening.Part.PERIOD, amount=opens))
    act.record(amount=opens)
