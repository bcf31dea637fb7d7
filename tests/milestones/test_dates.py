"""Dates that move: announced in time, or missed and then moved; every slip is remembered."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milestones.actions import log_progress, reschedule_milestone, withdraw_submission
from milestones.flags import late, slipping
from milestones.models import Milestone, Reschedule
from payments.flags import stalled
from payments.queries import contract_of, milestones_of
from projects import clock
from projects.endings import resume_project, suspend_project
from projects.flagging import Reach, flag_sentence, settle_flags
from projects.models import Flag, JournalEntry, Project
from projects.refusals import Refused
from tests.cast import STAGES, TODAY, Cast, acting, active, draft, signed_off, stage, submitted
from tests.post import deliver, forget_letters, letters_about
from tracker.journal_reading import told
from tracker.journal_words import words_of


def dated(cast: Cast, end: date) -> Project:
    return active(cast, [dict(s, planned_start=TODAY() - timedelta(30), planned_end=end) for s in STAGES])


def move(cast: Cast, milestone: Milestone, days: int, **more: Any) -> Reschedule:
    reason: dict[str, Any] = {"cause": "weather"} | more
    end = TODAY() + timedelta(days)
    return reschedule_milestone(acting(cast.alon), milestone.id, agreed_end=end, **reason)


def last_kind(project: Project) -> str:
    return JournalEntry.objects.filter(project=project).order_by("-seq")[0].kind


def open_flags(project: Project) -> set[str]:
    settle_flags(project.id)
    return set(Flag.objects.filter(project=project, cleared_at=None).values_list("kind", flat=True))


def test_up_to_its_day_a_move_is_announced_in_time(cast: Cast) -> None:
    project = dated(cast, TODAY())
    before = stage(project, 1)
    moved = move(cast, before, 7)
    after = stage(project, 1)
    assert moved.in_time
    assert (after.agreed_end, after.planned_end) == (TODAY() + timedelta(7), TODAY())
    assert after.version == before.version + 1
    assert last_kind(project) == "date_announced"


def test_after_its_day_it_was_missed_and_the_flag_clears_by_the_new_date(cast: Cast) -> None:
    project = dated(cast, TODAY() - timedelta(1))
    assert "late" in open_flags(project)
    for position in (1, 2, 3):
        assert not move(cast, stage(project, position), 7).in_time
    assert last_kind(project) == "date_missed"
    assert "late" not in open_flags(project)


def test_both_plans_stay_right(cast: Cast) -> None:
    project = dated(cast, TODAY())
    move(cast, stage(project, 1), 7)
    stages = list(milestones_of(project))
    assert contract_of(project, stages).terms[0].end == TODAY() + timedelta(7)
    assert contract_of(project, stages, original=True).terms[0].end == TODAY()


def test_the_second_slip_is_flagged_until_the_sign_off(cast: Cast) -> None:
    project = dated(cast, TODAY())
    first = stage(project, 1)
    move(cast, first, 7)
    move(cast, first, 5)  # earlier again: no slip
    assert "slipping" not in open_flags(project)
    move(cast, first, 9)
    assert "slipping" in open_flags(project)
    flag = Flag.objects.get(project=project, kind="slipping")
    assert flag.asks == "contractor"
    with translation.override("en"):
        assert "put off 2 times" in flag_sentence("slipping", flag.reading.figures)
    signed_off(cast, first)
    assert "slipping" not in open_flags(project)


def test_a_new_date_is_a_sign_of_work(cast: Cast) -> None:
    with clock.set_to(clock.now() - timedelta(days=8)):
        project = active(cast, starts_on=TODAY() - timedelta(8))
    assert list(stalled(Reach([project.id])))
    move(cast, stage(project, 1), 90)
    assert not list(stalled(Reach([project.id])))


def test_what_cannot_be_moved(cast: Cast) -> None:
    project = dated(cast, TODAY())
    first = stage(project, 1)
    cases: list[tuple[int, dict[str, str], str]] = [
        (-1, {}, "date_is_past"),
        (0, {}, "date_unchanged"),
        (3, {"cause": "other", "reason": "  "}, "reason_for_date"),
    ]
    for days, more, code in cases:
        with pytest.raises(Refused, match=code):
            move(cast, first, days, **more)
    with pytest.raises(Refused, match="not_your_role"):
        reschedule_milestone(acting(cast.noa), first.id, agreed_end=TODAY() + timedelta(9), cause="weather")
    submitted(cast, first)
    with pytest.raises(Refused, match="milestone_is_submitted"):
        move(cast, first, 9)
    signed_off(cast, stage(project, 3))
    with pytest.raises(Refused, match="milestone_is_closed"):
        move(cast, stage(project, 3), 9)
    with pytest.raises(Refused, match="project_not_active"):
        move(cast, stage(draft(cast), 1), 9)
    late = dict(STAGES[0], value="1000000", amount="900000", planned_start=TODAY() + timedelta(20))
    with pytest.raises(Refused, match="ends_before_start"):
        move(cast, stage(active(cast, [late]), 1), 9)


def test_the_journal_tells_it_with_its_dates_and_words(cast: Cast) -> None:
    project = dated(cast, TODAY())
    move(cast, stage(project, 1), 7, cause="other", reason="The windows come later")
    entry = JournalEntry.objects.filter(project=project).select_related("actor").order_by("-seq")[0]
    [said] = told([entry], words_of(project, []))
    assert "Foundations" in said.sentence
    assert said.quote == "The windows come later"


def test_both_sides_get_the_words_that_were_previewed(cast: Cast) -> None:
    project = dated(cast, TODAY())
    forget_letters()
    move(cast, stage(project, 1), 7, reason="The windows come later")
    deliver()
    letters = letters_about("A new date for milestone 1, announced in time")
    assert set(letters) == {"noa", "alon"}
    for words in ("Foundations", "The weather", "The windows come later"):
        assert words in letters["noa"].text


# --- Late and slipping, whatever happens to a date: told once more by a model of their own

HAPPENS = ("nothing", "move", "move", "move", "log", "submit", "withdraw", "suspend", "resume")
NEXT = st.tuples(st.sampled_from(HAPPENS), st.integers(0, 4), st.integers(-2, 9))


@dataclass
class Stage:
    """What became of a milestone, and of its date."""

    end: date
    state: str = "planned"
    slips: int = 0
    suspended: bool = False

    @property
    def calls_for(self) -> set[str]:
        is_worked_on = self.state in {"planned", "in_progress"} and not self.suspended
        late = is_worked_on and self.end < clock.today("Asia/Jerusalem")
        slipping = is_worked_on and self.slips >= 2
        return {kind for kind, calls in (("late", late), ("slipping", slipping)) if calls}

    def learn(self, act: str, end: date) -> None:
        match act:
            case "move":
                self.end, self.slips = end, self.slips + (end > self.end)
            case "log" | "withdraw":
                self.state = "in_progress"
            case "submit":
                self.state = "submitted"
            case "suspend" | "resume":
                self.suspended = act == "suspend"


@given(story=st.lists(NEXT, max_size=9))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_late_and_slipping_follow_the_facts(cast: Cast, story: list[tuple[str, int, int]]) -> None:
    """So many days go by, then something happens, about a date so many days from then."""
    moment = timezone.now() - timedelta(days=60)
    with clock.set_to(moment):
        first = Stage(clock.today("Asia/Jerusalem") + timedelta(days=3))
        project = active(cast, [SHED | {"planned_end": first.end}], **ONE)
    for act, days, shift in story:
        moment += timedelta(days=days, minutes=1)
        with clock.set_to(moment):
            end = clock.today(project.time_zone) + timedelta(days=shift)
            try:
                _happen(cast, stage(project, 1), act, end)
            except Refused:
                act = "nothing"
            first.learn(act, end)
            found = {kind for kind, of in FINDERS.items() if list(of(Reach([project.id])))}
            assert found == first.calls_for


FINDERS = {"late": late, "slipping": slipping}
SHED = {"title": "Shed", "value": "1000.00", "amount": "1000.00", "signers": ["homeowner"]}
ONE: dict[str, Any] = {"contract_total": Decimal(1000), "deposit": Decimal(0)}


def _happen(cast: Cast, milestone: Milestone, act: str, end: date) -> None:
    match act:
        case "move":
            reschedule_milestone(acting(cast.alon), milestone.id, agreed_end=end, cause="weather")
        case "log":
            log_progress(acting(cast.alon), milestone.id, percent=Decimal(10))
        case "submit":
            submitted(cast, milestone)
        case "withdraw":
            withdraw_submission(acting(cast.alon), milestone.id)
        case "suspend":
            suspend_project(acting(cast.noa), milestone.project_id, reason="Rain")
        case "resume":
            resume_project(acting(cast.noa), milestone.project_id, reason="It is dry")
