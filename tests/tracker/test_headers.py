"""Every answer of the house, errors, files and the admin included, tells the browser how little it may do."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from people.models import User
from projects.files import store
from tests.cast import cast_people, signed_in
from tests.conftest import use
from tests.kept import TEMPLATE
from tests.tracker.doors_table import READS, rows
from tests.tracker.test_admin import LISTS
from tests.tracker.world import World, build_world, drawn_photo, our_routes
from tracker.cluster import Cluster
from tracker.headers import ALWAYS

ACCOUNT = [
    "login/",
    "login/code/",
    "signup/",
    "password/reset/",
    "email/",
    "password/set/",
    "reauthenticate/",
]
ERRORS = ["/nowhere/", "/api/v1/nowhere/", "/static/nowhere.css", "/admin/nowhere/", "/static/plumbline.css"]
# What a policy without 'unsafe-inline' would break, so that nobody is tempted to loosen it.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:|<iframe|<object|<embed"
)


@pytest.fixture(scope="module")
def world(cluster: Cluster, django_db_blocker: Any) -> Iterator[World]:
    cluster.create_database("plumbline_headers", template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url("plumbline_headers"))
        world = build_world(cast_people())
        User.objects.filter(pk=world.cast.noa.pk).update(is_staff=True)
        yield world
        connections.close_all()
    cluster.drop_database("plumbline_headers")


def is_strict(response: Any) -> None:
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "form-action", "img-src")} == {"'self'"}
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS


def read(client: Client, address: str) -> Any:
    """The answer, found strict and, where it is a page, without anything inline."""
    response = client.get(address)
    is_strict(response)
    content = response.getvalue()
    response.close()
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert INLINE.findall(content.decode()) == [], address
    return response


def test_every_route_for_a_party_and_for_a_stranger(world: World) -> None:
    store(drawn_photo())
    noa, nobody = signed_in(world.cast.noa), Client(raise_request_exception=False)
    seen = 0
    for (name, _method), expected in rows(READS).items():
        address = world.address(our_routes()[name], name)
        assert read(noa, address).status_code == expected["noa"], name
        assert read(nobody, address).status_code == expected["nobody"], name
        seen += 1
    assert seen > 50


def test_what_is_not_ours_to_describe(world: World) -> None:
    noa = signed_in(world.cast.noa)
    for address in (*(f"/account/{page}" for page in ACCOUNT), *ERRORS):
        read(noa, address)
        read(Client(), address)
    for address in ["/admin/", *LISTS]:
        assert read(noa, address).status_code == 200, address
    row = f"/admin/people/user/{world.cast.noa.pk}/change/"
    assert read(noa, row).status_code == 200


def test_refusals_and_failures(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = Client(enforce_csrf_checks=True)
    assert checked.post("/language/", {"language": "en"}).status_code == 403
    is_strict(checked.post("/language/", {"language": "en"}))
    elsewhere = Client().get("/", headers={"Host": "elsewhere.example"})
    assert elsewhere.status_code == 400
    is_strict(elsewhere)
    monkeypatch.setattr("tracker.pages.home.render", None)
    broken = signed_in(world.cast.noa)
    broken.raise_request_exception = False
    failed = broken.get("/")
    assert failed.status_code == 500
    is_strict(failed)
    assert INLINE.findall(failed.content.decode()) == []


def test_behind_tls_browsers_are_told_to_come_back_over_it_only(world: World, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    answer = Client().get("/healthz", secure=True)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_pages_and_answers_are_compressed_and_photos_left_alone(world: World) -> None:
    client = signed_in(world.cast.noa)
    project, photo = (world.address(our_routes()[name], name) for name in ("project", "thumbnail"))
    store(drawn_photo())
    plain = client.get(project)
    packed = client.get(project, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) * 3 < len(plain.content)
    assert "Accept-Encoding" in packed.headers["Vary"]
    shown = client.get(photo, headers={"accept-encoding": "gzip"})
    assert (shown.status_code, "Content-Encoding" in shown.headers) == (200, False)
    shown.close()
