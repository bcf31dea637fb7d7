"""A disputed payment: what has become of the dispute, who raises one and who takes it back."""

from decimal import Decimal
from enum import StrEnum


class DisputeState(StrEnum):
    """Where a dispute stands. Whatever it is, the money counts until it is reversed."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"  # by the side that raised it
    CONFIRMED = "confirmed"  # the contractor, who had disputed it, confirmed its receipt since
    REVERSED = "reversed"  # all of the payment was taken back


def dispute_state(*, is_withdrawn: bool, is_received: bool, left: Decimal) -> DisputeState:
    """What has become of a dispute. `is_received`: it is the contractor's, and receipt was confirmed since.

    `left` is what is left of its payment. An open one alone is withdrawn, and nothing is received once all of
    it was taken back, so what is asked here first came first.
    """
    if is_withdrawn:
        return DisputeState.WITHDRAWN
    if is_received:
        return DisputeState.CONFIRMED
    return DisputeState.OPEN if left else DisputeState.REVERSED


def dispute_refusal(*, left: Decimal, is_disputed: bool) -> str | None:
    """Why a payment cannot be disputed now; None when it can. One dispute at a time, whoever raised it."""
    if not left:
        return "nothing_left_to_dispute"
    return "disputed_already" if is_disputed else None


def withdrawal_refusal(*, is_own: bool, is_open: bool) -> str | None:
    """Why a part may not take a dispute back; None when it may: the side that raised it, while it is open."""
    if not is_own:
        return "not_your_dispute"
    return None if is_open else "dispute_is_over"
