"""One database for a whole file: who is refused changes nothing; who is not has projects of their own."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from tests.attacks.ground import NAME, attacked, everything, own_database
from tests.attacks.world import World
from tests.cast import Cast, cast_people
from tracker.cluster import Cluster


@pytest.fixture(scope="module")
def world(cluster: Cluster, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), attacked(cluster) as world:
        yield world


@pytest.fixture(scope="module")
def people(cluster: Cluster, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast alone, in a database that the tests of a file share."""
    with django_db_blocker.unblock(), own_database(cluster):
        yield cast_people()


@pytest.fixture(scope="module")
def links(cluster: Cluster, world: World) -> Iterator[dict[str, Any]]:
    """Raw connections to the world, as the application's role and as the owner."""
    links = {
        "app": psycopg2.connect(cluster.app_url(NAME)),
        "owner": psycopg2.connect(cluster.owner_url(NAME)),
    }
    yield links
    for link in links.values():
        link.close()


@pytest.fixture(scope="module")
def watcher(cluster: Cluster, world: World) -> Iterator[Any]:
    """Another, which sees what was committed."""
    watcher = psycopg2.connect(cluster.superuser_url(NAME))
    watcher.autocommit = True
    yield watcher
    watcher.close()


@pytest.fixture(scope="module")
def untouched(watcher: Any) -> list[tuple[Any, ...]]:
    """The world before the first attack."""
    return everything(watcher)


@pytest.fixture
def unchanged(links: dict[str, Any], watcher: Any, untouched: list[tuple[Any, ...]]) -> Iterator[None]:
    """Every row of every table is as it was before."""
    yield
    for link in links.values():
        link.rollback()
    assert everything(watcher) == untouched
