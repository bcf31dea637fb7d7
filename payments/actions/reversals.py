"""A payment taken back: at once by who recorded it, or with the other side's consent once confirmed."""

from decimal import Decimal

from payments.actions.common import refuse, said_of, write_moves
from payments.models import Payment, Reversal, ReversalAnswer
from payments.queries import is_confirmed, ledger_of, pending_reversals
from payments.rules import Refusal, consent_refusal, plan_reverse, reversal_refusal
from projects.kernel import Act, action
from projects.models import SIDES
from projects.refusals import Refused


@action("reversal_asked", on=Payment, by=SIDES, scope="pay")
def reverse_payment(act: Act, *, amount: Decimal, why: str, reason: str = "") -> Reversal:
    """Take back a payment, or part of it. Once its receipt is confirmed it waits for the other side.

    A release or an advance is taken back by who may release. Refuses not_your_payment, not_a_signer,
    reversal_waits, more_than_left, bad_amount.
    """
    payment: Payment = act.target
    assert act.party is not None
    if code := reversal_refusal(
        is_own=payment.by_role == act.party.role,
        is_release=payment.kind != Payment.Kind.RECORD,
        signs=act.party.may_sign,
    ):
        raise Refused(code)
    if pending_reversals().filter(payment=payment).exists():
        raise Refused("reversal_waits")
    moves = _planned(act, payment, amount)
    needs_consent = is_confirmed(payment)
    reversal = act.add(
        Reversal(payment=payment, amount=amount, why=why, reason=reason, needs_consent=needs_consent)
    )
    act.record(payment=payment.id, reversal=reversal.id, amount=amount, why=why)
    if needs_consent:
        act.later("reversal_mail", reversal=str(reversal.id))
    else:
        act.kind = "payment_reversed"
        write_moves(act, payment, moves)
        act.record(moves=said_of(moves))
        act.later("payment_reversed_mail", reversal=str(reversal.id))
    return reversal


@action("reversal_declined", on=Reversal, by=SIDES, scope="pay")
def answer_reversal(act: Act, *, consents: bool) -> ReversalAnswer:
    """The other side consents to a reversal, which is then in force, or declines it.

    Only who signs for a side consents for it. Who asked may take the question back by declining it. Refuses
    answered_already, not_yours_to_consent, not_a_signer, more_than_left.
    """
    reversal: Reversal = act.target
    assert act.party is not None
    if not pending_reversals().filter(pk=reversal.pk).exists():
        raise Refused("answered_already")
    is_own = act.party.role == reversal.payment.by_role
    if consents and (code := consent_refusal(is_own=is_own, signs=act.party.may_sign)):
        raise Refused(code)
    moves = _planned(act, reversal.payment, reversal.amount) if consents else []
    answer = act.add(ReversalAnswer(reversal=reversal, consents=consents))
    act.record(payment=reversal.payment_id, reversal=reversal.id, amount=reversal.amount)
    if consents:
        act.kind = "payment_reversed"
        write_moves(act, reversal.payment, moves)
        act.record(why=reversal.why, moves=said_of(moves))
        act.later("payment_reversed_mail", reversal=str(reversal.id))
    return answer


def _planned(act: Act, payment: Payment, amount: Decimal) -> list[tuple[str, Decimal]]:
    moves = plan_reverse(ledger_of(act.project).lots, str(payment.id), amount)
    if isinstance(moves, Refusal):
        raise refuse(moves)
    return list(moves)
