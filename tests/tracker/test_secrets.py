"""Secrets stay where they belong: no log and no address holds a token, password, code, key or cookie."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from projects.actions import invite_party
from projects.models import Obligation
from tests.cast import Cast, acting, draft, signed_in
from tests.post import deliver
from tests.programs import program
from tracker.models import CaughtMail

PASSWORD = "an old tall ladder"
CODE = re.compile(r"^[A-Z0-9-]{4,12}$", re.MULTILINE)
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that anybody logs, down to DEBUG, as the house formats it, tracebacks included."""
    cache.clear()
    with caplog.at_level(logging.DEBUG):
        yield caplog


def text_of(logged: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    return "\n".join(formatter.format(record) for record in logged.records)


def test_a_token_is_in_no_log(cast: Cast, logged: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    noa = program(cast.noa)
    noa.client.raise_request_exception = False
    assert noa.get("me/").status_code == 200
    assert noa.post("projects/", b"{ this is no JSON").status_code == 400
    assert noa.get("projects/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {noa.secret}x"}).status_code == 401
    monkeypatch.setattr("tracker.api.Me.shown", lambda *_: 1 / 0)
    assert noa.get("me/").status_code == 500
    told = text_of(logged)
    assert "ZeroDivisionError" in told, "failures are logged"
    assert noa.secret not in told
    assert noa.secret.removeprefix("plumb_")[:12] not in told


def test_what_people_type_to_get_in_is_in_no_log(
    cast: Cast, logged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.noa.set_password(PASSWORD)
    cast.noa.save()
    client = Client(raise_request_exception=False)
    client.post("/account/login/", {"login": "noa@example.com", "password": PASSWORD + "!"})
    client.post("/account/login/code/", {"email": "noa@example.com"})
    client.post("/account/password/reset/", {"email": "noa@example.com"})
    deliver()
    letters = "\n".join(CaughtMail.objects.values_list("text", flat=True))
    code, link = CODE.search(letters), LINK.search(letters)
    assert code
    assert link
    client.get(link.group(1))
    monkeypatch.setattr("allauth.account.views.ConfirmLoginCodeView.form_valid", lambda *_: 1 / 0)
    assert client.post("/account/login/code/confirm/", {"code": code.group()}).status_code == 500
    told = text_of(logged)
    assert "ZeroDivisionError" in told
    key = link.group(1).rstrip("/").rpartition("-")[2]
    for secret in (PASSWORD, code.group(), key, client.cookies["sessionid"].value):
        assert secret not in told


def test_a_token_in_the_address_opens_nothing(cast: Cast) -> None:
    secret = program(cast.noa).secret
    for name in ("token", "access_token", "api_key", "auth"):
        assert Client().get(f"/api/v1/me/?{name}={secret}").status_code == 401


def test_the_key_of_a_new_password_leaves_the_address_at_once(cast: Cast) -> None:
    cache.clear()
    client = Client()
    client.post("/account/password/reset/", {"email": "noa@example.com"})
    deliver()
    link = LINK.search(CaughtMail.objects.latest("pk").text)
    assert link
    key = link.group(1).rstrip("/").rpartition("-")[2]
    form = client.get(link.group(1), follow=True)
    address, _status = form.redirect_chain[-1]
    assert form.status_code == 200
    assert key not in address
    assert key not in form.content.decode()
    assert form.headers["Referrer-Policy"] == "same-origin"
    assert 'name="password1"' not in Client().get(address).content.decode(), "the address alone opens nothing"


def test_an_invitation_carries_no_key(cast: Cast) -> None:
    """Its link is the same for everybody; only the invited address, proven, can join."""
    party = invite_party(acting(cast.noa), draft(cast).id, email=cast.uri.email, role="homeowner")
    deliver()
    letter = CaughtMail.objects.filter(to=cast.uri.email).latest("pk")
    assert {found.rstrip(".") for found in LINK.findall(letter.text)} == {"/invitations/"}
    stranger = signed_in(cast.dana)
    assert str(party.id) not in stranger.get("/invitations/").content.decode()


def test_what_was_sent_is_not_kept(cast: Cast) -> None:
    cache.clear()
    Client().post("/account/login/code/", {"email": "noa@example.com"})
    assert Obligation.objects.filter(kind="letter").exclude(payload={}).exists()
    deliver()
    assert not Obligation.objects.filter(kind="letter").exclude(payload={}).exists()
