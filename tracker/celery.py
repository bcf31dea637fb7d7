"""The worker and beat: celery -A tracker worker | beat."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
SECONDS_TO_CATCH_UP = 30
log = logging.getLogger("worker")
app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_without_guards(**_: Any) -> None:
    from tracker.guards import require_guards

    require_guards()


@worker_ready.connect
def catch_up(**_: Any) -> None:
    """What became due while nobody worked, or the broker was away, does not wait for the next tick.

    Celery calls this at the start, and again whenever the broker is back.
    """
    from projects.outbox import end_reservations
    from projects.tasks import sweep_flags
    from tracker.absence import insist

    for work in (end_reservations, sweep_flags):
        insist(log, work, SECONDS_TO_CATCH_UP)
