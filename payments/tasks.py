"""What the worker does for the money: the end of defects periods, looked for every hour."""

from datetime import timedelta

from celery import shared_task

from payments.actions import end_defects_period
from payments.queries import with_retention_due
from projects.jobs import once_a_period
from projects.kernel import SYSTEM

LOOK_EVERY = timedelta(hours=1)


def end_defects_periods() -> int:
    """End every defects period that is over; how many there were. Done again, it does nothing."""
    due = with_retention_due()
    for project_id in due:
        end_defects_period(SYSTEM, project_id)
    return len(due)


@shared_task(name="tracker.endings")
def end_periods() -> None:
    once_a_period("endings", LOOK_EVERY, end_defects_periods)
