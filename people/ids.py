"""Ids: UUID version 7, so that neighbours in time are neighbours in the index. Nothing orders by them."""

import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of milliseconds, the rest random."""
    milliseconds = time.time_ns() // 1_000_000
    value = (
        (milliseconds << 80)
        | (0x7 << 76)
        | (secrets.randbits(12) << 64)
        | (0b10 << 62)
        | secrets.randbits(62)
    )
    return uuid.UUID(int=value)
