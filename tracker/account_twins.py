"""The account's own forms, sent twice: a double click on "Sign up" is one sign-up (docs/pages.md).

These forms are allauth's and have no key of ours, but each rendered form carries a CSRF token that is masked
anew, so that the same body from the same browser is the same form. Its answer is kept for a minute, cookies
and all, in a row of the session table that no cookie leads to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

ACCOUNT = "/account/"
KEPT_FOR = timedelta(minutes=1)
LONGEST_KEY = 40  # of a session

_Store: Any = import_module(settings.SESSION_ENGINE).SessionStore


class AccountTwinsMiddleware:
    """Answers a form of the account as it was answered within the last minute; a twin at work is waited for.

    Stands outside the session: the answer's session cookie is part of the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        browser = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
        if request.method != "POST" or not request.path_info.startswith(ACCOUNT) or not browser:
            return self.get_response(request)
        try:
            key = _key_of(request, browser)
        except RequestDataTooBig:  # to be refused further in
            return self.get_response(request)
        with _one_at_a_time(key):
            return _kept(key) or self._answer(request, key)

    def _answer(self, request: HttpRequest, key: str) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HttpResponseRedirect.status_code:
            _keep(key, response)
        return response


def _key_of(request: HttpRequest, browser: str) -> str:
    """One key for the form, what it says, and the browser that sends it; nothing can be read from it."""
    said = b"\0".join([browser.encode(), request.path.encode(), request.body])
    return salted_hmac("tracker.account_twins", said, algorithm="sha256").hexdigest()[:LONGEST_KEY]


@contextmanager
def _one_at_a_time(key: str) -> Iterator[None]:
    """Hold the database's lock of this name: twins come one after the other, in whatever process they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
    try:
        yield
    finally:
        with (
            suppress(DatabaseError, InterfaceError),
            connection.cursor() as cursor,
        ):  # or it ended with the link
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _keep(key: str, response: HttpResponse) -> None:
    cookies = {name: (morsel.value, dict(morsel)) for name, morsel in response.cookies.items()}
    answer = {"to": response["Location"], "cookies": cookies}
    _Store.get_model_class().objects.update_or_create(
        session_key=key,
        defaults={"session_data": _Store().encode(answer), "expire_date": timezone.now() + KEPT_FOR},
    )


def _kept(key: str) -> HttpResponse | None:
    """The kept answer, unless the session that it opened is over."""
    answer = _Store(session_key=key).load()
    if not answer:
        return None
    response = HttpResponseRedirect(answer["to"])
    for name, (value, attributes) in answer["cookies"].items():
        response.cookies[name] = value
        response.cookies[name].update({k: v for k, v in attributes.items() if v != ""})
    opened = response.cookies.get(settings.SESSION_COOKIE_NAME)
    is_over = opened is not None and opened.value and not _Store().exists(opened.value)
    return None if is_over else response
