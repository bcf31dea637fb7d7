"""The facts of the money, to read."""

from payments.models import (
    Advance,
    AdvanceApproval,
    AdvanceDecline,
    AdvanceOpening,
    AdvanceWithdrawal,
    Allocation,
    ChangeEnd,
    ChangeInForce,
    ChangeOrder,
    ChangeSignature,
    Confirmation,
    IndexValue,
    Payment,
    Reversal,
    ReversalAnswer,
)
from people.admin import show

show(Payment, "project", "amount", "paid_on", "method", "entry")

ADVANCES = (Advance, AdvanceOpening, AdvanceApproval, AdvanceDecline, AdvanceWithdrawal)
CHANGES = (ChangeOrder, ChangeSignature, ChangeInForce, ChangeEnd)
show(IndexValue, "project", "month", "value", "published_on", "entry")
for model in (Allocation, Confirmation, Reversal, ReversalAnswer, *ADVANCES, *CHANGES):
    show(model, "id", "project", "entry")
