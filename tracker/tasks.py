"""What the workers do: obligations, on the relay's hint; tidying and proving the data daily, on beat's."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from projects import outages, outbox, tidying
from projects.jobs import once_a_period
from tracker.absence import in_one_line, insist
from tracker.verifying.nightly import verify_nightly

SECONDS_TO_INSIST = 60  # within the task's time limit

log = logging.getLogger("worker")


@shared_task(name="tracker.fulfil")
def fulfil(obligation_id: str) -> None:
    """Do what one obligation owes, waiting for a database that is away; it stays owed when that is long."""
    try:
        insist(log, lambda: outbox.fulfil(UUID(obligation_id)), SECONDS_TO_INSIST)
    except outages.DATABASE_ERRORS as error:
        log.warning("Obligation %s stays owed: %s", obligation_id, in_one_line(error))


# Long enough for a hundred thousand entries, shorter than what makes a run count as dead (projects/jobs.py).
@shared_task(name="tracker.verify", soft_time_limit=150, time_limit=170)
def verify() -> None:
    """Prove the data once a day."""
    once_a_period("verify", timedelta(days=1), verify_nightly)


@shared_task(name="tracker.tidy")
def tidy() -> None:
    """Forget book-keeping that has had its day."""
    tidying.tidy()
