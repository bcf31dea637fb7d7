"""Handlers that tests can hold up, for a worker started with `-I tests.probes`."""

import os
import time
from pathlib import Path

from projects.models import Obligation
from projects.outbox import obligation
from tracker.models import CaughtMail


def _runs(owed: Obligation) -> int:
    """Note in a file, outside any transaction, that a process begins; how many began before it."""
    marks = Path(owed.payload["marks"])
    before = len(marks.read_text().split()) if marks.exists() else 0
    with marks.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return before


@obligation("probe_hangs_once")
def hang_once(owed: Obligation) -> None:
    """Write a row, then hang at the first run, so that a test can kill us with the row not committed."""
    first = _runs(owed) == 0
    CaughtMail.objects.create(to="probe@example.com", subject="probe", text="", message_id=str(owed.id))
    if first:
        time.sleep(60)


@obligation("probe_acts", acts=True)
def act(owed: Obligation) -> None:
    if _runs(owed) == 0:
        time.sleep(60)
