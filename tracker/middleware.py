"""What every page shares: the reader's language, and one way to turn a refusal into an answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from projects.page_kit import proof_address
from projects.refusals import Refused
from tracker.outage import is_outage, unavailable

Next = Callable[[HttpRequest], HttpResponse]


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
            return HttpResponseRedirect(proof_address(request.get_full_path()))
        template = "404.html" if error.status == 404 else "refused.html"
        return render(request, template, {"refused": error, "back": _back(request)}, status=error.status)


def _back(request: HttpRequest) -> str:
    """The page that was being read, as its own site names it; the projects when nobody says."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    return came_from if is_ours else reverse("home")
