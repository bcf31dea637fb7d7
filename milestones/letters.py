"""What is written to people about a date that moved: the same words in the preview and in the mail."""

from datetime import date

from django.utils.translation import gettext as _

from milestones.models import Defect, Milestone, Reschedule
from projects.wording import day_text, isolated


def date_message(milestone: Milestone, previous: date | None, agreed_end: date, cause: str) -> str:
    """The milestone, its new date and the one before, and what happened, in two short sentences."""
    said = {
        "title": f"\u2068{milestone.title}\u2069",
        "day": _day(agreed_end),
        "previous": _day(previous) if previous else "",
    }
    if previous:
        moved = _("%(title)s will be done by %(day)s, not by %(previous)s.") % said
    else:
        moved = _("%(title)s will be done by %(day)s.") % said
    return moved + _what_happened(cause)


def fix_date_message(defect: Defect, previous: date | None, fix_by: date, cause: str) -> str:
    """As `date_message`, of the repair of a defect."""
    said = {
        "title": f"\u2068{defect.title}\u2069",
        "day": _day(fix_by),
        "previous": _day(previous) if previous else "",
    }
    if previous:
        moved = _("%(title)s will be fixed by %(day)s, not by %(previous)s.") % said
    else:
        moved = _("%(title)s will be fixed by %(day)s.") % said
    return moved + _what_happened(cause)


def _what_happened(cause: str) -> str:
    if cause == Reschedule.Cause.OTHER:
        return ""
    return " " + _("What happened: %(cause)s.") % {"cause": Reschedule.Cause(cause).label}


def _day(day: date) -> str:
    return isolated(day_text(day, "long_day"))
