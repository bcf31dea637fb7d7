"""A story that was told, written again in bulk: other ids and people, with hashes and a chain of its own."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from people.ids import new_id
from people.models import User
from projects.integrity.digests import fact_tables, read_row, row_digest
from projects.journal import GENESIS, canonical, chain_hash
from tracker.simulation.stories import Told

A_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
JOURNAL = "projects_journalentry"


def tell_again(told: Told, casts: Sequence[dict[str, User]]) -> None:
    """The story once for each cast, act by act: the same act of all of them in one transaction."""
    retellings = [_renamed(told, cast) for cast in casts]
    for acts in zip(*retellings, strict=True):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            for table in fact_tables():
                _write(cursor, table, [row for act in acts for row in act.new.get(table, [])])
            for table in fact_tables():  # what a row becomes rests on what is new
                _rewrite(cursor, table, [row for act in acts for row in act.changed.get(table, [])])
            _write(cursor, JOURNAL, [json.dumps(act.entry) for act in acts])


@dataclass
class Again:
    """An act under other ids: rows to be written and to be changed, as JSON by table, and its entry."""

    new: dict[str, list[str]]
    changed: dict[str, list[str]]
    entry: dict[str, Any]


def _renamed(told: Told, cast: dict[str, User]) -> Iterator[Again]:
    """The story's acts under new ids and by other people, with hashes and a chain of their own."""
    ids = {str(told.people[role].id): str(person.id) for role, person in cast.items()}
    emails = {told.people[role].email: person.email for role, person in cast.items()}

    def renamed(text: str) -> str:
        for email, other in emails.items():
            text = text.replace(email, other)
        return A_UUID.sub(lambda found: ids.setdefault(found[0], str(new_id())), text)

    previous = GENESIS
    for act in told.acts:
        new: dict[str, list[str]] = {}
        changed: dict[str, list[str]] = {}
        digests = {}
        for table, rows in act.rows.items():
            for text, is_new in zip(rows, act.is_new[table], strict=True):
                again = renamed(text)
                row = read_row(again)
                digests[f"{table}/{row['id']}"] = row_digest(table, row)
                (new if is_new else changed).setdefault(table, []).append(again)
        entry = {name: renamed(v) if isinstance(v, str) else v for name, v in act.entry.items()}
        body = canonical(json.loads(entry["body"]) | {"facts": digests})
        entry |= {"body": f"\\x{body.hex()}", "previous_hash": previous, "hash": chain_hash(previous, body)}
        previous = entry["hash"]
        yield Again(new, changed, entry)


def _write(cursor: Any, table: str, rows: list[str]) -> None:
    if rows:
        cursor.execute(
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
            [f"[{','.join(rows)}]"],
        )


def _rewrite(cursor: Any, table: str, rows: list[str]) -> None:
    """The columns that may change, as the rows have them now, and the entry that they carry."""
    if rows:
        columns = [*getattr(fact_tables()[table], "changes", ()), "entry_id"]
        cursor.execute(
            f"UPDATE {table} f SET {', '.join(f'{name} = r.{name}' for name in columns)}"
            f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r WHERE f.id = r.id",
            [f"[{','.join(rows)}]"],
        )
