"""The facts of the money, to read."""

from payments.models import Allocation, Confirmation, Payment, Reversal, ReversalAnswer
from people.admin import show

show(Payment, "project", "amount", "paid_on", "method", "entry")
for model in (Allocation, Confirmation, Reversal, ReversalAnswer):
    show(model, "id", "project", "entry")
