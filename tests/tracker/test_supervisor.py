"""The supervisor, with real processes that do nothing."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracker.up import supervisor as module
from tracker.up.log import Log
from tracker.up.process import spawn
from tracker.up.supervisor import Child, HouseError, Spawn, Supervisor

SLEEP = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
WITH_A_GRANDCHILD = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print('grandchild', child.pid, flush=True)\n"
    "time.sleep(600)"
)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.05)


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(output: io.StringIO) -> Iterator[Supervisor]:
    supervisor = Supervisor(Log(output))
    yield supervisor
    supervisor.stop()


def python(code: str) -> Spawn:
    return lambda output: spawn([sys.executable, "-c", code], output=output)


def within(seconds: float, condition: Callable[[], bool]) -> Callable[[], bool]:
    """An `until` that fails the test instead of waiting for ever."""
    deadline = time.monotonic() + seconds

    def check() -> bool:
        assert time.monotonic() < deadline, "it did not come about in time"
        return condition()

    return check


def is_alive(pid: int) -> bool:
    """Whether it runs; a zombie of somebody else's does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_killed_child_is_back(supervisor: Supervisor, output: io.StringIO) -> None:
    child = Child("dummy", python(SLEEP))
    supervisor.start(child)
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    supervisor.watch(until=within(10, lambda: child.process is not None and pid_of(child) != first))
    assert is_alive(pid_of(child))
    assert "killed by SIGKILL" in output.getvalue()


def test_what_a_dead_child_leaves_is_killed_before_it_starts_again(
    supervisor: Supervisor, output: io.StringIO
) -> None:
    child = Child("parent", python(WITH_A_GRANDCHILD))
    supervisor.start(child)
    supervisor.watch(until=within(10, lambda: "grandchild" in output.getvalue()))
    grandchild = int(output.getvalue().split("grandchild ")[1].split()[0])
    assert is_alive(grandchild)
    os.kill(pid_of(child), signal.SIGKILL)
    supervisor.watch(until=within(10, lambda: not is_alive(grandchild)))


def test_pauses_grow_and_a_child_that_keeps_ending_is_given_up(
    supervisor: Supervisor, output: io.StringIO
) -> None:
    supervisor.start(Child("hopeless", python("raise SystemExit(3)")))
    with pytest.raises(HouseError, match="hopeless does not stay up"):
        supervisor.watch(until=within(20, lambda: False))
    pauses = [line.split(" in ")[1] for line in output.getvalue().splitlines() if "exit 3" in line]
    assert pauses == ["0.05 s", "0.1 s", "0.2 s"]


def test_stop_leaves_nothing_running_not_even_the_stubborn(
    supervisor: Supervisor, output: io.StringIO
) -> None:
    children = [Child("polite", python(SLEEP)), Child("stubborn", python(STUBBORN), patience=0.2)]
    for child in children:
        supervisor.start(child)
    supervisor.watch(until=within(10, lambda: output.getvalue().count("ready") == 2))
    pids = [pid_of(child) for child in children]
    supervisor.stop()
    assert not any(map(is_alive, pids))
    assert "stubborn | does not stop" in output.getvalue()
    assert "polite   | does not stop" not in output.getvalue()


def test_what_others_need_stops_last(supervisor: Supervisor, output: io.StringIO) -> None:
    tells = f"import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye')))\n{SLEEP}"
    supervisor.start(Child("database", python(tells), others_need_it=True))
    supervisor.start(Child("web", python(tells)))
    supervisor.watch(until=within(10, lambda: output.getvalue().count("ready") == 2))
    supervisor.stop()
    farewells = [line.split()[1] for line in output.getvalue().splitlines() if line.endswith("bye")]
    assert farewells == ["web", "database"]


def test_in_a_hurry_there_is_no_patience(supervisor: Supervisor, output: io.StringIO) -> None:
    supervisor.start(Child("stubborn", python(STUBBORN), patience=600))
    supervisor.watch(until=within(10, lambda: "ready" in output.getvalue()))
    supervisor.hurry = True
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 10


def test_programs_run_to_their_end_and_a_failure_is_said(supervisor: Supervisor, output: io.StringIO) -> None:
    supervisor.run({"fine": python("print('did it')"), "too": python("print('did it')")})
    assert output.getvalue().count("did it") == 2
    with pytest.raises(HouseError, match=r"broken failed \(exit 7\)"):
        supervisor.run({"broken": python("raise SystemExit(7)")})


def test_children_die_with_a_killed_supervisor() -> None:
    code = (
        "import os, signal, sys\n"
        "from tracker.up.process import spawn\n"
        f"print(spawn([sys.executable, '-c', {SLEEP!r}]).pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    answer = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False, timeout=30)
    pid = int(answer.stdout.split()[0])
    check = within(10, lambda: not is_alive(pid))
    while not check():
        time.sleep(0.05)


def test_each_line_of_the_log_says_who_speaks(output: io.StringIO) -> None:
    log = Log(output)
    ours, theirs = os.pipe()
    os.write(theirs, b"one\nbad \xff")
    os.close(theirs)
    log.follow("web", os.fdopen(ours, "rb")).join()
    assert [line.split(" ", 1)[1] for line in output.getvalue().splitlines()] == [
        "web      | one",
        "web      | bad \ufffd",
    ]
