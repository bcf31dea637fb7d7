"""Dates that passed, and decisions overdue: reminders after 2 and 4 business days, a flag after 5."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone, translation

from milestones.actions import approve_milestone, edit_milestone, sign_agreement, withdraw_submission
from milestones.models import Milestone
from projects import clock
from projects.business_days import business_days_after, business_days_before
from projects.flagging import flag_sentence, settle_flags
from projects.models import Flag, Obligation, Project
from tests.cast import TODAY, Cast, acting, active, draft, stage, submitted
from tests.post import deliver, forget_letters, letters_about

ZONE = "Asia/Jerusalem"


def open_flags(project: Project, kind: str) -> list[Flag]:
    settle_flags(project.id)
    return list(Flag.objects.filter(project=project, kind=kind, cleared_at=None).select_related("reading"))


def waiting(cast: Cast, days: int, later: timedelta = timedelta()) -> Milestone:
    """A milestone that was submitted so many business days ago, or a little later.

    A second earlier than the limit, which on a day off is the last moment of a day: no two acts share one.
    """
    then = business_days_before(timezone.now(), days, ZONE) - timedelta(seconds=1) + later
    with clock.set_to(then - timedelta(days=2)):
        project = active(cast, starts_on=then.date())
    with clock.set_to(then):
        return submitted(cast, stage(project, 1))


def test_a_decision_is_overdue_after_five_business_days(cast: Cast) -> None:
    milestone = waiting(cast, 5)
    (flag,) = open_flags(milestone.project, "review_overdue")
    assert (flag.about_id, flag.severity, flag.asks) == (milestone.id, "warning", "homeowner")
    assert flag.reading.figures["awaited"] == "homeowner,engineer"


def test_a_moment_before_it_is_not(cast: Cast) -> None:
    assert open_flags(waiting(cast, 5, timedelta(minutes=2)).project, "review_overdue") == []


def test_it_asks_who_is_still_silent_and_clears_with_the_last(cast: Cast) -> None:
    milestone = waiting(cast, 6)
    open_flags(milestone.project, "review_overdue")
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    (flag,) = open_flags(milestone.project, "review_overdue")
    assert flag.asks == "engineer"
    approve_milestone(acting(cast.michal), milestone.id, version=milestone.version)
    assert open_flags(milestone.project, "review_overdue") == []


def test_signers_are_reminded_after_two_and_four_business_days(cast: Cast) -> None:
    milestone = waiting(cast, 0)
    reminders = Obligation.objects.filter(kind="review_reminder_mail").order_by("next_at")
    submitted_at = milestone.submissions.get().entry.at
    assert [row.next_at for row in reminders] == [
        business_days_after(submitted_at, days, ZONE) for days in (2, 4)
    ]
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    forget_letters()
    later(reminders)
    deliver()
    letters = letters_about("Milestone 1 still waits for your decision")
    assert set(letters) == {"michal"}
    assert "2 business days ago" in letters["michal"].text


def test_nobody_is_reminded_of_what_was_taken_back(cast: Cast) -> None:
    milestone = waiting(cast, 0)
    withdraw_submission(acting(cast.alon), milestone.id)
    forget_letters()
    later(Obligation.objects.filter(kind="review_reminder_mail"))
    deliver()
    assert letters_about("still waits") == {}


def later(reminders) -> None:
    """The first reminder's day has come."""
    first = reminders.order_by("next_at")[0]
    Obligation.objects.filter(pk=first.pk).update(next_at=F("created_at"))


def dated(cast: Cast, days: int) -> Project:
    """A project signed with the first milestone to end so many days from now."""
    project = draft(cast)
    today = datetime.now(ZoneInfo(ZONE)).date()
    milestone = stage(project, 1)
    edit_milestone(
        acting(cast.noa), milestone.id, version=milestone.version, planned_end=today + timedelta(days=days)
    )
    project.refresh_from_db()
    for signer in (cast.noa, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    return Project.objects.get(pk=project.pk)


def test_a_milestone_is_late_the_day_after_its_agreed_date(cast: Cast) -> None:
    assert open_flags(dated(cast, 0), "late") == []
    project = dated(cast, -1)
    (flag,) = open_flags(project, "late")
    assert (flag.about_id, flag.severity, flag.asks) == (stage(project, 1).id, "warning", "contractor")
    submitted(cast, stage(project, 1))
    assert open_flags(project, "late") == []


def test_without_a_date_nothing_is_late(cast: Cast) -> None:
    assert open_flags(active(cast, starts_on=TODAY() - timedelta(days=400)), "late") == []


def test_what_the_flags_say() -> None:
    review = {"position": "6", "submitted_on": "2026-11-15", "awaited": "homeowner,engineer"}
    with translation.override("en"):
        said = [
            flag_sentence("late", {"position": "6", "agreed_end": "2026-11-15"}),
            flag_sentence("review_overdue", review),
        ]
    assert [text.replace("\u2066", "").replace("\u2069", "") for text in said] == [
        "The date agreed for milestone 6, 15 Nov 2026, has passed.",
        "Milestone 6 has waited since 15 Nov 2026 for a decision: Homeowner, Engineer.",
    ]
