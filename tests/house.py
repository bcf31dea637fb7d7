"""The whole house, brought up as `./run` does, in a folder and on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tracker.cluster import Cluster
from tracker.up.broker import Broker
from tracker.up.process import spawn

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180  # seconds, for a machine that has much else to do


class House:
    """A `manage.py up` of its own folder and port, with further settings where given."""

    def __init__(self, var: Path, port: int, **settings: str) -> None:
        self.var = var
        self.log = var / "test.log"
        self.environment = clean_environment() | {"PLUMBLINE_VAR": str(var), "PORT": str(port)} | settings
        self.address = f"http://127.0.0.1:{port}"
        self.process = self.start(self.log)

    def start(self, log: Path) -> "subprocess.Popen[bytes]":
        """It ends with us, however we end."""
        with log.open("ab") as output:
            argv = [sys.executable, "-m", "tracker.up"]
            return spawn(argv, env=self.environment, cwd=ROOT, output=output.fileno())

    def says(self, text: str) -> bool:
        return text in self.log.read_text()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def start_again(self) -> None:
        """A new run with a log of its own."""
        self.log = self.log.with_suffix(f"{self.log.suffix}.next")
        self.process = self.start(self.log)

    def told_by_demo(self) -> list[str]:
        """The projects that `demo` has told, in the order of the log."""
        lines = [line.partition(" demo     | ")[2] for line in self.log.read_text().splitlines()]
        return [line for line in lines if line and not line.startswith("starts ")]

    def pid_of(self, name: str) -> int:
        """The process that was started last under this name."""
        starts = [line for line in self.log.read_text().splitlines() if f" {name:<8} | starts " in line]
        return int(starts[-1].rpartition("process ")[2].rstrip(")"))

    def command_environment(self) -> dict[str, str]:
        """For a command beside the running house, as an operator gives it."""
        return self.environment | {
            "DATABASE_URL": Cluster(self.var / "postgres").app_url(),
            "REDIS_URL": Broker(self.var / "broker").url,
            "SECRET_KEY": (self.var / "secret_key").read_text(),
        }

    def processes(self) -> list[str]:
        """Everything alive that got our PLUMBLINE_VAR, or lives in it (servers overwrite what they got)."""
        mark = os.fsencode(f"PLUMBLINE_VAR={self.var}")
        return [
            path.name
            for path in Path("/proc").glob("[0-9]*")
            if mark in content(path / "environ") or home_of(path).startswith(f"{self.var}/")
        ]

    def home(self) -> int:
        with urllib.request.urlopen(f"{self.address}/", timeout=60) as answer:
            return int(answer.status)


def clean_environment() -> dict[str, str]:
    """Ours without what would choose other servers or another address."""
    chosen = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "HOST", "PORT", "PUBLIC_URL", "SECRET_KEY"}
    return {key: value for key, value in os.environ.items() if key not in chosen}


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def home_of(process: Path) -> str:
    try:
        return os.readlink(process / "cwd")
    except OSError:
        return ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
