"""Forms of before: their CSRF token no longer counts, or they waited in a session for their writer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.csrf import csrf_failure

from projects.drafts import keep_draft
from projects.sent_forms import SEE_OTHER


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403 and nothing was done; where the form names its writer, back to it with what was written.

    Another site cannot put words into a form this way: it does not know the signed name of the writer.
    """
    if keep_draft(request):
        return HttpResponse(status=SEE_OTHER, headers={"Location": request.get_full_path()})
    return csrf_failure(request, reason)


def stay(request: HttpRequest, **_signal: Any) -> None:
    """Whoever signs in stays as long as sessions last, though a draft in it was to be gone in an hour."""
    request.session.set_expiry(None)
