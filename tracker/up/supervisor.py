"""Starts children, restarts the dead, shows one readable log, and leaves nothing running.

A child is a process in a session of its own; what it leaves behind there is killed with it. If the
supervisor itself is killed, the kernel ends the children (see `process.spawn`).
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tracker.up.log import Log
from tracker.up.process import kill_group

LOOK_EVERY = 0.1  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds between a child's end and its next start
STEADY = 10.0  # seconds alive after which a child's earlier ends are forgotten
TRIES = 3  # ends of one child in a row, while the house is being brought up, until we give up

CLEAN_END = "exit 0"
Spawn = Callable[[int], "subprocess.Popen[bytes]"]


class HouseError(Exception):
    """The house cannot be brought up; the text is a sentence for the person at the terminal."""


@dataclass
class Child:
    """One part of the house. `spawn` starts it with its output going to a file descriptor."""

    name: str
    spawn: Spawn
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0  # seconds from the stop signal to SIGKILL
    others_need_it: bool = False  # it stops when all others are gone
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    next_start: float = 0.0
    ends: int = 0  # in a row, without a steady life between them
    reader: threading.Thread | None = field(default=None, repr=False)

    @property
    def has_ended(self) -> bool:
        """Whether its process is dead. It stays a zombie here, so that its number stays taken."""
        if self.process is None:
            return False
        options = os.WEXITED | os.WNOWAIT | os.WNOHANG
        try:
            return os.waitid(os.P_PID, self.process.pid, options) is not None
        except ChildProcessError:  # a signal came between its burial and our taking note
            return True

    def bury(self) -> str:
        """Kill what the dead process left in its session; how it ended, in words."""
        assert self.process is not None
        kill_group(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        self.process = None
        if self.reader is not None:
            self.reader.join(timeout=1)
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


class Supervisor:
    """Keeps children running from `start` until `stop`. For one thread, the main one."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.children: list[Child] = []
        self.stopping = False
        self.hurry = False  # set by a second Ctrl-C: no more patience

    def start(self, child: Child) -> None:
        """Start it and keep it running from now on."""
        self.children.append(child)
        self._start(child)

    def watch(self, until: Callable[[], bool] | None = None) -> None:
        """Restart the dead: for ever, or until `until()`; then a child that keeps ending is a HouseError."""
        while until is None or not until():
            for child in self.children:
                self._look_after(child, tries=None if until is None else TRIES)
            time.sleep(LOOK_EVERY)

    def run(self, programs: Mapping[str, Spawn]) -> None:
        """Run programs to their end, at once, looking after the children. HouseError when one fails."""
        passing = [Child(name, spawn, patience=2) for name, spawn in programs.items()]
        try:
            for child in passing:
                self._start(child)
            self.watch(until=lambda: all(child.has_ended for child in passing))
        except BaseException:
            self._stop(passing)
            raise
        ends = {child.name: child.bury() for child in passing}
        for name, how in ends.items():
            if how != CLEAN_END:
                raise HouseError(f"{name} failed ({how}); its lines above say why.")

    def stop(self) -> None:
        """Stop everything: first the parts that nobody needs, then the database and the broker."""
        self.stopping = True
        self._stop([child for child in self.children if not child.others_need_it])
        self._stop([child for child in self.children if child.others_need_it])
        self.children = []

    def _start(self, child: Child) -> None:
        ours, theirs = os.pipe()
        try:
            child.process = child.spawn(theirs)
        finally:
            os.close(theirs)
        child.started_at = time.monotonic()
        child.reader = self.log.follow(child.name, os.fdopen(ours, "rb"))
        self.log.say(child.name, f"starts (process {child.process.pid})")

    def _look_after(self, child: Child, tries: int | None) -> None:
        now = time.monotonic()
        if child.process is None and now >= child.next_start:
            self._start(child)
        elif child.has_ended:
            child.ends = 1 if now - child.started_at > STEADY else child.ends + 1
            pause = min(FIRST_PAUSE * 2 ** (child.ends - 1), LONGEST_PAUSE)
            child.next_start = now + pause
            self.log.say(child.name, f"has ended ({child.bury()}); starting it again in {pause:g} s")
            if tries is not None and child.ends >= tries:
                raise HouseError(f"{child.name} does not stay up; its lines above say why.")

    def _stop(self, children: list[Child]) -> None:
        """Ask all of them at once, wait as long as each is worth, then kill."""
        asked_at = time.monotonic()
        alive = [child for child in children if child.process is not None]
        for child in alive:
            assert child.process is not None
            os.kill(child.process.pid, child.stop_signal)
        while alive:
            waited = time.monotonic() - asked_at
            for child in alive:
                if child.has_ended or self.hurry or waited > child.patience:
                    self._end(child)
            alive = [child for child in alive if child.process is not None]
            time.sleep(LOOK_EVERY / 5)

    def _end(self, child: Child) -> None:
        if not child.has_ended:
            assert child.process is not None
            self.log.say(child.name, "does not stop; killing it")
            os.kill(child.process.pid, signal.SIGKILL)
        child.bury()
