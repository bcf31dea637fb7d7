"""A database or a broker that is away is waited out: two lines in the log, however long it takes."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from projects.outages import DATABASE_ERRORS, is_absence

FOREVER = float("inf")
SECONDS_BETWEEN_TRIES = (0.5, 1.0, 2.0, 5.0)

Done = TypeVar("Done")


def insist(log: logging.Logger, work: Callable[[], Done], seconds: float = FOREVER) -> Done:
    """Do work that may be done again, waiting out a database that goes away, for so many seconds.

    Raises the database's error when it is away longer, and at once when it is another trouble.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return work()
        except DATABASE_ERRORS as error:
            if not is_absence(error) or not outlast_database(log, error, deadline):
                raise


def outlast_database(log: logging.Logger, error: Exception, deadline: float = FOREVER) -> bool:
    """Wait until the database is back, or until the deadline (of the monotonic clock): False then."""
    return outlast(log, "database", error, _reach_database, deadline)


def outlast(
    log: logging.Logger,
    part: str,
    error: Exception,
    reach: Callable[[], None],
    deadline: float = FOREVER,
) -> bool:
    """Wait until `reach` no longer raises; False when that lasts until the deadline."""
    log.warning("The %s is away, waiting for it: %s", part, in_one_line(error))
    for seconds in _tries():
        if time.monotonic() + seconds > deadline:
            return False
        time.sleep(seconds)
        try:
            reach()
        except (*DATABASE_ERRORS, BrokerError):
            continue
        log.info("The %s is back", part)
        return True
    raise AssertionError("there is always another try")


def _tries() -> Iterator[float]:
    yield from SECONDS_BETWEEN_TRIES
    while True:
        yield SECONDS_BETWEEN_TRIES[-1]


def _reach_database() -> None:
    connection.close()
    connection.ensure_connection()


def in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
