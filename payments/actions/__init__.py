"""What people do with money here: release it, record what moved, confirm, dispute, take back, set off,
pay early."""

from .advances import (
    approve_advance,
    ask_for_advance,
    decline_advance,
    open_advance,
    pay_advance,
    withdraw_advance,
)
from .changes import decline_change, propose_change, sign_change
from .disputes import dispute_payment, withdraw_dispute
from .endings import complete_project, end_defects_period, terminate_project
from .gate import record_payment, release_payment
from .index_values import tell_index_values
from .ledger import allocate_payment, confirm_payment
from .reversals import answer_reversal, reverse_payment

__all__ = [
    "allocate_payment",
    "answer_reversal",
    "approve_advance",
    "ask_for_advance",
    "complete_project",
    "confirm_payment",
    "decline_advance",
    "decline_change",
    "dispute_payment",
    "end_defects_period",
    "open_advance",
    "pay_advance",
    "propose_change",
    "record_payment",
    "release_payment",
    "reverse_payment",
    "sign_change",
    "tell_index_values",
    "terminate_project",
    "withdraw_advance",
    "withdraw_dispute",
]
