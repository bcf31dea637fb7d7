"""Obligations: what an act promises to be done later, written in the act's own transaction.

The relay reserves due rows and hints the broker; a worker does what the row owes and marks it done.
PostgreSQL holds every obligation, the broker carries hints only (docs/outbox.md).
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from projects import clock
from projects.models import Obligation
from projects.outages import is_absence
from projects.refusals import Refused

CHANNEL = "obligations"
# How long a hint may take before the row is due again; each further hint that came to nothing doubles it.
RESERVED_FOR, LONGEST_RESERVATION = timedelta(seconds=60), timedelta(minutes=10)
# How long a handler that failed is left alone; doubled at each failure.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
COUNTED_UP_TO = 1000

log = logging.getLogger(__name__)

Handler = Callable[[Obligation], None]
_HANDLERS: dict[str, Handler] = {}
_ACTING: set[str] = set()


def obligation(kind: str, *, acts: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that fulfils a kind.

    By default it only writes rows: it runs in one transaction with the mark that it is done, the row
    locked, so its effect happens exactly once. With `acts` it calls actions, each a durable transaction
    of its own, and runs outside any: it may run again, even twice at once, and must then change nothing.
    """

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        if acts:
            _ACTING.add(kind)
        return handler

    return register


def owe(
    kind: str, project_id: UUID | None = None, *, due: datetime | None = None, **payload: Any
) -> Obligation:
    """Write an obligation, due now or at a moment. Must be called inside the transaction of what it follows
    from."""
    if not connection.in_atomic_block:
        raise RuntimeError("an obligation belongs to a transaction")
    row = Obligation.objects.create(
        kind=kind, project_id=project_id, payload=payload, next_at=due or clock.now()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
    return row


def reserve_due(most: int = 100) -> list[UUID]:
    """Reserve due rows for a while and return their ids, the longest due first; another relay skips them."""
    with transaction.atomic(durable=True):
        rows = list(
            Obligation.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, next_at__lte=clock.now())
            .order_by("next_at")[:most]
        )
        for row in rows:
            row.next_at = clock.now() + _doubled(RESERVED_FOR, row.attempts, LONGEST_RESERVATION)
            row.attempts = min(row.attempts + 1, COUNTED_UP_TO)
            row.last_error = ""  # it is tried again: with an error it would look as if it waited
        Obligation.objects.bulk_update(rows, ["next_at", "attempts", "last_error"])
    return [row.id for row in rows]


def give_back(ids: Collection[UUID]) -> None:
    """End the reservation of rows for which no hint could be sent: they are due again at once."""
    Obligation.objects.filter(pk__in=ids, done_at=None).update(
        next_at=clock.now(), attempts=F("attempts") - 1
    )


def end_reservations() -> None:
    """Hints may be lost, with the broker or the worker that held them: what they were for is due at once.

    A hint that was not lost then has a twin, which has no effect. A lost one does not count as an attempt:
    the waits after failures grow with these. Failed rows keep their wait.
    """
    now = clock.now()
    hinted = Obligation.objects.filter(done_at=None, attempts__gt=0, last_error="", next_at__gt=now)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        hinted.update(next_at=now, attempts=F("attempts") - 1)
        cursor.execute(f"NOTIFY {CHANNEL}")


def fulfil(obligation_id: UUID) -> bool:
    """Do what a row owes; True when this call completed it.

    False when it is done already, another worker holds it, or its handler failed: then the row keeps the
    error and is due again after a growing wait. Raises the error of a database that went away: that is no
    fault of the handler, and nothing can be noted.
    """
    owed = Obligation.objects.filter(pk=obligation_id, done_at=None).first()
    if owed is None:
        return False
    try:
        return _act(owed) if owed.kind in _ACTING else _write(owed)
    except Exception as error:  # whatever a handler stumbles over, the row must stay and say why
        if is_absence(error):
            raise
        _complain(owed, error)
        _postpone(owed, error)
        return False


def fulfilled_with(owed: Obligation) -> list[UUID]:
    """The undone rows of the same kind and project, `owed` itself aside.

    For a handler that looks at things as they stand: what it sees holds all that these rows follow from,
    so that it does their work too. It marks them with `mark_done` when it has.
    """
    others = Obligation.objects.filter(kind=owed.kind, project=owed.project_id, done_at=None)
    return list(others.exclude(pk=owed.pk).values_list("pk", flat=True))


def mark_done(ids: Collection[UUID]) -> int:
    """Mark rows as done; the number of those that were not."""
    undone = Obligation.objects.filter(pk__in=ids, done_at=None)
    return undone.update(done_at=clock.now(), last_error="")


def _complain(owed: Obligation, error: Exception) -> None:
    """One line for what the world did (a server is away, a project busy); all there is for our mistakes."""
    is_the_world = isinstance(error, OSError | Refused)
    log.warning("%s %s failed: %s", owed.kind, owed.id, _said(error), exc_info=not is_the_world)


def _write(owed: Obligation) -> bool:
    with transaction.atomic(durable=True):
        row = Obligation.objects.select_for_update(skip_locked=True).filter(pk=owed.pk, done_at=None).first()
        if row is None:
            return False
        _HANDLERS[row.kind](row)
        row.done_at, row.last_error = clock.now(), ""
        row.save(update_fields=["done_at", "last_error", "payload"])
    return True


def _act(owed: Obligation) -> bool:
    _HANDLERS[owed.kind](owed)
    return mark_done([owed.pk]) == 1


def _postpone(owed: Obligation, error: Exception) -> None:
    wait = _doubled(FIRST_WAIT, owed.attempts - 1, LONGEST_WAIT)
    Obligation.objects.filter(pk=owed.pk, done_at=None).update(
        next_at=clock.now() + wait, last_error=_said(error)
    )


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    return min(first * 2 ** min(max(times, 0), 20), longest)
