"""What must hold when everything has settled: what was acknowledged is there once, what is owed done once.

Reads the database as the application's role; only `verify` is the product's own code.
"""

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import psycopg2

from tests.faults.contract import NAME
from tests.faults.ledger import Acknowledged, Ledger
from tests.house import ROOT, House
from tracker.cluster import DATABASE, Cluster

# Reminders are owed long before their time: they are neither done nor late.
OVERDUE = "done_at IS NULL AND (attempts > 0 OR next_at <= now())"
SWEEP_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One entry that a person made in one of the houses, with all that it names."""

    place: str
    kind: str
    marks: frozenset[str]


class Books:
    """The database of a house after the run."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.url = Cluster(house.var / "postgres").app_url(DATABASE)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.url)) as link, link.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def entries(self) -> list[Entry]:
        """What people did in the houses of the crew; an entry of a payment is known by its reference too."""
        found = self.ask(
            "SELECT e.body, a.reference FROM projects_journalentry e"
            " JOIN projects_project p ON p.id = e.project_id"
            " LEFT JOIN payments_payment a ON a.entry_id = e.id"
            " WHERE p.name LIKE %s AND e.actor_id IS NOT NULL ORDER BY e.project_id, e.seq",
            f"{NAME}%",
        )
        return [entry_of(json.loads(bytes(body)), reference) for body, reference in found]

    def waiting(self) -> int:
        """How many obligations are not done, though their time has come."""
        return int(self.ask(f"SELECT count(*) FROM projects_obligation WHERE {OVERDUE}")[0][0])

    def let_reservations_run_out(self) -> None:
        """What a lost hint was for is due now, and not when its time has passed."""
        with closing(psycopg2.connect(self.url)) as link, link, link.cursor() as cursor:
            cursor.execute(f"UPDATE projects_obligation SET next_at = now() WHERE {OVERDUE}")

    def obligations(self) -> list[tuple[datetime, datetime]]:
        """(owed, done) of all that is done."""
        return self.ask("SELECT created_at, done_at FROM projects_obligation WHERE done_at IS NOT NULL")


def entry_of(body: dict[str, Any], reference: str | None) -> Entry:
    marks = frozenset(marks_of(body)) | ({f"reference={reference}"} if reference else frozenset())
    return Entry(f"{body['project']} #{body['seq']}", body["kind"], marks)


def marks_of(body: dict[str, Any]) -> Iterable[str]:
    """What an entry names, as the clients spell it: `name=value` of its data, `table/id` of its facts."""
    yield f"project={body['project']}"
    yield from (f"{name}={value}" for name, value in body["data"].items())
    yield from body["facts"]


def compare(acknowledged: Sequence[Acknowledged], entries: Sequence[Entry]) -> list[str]:
    """One line for every act that was acknowledged and is not there once, or is there unacknowledged."""
    by_mark: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, entry in enumerate(entries):
        for mark in entry.marks:
            by_mark[entry.kind, mark].add(place)
    problems, claimed = [], Counter[int]()
    for act in acknowledged:
        found = set.intersection(*(by_mark[act.kind, mark] for mark in act.marks))
        claimed.update(found)
        if len(found) != 1:
            problems.append(f"{'doubled' if found else 'lost'}: {act.kind} {sorted(act.marks)} ({act.key})")
    for place, entry in enumerate(entries):
        if claimed[place] != 1:
            problems.append(f"acknowledged {claimed[place]} times: {entry.kind} at {entry.place}")
    return problems


def judge_acts(books: Books, ledger: Ledger) -> list[str]:
    """Everything about the acts that is not as it must be."""
    problems = compare(ledger.acknowledged, books.entries())
    problems += [f"never answered: {what}" for what in ledger.unresolved]
    problems += [f"twins with two answers: {what}" for what in ledger.differing]
    problems += [f"a mistake of the house: {trouble}" for trouble in ledger.troubles if trouble == "500"]
    open_rows = books.ask("SELECT key FROM projects_once WHERE status = 0")
    return problems + [f"an answer was never kept: {key}" for (key,) in open_rows]


def judge_obligations(books: Books) -> list[str]:
    undone = books.ask(
        f"SELECT kind, id, attempts, last_error FROM projects_obligation WHERE {OVERDUE} ORDER BY id"
    )
    return [
        f"owed and not done: {kind} {id} after {tries} hints; {error}" for kind, id, tries, error in undone
    ]


def judge_mails(books: Books, letters: Sequence[EmailMessage], since: datetime) -> list[str]:
    """Every letter was sent, and each reader of a payment got one letter of it."""
    owed = books.ask("SELECT id FROM projects_obligation WHERE kind = 'letter' AND created_at >= %s", since)
    owed_ids = {str(id) for (id,) in owed}
    seen = {id_of(letter) for letter in letters}
    problems = [f"never sent: letter {id}" for id in sorted(owed_ids - seen)]
    references = books.ask(
        "SELECT a.reference, count(*) FROM payments_payment a JOIN projects_project p ON p.id = a.project_id"
        " WHERE p.name LIKE %s GROUP BY 1",
        f"{NAME}%",
    )
    told: Counter[tuple[str, str]] = Counter()
    for letter in {id_of(letter): letter for letter in letters}.values():
        told.update((reference, str(letter["To"])) for reference in _references(letter))
    for reference, times in references:
        readers = {to: mails for (of, to), mails in told.items() if of == reference}
        if times != 1 or set(readers.values()) != {1}:
            problems.append(f"payment {reference}: there {times} times, told of in mails {readers}")
    return problems


def id_of(letter: EmailMessage) -> str:
    """The obligation that a letter fulfils, from its Message-ID."""
    return str(letter["Message-ID"]).strip("<>").partition("@")[0]


def sent_again(letters: Sequence[EmailMessage]) -> int:
    """How many times a letter came that had come before, with the same Message-ID."""
    return len(letters) - len({id_of(letter) for letter in letters})


def _references(letter: EmailMessage) -> set[str]:
    """The references of payments in a mail: 16 hexadecimal digits."""
    body = letter.get_body(("plain",))
    return set(re.findall(r"\b[0-9a-f]{16}\b", body.get_content())) if body else set()


def judge_sweeps(books: Books, since: datetime) -> list[str]:
    """Every period of the sweep that the run saw from beginning to end has a run that came to its end."""
    done = {
        period
        for (period,) in books.ask(
            "SELECT period FROM projects_jobrun WHERE job = 'sweep' AND finished_at IS NOT NULL"
        )
    }
    epoch = datetime.fromtimestamp(0, UTC)
    period = epoch + ((since - epoch) // SWEEP_EVERY) * SWEEP_EVERY
    problems = []
    while period + SWEEP_EVERY <= datetime.now(UTC):
        if period.isoformat() not in done:
            problems.append(f"no sweep in the quarter of an hour from {period:%H:%M}")
        period += SWEEP_EVERY
    return problems


def judge_by_verify(house: House) -> list[str]:
    """`manage.py verify`, as an operator runs it."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "verify"],
        cwd=ROOT,
        env=house.command_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    print(answer.stdout)
    return [] if answer.returncode == 0 else [f"verify: {answer.stdout}{answer.stderr}"]
