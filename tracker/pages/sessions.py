"""Where a person is signed in, and signing out there: one browser, or all but this one."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from people.actions import end_session, end_sessions
from people.addresses import in_words
from people.devices import device_of
from people.queries import sessions_of
from projects.page_kit import page, reader_of


@dataclass(frozen=True)
class Shown:
    """One session in the list. `address` is the network only, never the whole address."""

    id: int
    device: str
    address: str
    began: datetime
    seen: datetime
    is_this: bool


@page("GET", "HEAD", "POST")
def sessions(request: HttpRequest) -> HttpResponse:
    """The list; POST ends all sessions but this one."""
    if request.method == "POST":
        end_sessions(reader_of(request), but=request.session.session_key)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("sessions")
    rows = [_shown(row, request.session.session_key) for row in sessions_of(reader_of(request))]
    rows.sort(key=lambda row: not row.is_this)
    return render(request, "tracker/sessions.html", {"sessions": rows})


@page("POST")
def end(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one session; ending this one signs out here."""
    end_session(reader_of(request), session_id)
    messages.success(request, _("The session has ended."))
    return redirect("sessions")


def _shown(row: UserSession, this: str | None) -> Shown:
    return Shown(
        row.pk,
        device_of(row.user_agent),
        in_words(row.ip),
        row.created_at,
        row.last_seen_at,
        row.session_key == this,
    )
