"""The whole house, brought up as `./run` does: kills, a second run, a taken port, and the way down."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.house import PATIENCE, ROOT, House, clean_environment, free_port

pytestmark = pytest.mark.parts


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with TemporaryDirectory(prefix="plumbline-house-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        house = House(Path(folder), free_port())
        try:
            cut_off_half_way(house)
            house.start_again()
            house.wait_for(lambda: house.says("Plumbline is running"))
            yield house
        finally:
            house.process.terminate()
            house.process.wait(PATIENCE)
            subprocess.run(["rm", "-rf", folder], check=True)


def cut_off_half_way(house: House) -> None:
    """Stop a first start when the demonstration has begun and is not through."""
    house.wait_for(lambda: len(house.told_by_demo()) == 1)
    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(PATIENCE) == 0


def test_the_first_page_is_there_and_so_is_the_way_in(house: House) -> None:
    assert house.home() == 200
    assert house.says(f"{house.address}/demo/")


def test_a_first_start_that_was_cut_off_is_begun_anew(house: House) -> None:
    assert len(house.told_by_demo()) == 3


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
    house.start_again()
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
