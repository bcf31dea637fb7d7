"""Waiting for you, waiting for them: one page over all of a person's projects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.page_kit import page, reader_nav, reader_of
from tracker.waits import waits_of


@page()
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and what they wait for, each the longest first."""
    found = waits_of(reader_of(request))
    mine = [wait for wait in found if wait.mine]
    context = {
        "mine": mine,
        "others": [wait for wait in found if not wait.mine],
        "nav_items": reader_nav("waiting", len(mine)),
    }
    return render(request, "tracker/all_waiting.html", context)
