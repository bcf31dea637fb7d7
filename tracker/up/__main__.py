"""`./run`, which is `manage.py up`: everything under one supervisor, until Ctrl-C or SIGTERM."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from tracker.cluster import ClusterError
from tracker.up.house import bring_up
from tracker.up.log import Log
from tracker.up.plan import Plan, make_plan, var_folder
from tracker.up.supervisor import HouseError, Supervisor
from tracker.up.web import listen


class Stopped(Exception):
    """Ctrl-C, SIGTERM, or the terminal is gone."""


def main() -> int:
    """Bring the house up and look after it; the exit code."""
    supervisor = Supervisor(Log())
    try:
        _stop_on_signals(supervisor)
        var = var_folder(os.environ)
        with only_one(var) as lock:
            _run(make_plan(os.environ, var), supervisor, lock)
    except Stopped:
        return 0
    except (HouseError, ClusterError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextmanager
def only_one(var: Path) -> Iterator[int]:
    """Hold the lock on `var`, a file that tells others the address. HouseError when another run has it."""
    lock = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(lock)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        where = os.read(lock, 1000).decode() or "and is still starting"
        raise HouseError(f"Plumbline is already running here, {where}.") from error
    os.truncate(lock, 0)


def _run(plan: Plan, supervisor: Supervisor, lock: int) -> None:
    os.environ.update(plan.environment)
    try:
        from tracker import settings  # not before the environment that it reads is there
    except ImproperlyConfigured as error:
        raise HouseError(str(error)) from error
    listener = listen(settings.HOST, settings.PORT)
    try:
        bring_up(plan, supervisor, listener)
        os.write(lock, f"at {settings.PUBLIC_URL}/ (process {os.getpid()})".encode())
        # Not settings.DEMONSTRATION: `manage.py up` read it before the plan made the database ours.
        demonstration = plan.cluster is not None and settings.ON_LOOPBACK
        supervisor.log.announce(_welcome(settings.PUBLIC_URL, demonstration))
        supervisor.watch()
    finally:
        supervisor.log.announce("Stopping.")
        listener.close()
        supervisor.stop()
        if plan.cluster is not None:
            plan.cluster.stop()


def _welcome(address: str, demonstration: bool) -> str:
    sign_in = (
        f"{address}/demo/ lets you enter as one of the people of the demonstration"
        if demonstration
        else f"{address}/account/login/ (a new person: {address}/account/signup/)"
    )
    return f"Plumbline is running.\n\n  Address:  {address}/\n  Sign in:  {sign_in}\n  Stop:     Ctrl-C"


def _stop_on_signals(supervisor: Supervisor) -> None:
    """The first signal begins an orderly stop, wherever we are; one during the stop ends the patience."""

    def stop(number: int, frame: FrameType | None) -> None:
        if supervisor.stopping:
            supervisor.hurry = True
            return
        supervisor.stopping = True
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup ./run
            signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
