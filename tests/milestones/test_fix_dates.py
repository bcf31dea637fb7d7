"""Fix dates that move: announced in time, or missed and then moved; every move stays with the defect."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from milestones.actions import fix_defect, report_defect, reschedule_defect, verify_defect
from milestones.models import Defect, DefectNow, FixDateMove
from projects.flagging import settle_flags
from projects.models import Flag, JournalEntry, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, signed_in, stage
from tests.post import deliver, forget_letters, letters_about
from tests.programs import program
from tests.tracker.forms import form_key
from tracker.journal_reading import told
from tracker.journal_words import words_of
from tracker.verifying import verify


def due(days: int) -> date:
    return TODAY() + timedelta(days=days)


def crack(cast: Cast, fix_by: date | None) -> Defect:
    return report_defect(acting(cast.noa), stage(active(cast), 1).id, title="Crack", fix_by=fix_by)


def move(cast: Cast, defect: Defect, days: int, **more: Any) -> FixDateMove:
    reschedule_defect(acting(cast.alon), defect.id, fix_by=due(days), **{"cause": "weather"} | more)
    return FixDateMove.objects.latest("entry__seq")


def last_entry(defect: Defect) -> JournalEntry:
    entries = JournalEntry.objects.filter(project=defect.project_id).select_related("actor")
    return entries.latest("seq")


def is_overdue(project_id: Any) -> bool:
    settle_flags(project_id)
    return Flag.objects.filter(project=project_id, kind="defect_overdue", cleared_at=None).exists()


def test_up_to_its_day_a_move_is_announced_in_time(cast: Cast) -> None:
    defect = crack(cast, due(0))
    moved = move(cast, defect, 5)
    assert (moved.in_time, moved.previous_fix_by, moved.fix_by) == (True, due(0), due(5))
    assert last_entry(defect).kind == "fix_date_announced"
    assert DefectNow.objects.get(defect=defect).fix_by == due(5)
    assert Defect.objects.get(pk=defect.pk).fix_by == due(0), "as it was found"
    assert not verify(defect.project_id).breaks


def test_after_its_day_it_was_missed_and_the_flag_follows_the_new_date(cast: Cast) -> None:
    defect = crack(cast, due(-1))
    assert is_overdue(defect.project_id)
    assert not move(cast, defect, 3).in_time
    assert last_entry(defect).kind == "fix_date_missed"
    assert not is_overdue(defect.project_id)
    second = move(cast, defect, 9)
    assert (second.in_time, second.previous_fix_by) == (True, due(3))
    assert not verify(defect.project_id).breaks


def test_a_defect_without_a_date_gets_one(cast: Cast) -> None:
    moved = move(cast, crack(cast, None), 2)
    assert (moved.in_time, moved.previous_fix_by) == (True, None)


def test_what_cannot_be_moved(cast: Cast) -> None:
    defect = crack(cast, due(0))
    cases: list[tuple[int, dict[str, str], str]] = [
        (-1, {}, "date_is_past"),
        (0, {}, "date_unchanged"),
        (3, {"cause": "other", "reason": "  "}, "reason_for_date"),
    ]
    for days, more, code in cases:
        with pytest.raises(Refused, match=code):
            move(cast, defect, days, **more)
    for who, code in ((cast.noa, "not_your_role"), (cast.dana, "not_found")):
        with pytest.raises(Refused, match=code):
            reschedule_defect(acting(who), defect.id, fix_by=due(9), cause="weather")
    fix_defect(acting(cast.alon), defect.id)
    with pytest.raises(Refused, match="defect_not_open"):
        move(cast, defect, 9)
    verify_defect(acting(cast.noa), defect.id)
    with pytest.raises(Refused, match="defect_is_verified"):
        move(cast, defect, 9)


def test_the_homeowners_and_the_journal_are_told_of_it(cast: Cast) -> None:
    defect = crack(cast, due(0))
    deliver()
    forget_letters()
    move(cast, defect, 7, cause="other", reason="The tiles come later")
    deliver()
    letters = letters_about("A new date for defect 1, announced in time")
    assert set(letters) == {"noa"}
    for words in ("Crack", "will be fixed by", "The tiles come later"):
        assert words in letters["noa"].text, words
    with translation.override("en"):
        [said] = told([last_entry(defect)], words_of(Project.objects.get(pk=defect.project_id), []))
    assert "announced in time a new date for defect 1" in said.sentence
    assert said.quote == "The tiles come later"


def test_it_is_moved_by_a_program(cast: Cast) -> None:
    defect = crack(cast, due(0))
    alon, address = program(cast.alon), f"defects/{defect.id}/reschedule/"
    assert alon.post(address, {"fix_by": due(4).isoformat()}).json()["code"] == "reason_for_date"
    says = {"fix_by": due(4).isoformat(), "reason": "The tiles come later"}
    shown: Any = alon.post(address, says).json()
    assert shown["fix_by"] == due(4).isoformat()
    (moved,) = shown["moves"]
    assert (moved["previous_fix_by"], moved["in_time"]) == (due(0).isoformat(), True)
    assert (moved["cause"], moved["reason"]) == ("other", "The tiles come later")
    assert program(cast.noa).post(address, says).json()["code"] == "not_your_role"


def test_it_is_moved_on_its_page_and_its_row_tells_of_every_move(cast: Cast) -> None:
    defect = crack(cast, due(-2))
    alon, address = signed_in(cast.alon), reverse("defect_reschedule", args=[defect.id])
    milestone = reverse("milestone", args=[defect.milestone_id])
    assert address in alon.get(milestone).content.decode()
    assert address not in signed_in(cast.noa).get(milestone).content.decode()
    assert "The date has passed" in alon.get(address).content.decode()
    for days in (3, 6):
        says = {"cause": "supply", "fix_by": due(days).strftime("%d/%m/%Y"), "reason": f"{days} days"}
        sent = alon.post(address, {"once": form_key(alon, address)} | says, follow=True)
        done = sent.content.decode()
    assert "Its date moved 2 times" in done
    for words in ("Missed, then moved", "Announced in time", "3 days", "6 days"):
        assert words in done, words
    again = alon.post(address, {"once": form_key(alon, address)} | says)
    assert again.status_code == 400
    fix_defect(acting(cast.alon), defect.id)
    assert alon.get(address).status_code == 302
