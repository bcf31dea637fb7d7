"""The whole house, brought up as `./run` does: kills, a second run, a taken port, and the way down."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 180  # seconds, for a machine that has much else to do

pytestmark = pytest.mark.parts


class House:
    """A `manage.py up` of its own folder and port."""

    def __init__(self, var: Path, port: int) -> None:
        self.var = var
        self.log = var / "test.log"
        self.environment = clean_environment() | {"PLUMBLINE_VAR": str(var), "PORT": str(port)}
        self.address = f"http://127.0.0.1:{port}"
        self.process = self.start(self.log)

    def start(self, log: Path) -> "subprocess.Popen[bytes]":
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tracker.up"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def says(self, text: str) -> bool:
        return text in self.log.read_text()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def pid_of(self, name: str) -> int:
        """The process that was started last under this name."""
        starts = [line for line in self.log.read_text().splitlines() if f" {name:<8} | starts " in line]
        return int(starts[-1].rpartition("process ")[2].rstrip(")"))

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


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with TemporaryDirectory(prefix="plumbline-house-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        house = House(Path(folder), free_port())
        try:
            house.wait_for(lambda: house.says("Plumbline is running"))
            yield house
        finally:
            house.process.terminate()
            house.process.wait(PATIENCE)
            subprocess.run(["rm", "-rf", folder], check=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_the_first_page_is_there_and_so_is_the_way_in(house: House) -> None:
    assert house.home() == 200
    assert house.says(f"{house.address}/demo/")


@pytest.mark.parametrize("name", ["web", "worker", "beat", "relay", "broker", "database"])
def test_a_killed_part_is_back_in_seconds(house: House, name: str) -> None:
    killed = house.pid_of(name)
    os.kill(killed, signal.SIGKILL)
    house.wait_for(lambda: house.pid_of(name) != killed)
    if name in {"web", "database"}:
        assert house.home() == 200


def test_a_second_run_says_that_one_is_running(house: House) -> None:
    second = house.start(house.var / "second.log")
    assert second.wait(PATIENCE) == 1
    said = (house.var / "second.log").read_text()
    assert f"already running here, at {house.address}/" in said
    assert len(said.splitlines()) == 1


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = try_up(PLUMBLINE_VAR=str(tmp_path / "var"), PORT=str(port))
    assert answer.returncode == 1
    assert answer.stderr == (
        f"127.0.0.1:{port} cannot be used: Address already in use."
        f" Stop the other program, or choose another port: PORT={port + 1} ./run\n"
    )
    assert answer.stdout == ""


def test_a_foreign_database_wants_its_owner_too(tmp_path: Path) -> None:
    answer = try_up(PLUMBLINE_VAR=str(tmp_path), DATABASE_URL="postgres://app:x@127.0.0.1:1/plumbline")
    assert answer.returncode == 1
    assert "DATABASE_OWNER_URL must be set too" in answer.stderr


def test_nonsense_in_the_environment_is_a_sentence(tmp_path: Path) -> None:
    answer = try_up(PLUMBLINE_VAR=str(tmp_path), PORT="eighty")
    assert (answer.returncode, answer.stderr) == (1, "PORT='eighty': use a port between 1 and 65535.\n")


def try_up(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tracker.up"],
        cwd=ROOT,
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_ctrl_c_stops_everything_and_a_new_start_finds_its_data(house: House) -> None:
    """Last, since it ends the house of the others, and brings up their successor."""
    assert len(house.processes()) > 6
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(PATIENCE) == 0
    assert house.processes() == []
    house.log = house.var / "next.log"
    house.process = house.start(house.log)
    house.wait_for(lambda: house.says("Plumbline is running"))
    assert house.home() == 200
    assert not house.says("migrate"), "nothing has changed, so nothing is migrated"


def test_a_killed_supervisor_takes_all_with_it(house: House) -> None:
    house.process.kill()
    house.process.wait()
    deadline = time.monotonic() + PATIENCE
    while house.processes():
        assert time.monotonic() < deadline, house.processes()
        time.sleep(0.1)
