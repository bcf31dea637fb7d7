"""The contract that most tests begin with, told through the acts once in a test process.

Its rows are laid into the database of every test that asks for it, as it stands, for a fifth of the work. A
superuser lays them with triggers off: they were guarded when they were told.
"""

import io
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import psycopg2
from django.db import connection
from django.utils import timezone
from psycopg2 import sql

from projects import clock
from projects.models import Project
from tests.slate import copied, tables_of
from tracker.cluster import Cluster

A_MOMENT = timedelta(seconds=1)
LONGEST = timedelta(hours=1)  # a test whose clock is further from when it was told has set it


class Retold:
    """The rows that telling wrote into the database `told`, a copy of `template`, by the homeowner `by`."""

    def __init__(self, cluster: Cluster, template: str, told: str, project: Project, by: UUID) -> None:
        self._cluster, self._id, self._day = cluster, project.pk, timezone.localdate()
        before, after = (_rows(cluster, name) for name in (template, told))
        changed = {table for table, rows in after.items() if rows != before[table]}
        assert not any(before[table] for table in changed), "it wrote where there were rows already"
        self._rows = {table: after[table] for table in changed}
        self._at, self._by = clock.now(), by

    def lay(self, by: UUID) -> UUID | None:
        """Lay it into the database in use; its id. None where it is laid already, for others than the people
        of the template, or where another time is told."""
        if by != self._by or self._is_another_time() or Project.objects.filter(pk=self._id).exists():
            return None
        name = connection.settings_dict["NAME"]
        with closing(psycopg2.connect(self._cluster.superuser_url(name))) as link, link.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for table, rows in self._rows.items():
                statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                cursor.copy_expert(statement, io.StringIO(rows))
            link.commit()
        return self._id

    def _is_another_time(self) -> bool:
        now = clock.now()
        is_set = abs(now - timezone.now()) > A_MOMENT
        return is_set or timezone.localdate() != self._day or not timedelta() <= now - self._at < LONGEST


def _rows(cluster: Cluster, name: str) -> dict[str, str]:
    with closing(psycopg2.connect(cluster.superuser_url(name))) as link, link.cursor() as cursor:
        return {table: copied(cursor, table) for table in tables_of(cursor)}
