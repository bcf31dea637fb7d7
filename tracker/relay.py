"""The relay: from obligations that are due to hints for the workers (docs/outbox.md).

The only place that sends tasks. Any number of relays may run; each row is reserved by one of them.
"""

import logging
import select
from collections import deque
from typing import NoReturn

from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from projects import outbox
from projects.outages import DATABASE_ERRORS, is_absence
from tracker.absence import insist, outlast, outlast_database
from tracker.celery import app

BATCH = 100
# A notification wakes the relay at once; rows that become due later, or unheard of, wait this long at most.
SECONDS_BETWEEN_LOOKS = 5.0

log = logging.getLogger("relay")


def run() -> NoReturn:
    """Hint due obligations for ever, through outages of the database and of the broker.

    After each, and at the start, hints may be lost: what they were for is hinted again.
    """
    insist(log, _begin)
    log.info("The relay runs")
    while True:
        try:
            send_due()
            _wait_for_news()
        except DATABASE_ERRORS as error:
            if not is_absence(error):
                raise
            outlast_database(log, error)
            insist(log, _begin)
        except BrokerError as error:
            outlast(log, "broker", error, _reach_broker)
            insist(log, outbox.end_reservations)


def _begin() -> None:
    """Listen, before the first look: nothing is owed unheard between the two."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {outbox.CHANNEL}")
    outbox.end_reservations()


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


def _wait_for_news() -> None:
    """Until somebody owes something, or it is time to look anyway."""
    link = connection.connection
    link.poll()  # what arrived beside the answers to our own queries
    if not link.notifies:
        select.select([link], [], [], SECONDS_BETWEEN_LOOKS)
        link.poll()
    link.notifies.clear()


def _reach_broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1)
