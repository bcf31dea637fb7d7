"""Whether the process is up, and whether it can do its work: names of checks, no further detail."""

from collections.abc import Iterator
from datetime import timedelta

import redis
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from projects import clock
from projects.models import JobRun
from tracker.celery import app
from tracker.guards import broken_guards

STALE_AFTER = timedelta(minutes=30)
# A nightly proof that has not ended well by then found a break, or was killed.
PROVEN_WITHIN = timedelta(minutes=3)
BROKER_SECONDS = 1


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 without the database or with a broken guard; `degraded` while what comes later would wait."""
    try:
        failing = ["guards"] if broken_guards() else []
        degraded = list(_waiting()) if not failing else []
    except (DatabaseError, InterfaceError):
        failing, degraded = ["database"], []
    if failing:
        return JsonResponse({"status": "failing", "reasons": failing}, status=503)
    return JsonResponse({"status": "degraded" if degraded else "ok", "reasons": degraded})


def _waiting() -> Iterator[str]:
    since = clock.now() - STALE_AFTER
    if not JobRun.objects.filter(job="sweep", finished_at__gte=since).exists():
        yield "sweep"
    last_proof = JobRun.objects.filter(job="verify").order_by("-started_at").first()
    if last_proof and not last_proof.finished_at and last_proof.started_at < clock.now() - PROVEN_WITHIN:
        yield "verify"
    if not _broker_answers():
        yield "broker"


def _broker_answers() -> bool:
    """Ask over the worker's own kind of connection, so that every address that it understands will do."""
    bounds = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    try:
        with app.connection_for_read(transport_options=bounds) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
            return bool(broker.default_channel.client.ping())
    except (OSError, OperationalError, redis.RedisError):
        return False
