"""Requests that may come again: one effect and one answer for all with the same key (docs/kernel.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError
from psycopg2 import errors

from projects.models import Once
from projects.refusals import Refused


@dataclass(frozen=True)
class Answer:
    """What a door answers, as kept with the once-row."""

    status: int
    body: Any
    replayed: bool = False


@dataclass(frozen=True)
class OnceKey:
    """A request that may come again: its key, what it asked, and how its result is answered."""

    key: str
    fingerprint: str
    render: Callable[[Any], Answer]


def claim(key: OnceKey, user_id: UUID) -> tuple[Once, Answer | None]:
    """Insert the once-row, in the act's transaction; the kept answer where there is one.

    A twin still running is waited for, as long as the transaction waits for locks. Refuses still_running
    after that, and idempotency_key_reused.
    """
    row = Once(user_id=user_id, key=key.key, fingerprint=key.fingerprint)
    try:
        Once.objects.bulk_create([row], ignore_conflicts=True)
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise Refused("still_running") from error
        raise
    row = Once.objects.get(user_id=user_id, key=key.key)
    return row, _answer_of(row, key.fingerprint)


def keep(row: Once, answer: Answer) -> None:
    """Keep the answer with the once-row that was claimed."""
    row.status, row.answer = answer.status, answer.body
    row.save(update_fields=["status", "answer"])


def kept_answer(user_id: UUID, key: str, fingerprint: str) -> Answer | None:
    """What was answered to this request when it came before. Refuses idempotency_key_reused."""
    row = Once.objects.filter(user_id=user_id, key=key).first()
    return _answer_of(row, fingerprint) if row else None


def _answer_of(row: Once, fingerprint: str) -> Answer | None:
    """The answer kept with a row; None for one that was just claimed."""
    if row.fingerprint != fingerprint:
        raise Refused("idempotency_key_reused")
    return Answer(row.status, row.answer, replayed=True) if row.status else None
