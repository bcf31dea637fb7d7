"""Moved money: what was released through the gate, what was recorded beside it, and where it counts."""

from .advances import Advance, AdvanceApproval, AdvanceDecline, AdvanceOpening, AdvanceWithdrawal
from .money import (
    Allocation,
    Confirmation,
    Dispute,
    DisputeWithdrawal,
    LineKind,
    Method,
    Payment,
    RetentionOpening,
    Reversal,
    ReversalAnswer,
)
from .terms import MOST_DAYS, ChangeEnd, ChangeInForce, ChangeOrder, ChangeSignature, IndexValue
from .views import EarlyPart, Ending, OpenDispute, PayableLine, Retained, Standing

__all__ = [
    "MOST_DAYS",
    "Advance",
    "AdvanceApproval",
    "AdvanceDecline",
    "AdvanceOpening",
    "AdvanceWithdrawal",
    "Allocation",
    "ChangeEnd",
    "ChangeInForce",
    "ChangeOrder",
    "ChangeSignature",
    "Confirmation",
    "Dispute",
    "DisputeWithdrawal",
    "EarlyPart",
    "Ending",
    "IndexValue",
    "LineKind",
    "Method",
    "OpenDispute",
    "PayableLine",
    "Payment",
    "Retained",
    "RetentionOpening",
    "Reversal",
    "ReversalAnswer",
    "Standing",
]
