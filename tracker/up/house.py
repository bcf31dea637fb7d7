"""The parts of the house and the order in which they come up."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tracker.cluster import DATABASE, STOP_SIGNAL, Cluster
from tracker.up.messages import compile_messages
from tracker.up.plan import ROOT, Plan
from tracker.up.process import spawn
from tracker.up.stamps import Stamp, source_files, static_files
from tracker.up.supervisor import Child, Spawn, Supervisor
from tracker.up.web import answers, web

TASKS_AT_ONCE = "2"
# Celery's, for tasks that may be pickles; ours are JSON only.
ROOT_WARNING = "You're running the worker with superuser privileges"


def bring_up(plan: Plan, supervisor: Supervisor, listener: socket.socket) -> None:
    """Start everything in order; returns when the web answers. Raises HouseError, ClusterError, OSError.

    The web comes before worker, beat and relay: whoever starts the house waits for the first page.
    """
    compile_messages(ROOT / "locale")
    if plan.broker is not None:
        plan.broker.prepare()
        supervisor.start(Child("broker", plan.broker.spawn, others_need_it=True))
    if plan.cluster is not None:
        _start_database(plan.cluster, supervisor)
    _prepare(plan, supervisor, web(plan, listener))
    supervisor.watch(until=lambda: answers(listener))
    for child in _background(plan):
        supervisor.start(child)


def _start_database(cluster: Cluster, supervisor: Supervisor) -> None:
    """A first start that was cut off left half a demonstration, and nobody's data: begin it anew."""
    unfinished = _unfinished(cluster)
    if not cluster.rest.data.exists():
        cluster.rest.home.mkdir(exist_ok=True)
        unfinished.touch()
    cluster.prepare()
    database = Child("database", cluster.spawn, STOP_SIGNAL, patience=30.0, others_need_it=True)
    supervisor.start(database)
    supervisor.watch(until=cluster.answers)
    if unfinished.exists():
        cluster.drop_database(DATABASE)
    cluster.ensure_roles()


def _unfinished(cluster: Cluster) -> Path:
    """A file that is there from before the data are made until the first start has come to its end."""
    return cluster.rest.home / "unfinished"


def _prepare(plan: Plan, supervisor: Supervisor, front: Child) -> None:
    """Static files, migrations and the demonstration where they are due; the web as soon as it can run."""
    due: dict[str, Spawn] = {}
    static = Stamp(plan.var / "static.stamp", static_files(ROOT))
    if not (static.fits and (plan.var / "static").exists()):
        due["static"] = _manage(plan.environment, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    data = None if plan.cluster is None else Stamp(plan.cluster.rest.home / "data.stamp", source_files(ROOT))
    if data is None or not data.fits:
        due["migrate"] = _manage(plan.migrator_environment, "migrate", "--noinput", "--verbosity", "0")
    supervisor.run(due)
    static.set()
    supervisor.start(front)
    if plan.cluster is not None and data is not None and not data.fits:
        supervisor.run({"demo": _manage(plan.environment, "demo", "--if-empty")})
        data.set()
        _unfinished(plan.cluster).unlink(missing_ok=True)


def _background(plan: Plan) -> list[Child]:
    """Worker, beat and relay. A task cut off after the worker's patience is done again by the next worker."""
    celery = ["-W", f"ignore:{ROOT_WARNING}", "-m", "celery", "--app", "tracker", "--quiet"]
    worker = [*celery, "worker", "--pool", _pool(), "--concurrency", TASKS_AT_ONCE, "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]  # there is no other worker to talk to
    beat = [*celery, "beat", "--schedule", str(plan.var / "beat-schedule"), "--loglevel", "WARNING"]
    return [
        Child("worker", _python(plan.environment, *worker), patience=30.0),
        Child("beat", _python(plan.environment, *beat)),
        Child("relay", _manage(plan.environment, "relay")),
    ]


def _pool() -> str:
    """Processes; threads on the rare machine where an ordinary user gets no semaphores."""
    return "prefork" if os.access("/dev/shm", os.W_OK) else "threads"


def _manage(environment: Mapping[str, str], *arguments: str) -> Spawn:
    return _python(environment, "manage.py", *arguments)


def _python(environment: Mapping[str, str], *arguments: str) -> Spawn:
    """A program for the Python that runs us, in the clone."""

    def start(output: int) -> "subprocess.Popen[bytes]":
        return spawn([sys.executable, *arguments], env=environment, cwd=ROOT, output=output)

    return start
