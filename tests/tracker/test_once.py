"""Every door that writes, sent the same twice: one effect, the same answer (once_table.py, complete by test).

Each is knocked at one after the other, and by two at once; then once more.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from tests.cast import cast_people, signed_in
from tests.conftest import use
from tests.kept import TEMPLATE
from tests.tracker.doors_table import ACTS, rows
from tests.tracker.once_place import Place, build_place
from tests.tracker.once_table import API, PAGES, PLAIN, Sending
from tracker.cluster import Cluster

WORLD, CLONE = "plumbline_once", "plumbline_once_clone"
# What is kept of requests themselves, and of sessions, is no effect.
NO_EFFECT = {"projects_once", "django_session", "usersessions_usersession"}
Clones = Callable[[], Any]
Door = tuple[str, str]


@pytest.fixture(scope="module")
def place(cluster: Cluster, django_db_blocker: Any) -> Iterator[Place]:
    cluster.create_database(WORLD, template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url(WORLD))
        yield build_place(cast_people())
        connections.close_all()
    cluster.drop_database(WORLD)


@pytest.fixture
def clone(place: Place, cluster: Cluster) -> Clones:
    """A way to enter a fresh copy of the place."""

    @contextmanager
    def entered() -> Iterator[None]:
        connections.close_all()
        cluster.create_database(CLONE, template=WORLD)
        use(cluster.app_url(CLONE))
        try:
            yield
        finally:
            connections.close_all()
            use(cluster.app_url(WORLD))
            cluster.drop_database(CLONE)

    return entered


class Knocker:
    """One person's browser or program at one door, with one request to send as often as wanted."""

    def __init__(self, place: Place, door: Door) -> None:
        self.name, self.method = door
        self.sending: Sending = (PAGES | API)[door]
        self.client = signed_in(getattr(place.cast, self.sending.who))
        self.says = self.sending.says(place)
        self.key = str(uuid4())
        on = self.sending.on
        self.address = reverse(self.name, args=[place.ids.get(on, on)] if on else [])

    def knock(self, client: Client | None = None) -> Any:
        client = client or self.client
        for value in self.says.values():
            if hasattr(value, "seek"):
                value.seek(0)
        send = getattr(client, self.method)
        if not self.name.startswith("api-"):
            return send(self.address, self.says | {"once": self.key})
        json = {} if self.name == "api-attachments" else {"content_type": "application/json"}
        return send(self.address, self.says, headers={"Idempotency-Key": self.key}, **json)

    def knock_twice_at_once(self) -> list[Any]:
        start = Barrier(2)

        def knock(client: Client) -> Any:
            try:
                start.wait(10)
                return self.knock(client)
            finally:
                connections.close_all()

        twin = Client()
        twin.cookies = self.client.cookies
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(knock, [self.client, twin]))


def effects() -> Counter[str]:
    """How many rows there are, by table."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed} - NO_EFFECT)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return Counter(dict(cursor.fetchall()))


def told(answer: Any) -> Any:
    """What an answer says, apart from what no answer says twice: a token's secret."""
    if answer.headers.get("Content-Type") == "application/json":
        body = answer.json()
        return answer.status_code, body | {"token": None} if "token" in body else body
    return answer.status_code, answer.headers.get("Location", "")


def is_same(first: Any, again: Any, sending: Sending) -> bool:
    if sending.again:
        return bool(again.status_code == sending.again)
    return bool(told(first) == told(again))


@pytest.mark.parametrize("doors", [PAGES, API], ids=["pages", "api"])
def test_every_door_acts_once(place: Place, clone: Clones, doors: dict[Door, Sending]) -> None:
    """One effect, however often and however closely it is sent; and every time the same answer."""
    with clone():
        once = {door: sent_again(place, door) for door in doors}
    with clone():
        for door in doors:
            assert sent_at_once(place, door) == once[door], door


def sent_again(place: Place, door: Door) -> Counter[str]:
    """Send, send again, and look at where it led; the effect."""
    knocker, before = Knocker(place, door), effects()
    first = knocker.knock()
    assert first.status_code in {200, 201, 204, 302, 303}, (door, first.content.decode())
    effect = effects() - before
    assert effect["projects_journalentry"] == knocker.sending.entries, door
    again = knocker.knock()
    assert is_same(first, again, knocker.sending), (door, told(first), told(again))
    if "Location" in first.headers:
        assert knocker.client.get(first["Location"]).status_code == 200, door
    assert effects() - before == effect, door
    return effect


def sent_at_once(place: Place, door: Door) -> Counter[str]:
    """Send from two threads at once, and once more; the effect."""
    knocker, before = Knocker(place, door), effects()
    one, other = knocker.knock_twice_at_once()
    sending = knocker.sending
    assert is_same(one, other, sending) or is_same(other, one, sending), (door, told(one), told(other))
    assert is_same(one, knocker.knock(), sending), door
    return effects() - before


def test_every_door_that_writes_is_in_the_table() -> None:
    assert set(rows(ACTS)) == PAGES.keys() | API.keys() | PLAIN
