"""Doors that are no acts on a project, pressed twice: the account's own pages, and small settings.

Whoever presses twice ends where one press leads, whichever of the answers their browser heard.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import choice
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import get_resolver

from people.ids import new_id
from people.models import User
from projects.models import Obligation
from tests.cast import Cast, signed_in
from tests.post import deliver
from tests.tracker.world import FOREIGN, _walk
from tracker.demonstration import DEMO_PEOPLE
from tracker.models import CaughtMail

CODE = re.compile(r"^[A-Z0-9-]{4,12}$", re.MULTILINE)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LINK = re.compile(r"https?://[^/\s]+(/\S+)")
PASSWORD, NEW = "an old tall ladder", "seven blue windows"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Attempts count from none."""
    cache.clear()


def browser() -> Client:
    """A browser that speaks English, and whose forms must be those of a page."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    return client


def at_home(user: User) -> Client:
    """The browser of a person who has just signed in."""
    client = browser()
    client.cookies.update(signed_in(user).cookies)
    return client


def filled_in(client: Client, address: str, said: dict[str, Any], page: str = "") -> dict[str, Any]:
    """A form of the page (at the address itself, unless another is named), as it would be sent."""
    found = TOKEN.search(client.get(page or address, follow=True).content.decode())
    assert found, address
    return said | {"csrfmiddlewaretoken": found.group(1)}


def pressed_twice(client: Client, address: str, said: dict[str, Any], page: str = "") -> Any:
    """The same press twice, one after the other; the answer, which is the same."""
    sent = filled_in(client, address, said, page)
    first, again = (client.post(address, sent) for _ in range(2))
    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert first.status_code in {302, 303}
    return first


def pressed_at_once(client: Client, address: str, said: dict[str, Any]) -> None:
    """The same press from two threads of one browser, which hears only one of the answers."""
    sent, start = filled_in(client, address, said), Barrier(2)

    def press(_: int) -> Any:
        twin = Client(enforce_csrf_checks=True)
        twin.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
        try:
            start.wait(10)
            return twin.post(address, sent)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(press, range(2))
    assert (one.status_code, one["Location"]) == (other.status_code, other["Location"])
    assert one.status_code == 302
    client.cookies.update(choice([one, other]).cookies)


Press = Callable[[Client, str, dict[str, Any]], Any]


def is_in(client: Client) -> bool:
    """Whether this browser is signed in."""
    return "_auth_user_id" in client.session


def letters() -> list[CaughtMail]:
    deliver()
    return list(CaughtMail.objects.order_by("id"))


def code_of(letter: CaughtMail) -> str:
    found = CODE.search(letter.text)
    assert found, letter.text
    return found.group()


def test_every_door_of_the_account_is_known_here() -> None:
    """A new one of allauth's must be pressed twice as well."""
    doors = {name for _pattern, name in _walk(get_resolver().url_patterns, "") if name.startswith(FOREIGN)}
    assert doors == {
        "account_login",
        "account_logout",
        "account_signup",
        "account_email",
        "account_email_verification_sent",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_from_key",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_reauthenticate",
        "set_language",
        # These are only read.
        "account_inactive",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
    }


PRESSES = pytest.mark.parametrize("press", [pressed_twice, pressed_at_once])


@PRESSES
def test_signing_up_is_one_account_and_one_code_that_works(database: str, press: Press) -> None:
    client = browser()
    press(
        client,
        "/account/signup/",
        {"full_name": "Tamar", "email": "tamar@example.com", "password1": PASSWORD},
    )
    assert [letter.to for letter in letters()] == ["tamar@example.com"]
    assert User.objects.count() == 1
    pressed_at_once(client, "/account/confirm-email/", {"code": code_of(letters()[-1])})
    assert EmailAddress.objects.get(email="tamar@example.com").verified
    assert is_in(client)


@PRESSES
def test_signing_in_and_out(cast: Cast, press: Press) -> None:
    cast.noa.set_password(PASSWORD)
    cast.noa.save(update_fields=["password"])
    client = browser()
    pressed_at_once(client, "/account/login/", {"login": cast.noa.email, "password": PASSWORD})
    assert is_in(client)
    press(client, "/account/reauthenticate/", {"password": PASSWORD, "next": "/profile/"})
    press(client, "/account/logout/", {})
    assert not is_in(client)


@PRESSES
def test_signing_in_by_a_code(cast: Cast, press: Press) -> None:
    client = browser()
    press(client, "/account/login/code/", {"email": cast.noa.email})
    assert len(letters()) == 1
    pressed_at_once(client, "/account/login/code/confirm/", {"code": code_of(letters()[-1])})
    assert is_in(client)


