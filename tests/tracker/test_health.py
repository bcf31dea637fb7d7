"""Health: up, ready, or waiting for something; names of checks and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from projects.jobs import once_a_period
from projects.models import JobRun
from tests.conftest import use


@pytest.fixture
def swept(database: str) -> None:
    once_a_period("sweep", timedelta(minutes=15), lambda: None)


def ready() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def test_the_process_answers_without_a_database() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_silent_broker_degrades(swept: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ready() == (200, {"status": "degraded", "reasons": ["broker"]})


def test_a_stale_sweep_degrades(swept: None, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/broker.sock"
    JobRun.objects.update(finished_at=timezone.now() - timedelta(minutes=31))
    assert ready() == (200, {"status": "degraded", "reasons": ["sweep", "broker"]})


def test_a_broken_guard_is_not_ready(swept: None, connect: Any) -> None:
    owner = connect("owner")
    owner.cursor().execute("ALTER TABLE payments_payment DISABLE TRIGGER USER")
    owner.commit()
    assert ready() == (503, {"status": "failing", "reasons": ["guards"]})


def test_without_the_database_it_is_not_ready(database: str, cluster: Any) -> None:
    use(cluster.app_url("no_such_database"))
    assert ready() == (503, {"status": "failing", "reasons": ["database"]})


def test_without_the_database_the_api_asks_to_come_back(database: str, cluster: Any) -> None:
    use(cluster.app_url("no_such_database"))
    answer = Client().get("/api/v1/me/", headers={"Authorization": "Bearer plumb_x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"]
