"""The ground of the attacks: a database with the world in it, and what tells whether anything changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from tests.attacks.world import World, build
from tests.conftest import use
from tests.kept import TEMPLATE
from tracker.cluster import Cluster

NAME = "plumbline_attacked"

TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
)


@contextmanager
def own_database(cluster: Cluster) -> Iterator[str]:
    """A database called NAME, to which Django speaks as the application's role."""
    cluster.create_database(NAME, template=TEMPLATE)
    try:
        use(cluster.app_url(NAME))
        yield NAME
    finally:
        connections.close_all()
        cluster.drop_database(NAME)


@contextmanager
def attacked(cluster: Cluster) -> Iterator[World]:
    """The world in a database of its own."""
    with own_database(cluster):
        yield build()


def migrate_here(cluster: Cluster, name: str) -> None:
    """As `manage.py migrate` on this database, within this process: a third of the time."""
    use(cluster.owner_url(name))
    try:
        with override_settings(APPLICATION_DATABASE_URL=cluster.app_url(name)):
            call_command("migrate", verbosity=0)
    finally:
        use(cluster.app_url(name))


def everything(link: Any) -> list[tuple[Any, ...]]:
    """Table by table: how many rows, and their hash. Each journal's head is among them."""
    cursor = link.cursor()
    cursor.execute(TABLES)
    rows = "SELECT '{0}', count(*), sum(hashtextextended(t::text, 0)) FROM {0} t"
    cursor.execute(" UNION ALL ".join(rows.format(table) for (table,) in cursor.fetchall()))
    return list(cursor.fetchall())
