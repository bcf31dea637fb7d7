"""A fresh proof by a code, the demonstration's doors, and a person's own details."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from people.models import User
from projects.models import ApiToken
from tests.cast import Cast, signed_in
from tests.post import deliver
from tracker.demonstration import DEMO_PEOPLE
from tracker.models import CaughtMail

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CODE = re.compile(r"^[A-Z0-9-]{4,12}$", re.MULTILINE)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def from_last_week(user: User) -> Client:
    """A browser that is signed in and has proved nothing lately."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    client.cookies["django_language"] = "en"
    return client


def proven(client: Client) -> bool:
    """Whether the house takes this browser's word: a page for the proven is not sent to prove itself."""
    records = client.session.get("account_authentication_methods", [])
    return any(record["method"] in {"password", "code"} for record in records)


def test_a_code_proves_and_leads_back(cast: Cast) -> None:
    client = from_last_week(cast.noa)
    asked = client.get("/account/reauthenticate/?next=/profile/")
    assert asked["Location"] == "/proof/?next=%2Fprofile%2F", "who has no password proves by a code"
    sent = client.post("/proof/", {"once": uuid4(), "do": "send", "next": "/profile/"})
    assert sent["Location"] == "/proof/?next=%2Fprofile%2F"
    deliver()
    found = CODE.search(CaughtMail.objects.get(to=cast.noa.email).text)
    assert found
    wrong = client.post("/proof/", {"code": "AAAA-AAAA", "next": "/profile/"})
    assert wrong.status_code == 422
    assert not proven(client)
    right = client.post("/proof/", {"code": found.group().lower(), "next": "/profile/"})
    assert right["Location"] == "/profile/"
    assert proven(client)


def test_a_code_ends_after_a_few_wrong_ones(cast: Cast) -> None:
    client = from_last_week(cast.noa)
    client.post("/proof/", {"once": uuid4(), "do": "send"})
    deliver()
    code = CODE.search(CaughtMail.objects.get(to=cast.noa.email).text)
    assert code
    for _attempt in range(5):
        client.post("/proof/", {"code": "AAAA-AAAA"})
    assert client.post("/proof/", {"code": code.group()}).status_code == 422
    assert not proven(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(cast: Cast, elsewhere: str) -> None:
    page = from_last_week(cast.noa).get("/proof/", {"next": elsewhere}).content.decode()
    assert 'name="next" value="/"' in page


def test_the_demonstration_is_only_where_it_belongs(cast: Cast) -> None:
    client = Client()
    assert client.get("/demo/").status_code == client.get("/demo/mail/").status_code == 404
    assert client.post("/demo/", {"email": cast.noa.email}).status_code == 404


def test_one_enters_as_its_people_and_nobody_else(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", True)
    User.objects.create_user("real@example.com", full_name="Real Person")
    client = Client()
    page = client.get("/demo/").content.decode()
    assert all(person.email in page for person in DEMO_PEOPLE)
    assert "real@example.com" not in page
    assert client.post("/demo/", {"email": "real@example.com"}).status_code == 404
    entered = client.post("/demo/", {"email": cast.noa.email, "next": "/profile/"})
    assert entered["Location"] == "/profile/"
    assert proven(client)
    assert client.get("/profile/").status_code == 200


def test_details_are_kept_and_the_next_page_speaks_the_language(cast: Cast) -> None:
    client = from_last_week(cast.noa)
    wrong = client.post("/profile/", {"full_name": "Noa", "language": "he", "phone": "call me"})
    assert wrong.status_code == 422
    kept = client.post("/profile/", {"full_name": "Noa Almog", "language": "he", "phone": "050-000 0000"})
    assert kept.status_code == 302
    cast.noa.refresh_from_db()
    assert (cast.noa.full_name, cast.noa.language, cast.noa.phone) == ("Noa Almog", "he", "+972500000000")
    assert 'lang="he"' in client.get("/profile/").content.decode()


def test_the_language_button_is_kept_with_the_person(cast: Cast) -> None:
    client = from_last_week(cast.noa)
    chosen = client.post("/language/", {"language": "he", "next": "/profile/"})
    assert chosen["Location"] == "/profile/"
    cast.noa.refresh_from_db()
    assert cast.noa.language == "he"
    assert 'lang="he"' in client.get("/profile/").content.decode()
    client.post("/language/", {"language": "xx"})
    cast.noa.refresh_from_db()
    assert cast.noa.language == "he"


def test_on_a_new_device_the_pages_speak_the_persons_language(cast: Cast) -> None:
    cast.noa.set_password("a long enough word")
    cast.noa.save()
    for chosen, spoken in (("", "en"), ("he", "he")):
        client = Client()
        if chosen:
            client.cookies["django_language"] = chosen
        client.post("/account/login/", {"login": cast.noa.email, "password": "a long enough word"})
        assert f'lang="{spoken}"' in client.get("/profile/").content.decode()


def test_a_token_is_made_shown_once_and_revoked(cast: Cast) -> None:
    assert from_last_week(cast.noa).get("/tokens/").status_code == 302, "only after a fresh proof"
    client = signed_in(cast.noa)
    sent = {"once": str(uuid4()), "name": "Books", "scopes": ["read"], "days": "30"}
    first, again = (client.post("/tokens/", sent).content.decode() for _press in range(2))
    secret = re.search(r"plumb_[\w-]+", first)
    assert secret
    assert "plumb_" not in again
    token = ApiToken.objects.get()
    bearer = {"authorization": f"Bearer {secret.group()}"}
    assert Client().get("/api/v1/me/", headers=bearer).status_code == 200
    assert client.post(f"/tokens/{token.id}/revoke/", {"once": str(uuid4())}).status_code == 303
    assert Client().get("/api/v1/me/", headers=bearer).status_code == 401
