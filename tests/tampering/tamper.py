"""A superuser's hands on history: one byte of one column of one row changed, with every trigger asleep."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg2

from projects.integrity import Break
from projects.integrity.digests import fact_tables
from tests.tampering.bytes import changed

JOURNAL = "projects_journalentry"
# What no hash covers, and why.
LEFT_OUT = {
    (
        JOURNAL,
        "xid",
    ): "the number of the writing transaction: of this cluster, without meaning after its commit"
}

# Dates and moments are stored as integers: days, and microseconds, since the year 2000.
READ = {
    "date": "({0} - date '2000-01-01')::text",
    "timestamp with time zone": "(extract(epoch FROM {0} - '2000-01-01Z') * 1000000)::bigint::text",
}
WRITTEN = {
    "date": "date '2000-01-01' + %s::integer",
    "timestamp with time zone": "'2000-01-01Z'::timestamptz + %s::bigint * interval '1 microsecond'",
}

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY 1, 2
"""

CHECKS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = 'public'::regnamespace AND k.contype = 'c' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Column:
    table: str
    name: str
    type: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True)
class Change:
    """What was changed, and every name that its place has before and after."""

    column: Column
    was: dict[str, Any]
    became: dict[str, Any]

    def is_place_of(self, found: Break) -> bool:
        """Whether a break names the changed row: an entry by project and place, a fact by project and id."""
        projects = {self.was["owner"], self.became["owner"]}
        if self.column.table == JOURNAL:
            here = found.seq in {self.was["seq"], self.became["seq"]}
        else:
            here = found.about in {f"{self.column.table}/{row['id']}" for row in (self.was, self.became)}
        return here and str(found.project) in projects


class Tamperer:
    """A superuser's connection on which triggers, foreign keys and checks say nothing."""

    def __init__(self, url: str) -> None:
        self.link = psycopg2.connect(url)
        self.link.autocommit = True
        self.cursor = self.link.cursor()
        self.run("SET session_replication_role = replica")
        self.checks = self.rows(CHECKS)
        for table, name, _ in self.checks:
            self.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    def restore_checks(self) -> None:
        """Give the database back the checks that were taken from it."""
        for table, name, definition in self.checks:
            self.run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")

    def run(self, statement: str, *values: Any) -> None:
        self.cursor.execute(statement, values or None)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        self.run(statement, *values)
        return self.cursor.fetchall()

    def close(self) -> None:
        self.link.close()

    def columns(self) -> list[Column]:
        """Every column of the journal and of every fact table that a hash covers."""
        tables = [JOURNAL, *fact_tables()]
        found = [Column(*row) for row in self.rows(COLUMNS, tables)]
        return [column for column in found if (column.table, column.name) not in LEFT_OUT]

    @contextmanager
    def change(self, column: Column, chance: Random) -> Iterator[Change | None]:
        """Change a byte of this column in some row, and change it back; None where no row has one."""
        change = self._changed(column, chance)
        yield change
        if change:
            self._write(column, change.became["id"], change.was["value"])

    def has_value(self, column: Column) -> bool:
        """Whether some row has a byte of this column."""
        return bool(self.rows(f"SELECT 1 FROM {column.table} WHERE {column.name} IS NOT NULL LIMIT 1"))

    @contextmanager
    def without_a_row(self, table: str) -> Iterator[tuple[str, str]]:
        """Take a row away, and put it back: (its project, "table/id")."""
        ((pk, project),) = self.rows(f"SELECT id::text, project_id::text FROM {table} ORDER BY id LIMIT 1")
        self.run(f"CREATE TEMP TABLE taken AS SELECT * FROM {table} WHERE id = %s", pk)
        self.run(f"DELETE FROM {table} WHERE id = %s", pk)
        yield project, f"{table}/{pk}"
        self.run(f"INSERT INTO {table} SELECT * FROM taken; DROP TABLE taken")

    @contextmanager
    def another_row(self, table: str) -> Iterator[str]:
        """Write a row like a standing one, and take it away: "table/id"."""
        self.run(f"CREATE TEMP TABLE made AS SELECT * FROM {table} ORDER BY id LIMIT 1")
        self.run("UPDATE made SET id = gen_random_uuid()")
        ((pk,),) = self.rows(f"INSERT INTO {table} SELECT * FROM made RETURNING id::text")
        yield f"{table}/{pk}"
        self.run(f"DELETE FROM {table} WHERE id = %s; DROP TABLE made", pk)

    @contextmanager
    def typed(self, *statements: str) -> Iterator[None]:
        """Let the superuser type statements, and put the tables that they write back as they were."""
        words = " ".join(statements)
        tables = sorted(set(re.findall(r"(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)", words)))
        for table in tables:
            self.run(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")
        try:
            for statement in statements:
                self.run(statement)
            yield
        finally:
            for table in tables:
                self.run(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}")
                self.run(f"DROP TABLE kept_{table}")

    def _changed(self, column: Column, chance: Random) -> Change | None:
        ids = [
            pk
            for (pk,) in self.rows(
                f"SELECT id FROM {column.table} WHERE {column.name} IS NOT NULL ORDER BY id"
            )
        ]
        for _ in range(50 if ids else 0):
            pk = chance.choice(ids)
            was = self._row(column, pk)
            value = changed(was["value"], column.type, chance)
            if value is None or not self._try(column, pk, value):
                continue
            new_pk = value if column.name == "id" else pk
            return Change(column, was, self._row(column, new_pk))
        return None

    def _try(self, column: Column, pk: str, value: str) -> bool:
        """False where it would stand twice, or is no value of the column."""
        try:
            self._write(column, pk, value)
        except (psycopg2.IntegrityError, psycopg2.DataError):
            return False
        return True

    def _write(self, column: Column, pk: str, value: str) -> None:
        written = WRITTEN.get(column.type, f"%s::{column.type}")
        self.run(f"UPDATE {column.table} SET {column.name} = {written} WHERE id = %s", value, pk)

    def _row(self, column: Column, pk: str) -> dict[str, Any]:
        """A row's id, project and place in the journal, and the value of the column."""
        owner = "id" if column.table == "projects_project" else "project_id"
        seq = "seq" if column.table == JOURNAL else "NULL"
        value = READ.get(column.type, "{0}::text").format(column.name)
        ((pk, project, place, read),) = self.rows(
            f"SELECT id::text, {owner}::text, {seq}, {value} FROM {column.table} WHERE id = %s", pk
        )
        return {"id": pk, "owner": project, "seq": place, "value": read}
