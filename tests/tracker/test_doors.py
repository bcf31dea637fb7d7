"""Every address of the house against every kind of visitor: the table in doors_table.py, complete by test."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from projects.files import store
from tests.cast import cast_people, signed_in
from tests.conftest import use
from tests.kept import TEMPLATE
from tests.slate import Slate
from tests.tracker.doors_table import DOORS, VISITORS
from tests.tracker.world import World, build_world, drawn_photo, our_routes
from tracker.cluster import Cluster

WORLD = "plumbline_world"
AN_HOUR = 3600  # seconds: everybody signs in once for the module
METHODS = ("get", "post", "patch", "put", "delete")


KEPT: dict[str, SimpleCookie] = {}  # of the visitors' browsers


@pytest.fixture(scope="module")
def world(cluster: Cluster, django_db_blocker: Any) -> Iterator[World]:
    """One world for the module; what acts on it works on a copy."""
    cluster.create_database(WORLD, template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url(WORLD))
        world = build_world(cast_people())
        for who in set(VISITORS) - {"nobody"}:
            KEPT[who] = signed_in(getattr(world.cast, who), ahead=AN_HOUR).cookies
        yield world
        connections.close_all()
    cluster.drop_database(WORLD)


@pytest.fixture(scope="module")
def slate(world: World, cluster: Cluster) -> Iterator[Slate]:
    """A copy of the world for what acts."""
    connections.close_all()
    slate = Slate(cluster, WORLD)
    yield slate
    slate.close()
    connections.close_all()
    cluster.drop_database(slate.name)


@pytest.fixture
def place(world: World, slate: Slate, cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[World]:
    """The world itself for reading, a copy of it for acting, wiped afterwards."""
    store(drawn_photo())
    if request.node.callspec.params["method"] == "get":
        use(cluster.app_url(WORLD))
        yield world
        return
    use(cluster.app_url(slate.name))
    yield world
    slate.wipe(connections["default"].connection.info.backend_pid)


# What a button sends beside its form's key, so that its visitor gets as far as being judged.
SENT = {
    "milestone_remove": {"version": 1},
    "answer_reversal": {"consents": "no"},
    "expectation_accept": {"version": 1},
}


def knock(world: World, who: str, method: str, name: str) -> int:
    """The status that a visitor gets."""
    client = Client()
    client.cookies.update(KEPT.get(who, {}))
    address, options = world.address(our_routes()[name], name), {}
    if name.startswith("api-"):
        options["content_type"] = "application/json"
    if method != "get":
        options["data"] = {} if name.startswith("api-") else {"once": str(uuid4())} | SENT.get(name, {})
    response = getattr(client, method)(address, **options)
    response.close()
    return int(response.status_code)


@pytest.mark.parametrize(("name", "method"), DOORS)
def test_a_door_lets_in_whom_it_should(place: World, name: str, method: str) -> None:
    found = {who: knock(place, who, method, name) for who in VISITORS}
    assert found == DOORS[name, method]


@pytest.mark.parametrize("method", ["get"])
@pytest.mark.parametrize("name", our_routes())
def test_every_route_is_in_the_table(place: World, name: str, method: str) -> None:
    """All its methods are: what the table does not name, the door does not know."""
    known = {row_method for row_name, row_method in DOORS if row_name == name}
    assert known, f"no row for {name}"
    for other in set(METHODS) - known:
        assert knock(place, "noa", other, name) in {404, 405}, f"{other} of {name} is not in the table"
