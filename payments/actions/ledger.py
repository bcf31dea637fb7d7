"""What happens to recorded money later: its receipt is confirmed, and early money is set off elsewhere."""

from datetime import date
from decimal import Decimal

from payments.actions.common import refuse, require_past, said_of, write_moves
from payments.models import Confirmation, Payment
from payments.queries import is_confirmed, ledger_of, left_of, with_reversed
from payments.rules import Refusal, plan_allocate
from projects.kernel import Act, action
from projects.models import Role
from projects.money import ZERO
from projects.refusals import Refused


@action("payment_confirmed", on=Payment, by={Role.CONTRACTOR}, scope="pay")
def confirm_payment(act: Act, *, received_on: date, receipt_number: str = "") -> Confirmation:
    """The contractor confirms that the money arrived.

    Refuses confirmed_already, more_than_left (all of it was taken back), date_in_future.
    """
    payment: Payment = act.target
    if is_confirmed(payment):
        raise Refused("confirmed_already")
    if not left_of(with_reversed(Payment.objects.filter(pk=payment.pk)).get()):
        raise Refused("more_than_left", left=ZERO)
    require_past(act, received_on, "received_on")
    confirmation = act.add(
        Confirmation(payment=payment, received_on=received_on, receipt_number=receipt_number)
    )
    act.record(payment=payment.id, amount=payment.amount, received_on=received_on)
    act.later("payment_confirmed_mail", confirmation=str(confirmation.id))
    return confirmation


@action("payment_allocated", on=Payment, by={Role.HOMEOWNER}, signing=True, scope="pay")
def allocate_payment(act: Act, *, line: str, amount: Decimal) -> Payment:
    """Set early money of this payment off against a line with room. Covered money does not move.

    Refuses bad_amount, unknown_line, before_activation, nothing_to_move, more_than_early, no_room.
    """
    payment: Payment = act.target
    ledger = ledger_of(act.project)
    moves = plan_allocate(ledger.lots, ledger.lines, str(payment.id), line, amount)
    if isinstance(moves, Refusal):
        raise refuse(moves)
    write_moves(act, payment, moves)
    act.record(payment=payment.id, line=line, amount=amount, moves=said_of(moves))
    return payment
