"""The one clock of the acts. Rules get the time passed in; only the kernel and queries read it here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment of the act, aware."""
    return _set_to.get() or timezone.now()


def today(time_zone: str) -> date:
    """The calendar day of `now` where the project is."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Acts inside happen at `moment`: how the demonstration tells a story that began months ago.

    The database refuses an entry older than the one before it, or in the future.
    """
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
