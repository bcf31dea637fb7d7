"""The journal: what happened, by whom, and whether the chain of entries is whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.integrity.export import file_name, journal_file
from projects.page_kit import page, part_in, project_context
from projects.queries import journal_of, parties_of
from tracker.journal_reading import GROUPS, Told, seal_of, told, with_files_folded
from tracker.journal_words import words_of

ENTRIES_ON_A_PAGE = 50
GROUP_NAMES = {
    "work": _("Work and signatures"),
    "money": _("Money"),
    "agreement": _("Agreement and people"),
    "flags": _("Flags"),
}


@dataclass(frozen=True)
class Filter:
    """One choice above the list."""

    key: str
    label: object
    count: int
    current: bool


@page()
def journal(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The entries, newest first, grouped by day; older ones by `before`, one group by `show`."""
    part = part_in(request, project_id)
    show, before = request.GET.get("show", ""), request.GET.get("before", "")
    entries = journal_of(project_id).select_related("actor").order_by("-seq")
    if show in GROUPS:
        entries = entries.filter(kind__in=GROUPS[show])
    if before.isascii() and before.isdigit() and len(before) < 10:
        entries = entries.filter(seq__lt=int(before))
    found = list(entries[: ENTRIES_ON_A_PAGE + 1])
    shown = found[:ENTRIES_ON_A_PAGE]
    words = words_of(part.project, parties_of(part.project))
    context = project_context(part, "journal") | {
        "days": _by_day(with_files_folded(told(shown, words))),
        "filters": _filters(project_id, show),
        "show": show if show in GROUPS else "",
        "older_than": shown[-1].seq if len(found) > len(shown) else None,
        "seal": seal_of(part.project),
        "first": journal_of(project_id).first(),
    }
    return render(request, "tracker/journal.html", context)


@page()
def export(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The whole journal as one file."""
    project = part_in(request, project_id).project
    named = {"Content-Disposition": f'attachment; filename="{file_name(project)}"'}
    return JsonResponse(journal_file(project), json_dumps_params={"ensure_ascii": False}, headers=named)


def _by_day(entries: Iterable[Told]) -> list[tuple[date, list[Told]]]:
    by_day = groupby(entries, key=lambda said: timezone.localdate(said.entry.at))
    return [(day, list(of_day)) for day, of_day in by_day]


def _filters(project_id: UUID, show: str) -> list[Filter]:
    """All entries and each group, with how many there are: one query."""
    counts = dict(
        journal_of(project_id).order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")
    )
    groups = [
        Filter(key, GROUP_NAMES[key], sum(counts.get(kind, 0) for kind in kinds), key == show)
        for key, kinds in GROUPS.items()
    ]
    return [Filter("", _("All"), sum(counts.values()), show not in GROUPS), *groups]