def test_who_signed_out_meanwhile_signs_in_anew(cast: Cast) -> None:
    """Back to the form, which the browser kept as it was sent: the session that it opened is over."""
    cast.noa.set_password(PASSWORD)
    cast.noa.save(update_fields=["password"])
    client = browser()
    sent = filled_in(client, "/account/login/", {"login": cast.noa.email, "password": PASSWORD})
    token = client.cookies["csrftoken"].value
    client.post("/account/login/", sent)
    client.post("/account/logout/", filled_in(client, "/account/logout/", {}))
    client.cookies["csrftoken"] = token
    assert client.post("/account/login/", sent).status_code == 302
    assert is_in(client)


def test_a_form_from_before_one_signed_in_is_not_taken(cast: Cast) -> None:
    """Signing in ends the forms of before, so Back and the same press is refused; nothing is undone by it."""
    cast.noa.set_password(PASSWORD)
    cast.noa.save(update_fields=["password"])
    client = browser()
    sent = filled_in(client, "/account/login/", {"login": cast.noa.email, "password": PASSWORD})
    assert [client.post("/account/login/", sent).status_code for _ in range(2)] == [302, 403]
    assert is_in(client)


def test_another_browser_is_not_answered_with_this_ones_session(cast: Cast) -> None:
    cast.noa.set_password(PASSWORD)
    cast.noa.save(update_fields=["password"])
    client, other = browser(), browser()
    sent = filled_in(client, "/account/login/", {"login": cast.noa.email, "password": PASSWORD})
    assert client.post("/account/login/", sent).status_code == 302
    assert other.post("/account/login/", sent).status_code == 403
    other.get("/account/login/")
    assert other.post("/account/login/", sent).status_code == 403
    assert not is_in(other)


def test_proving_by_a_code_twice(cast: Cast) -> None:
    client = browser()
    plain = Client()
    plain.force_login(cast.noa, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies.update(plain.cookies)
    pressed_twice(client, "/proof/", {"once": new_id(), "do": "send"})
    pressed_twice(client, "/proof/", {"code": code_of(letters()[-1]), "next": "/profile/"})


@PRESSES
def test_a_new_password(cast: Cast, press: Press) -> None:
    client = at_home(cast.noa)
    press(client, "/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    press(client, "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    cast.noa.refresh_from_db()
    assert cast.noa.check_password(NEW)
    assert is_in(client)


@PRESSES
def test_a_new_password_by_a_link(cast: Cast, press: Press) -> None:
    client = browser()
    press(client, "/account/password/reset/", {"email": cast.noa.email})
    (letter,) = letters()
    link = LINK.search(letter.text)
    assert link
    form = client.get(link.group(1), follow=True).redirect_chain[-1][0]
    press(client, form, {"password1": NEW, "password2": NEW})
    cast.noa.refresh_from_db()
    assert cast.noa.check_password(NEW)


@PRESSES
def test_a_second_address(cast: Cast, press: Press) -> None:
    client = at_home(cast.noa)
    press(client, "/account/email/", {"email": "noa.b@example.com", "action_add": ""})
    press(client, "/account/confirm-email/", {"code": code_of(letters()[-1])})
    assert EmailAddress.objects.get(email="noa.b@example.com").verified
    press(client, "/account/email/", {"email": "noa.b@example.com", "action_remove": ""})
    assert not EmailAddress.objects.filter(email="noa.b@example.com").exists()


@pytest.mark.parametrize(
    ("address", "sent", "kept"),
    [
        ("/profile/", {"full_name": "Noa B", "language": "en", "phone": "0500000000"}, "+972500000000"),
        ("/language/", {"language": "he", "next": "/"}, "he"),
        ("/i18n/setlang/", {"language": "he", "next": "/"}, ""),
        ("/sessions/", {}, ""),
        ("/sessions/0/end/", {}, ""),
    ],
)
def test_small_settings_twice(cast: Cast, address: str, sent: dict[str, Any], kept: str) -> None:
    pressed_twice(at_home(cast.noa), address, sent, page="/profile/")
    cast.noa.refresh_from_db()
    assert kept in {"", cast.noa.phone, cast.noa.language}
    assert not Obligation.objects.exists()


def test_entering_the_demonstration_twice(database: str, settings: Any) -> None:
    settings.DEMONSTRATION = True
    User.objects.create_user(DEMO_PEOPLE[0].email, full_name="Yael Example")
    client = browser()
    pressed_at_once(client, "/demo/", {"email": DEMO_PEOPLE[0].email, "next": "/"})
    assert is_in(client)
