"""Obligations: what an act promises to be done later, written in the act's own transaction.

The relay reserves due rows and hints the broker; a worker does each under a locked row with `done_at`.
A lost hint only costs the time until the reservation runs out (docs/outbox.md).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from projects import clock
from projects.models import Obligation

CHANNEL = "obligations"
RESERVED_FOR = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)

Handler = Callable[[Obligation], None]
_HANDLERS: dict[str, Handler] = {}


def obligation(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that fulfils a kind. It runs in a transaction with the row locked."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        return handler

    return register


def owe(kind: str, project_id: UUID | None = None, **payload: Any) -> Obligation:
    """Write an obligation; due now. Must be called inside the transaction of what it follows from."""
    if not connection.in_atomic_block:
        raise RuntimeError("an obligation belongs to a transaction")
    row = Obligation.objects.create(kind=kind, project_id=project_id, payload=payload, next_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
    return row


def reserve_due(most: int = 100) -> list[UUID]:
    """Reserve due rows for a while and return their ids; another relay skips them."""
    with transaction.atomic(durable=True):
        rows = list(
            Obligation.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, next_at__lte=clock.now())
            .order_by("next_at")[:most]
        )
        for row in rows:
            row.next_at = clock.now() + min(RESERVED_FOR * 2 ** min(row.attempts, 10), LONGEST_WAIT)
            row.attempts = F("attempts") + 1
        Obligation.objects.bulk_update(rows, ["next_at", "attempts"])
    return [row.id for row in rows]


def fulfil(obligation_id: UUID) -> bool:
    """Do what a row owes, once: False when it is done already or another worker is at it."""
    with transaction.atomic(durable=True):
        row = (
            Obligation.objects.select_for_update(skip_locked=True)
            .filter(pk=obligation_id, done_at=None)
            .first()
        )
        if row is None:
            return False
        _HANDLERS[row.kind](row)
        row.done_at = clock.now()
        row.save(update_fields=["done_at", "payload"])
    return True
