"""How each kind of fault is done to a running house."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import psycopg2
import redis

from tests.faults.cut import CommitCutter
from tests.faults.schedule import Fault
from tests.house import House
from tests.smtp import MailServer
from tracker.cluster import APPLICATION, DATABASE, Cluster
from tracker.up.broker import Broker

Found = TypeVar("Found")

SECONDS_TO_BE_BACK = 120  # of a part that is to be killed and is still down from an earlier fault
SECONDS_OF_CUTTING = 3  # of waiting for an act to cut
OF_THE_APPLICATION = f"datname = '{DATABASE}' AND usename = '{APPLICATION}'"


class Striker:
    """Knows where the parts of one house are, and breaks them."""

    def __init__(self, house: House, mail: MailServer, seed: int) -> None:
        self.house, self.mail = house, mail
        self.cluster = Cluster(house.var / "postgres")
        self.chance = random.Random(f"strike {seed}")
        self.deeds: dict[str, Callable[[], None]] = {
            "web": lambda: self._kill("web"),
            "web worker": lambda: self._kill_child("web"),
            "worker": lambda: self._kill("worker"),
            "worker child": lambda: self._kill_child("worker"),
            "beat": lambda: self._kill("beat"),
            "relay": lambda: self._kill("relay"),
            "broker": lambda: self._kill("broker"),
            "broker wiped": self._wipe_broker,
            "database stopped": lambda: self._kill("database", signal.SIGQUIT),  # "immediate shutdown"
            "database killed": lambda: self._kill("database"),
            "database backend": self._kill_backend,
            "connections cut": self._cut_connections,
            "cut before commit": lambda: self._cut_at_commit(after=False),
            "cut after commit": lambda: self._cut_at_commit(after=True),
            "mail answer lost": self._lose_an_answer,
        }

    def strike(self, fault: Fault) -> float:
        """Do it; the moment it was done."""
        self.deeds[fault.kind]()
        return time.time()

    # --- processes

    def _kill(self, part: str, how: signal.Signals = signal.SIGKILL) -> None:
        os.kill(self._living(part), how)

    def _kill_child(self, part: str) -> None:
        children = eventually(lambda: children_of(self._living(part)))
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(children), signal.SIGKILL)

    def _living(self, part: str) -> int:
        """The process of a part; waits while the supervisor still brings it back from an earlier fault."""
        return eventually(lambda: alive(self.house.pid_of(part)))

    # --- the broker

    def _wipe_broker(self) -> None:
        """Everything it held is gone, in memory and on disk."""
        broker = Broker(self.house.var / "broker")
        with (
            suppress(redis.ConnectionError),
            closing(redis.Redis(unix_socket_path=str(broker.socket))) as link,
        ):
            link.flushall()
        self._kill("broker")
        shutil.rmtree(broker.folder / "appendonlydir", ignore_errors=True)

    # --- the database

    def _kill_backend(self) -> None:
        """One server process dies: PostgreSQL ends all the others and recovers from its log."""
        backends = eventually(
            lambda: self._ask(f"SELECT pid FROM pg_stat_activity WHERE {OF_THE_APPLICATION}")
        )
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(backends), signal.SIGKILL)

    def _cut_connections(self) -> None:
        """Every other connection of the application is cut, in the middle of whatever it does."""
        eventually(
            lambda: self._ask(
                "SELECT pg_terminate_backend(pid)::int FROM pg_stat_activity"
                f" WHERE {OF_THE_APPLICATION} AND random() < 0.5"
            )
        )

    def _cut_at_commit(self, *, after: bool) -> None:
        """Cut an act's connection at its COMMIT; idle connections are ended, to come again through us."""
        socket_file = self.cluster.rest.socket_folder / ".s.PGSQL.5432"
        self._living("database")
        eventually(lambda: self._ask("SELECT 1"))
        older = f"backend_start < to_timestamp({time.time()})"
        with CommitCutter(socket_file, after=after) as cutter:
            deadline = time.monotonic() + SECONDS_OF_CUTTING
            while not cutter.has_cut.wait(0.2) and time.monotonic() < deadline:
                self._ask(
                    "SELECT pg_terminate_backend(pid)::int FROM pg_stat_activity"
                    f" WHERE {OF_THE_APPLICATION} AND state = 'idle' AND {older}"
                )

    def _ask(self, query: str) -> list[int]:
        """The first column, asked as the superuser; nothing while the database is away."""
        try:
            with closing(psycopg2.connect(self.cluster.superuser_url(DATABASE))) as link:
                link.autocommit = True
                cursor = link.cursor()
                cursor.execute(query)
                return [row[0] for row in cursor.fetchall()]
        except psycopg2.OperationalError:
            return []

    # --- the mail server

    def _lose_an_answer(self) -> None:
        """The mail server takes the next letter, and the sender never hears of it."""
        self.mail.hangs_up += 1


def eventually(look: Callable[[], Found]) -> Found:
    """What `look` finds, once it finds something."""
    deadline = time.monotonic() + SECONDS_TO_BE_BACK
    while not (found := look()):
        assert time.monotonic() < deadline, "a part did not come back"
        time.sleep(0.05)
    return found


def alive(pid: int) -> int:
    """The process number, or 0 when it has ended (a zombie has)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return 0
    return 0 if state == "Z" else pid


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
