"""Whoever's part has ended is a stranger at once: in the browser left open, with the tokens kept, by mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.test import Client

from people.models import User
from projects.actions import end_part
from projects.files import store
from projects.models import Party, Project, Role, Scope
from projects.outbox import owe
from tests.cast import acting, cast_people, join, person, signed_in
from tests.conftest import use
from tests.kept import TEMPLATE
from tests.post import deliver
from tests.programs import Program, program
from tests.tracker.doors_table import DOORS
from tests.tracker.world import World, build_world, drawn_photo, our_routes
from tracker.cluster import Cluster
from tracker.models import CaughtMail


@dataclass(frozen=True)
class Left:
    """A world that Rina, a signing homeowner, has left, and what she still holds of it."""

    world: World
    rina: User
    open_browser: Client
    token: Program
    bound_token: Program
    party: Party


@pytest.fixture(scope="module")
def left(cluster: Cluster, django_db_blocker: Any) -> Iterator[Left]:
    cluster.create_database("plumbline_left", template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url("plumbline_left"))
        yield leave(build_world(cast_people()))
        connections.close_all()
    cluster.drop_database("plumbline_left")


def leave(world: World) -> Left:
    """Rina joins with every right, opens a browser, makes tokens, is written to, and her part ends."""
    rina = person("Rina")
    project = Project.objects.get(pk=world.ids["project_id"])
    party_id = join(world.cast.noa, project, rina, Role.HOMEOWNER)
    browser, free, bound = signed_in(rina), program(rina), program(rina, *Scope.values, project=project)
    assert browser.get(f"/projects/{project.pk}/").status_code == 200
    assert bound.get(f"projects/{project.pk}/").status_code == 200
    deliver()
    with transaction.atomic():
        owe("letter", project.pk, to=rina.email, subject="Of the project", text="It is paid.")
        owe("letter", project.pk, to=world.cast.noa.email, subject="Of the project", text="It is paid.")
    end_part(acting(world.cast.noa), party_id)
    return Left(world, rina, browser, free, bound, Party.objects.get(pk=party_id))


PROJECT_DOORS = [
    door for door, expected in DOORS.items() if expected["dana"] == 404 or expected["noa"] != expected["dana"]
]


@pytest.mark.parametrize(("name", "method"), PROJECT_DOORS)
def test_an_open_browser_gets_what_a_stranger_gets(left: Left, name: str, method: str) -> None:
    store(drawn_photo())
    address = left.world.address(our_routes()[name], name)
    options: dict[str, Any] = {"content_type": "application/json"} if name.startswith("api-") else {}
    if method != "get":
        options["data"] = (
            {} if name.startswith("api-") else {"once": str(uuid4()), "version": 1, "consents": "no"}
        )
    answer = getattr(left.open_browser, method)(address, **options)
    assert answer.status_code == DOORS[name, method]["dana"] == 404
    answer.close()


API_DOORS = [
    (name, method) for name, method in PROJECT_DOORS if name.startswith("api-") and name != "api-token"
]


@pytest.mark.parametrize("holds", ["token", "bound_token"])
@pytest.mark.parametrize(("name", "method"), API_DOORS)
def test_a_kept_token_gets_what_a_stranger_gets(left: Left, holds: str, name: str, method: str) -> None:
    kept: Program = getattr(left, holds)
    address = left.world.address(our_routes()[name], name)
    sent = () if method in {"get", "delete"} else ({},)
    answer = getattr(kept, method)(address, *sent)
    assert answer.status_code == 404
    answer.close()


@pytest.mark.parametrize(
    "name", ["home", "invitations", "api-projects", "api-flags", "api-invitations", "api-me"]
)
def test_no_list_names_the_project(left: Left, name: str) -> None:
    address = left.world.address(our_routes()[name], name)
    for answer in (left.open_browser.get(address), left.token.get(address), left.bound_token.get(address)):
        text = answer.content.decode()
        assert "Almog family house" not in text
        assert str(left.world.ids["project_id"]) not in text


def test_a_new_token_cannot_be_bound_to_it(left: Left) -> None:
    body = {"name": "again", "scopes": ["read"], "project": str(left.world.ids["project_id"])}
    answer = left.open_browser.post("/api/v1/tokens/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_project")


def test_letters_that_waited_are_forgotten_unsent(left: Left) -> None:
    deliver()
    got = CaughtMail.objects.filter(subject="Of the project").values_list("to", flat=True)
    assert list(got) == [left.world.cast.noa.email]
