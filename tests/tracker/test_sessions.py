"""A person's browsers: listed, ended one by one or all but this one, and by a new password."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from projects import clock
from projects.tidying import tidy
from tests.cast import Cast, signed_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def browser(cast: Cast, agent: str, address: str, language: str = "en") -> Client:
    """A browser in which Noa is signed in and has looked at something."""
    client = signed_in(cast.noa, language)
    client.defaults |= {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": address}
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def listed(client: Client) -> str:
    return client.get("/sessions/").content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["This browser", "Sign out there", "Last used:"]),
        ("he", ["הדפדפן הזה", "ניתוק המכשיר", "שימוש אחרון:"]),
    ],
)
def test_the_list_tells_browser_time_and_network(cast: Cast, language: str, words: list[str]) -> None:
    here = browser(cast, FIREFOX, "203.0.113.77", language)
    browser(cast, PHONE, "2001:db8:1:2::9")
    page = listed(here)
    assert [word for word in [*words, "Firefox · Linux", "Safari · iPhone"] if word not in page] == []
    assert "203.0.113.…" in page
    assert "2001:db8:1:…" in page
    assert "203.0.113.77" not in page, "the whole address is not even kept"
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"203.0.113.0", "2001:db8:1::"}


def test_one_session_is_ended_at_once(cast: Cast) -> None:
    here, there = browser(cast, FIREFOX, "192.0.2.1"), browser(cast, PHONE, "192.0.2.2")
    other = UserSession.objects.get(user_agent=PHONE)
    assert here.post(f"/sessions/{other.pk}/end/").status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert "Safari" not in listed(here)


def test_all_other_sessions_are_ended_at_once(cast: Cast) -> None:
    here, *others = [browser(cast, agent, "192.0.2.1") for agent in (FIREFOX, PHONE, "")]
    here.post("/sessions/")
    assert [is_in(client) for client in (here, *others)] == [True, False, False]
    assert UserSession.objects.count() == 1


def test_nobody_ends_anothers_session(cast: Cast) -> None:
    noa, dana = browser(cast, FIREFOX, "192.0.2.1"), signed_in(cast.dana)
    dana.post(f"/sessions/{UserSession.objects.get(user=cast.noa).pk}/end/")
    dana.post("/sessions/")
    assert is_in(noa)
    assert "Firefox" not in listed(dana)


def test_changing_the_password_ends_the_others(cast: Cast) -> None:
    cast.noa.set_password("an old tall ladder")
    cast.noa.save()
    here, there = browser(cast, FIREFOX, "192.0.2.1"), browser(cast, PHONE, "192.0.2.2")
    new = {
        "oldpassword": "an old tall ladder",
        "password1": "seven blue windows",
        "password2": "seven blue windows",
    }
    here.post("/account/password/change/", new)
    assert (is_in(here), is_in(there)) == (True, False)
    assert "Safari" not in listed(here)


def test_a_first_password_ends_the_others_too(cast: Cast) -> None:
    """Whoever signed in by a code while the mailbox was not the owner's alone is out."""
    here, there = browser(cast, FIREFOX, "192.0.2.1"), browser(cast, PHONE, "192.0.2.2")
    cast.noa.refresh_from_db()
    here.post(
        "/account/password/set/", {"password1": "seven blue windows", "password2": "seven blue windows"}
    )
    cast.noa.refresh_from_db()
    assert cast.noa.has_usable_password()
    assert (is_in(here), is_in(there)) == (True, False)


def test_being_used_is_noted_now_and_then_only(cast: Cast) -> None:
    with time_machine.travel("2026-11-22 10:00:00+00:00", tick=False) as now:
        here = browser(cast, FIREFOX, "192.0.2.1")
        first = UserSession.objects.get().last_seen_at
        for minutes, is_noted in ((14, False), (2, True)):
            now.shift(timedelta(minutes=minutes))
            is_in(here)
            assert (UserSession.objects.get().last_seen_at > first) == is_noted


def test_what_was_noted_of_a_session_goes_with_it(cast: Cast) -> None:
    browser(cast, FIREFOX, "192.0.2.1")
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    tidy()
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()


def test_a_person_who_signs_in_by_the_form_is_listed(cast: Cast) -> None:
    cast.noa.set_password("an old tall ladder")
    cast.noa.save()
    assert EmailAddress.objects.filter(user=cast.noa, verified=True).exists()
    client = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.77")
    client.cookies["django_language"] = "en"
    client.post("/account/login/", {"login": "noa@example.com", "password": "an old tall ladder"})
    assert "Firefox · Linux" in listed(client)
    assert UserSession.objects.get().ip == "203.0.113.0"
