"""Limits: the real figures on every way in and on the API, in the real broker, and open when that is away."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache, caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from people.addresses import coarse, in_words, neighbourhood
from people.devices import device_of
from people.web import NOWHERE, address_of
from projects.models import ApiToken
from tests.broker import Broker
from tests.cast import Cast, signed_in
from tests.programs import program
from tracker import counts, limits
from tracker.counts import SharedCounts, cache_url

NOON = "2026-11-22 10:00:00+00:00"


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    """Real limits, nothing counted yet, and a clock that stands: no window ends in the middle of a test."""
    settings.LIMITED = True
    cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield


def most(action: str, per: str) -> int:
    """So many attempts does the real configuration allow."""
    rates = [rate.split("/") for rate in limits.PAGE_LIMITS[action].split(",")]
    return next(int(amount) for amount, _window, of in rates if of == per)


# --- The ways in

WAYS_IN = [
    ("login", "ip", "/account/login/", {"login": "noa@example.com"}),
    ("signup", "ip", "/account/signup/", {"email": "not an address"}),
    ("reset_password", "key", "/account/password/reset/", {"email": "noa@example.com"}),
    ("request_login_code", "key", "/account/login/code/", {"email": "noa@example.com"}),
]


@pytest.mark.parametrize(("action", "per", "address", "sent"), WAYS_IN)
def test_a_way_in_closes_for_a_while(
    cast: Cast, action: str, per: str, address: str, sent: dict[str, str]
) -> None:
    for _ in range(most(action, per)):
        assert Client().post(address, sent).status_code != 429
    refused = Client().post(address, sent)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "300"
    assert Client().get(address).status_code == 200, "the page itself can be seen"
    with time_machine.travel("2026-11-22 10:05:01+00:00"):
        assert Client().post(address, sent).status_code != 429


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Try again in 5 minutes."), ("he", "נסו שוב בעוד 5 דקות.")]
)
def test_the_page_says_when_to_try_again(cast: Cast, language: str, said: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    for _ in range(most("reset_password", "key") + 1):
        page = client.post("/account/password/reset/", {"email": "noa@example.com"})
    assert said in page.content.decode()


def test_guessing_a_password_ends_for_that_address_only(cast: Cast) -> None:
    """The right password does not help either; others are not held up."""
    for user in (cast.noa, cast.uri):
        user.set_password("an old tall ladder")
        user.save()
    client, right = Client(), {"password": "an old tall ladder"}
    for _ in range(most("login_failed", "key")):
        client.post("/account/login/", {"login": "noa@example.com", "password": "wrong"})
    assert client.post("/account/login/", {"login": "noa@example.com"} | right).status_code == 429
    assert client.post("/account/login/", {"login": "uri@example.com"} | right).status_code == 302


def test_trying_codes_of_a_proof_is_counted_with_asking_for_them(cast: Cast) -> None:
    client = signed_in(cast.noa)
    del client.session["account_authentication_methods"]
    for _ in range(most("reauthenticate", "user")):
        assert client.post("/proof/", {"code": "AAAA-AAAA"}).status_code != 429
    assert client.post("/proof/", {"code": "AAAA-AAAA"}).status_code == 429
    assert client.get("/proof/").status_code == 200


# --- The API


def is_told_to_wait(answer: Any, seconds: int = 60) -> None:
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert answer["Content-Type"] == "application/problem+json"
    assert 0 < int(answer["Retry-After"]) <= seconds


def test_writing_is_limited_tighter_than_reading_over_all_tokens(cast: Cast, settings: Any) -> None:
    assert limits.API_LIMITS["write"] < limits.API_LIMITS["read"]
    settings.API_LIMITS = {"read": 5, "write": 3, "stranger": 4}
    noa, again, uri = program(cast.noa), program(cast.noa), program(cast.uri)
    for number in range(3):
        assert (noa, again)[number % 2].post("projects/", {}).status_code == 400
    is_told_to_wait(noa.post("projects/", {}))
    is_told_to_wait(again.post("projects/", {}))
    assert uri.post("projects/", {}).status_code == 400
    for _ in range(5):
        assert noa.get("me/").status_code == 200
    is_told_to_wait(again.get("me/"))
    with time_machine.travel("2026-11-22 10:01:00+00:00", tick=False):
        assert again.get("me/").status_code == 200


def test_the_real_limit_of_writing(cast: Cast) -> None:
    noa = program(cast.noa)
    for _ in range(limits.API_LIMITS["write"]):
        assert noa.delete("flags/").status_code == 405
    is_told_to_wait(noa.delete("flags/"))


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer plumb_guess"}])
def test_strangers_and_wrong_tokens_count_by_their_address(database: str, headers: dict[str, str]) -> None:
    client = Client()
    for _ in range(limits.API_LIMITS["stranger"]):
        assert client.get("/api/v1/me/", headers=headers).status_code == 401
    is_told_to_wait(client.get("/api/v1/me/", headers=headers))
    elsewhere = client.get("/api/v1/me/", headers=headers, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 401


# --- The address


@pytest.mark.parametrize(
    ("proxies", "passed_on", "found"),
    [
        (0, "203.0.113.5", "192.0.2.1"),  # nobody is believed unless told
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),  # what the visitor wrote stands further left
        (2, "6.6.6.6, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "not an address", NOWHERE),
    ],
)
def test_the_visitors_address(settings: Any, proxies: int, passed_on: str, found: str) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": passed_on} if passed_on else {}
    assert address_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")) == found


def test_an_address_is_made_as_rough_as_its_use_allows() -> None:
    assert neighbourhood("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::"
    assert (coarse("203.0.113.77"), in_words("203.0.113.0")) == ("203.0.113.0", "203.0.113.…")
    assert in_words(coarse("2001:db8:1:2::7")) == "2001:db8:1:…"


def test_a_browser_is_named() -> None:
    android = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
    assert device_of(android) == "Chrome · Android"
    assert device_of("curl/8") == ""


# --- The shared cache


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with time_machine.travel(NOON, tick=True):
        found = Broker(tmp_path_factory.mktemp("counts") / "broker")
        found.start()
        yield found
        found.kill()


@pytest.fixture
def shared(broker: Broker, settings: Any, monkeypatch: pytest.MonkeyPatch) -> SharedCounts:
    """The production cache, in a real valkey."""
    monkeypatch.setattr(counts, "_left_alone_until", 0.0)
    backend = {
        "BACKEND": "tracker.counts.SharedCounts",
        "LOCATION": cache_url(broker.url),
        "KEY_PREFIX": "plumbline",
    }
    settings.CACHES = {"default": backend}
    return caches["default"]  # type: ignore[return-value]


def test_counts_are_kept_beside_the_hints(shared: SharedCounts, broker: Broker) -> None:
    assert shared.add("n", 0, 60)
    assert not shared.add("n", 0, 60)
    assert [shared.incr("n"), shared.incr("n")] == [1, 2]
    shared.set("attempts", [1.5, 2.5], 60)
    assert shared.get("attempts") == [1.5, 2.5]
    with broker._client() as client:
        assert sorted(client.scan_iter()) == [b"plumbline:1:attempts", b"plumbline:1:n"]
        assert all(client.ttl(key) > 0 for key in client.scan_iter())
    with pytest.raises(NotImplementedError):
        shared.clear()


def test_two_processes_count_together_and_a_wiped_broker_loses_counts_only(
    cast: Cast, shared: SharedCounts, broker: Broker, settings: Any
) -> None:
    settings.API_LIMITS = {"read": 2, "write": 2, "stranger": 2}
    noa = program(cast.noa)
    assert [noa.get("me/").status_code for _ in range(3)] == [200, 200, 429]
    broker.wipe()
    assert noa.get("me/").status_code == 200


def test_without_the_broker_all_goes_on(
    cast: Cast, shared: SharedCounts, broker: Broker, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_LIMITS = {"read": 1, "write": 1, "stranger": 1}
    broker.kill()
    cast.noa.set_password("an old tall ladder")
    cast.noa.save()
    noa = program(cast.noa)
    assert [noa.get("me/").status_code for _ in range(3)] == [200] * 3
    entered = Client().post("/account/login/", {"login": "noa@example.com", "password": "an old tall ladder"})
    assert entered.status_code == 302
    assert caplog.text.count("attempts are not counted") == 1, "said once, not at every request"


@pytest.mark.parametrize(
    ("broker_url", "found"),
    [
        ("redis://broker:6379/2", "redis://broker:6379/2"),
        ("redis+socket:///tmp/a%20b/socket?virtual_host=0", "unix:///tmp/a%20b/socket?db=0"),
    ],
)
def test_the_cache_finds_the_broker(broker_url: str, found: str) -> None:
    assert cache_url(broker_url) == found


# --- Bodies


@pytest.mark.parametrize(
    ("address", "most_bytes"),
    [("/account/login/", 2**20), ("/api/v1/attachments/", 26 * 2**20), ("/projects/new/", 64 * 2**20)],
)
def test_a_body_that_is_too_long_is_refused_unread(database: str, address: str, most_bytes: int) -> None:
    """By what it announces: nothing of it is there to be read."""

    class Unread:
        def read(self, *_: Any) -> bytes:
            raise AssertionError("somebody read the body")

        readline = read

    request = {
        "wsgi.input": Unread(),
        "CONTENT_LENGTH": str(most_bytes + 1),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    answer = Client(headers={"Cookie": "django_language=en"}).generic("POST", address, **request)
    assert answer.status_code == 413
    is_problem = answer["Content-Type"] == "application/problem+json"
    assert is_problem == address.startswith("/api/")
    text = answer.json()["detail"] if is_problem else answer.content.decode()
    assert "הבקשה" in text or "The request is too large" in text


def test_a_body_of_ordinary_length_is_let_through(cast: Cast) -> None:
    photo = SimpleUploadedFile("a.jpg", b"x" * 2**20, "image/jpeg")
    assert signed_in(cast.noa).post("/projects/new/house/", {"file": photo}).status_code == 422


def test_when_a_token_was_last_used_is_kept_to_the_hour(cast: Cast) -> None:
    noa = program(cast.noa)
    noa.get("me/")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    with time_machine.travel("2026-11-22 10:59:00+00:00", tick=False):
        noa.get("me/")
        assert ApiToken.objects.get().last_used_at == first
    with time_machine.travel("2026-11-22 11:00:00+00:00", tick=False):
        noa.get("me/")
        assert ApiToken.objects.get().last_used_at > first
