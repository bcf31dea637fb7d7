"""A database on which one test after another writes, wiped in between.

A clone for every test costs more than most tests: the copy, and a connection that has yet to learn every
table and compile every guard. Here both stay. The application's role could never wipe it, so a superuser
does, with triggers off; who else is still connected is cut off first.
"""

import io

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from tracker.cluster import Cluster

WIPES_UNTIL_VACUUM = 50  # a scan walks over all that was deleted since

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
SEQUENCES = "SELECT oid, pg_sequence_last_value(oid) FROM pg_class WHERE relkind = 'S'"
OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND pid IS DISTINCT FROM %s
"""
# With more rows or fewer than there were, or with one that was written since.
IS_CHANGED = """
SELECT {name} WHERE (SELECT count(*) <> {rows} OR bool_or(xmin::text::bigint >= {since}) FROM {table})
"""


class Slate:
    """A copy of `template`, used by one test at a time."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.name = f"{template}_slate"
        self._wipes = 0
        cluster.create_database(self.name, template=template)
        self._link = psycopg2.connect(cluster.superuser_url(self.name))
        self._link.autocommit = True
        with self._link.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            self._first = {name: copied(cursor, name) for name in tables_of(cursor)}
            cursor.execute(SEQUENCES)
            self._sequences = cursor.fetchall()
            self._since = _next_transaction(cursor)

    def wipe(self, keep: int | None = None) -> None:
        """Make it what it was. Ends every session in it but that of the backend `keep`."""
        with self._link.cursor() as cursor:
            cursor.execute(OTHERS, [self.name, keep])
            for name in self._changed(cursor):
                table = sql.Identifier(name)
                cursor.execute(sql.SQL("DELETE FROM {}").format(table))
                cursor.copy_expert(
                    sql.SQL("COPY {} FROM STDIN").format(table), io.StringIO(self._first[name])
                )
            for sequence, last in self._sequences:
                cursor.execute(
                    "SELECT setval(%s::oid::regclass, %s, %s)", [sequence, last or 1, last is not None]
                )
            self._wipes += 1
            if self._wipes % WIPES_UNTIL_VACUUM == 0:
                cursor.execute("VACUUM")
            self._since = _next_transaction(cursor)

    def _changed(self, cursor: Cursor) -> list[str]:
        parts = [
            sql.SQL(IS_CHANGED).format(
                name=sql.Literal(name),
                table=sql.Identifier(name),
                since=sql.Literal(self._since),
                rows=sql.Literal(first.count("\n")),
            )
            for name, first in self._first.items()
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return [name for (name,) in cursor.fetchall()]

    def close(self) -> None:
        self._link.close()


def tables_of(cursor: Cursor) -> list[str]:
    cursor.execute(TABLES)
    return [name for (name,) in cursor.fetchall()]


def copied(cursor: Cursor, table: str) -> str:
    """All rows of a table, as COPY writes them."""
    rows = io.StringIO()
    cursor.copy_expert(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table)), rows)
    return rows.getvalue()


def _next_transaction(cursor: Cursor) -> int:
    cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    return int(cursor.fetchone()[0])  # type: ignore[index]
