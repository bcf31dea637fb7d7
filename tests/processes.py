"""The product's own processes, started as an operator starts them, for tests that cut them."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.broker import Broker
from tracker.cluster import Cluster
from tracker.up.process import kill_group, spawn

ROOT = Path(__file__).resolve().parent.parent
RELAY = ("manage.py", "relay")
WORKER = ("-m", "celery", "-A", "tracker", "worker", "-c", "2", "-l", "INFO", "-I", "tests.probes")


class Process:
    """One of our programs with its output in a file; leaving the context kills what is left of it.

    A failing test shows the output.
    """

    def __init__(self, argv: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.popen = spawn(
                [sys.executable, *argv], env=os.environ | environment, cwd=ROOT, output=output.fileno()
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        print(f"--- {self.popen.args}", self.log.read_text(), sep="\n")

    def said(self, words: str) -> bool:
        return words in self.log.read_text()

    def terminate(self, within: float) -> int:
        """SIGTERM; the exit code. Fails when it takes longer than `within` seconds."""
        self.popen.terminate()
        return self.popen.wait(within)

    def kill(self) -> None:
        """SIGKILL to it and all its children, as when the machine takes them away."""
        kill_group(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


def environment(cluster: Cluster, database: str, broker: Broker) -> dict[str, str]:
    return {
        "DATABASE_URL": cluster.app_url(database),
        "REDIS_URL": broker.url,
        "SECRET_KEY": "tests-" + "0" * 60,
    }


def until(true: Callable[[], object], within: float = 20) -> None:
    """Wait for something that must come true. Fails when it does not."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(0.05)
