"""One world for a whole file of refused attacks: whoever is refused changes nothing, so it can be shared."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connections

from tests.attacks.world import World, build
from tests.conftest import TEMPLATE, use
from tracker.cluster import Cluster

NAME = "plumbline_attacked"


@pytest.fixture(scope="module")
def world(cluster: Cluster, django_db_blocker: Any) -> Iterator[World]:
    cluster.create_database(NAME, template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url(NAME))
        yield build()
        connections.close_all()
    cluster.drop_database(NAME)


@pytest.fixture(scope="module")
def link(cluster: Cluster, world: World) -> Iterator[Any]:
    """A raw connection to the world, as the application's role."""
    link = psycopg2.connect(cluster.app_url(NAME))
    yield link
    link.close()


@pytest.fixture(scope="module")
def watcher(cluster: Cluster, world: World) -> Iterator[Any]:
    """Another, which sees what was committed."""
    watcher = psycopg2.connect(cluster.superuser_url(NAME))
    watcher.autocommit = True
    yield watcher
    watcher.close()


FACTS = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    " AND relname ~ '^(projects|milestones|payments)_' ORDER BY 1"
)


@pytest.fixture
def unchanged(link: Any, watcher: Any) -> Iterator[None]:
    """Every row of every table, and with them each journal's head, is as it was before."""
    before = _everything(watcher)
    yield
    link.rollback()
    assert _everything(watcher) == before


def _everything(link: Any) -> list[tuple[Any, ...]]:
    """Table by table: how many rows, and their hash."""
    cursor = link.cursor()
    cursor.execute(FACTS)
    tables = [table for (table,) in cursor.fetchall()]
    rows = "SELECT '{0}', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {0} t"
    cursor.execute(" UNION ALL ".join(rows.format(table) for table in tables))
    return cursor.fetchall()
