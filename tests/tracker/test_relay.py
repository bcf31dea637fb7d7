"""The relay and the workers as real processes, with the database and the broker cut under them."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from projects.models import Obligation
from projects.outbox import owe
from tests.broker import Broker
from tests.processes import RELAY, WORKER, Process, environment, until
from tracker.cluster import Cluster
from tracker.models import CaughtMail

AT_ONCE = 4  # seconds: less than the relay waits between two looks

Start = Callable[..., Process]
pytestmark = pytest.mark.parts


@pytest.fixture
def start(cluster: Cluster, database: str, broker: Broker, tmp_path: Path) -> Iterator[Start]:
    """Start one of our programs on the test's database and broker; ended with the test."""
    with ExitStack() as running:

        def run(argv: tuple[str, ...]) -> Process:
            log = tmp_path / f"{len(list(tmp_path.glob('*.log')))}.log"
            process = Process(argv, environment(cluster, database, broker), log)
            return running.enter_context(process)

        yield run


def owed(kind: str = "letter", **payload: Any) -> UUID:
    with transaction.atomic():
        return owe(kind, **payload).id


def letter(n: int = 0) -> UUID:
    return owed(to=f"noa{n}@example.com", subject="Code", text="The code is 123456")


def done(obligation_id: UUID) -> bool:
    return Obligation.objects.get(pk=obligation_id).done_at is not None


def runs(marks: Path) -> list[int]:
    """The processes in which a probe began, so far."""
    return [int(pid) for pid in marks.read_text().splitlines()] if marks.exists() else []


def reservations_run_out() -> None:
    Obligation.objects.filter(done_at=None).update(next_at=timezone.now())


def test_what_is_owed_is_done_in_seconds(start: Start) -> None:
    relay, worker = start(RELAY), start(WORKER)
    until(lambda: relay.said("The relay runs") and worker.said("ready."))
    began = time.monotonic()
    one = letter()
    until(lambda: done(one))
    assert time.monotonic() - began < 3
    caught = CaughtMail.objects.get()
    assert (caught.to, caught.subject, caught.text) == ("noa0@example.com", "Code", "The code is 123456")
    assert Obligation.objects.get().payload == {}


def test_what_was_owed_before_is_found_at_the_start(start: Start, broker: Broker) -> None:
    letter()
    start(RELAY)
    until(lambda: broker.hints() == 1)


def test_two_relays_hint_each_row_once(start: Start, broker: Broker) -> None:
    relays = [start(RELAY), start(RELAY)]
    until(lambda: all(relay.said("The relay runs") for relay in relays))
    for n in range(150):
        letter(n)
    until(lambda: not Obligation.objects.filter(attempts=0).exists())
    until(lambda: broker.hints() == 150)
    assert set(Obligation.objects.values_list("attempts", flat=True)) == {1}


def test_the_relay_stops_at_once(start: Start) -> None:
    relay = start(RELAY)
    until(lambda: relay.said("The relay runs"))
    time.sleep(0.5)  # it waits for news now
    assert relay.terminate(within=AT_ONCE) == 0


def test_a_broker_that_is_away_is_waited_for(start: Start, broker: Broker) -> None:
    relay = start(RELAY)
    until(lambda: relay.said("The relay runs"))
    broker.kill()
    waiting = [letter(n) for n in range(3)]
    until(lambda: relay.said("WARNING relay: The broker is away, waiting for it"))
    assert set(Obligation.objects.values_list("attempts", flat=True)) == {0}
    broker.start()
    until(lambda: broker.hints() == len(waiting), within=10)
    assert relay.said("INFO relay: The broker is back")
    assert not relay.said("Traceback")


def test_the_relay_stops_while_the_broker_is_away(start: Start, broker: Broker) -> None:
    relay = start(RELAY)
    until(lambda: relay.said("The relay runs"))
    broker.kill()
    letter()
    until(lambda: relay.said("The broker is away"))
    time.sleep(0.7)  # it tries to reach the broker now
    assert relay.terminate(within=AT_ONCE) == 0


def test_a_database_that_is_away_is_waited_for(
    start: Start, broker: Broker, connect: Callable[..., Any]
) -> None:
    relay = start(RELAY)
    connection.ensure_connection()
    ours = connection.connection.info.backend_pid
    killer = connect("superuser")
    killer.autocommit = True  # a transaction would see the sessions of its first look only

    def sessions_cut() -> int:
        """End every session of the application in this database but the test's own."""
        cursor = killer.cursor()
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename LIKE '%%_app' AND pid <> %s",
            [ours],
        )
        return int(cursor.fetchone()[0])

    until(sessions_cut)
    until(lambda: relay.said("WARNING relay: The database is away, waiting for it"))
    until(lambda: relay.said("INFO relay: The database is back"))
    letter()
    until(lambda: broker.hints() == 1, within=3)
    assert not relay.said("Traceback")


def test_a_wiped_broker_loses_nothing(start: Start, broker: Broker) -> None:
    start(RELAY)
    one = letter()
    until(lambda: broker.hints() == 1)
    broker.wipe()
    assert broker.hints() == 0
    reservations_run_out()
    until(lambda: broker.hints() == 1)
    start(WORKER)
    until(lambda: done(one))
    assert CaughtMail.objects.count() == 1


def test_hints_that_come_again_have_one_effect(start: Start, broker: Broker) -> None:
    relay = start(RELAY)
    ten = [letter(n) for n in range(10)]
    until(lambda: broker.hints() == 10)
    reservations_run_out()
    until(lambda: broker.hints() == 20)
    for worker in [start(WORKER), start(WORKER)]:
        until(lambda worker=worker: worker.said("ready."))
    until(lambda: broker.hints() == 0 and all(done(one) for one in ten))
    assert CaughtMail.objects.count() == 10
    assert relay.popen.poll() is None


@pytest.mark.parametrize("kind", ["probe_hangs_once", "probe_acts"])
def test_a_worker_killed_in_the_middle_is_made_good(start: Start, tmp_path: Path, kind: str) -> None:
    marks = tmp_path / "marks"
    start(RELAY)
    start(WORKER)
    one = owed(kind, marks=str(marks))
    until(lambda: runs(marks))
    os.kill(runs(marks)[0], signal.SIGKILL)
    until(lambda: done(one))
    assert len(runs(marks)) == 2
    assert CaughtMail.objects.count() == (kind == "probe_hangs_once")


def test_a_dead_worker_is_replaced_by_another(start: Start, tmp_path: Path) -> None:
    """The whole worker dies with the hint in its hands; the row comes back when its reservation ends."""
    marks = tmp_path / "marks"
    start(RELAY)
    worker = start(WORKER)
    one = owed("probe_hangs_once", marks=str(marks))
    until(lambda: runs(marks))
    worker.kill()
    reservations_run_out()
    start(WORKER)
    until(lambda: done(one))
    assert CaughtMail.objects.count() == 1
