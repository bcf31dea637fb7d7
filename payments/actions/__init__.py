"""What people do with money here: release it, record what moved, confirm, take back, set off."""

from .gate import record_payment, release_payment
from .ledger import allocate_payment, confirm_payment
from .reversals import answer_reversal, reverse_payment

__all__ = [
    "allocate_payment",
    "answer_reversal",
    "confirm_payment",
    "record_payment",
    "release_payment",
    "reverse_payment",
]
