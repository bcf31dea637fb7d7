"""Dates that the contractor moves with a reason: of a milestone, and of a repair."""

from datetime import date

from .book import Book, Defect, Stage, admit
from .parts import wrote
from .words import CONTRACTOR, WAITS_BECAUSE, Name, No, Who


def reschedule_milestone(
    book: Book, who: Who, target: Name, *, agreed_end: date, cause: str = "other", reason: str = ""
) -> Name:
    stage = book.find(Stage, target)
    project = book.project(stage.project)
    admit(project, who, {CONTRACTOR})
    if project.state != "active":
        raise No(WAITS_BECAUSE[project.state])
    if stage.state == "submitted":
        raise No("milestone_is_submitted")
    if stage.state == "signed_off":
        raise No("milestone_is_closed")
    _require_new(book, stage.end, agreed_end)
    if stage.planned_start and agreed_end < stage.planned_start:
        raise No("ends_before_start")
    _require_reason(cause, reason)
    stage.moves += 1
    stage.slips += bool(stage.end and agreed_end > stage.end)
    stage.end = agreed_end
    stage.version += 1
    project.shown_at = book.now
    wrote(project)
    return stage.name


def reschedule_defect(
    book: Book, who: Who, target: Name, *, fix_by: date, cause: str = "other", reason: str = ""
) -> Name:
    defect = book.find(Defect, target)
    project = book.project(defect.project)
    admit(project, who, {CONTRACTOR})
    if project.draft:
        raise No("project_not_active")
    if defect.is_closed:
        raise No(f"defect_is_{defect.state}")
    if defect.state != "open":
        raise No("defect_not_open")
    _require_new(book, defect.fix_by, fix_by)
    _require_reason(cause, reason)
    defect.fix_by = fix_by
    wrote(project)
    return defect.name


def _require_new(book: Book, stood: date | None, day: date) -> None:
    if day < book.today:
        raise No("date_is_past")
    if day == stood:
        raise No("date_unchanged")


def _require_reason(cause: str, reason: str) -> None:
    if cause == "other" and not reason.strip():
        raise No("reason_for_date")
