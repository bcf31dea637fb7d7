"""A payment that a side disputes: raised with a reason, and taken back by the side that raised it.

What else ends a dispute writes nothing of its own: a full reversal, or the receipt that the contractor
confirms after all (payments.rules.disputes).
"""

from payments.models import Dispute, DisputeWithdrawal, OpenDispute, Payment
from payments.queries import left_of, with_reversed
from payments.rules import dispute_refusal, withdrawal_refusal
from projects.journal import text_hash
from projects.kernel import Act, action
from projects.models import SIDES
from projects.money import ZERO
from projects.refusals import Refused


@action("payment_disputed", on=Payment, by=SIDES, scope="pay")
def dispute_payment(act: Act, *, reason: str) -> Dispute:
    """Say that a payment did not move as it stands recorded. It counts until it is reversed.

    Refuses dispute_without_reason, disputed_already, nothing_left_to_dispute.
    """
    assert act.party is not None
    payment = with_reversed(Payment.objects.filter(pk=act.target.pk)).get()
    is_disputed = OpenDispute.objects.filter(payment=payment).exists()
    if code := dispute_refusal(left=left_of(payment), is_disputed=is_disputed):
        raise Refused(code)
    if not reason.strip():
        raise Refused("dispute_without_reason", field="reason")
    dispute = act.add(Dispute(payment=payment, by_role=act.party.role, reason=reason.strip()))
    act.record(
        payment=payment.id, dispute=dispute.id, amount=left_of(payment), reason=text_hash(dispute.reason)
    )
    act.later("payment_disputed_mail", dispute=str(dispute.id))
    return dispute


@action("dispute_withdrawn", on=Dispute, by=SIDES, scope="pay")
def withdraw_dispute(act: Act) -> DisputeWithdrawal:
    """The side that disputed a payment does so no more. Refuses not_your_dispute, dispute_is_over."""
    dispute: Dispute = act.target
    assert act.party is not None
    found = OpenDispute.objects.filter(dispute=dispute).first()
    is_own = dispute.by_role == act.party.role
    if code := withdrawal_refusal(is_own=is_own, is_open=found is not None):
        raise Refused(code)
    withdrawal = act.add(DisputeWithdrawal(dispute=dispute))
    amount = found.amount if found else ZERO
    act.record(payment=dispute.payment_id, dispute=dispute.id, amount=amount)
    act.later("dispute_withdrawn_mail", dispute=str(dispute.id))
    return withdrawal
