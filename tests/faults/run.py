"""One run: bring the house up, let people work, break it by the schedule, let it settle, and judge."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults import judge
from tests.faults.crew import PEOPLE, Crew
from tests.faults.judge import Books
from tests.faults.ledger import Ledger
from tests.faults.recovery import Recovery, recoveries, table
from tests.faults.schedule import Fault
from tests.faults.strike import Striker
from tests.house import PATIENCE, ROOT, House, free_port
from tests.kept import lay_cluster
from tests.smtp import MailServer, mail_server

SCOPES = "read,progress,sign,pay,manage"
SECONDS_TO_SETTLE = 1500
SECONDS_OF_PEACE = 3  # of work after the last fault, so that it too is recovered from under load


@dataclass
class Outcome:
    """What a run showed. `problems` is empty when nothing was lost and nothing doubled."""

    ledger: Ledger
    problems: list[str] = field(default_factory=list)
    recovery: list[Recovery] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = ["", *self.figures, "", "Recovery, in seconds:", table(self.recovery), ""]
        said += ["Nothing lost, nothing doubled."] if not self.problems else ["PROBLEMS:", *self.problems]
        return "\n".join(said)


def run(schedule: Sequence[Fault], *, seed: int, houses: int, hurry: bool = False) -> Outcome:
    """Bring the faults of the schedule over a house of our own and judge it.

    hurry: let reservations of lost hints run out at once, where a person would wait up to minutes.
    """
    with mail_server() as mail, a_house(mail) as house:
        began = datetime.now(UTC)
        ledger = Ledger()
        crew = Crew(house.address, tokens_of(house), ledger, seed)
        crew.start(houses)
        try:
            struck = strike_all(schedule, Striker(house, mail, seed), ledger)
        finally:
            crew.finish()
        assert not crew.mistakes, crew.mistakes
        return judged(house, mail, ledger, struck, began, hurry)


def strike_all(schedule: Sequence[Fault], striker: Striker, ledger: Ledger) -> list[tuple[str, float]]:
    """Every fault after its pause; (kind, moment) of each."""
    struck = []
    for fault in schedule:
        time.sleep(fault.pause)
        struck.append((fault.kind, striker.strike(fault)))
        print(f"{fault}  ({len(ledger.acknowledged)} acts acknowledged)", flush=True)
    time.sleep(SECONDS_OF_PEACE)
    return struck


def judged(
    house: House,
    mail: MailServer,
    ledger: Ledger,
    struck: Sequence[tuple[str, float]],
    began: datetime,
    hurry: bool,
) -> Outcome:
    books = Books(house)
    settled = settle(books, hurry)
    outcome = Outcome(ledger, recovery=recoveries(struck, ledger.acknowledged, books.obligations()))
    outcome.problems = [
        *judge.judge_acts(books, ledger),
        *judge.judge_obligations(books),
        *judge.judge_mails(books, mail.letters, began),
        *judge.judge_sweeps(books, began),
        *judge.judge_by_verify(house),
    ]
    repeated = sum(act.tries > 1 for act in ledger.acknowledged)
    outcome.figures = [
        f"{len(struck)} faults, {len(ledger.acknowledged)} acts acknowledged, {repeated} after a retry",
        f"refused: {dict(ledger.refused)}",
        f"tries that came to nothing: {dict(ledger.troubles)}",
        f"{len(books.obligations())} obligations done, the last {settled:.0f} s after the last act",
        f"{len(mail.letters)} mails taken, {judge.sent_again(mail.letters)} of them a second time"
        " (the same Message-ID)",
    ]
    return outcome


def settle(books: Books, hurry: bool) -> float:
    """Wait until nothing is owed any more; how many seconds that took, at most SECONDS_TO_SETTLE."""
    began = time.monotonic()
    if hurry:
        books.let_reservations_run_out()
    while books.waiting() and time.monotonic() - began < SECONDS_TO_SETTLE:
        time.sleep(0.2)
    return time.monotonic() - began


@contextmanager
def a_house(mail: MailServer) -> Iterator[House]:
    """A house with the demonstration's people and a mail server, kept with the settings of the product. Its
    database was migrated before.
    """
    with TemporaryDirectory(prefix="plumbline-faults-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        lay_cluster(Path(folder) / "postgres")
        house = House(Path(folder), free_port(), EMAIL_URL=f"smtp://127.0.0.1:{mail.port}")
        try:
            house.wait_for(lambda: house.says("Plumbline is running"))
            yield house
        finally:
            house.process.terminate()
            house.process.wait(PATIENCE)
            subprocess.run(["rm", "-rf", folder], check=True)


def tokens_of(house: House) -> dict[str, str]:
    """A token for each person of the crew, made as an operator makes one."""
    making = {
        name: subprocess.Popen(
            [sys.executable, "manage.py", "token", f"{name}@example.com", "--scopes", SCOPES],
            cwd=ROOT,
            env=house.command_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in PEOPLE
    }
    return {name: process.communicate()[0].strip() for name, process in making.items()}
