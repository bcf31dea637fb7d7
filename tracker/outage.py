"""When the database is away or a project is busy: a page that says what is known, and sends again in one tap.

It is made without asking the database anything, since that is what is missing.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views import defaults

from projects.kernel import OutcomeUnknown
from projects.outages import is_absence
from projects.refusals import Refused

SECONDS_TO_WAIT = 5

log = logging.getLogger(__name__)


def is_outage(error: BaseException | None) -> bool:
    """Whether an error comes of a database that is away, or went away in the middle."""
    return isinstance(error, OperationalError | InterfaceError) or is_absence(error)


def unavailable(request: HttpRequest, error: Exception, is_unknown: bool = False) -> HttpResponse:
    """503: whether what was sent is done, as far as is known, and a button that sends it again."""
    if not isinstance(error, Refused):
        log.warning("The database did not answer: %s", " ".join(str(error).split())[:200])
    context = {
        "is_unknown": request.method == "POST" and (is_unknown or isinstance(error, OutcomeUnknown)),
        "refused": error if isinstance(error, Refused) else None,
        "is_sent": request.method == "POST",
        "is_once": "once" in request.POST,
        "again": _fields_to_send_again(request),
        "address": request.get_full_path(),
        "csrf_token": get_token(request),
    }
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    response.headers["Cache-Control"] = "no-store"
    return response


def _fields_to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form said, where sending it again is harmless; a browser keeps chosen files to itself."""
    if "once" not in request.POST or request.FILES:
        return []
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody caught: also an outage met around a page, such as by the session, before it or after it."""
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and is_outage(error):
        return unavailable(request, error, is_unknown=True)
    return defaults.server_error(request)
