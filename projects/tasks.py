"""What the worker does for the ground: flags after every change, and all of them every quarter of an hour."""

from datetime import timedelta

from celery import shared_task

from projects.flagging import settle_flags, sweep
from projects.jobs import once_a_period
from projects.models import Obligation
from projects.outbox import fulfilled_with, mark_done, obligation

SWEEP_EVERY = timedelta(minutes=15)


@obligation("settle_flags", acts=True)
def settle_flags_of(owed: Obligation) -> None:
    """One look settles what all acts until now owe: a busy project is not looked at once for each of them."""
    assert owed.project_id is not None
    others = fulfilled_with(owed)
    settle_flags(owed.project_id)
    mark_done(others)


@shared_task(name="tracker.sweep")
def sweep_flags() -> None:
    once_a_period("sweep", SWEEP_EVERY, sweep)
