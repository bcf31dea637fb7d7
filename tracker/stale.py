"""A form that was overtaken: what happened to its thing since it was opened, and what was written on it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.forms import BoundField, Form, Textarea, TextInput
from django.http import HttpRequest

from milestones.models import Expectation, Milestone
from payments.models import ChangeOrder
from projects.drafts import keep_draft
from projects.models import JournalEntry, Project
from projects.page_kit import reader_of
from projects.queries import journal_of, parties_of, parts_of
from tracker.journal_reading import GROUPS, Told, told
from tracker.journal_words import words_of

MOST_SHOWN = 8

READING = timedelta(seconds=2)  # between looking at the thing and making the key of the form

OF_THE_TERMS = {"terms_changed", "agreement_signed"}


def overtaken_by(request: HttpRequest) -> dict[str, Any]:
    """What `refused.html` tells: entries of the journal, newest first, and words to take along.

    Words on a form that begins empty come back by themselves; those on terms are shown beside nothing else,
    since filling them in again would undo what the others changed.
    """
    form: Form | None = getattr(request, "refused_form", None)
    begins_empty = form is not None and not set(form.initial) - {"version"}
    changes = _changes(request)
    return {
        "changes": changes[:MOST_SHOWN],
        "has_more_changes": len(changes) > MOST_SHOWN,
        "is_kept": begins_empty and keep_draft(request, with_version=False),
        "written": [(bound.label, bound.value()) for bound in _written(form)] if form else [],
    }


def _changes(request: HttpRequest) -> list[Told]:
    """The entries about the form's thing since its page was opened; none where the form does not tell."""
    since, project = _opened_at(request), _project_of(request)
    if since is None or project is None:
        return []
    entries = journal_of(project.id).filter(at__gte=since).select_related("actor").order_by("-seq")
    about = [entry for entry in entries if _is_about(entry, request)][: MOST_SHOWN + 1]
    return told(about, words_of(project, parties_of(project)))


def _opened_at(request: HttpRequest) -> datetime | None:
    """When the page with this form was made: its key is a UUID of version 7, which tells its time."""
    try:
        once = UUID(request.POST.get("once", ""))
        opened = datetime.fromtimestamp((once.int >> 80) / 1000, UTC)
    except ValueError:  # no key at all, or one whose time is past the year 9999: not of our making
        return None
    return opened - READING if once.version == 7 else None


def _project_of(request: HttpRequest) -> Project | None:
    """The project that the address is about, if it is the reader's."""
    named = _named(request)
    project_id = named.get("project_id")
    if milestone_id := named.get("milestone_id"):
        project_id = Milestone.objects.filter(pk=milestone_id).values_list("project_id", flat=True).first()
    if expectation_id := named.get("expectation_id"):
        project_id = (
            Expectation.objects.filter(pk=expectation_id).values_list("project_id", flat=True).first()
        )
    if change_id := named.get("change_id"):
        project_id = ChangeOrder.objects.filter(pk=change_id).values_list("project_id", flat=True).first()
    mine = parts_of(reader_of(request)).filter(project_id=project_id).select_related("project").first()
    return mine.project if mine else None


def _is_about(entry: JournalEntry, request: HttpRequest) -> bool:
    """Whether an entry tells of the milestone of the address, or, where there is none, of the agreement."""
    milestone_id = _named(request).get("milestone_id")
    if milestone_id is None:
        return entry.kind in GROUPS["agreement"]
    is_told_of = str(milestone_id).encode() in bytes(entry.body) and entry.kind not in GROUPS["flags"]
    return is_told_of or entry.kind in OF_THE_TERMS


def _named(request: HttpRequest) -> dict[str, Any]:
    return request.resolver_match.kwargs if request.resolver_match else {}


def _written(form: Form) -> Iterator[BoundField]:
    """What was written in words or figures, where it differs from how the thing stands now."""
    for bound in form:
        is_words = isinstance(bound.field.widget, TextInput | Textarea) and not bound.is_hidden
        if is_words and bound.name in form.changed_data and bound.value():
            yield bound
