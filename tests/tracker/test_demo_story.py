"""The demonstration's stories end before the day they are told on, whichever weekday that is.

Plans count work days, so the same start lies closer to its end in some weeks: on the first minutes of a day
an act of that day would lie in the future, and the journal would refuse it.
"""

from datetime import datetime, time, timedelta

import pytest
from django.db.models import Max

from projects import clock
from projects.models import Flag, JournalEntry
from tracker.demo_story import ZONE, _house, _kitchen, _renovation, make_people

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
