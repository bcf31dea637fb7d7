"""What every answer shares: headers, the reader's language, bounds, and how a refusal becomes an answer."""

import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from people.actions import see_session
from people.web import address_of
from projects.drafts import keep_draft
from projects.page_kit import proof_address
from projects.refusals import Refused
from projects.rest.problems import MEDIA_TYPE, problem
from projects.sent_forms import OVERTAKEN
from tracker.headers import ALWAYS
from tracker.limits import MOST_BYTES
from tracker.outage import is_outage, unavailable
from tracker.stale import overtaken_by

Next = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"
SECONDS_BETWEEN_NOTES = 15 * 60


class HeadersMiddleware:
    """The headers that never change, on whatever comes out. It stands first, so that nothing gets past it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages and answers of the API go over the wire compressed; photos are so already, and static files
    have been compressed once for all. What a page repeats of a request cannot be guessed from its length:
    Django masks the CSRF token anew each time, and pads what it compresses at random.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith(
            ("text/html", "application/json", "application/problem")
        ):
            return response
        return super().process_response(request, response)


class ReaderLanguageMiddleware:
    """The language a person chose (cookie), else Hebrew; the API listens to Accept-Language."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path_info.startswith("/api/")
        language = (
            translation.get_language_from_request(request)
            if is_api
            else request.COOKIES.get("django_language", "he")
        )
        if not translation.check_for_language(language):
            language = "he"
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)  # type: ignore[attr-defined]
        return response


class SessionSeenMiddleware:
    """Note now and then that a signed-in browser is in use, for its owner's list of sessions."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_answered = response.status_code != HTTPStatus.SERVICE_UNAVAILABLE  # else nothing can be noted
        if is_answered and request.session.accessed and SESSION_KEY in request.session:
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        session = request.session
        key, now = session.session_key, time.time()
        noted_key, noted_at = session.get(SEEN, ("", 0))
        if key is None or (noted_key == key and now - noted_at < SECONDS_BETWEEN_NOTES):
            return
        with suppress(DatabaseError):  # what was asked for is done; a missing note must not deny it
            see_session(session[SESSION_KEY], key, address_of(request), request.headers.get("User-Agent", ""))
            session[SEEN] = (key, now)


class BodySizeMiddleware:
    """A body that is too long is refused by its announced length, before anything of it is read.

    Nobody reads a form earlier: CSRF does when a view is about to be called, which is after all middleware.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > most_bytes(request.path_info):
            return answer_refused(request, Refused("body_too_large"))
        return self.get_response(request)


def most_bytes(path: str) -> int:
    """The longest body that an address takes."""
    return next(most for prefix, most in MOST_BYTES.items() if path.startswith(prefix))


class RefusalMiddleware:
    """A refused act, or a database that is away, becomes a page; the API has its own handler."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_outage(error) or (isinstance(error, Refused) and error.status == 503):
            return unavailable(request, error)
        if not isinstance(error, Refused):
            return None
        if error.code == "proof_needed":
            keep_draft(request)
            return HttpResponseRedirect(proof_address(request.get_full_path()))
        return answer_refused(request, error)


def answer_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page that says why, with the refusal's status; a problem document under /api/."""
    if request.path_info.startswith("/api/"):
        told = problem(refused)
        response = JsonResponse(told.data, status=told.status_code)
        for name, value in (*told.headers.items(), ("Content-Type", MEDIA_TYPE)):
            response.headers[name] = value
        return response
    template = "404.html" if refused.status == 404 else "refused.html"
    context = {"refused": refused, "back": _back(request)}
    if refused.code in OVERTAKEN:
        context |= overtaken_by(request)
    return render(request, template, context, status=refused.status)


def _back(request: HttpRequest) -> str:
    """The page that was being read, as its own site names it; the projects when nobody says."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    return came_from if is_ours else reverse("home")
