"""Periodic jobs: a job's tick that comes twice, from two beats or redelivered, is done once a period."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from projects import clock
from projects.models import JobRun


def once_a_period(job: str, every: timedelta, work: Callable[[], object]) -> bool:
    """Do the job's work unless its present period was begun already; False then.

    Periods are counted from the epoch, in UTC. A run whose work fails keeps no `finished_at`.
    """
    run, begun = JobRun.objects.get_or_create(job=job, period=_period(every).isoformat())
    if begun:
        work()
        run.finished_at = clock.now()
        run.save(update_fields=["finished_at"])
    return begun


def _period(every: timedelta) -> datetime:
    """When the present period began."""
    epoch = datetime.fromtimestamp(0, UTC)
    return epoch + (clock.now() - epoch) // every * every
