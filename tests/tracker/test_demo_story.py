"""The demonstration's stories end before the day they are told on, whichever weekday that is.

Plans count work days, so the same start lies closer to its end in some weeks: on the first minutes of a day
an act of that day would lie in the future, and the journal would refuse it.
"""

from datetime import datetime, time, timedelta

import pytest
from django.db.models import Max

from milestones.models import Defect
from payments.queries import ledger_of
from projects import clock
from projects.models import Flag, JournalEntry, Obligation
from tracker.demo_story import ZONE, _house, _kitchen, _renovation, make_people, tell_all
from tracker.verifying import verify
from tracker.waits import waits_of

WEEK = range(7)


@pytest.mark.parametrize("story", [_house, _renovation, _kitchen])
def test_a_story_ends_before_its_day_on_every_weekday(database, story):
    people, today = make_people("en"), clock.today("Asia/Jerusalem")
    for back in WEEK if story is _renovation else [0]:
        day = today - timedelta(days=back)
        project = story(people, "en", day)
        last = JournalEntry.objects.filter(project=project).aggregate(last=Max("at"))["last"]
        assert last < datetime.combine(day, time(), ZONE), f"told on a {day:%A}"
        if story is not _house:
            assert not Flag.objects.filter(project=project), "it is on track"


def test_the_mail_that_asks_for_a_decision_is_sent_in_the_last_minute_of_the_day(database):
    with clock.set_to(datetime.combine(clock.today("Asia/Jerusalem"), time(23, 59), ZONE)):
        list(tell_all("en"))
    assert Obligation.objects.filter(kind="submission_waiting_mail", done_at=None)


def test_the_punch_lists_are_alive(database):
    """A repair waits for who verifies it, with money withheld; a fault that held up a stage was verified."""
    people, today = make_people("en"), clock.today("Asia/Jerusalem")
    house, renovation = (story(people, "en", today) for story in (_house, _renovation))
    held_up = Defect.objects.get(project=house)
    assert (held_up.blocking, held_up.now.state, held_up.milestone.position) == (True, "verified", 6)
    small = Defect.objects.get(project=renovation)
    assert (small.now.state, small.withheld, small.milestone.state) == ("fixed", 1200, "signed_off")
    for who in ("uri", "eran"):
        waiting = {wait.kind for wait in waits_of(people[who].id, renovation.id) if wait.mine}
        assert "repair" in waiting
    assert ledger_of(renovation).line(str(small.milestone_id)).withheld == 1200
    assert not verify(house.id).breaks
    assert not verify(renovation.id).breaks
