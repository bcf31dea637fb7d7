"""The relay: from obligations that are due to hints for the workers (docs/outbox.md).

The only place that sends tasks. Any number of relays may run; each row is reserved by one of them.
"""

import logging
import select
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import NoReturn

import psycopg2
from django.db import InterfaceError, OperationalError, connection
from kombu.exceptions import OperationalError as BrokerError

from projects import outbox
from tracker.celery import app

BATCH = 100
# A notification wakes the relay at once; rows that become due later, or unheard of, wait this long at most.
SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_BETWEEN_TRIES = (0.5, 1.0, 2.0, 5.0)

DATABASE_ERRORS = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)

log = logging.getLogger("relay")


def run() -> NoReturn:
    """Hint due obligations for ever, through outages of the database and of the broker."""
    log.info("The relay runs")
    while True:
        try:
            _listen()
            while True:
                send_due()
                _wait_for_news()
        except DATABASE_ERRORS as error:
            _outlast("database", error, _reach_database)
        except BrokerError as error:
            _outlast("broker", error, _reach_broker)


def send_due() -> int:
    """Hint every obligation that is due; the number of hints. Raises BrokerError, with nothing reserved."""
    sent = 0
    while ids := outbox.reserve_due(BATCH):
        waiting = deque(ids)
        try:
            while waiting:
                app.send_task("tracker.fulfil", args=[str(waiting[0])], retry=False)
                waiting.popleft()
                sent += 1
        finally:  # a broker that is away, or SIGTERM
            if waiting:
                outbox.give_back(waiting)
    return sent


def _listen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {outbox.CHANNEL}")


def _wait_for_news() -> None:
    """Until somebody owes something, or it is time to look anyway."""
    link = connection.connection
    link.poll()  # what arrived beside the answers to our own queries
    if not link.notifies:
        select.select([link], [], [], SECONDS_BETWEEN_LOOKS)
        link.poll()
    link.notifies.clear()


def _outlast(part: str, error: Exception, reach: Callable[[], None]) -> None:
    """Wait until a part is back: two lines in the log, however long it takes."""
    log.warning("The %s is away, obligations wait: %s", part, _in_one_line(error))
    for seconds in _tries():
        time.sleep(seconds)
        try:
            reach()
        except (*DATABASE_ERRORS, BrokerError):
            continue
        log.info("The %s is back", part)
        return


def _tries() -> Iterator[float]:
    yield from SECONDS_BETWEEN_TRIES
    while True:
        yield SECONDS_BETWEEN_TRIES[-1]


def _reach_database() -> None:
    connection.close()
    connection.ensure_connection()


def _reach_broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1)


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
