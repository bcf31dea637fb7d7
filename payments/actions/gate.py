"""The two ways of money: `release`, refused while locked, and `record`, never refused for being early."""

from datetime import date
from decimal import Decimal

from payments.actions.common import payment_by, refuse, require_past, said_of, write_moves
from payments.models import Payment
from payments.queries import ledger_of
from payments.rules import Refusal, plan_record, release_refusal
from projects.kernel import Act, action
from projects.models import SIDES, Project, Role
from projects.refusals import Refused


@action("payment_released", by={Role.HOMEOWNER}, signing=True, proof=True, scope="pay")
def release_payment(
    act: Act, *, line: str, amount: Decimal, paid_on: date, method: str, reference: str = ""
) -> Payment:
    """Pay what is unlocked on one line of the schedule. Nothing is written when it is refused.

    Refuses payment_locked (with what would unlock it), set_off_first, more_than_payable, unknown_line,
    bad_amount, date_in_future.
    """
    ledger = ledger_of(act.project)
    chosen = ledger.line(line)
    if chosen is None:
        raise Refused("unknown_line", field="line")
    if refusal := release_refusal(chosen, amount, ledger.unheld):
        raise refuse(refusal)
    require_past(act, paid_on, "paid_on")
    payment = payment_by(act, Payment.Kind.RELEASE, amount, paid_on, method, reference)
    write_moves(act, payment, [(line, amount)])
    act.record(payment=payment.id, amount=amount, line=line, paid_on=paid_on, method=method)
    act.later("payment_mail", payment=str(payment.id))
    return payment


@action("payment_recorded", by=SIDES, scope="pay")
def record_payment(
    act: Act,
    *,
    amount: Decimal,
    paid_on: date,
    method: str,
    reference: str = "",
    line: str | None = None,
    reason: str = "",
) -> Payment:
    """Tell of money that has already moved outside the gate. It counts at once, and is flagged if early.

    Refuses only what cannot be understood: bad_amount, unknown_line, before_activation, date_in_future.
    """
    ledger = ledger_of(act.project)
    plan = plan_record(ledger.lines, amount, line, act.project.state != Project.State.DRAFT)
    if isinstance(plan, Refusal):
        raise refuse(plan)
    require_past(act, paid_on, "paid_on")
    payment = payment_by(act, Payment.Kind.RECORD, amount, paid_on, method, reference, reason)
    write_moves(act, payment, plan.moves)
    act.record(
        payment=payment.id,
        amount=amount,
        paid_on=paid_on,
        method=method,
        line=line,
        moves=said_of(plan.moves),
        unheld=plan.unheld,
    )
    act.later("payment_mail", payment=str(payment.id))
    return payment
