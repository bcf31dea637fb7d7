"""Periodic jobs: a job's tick that comes twice, from two beats or redelivered, is done once a period."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from projects import clock
from projects.models import JobRun

# A run that has not finished by then was killed (Celery's own limit is shorter): the next tick begins anew.
LONGEST_RUN = timedelta(minutes=3)


def once_a_period(job: str, every: timedelta, work: Callable[[], object]) -> bool:
    """Do the job's work unless its present period was begun already; False then.

    Periods are counted from the epoch, in UTC. A run whose work fails, or is killed, keeps no `finished_at`;
    a tick that comes later than LONGEST_RUN tries again.
    """
    run, begun = JobRun.objects.get_or_create(job=job, period=_period(every).isoformat())
    if not begun and not _taken_over(run):
        return False
    work()
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return True


def _taken_over(run: JobRun) -> bool:
    """Whether a run is dead, and ours now."""
    now = clock.now()
    dead = JobRun.objects.filter(pk=run.pk, finished_at=None, started_at__lte=now - LONGEST_RUN)
    return dead.update(started_at=now) == 1


def _period(every: timedelta) -> datetime:
    """When the present period began."""
    epoch = datetime.fromtimestamp(0, UTC)
    return epoch + (clock.now() - epoch) // every * every
