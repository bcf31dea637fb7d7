"""The gap that grows with every payment day: raised by three of them in a row, cleared when it falls."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal as D
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milestones.actions import inspect_milestone
from payments.actions import record_payment, release_payment, reverse_payment
from payments.models import Payment
from payments.queries import exposure_now
from payments.rules import widening_among
from payments.widening_flags import gap_widening
from projects import clock
from projects.flagging import Found, Reach, flag_sentence, settle_flags
from projects.models import Flag, Project
from projects.refusals import Refused
from tests.cast import Cast, acting, active, signed_off, stage

from .test_changes import fresh
from .test_past import ACTS, Told, record

ZONE = ZoneInfo("Asia/Jerusalem")  # where the projects are
RISES = [
    ([], 0, []),
    ([1, 2], 2, []),
    ([1, 2, 3], 3, [1, 2, 3]),
    ([0, 1, 2], 2, [0, 1, 2]),
    ([1, 2, 3], 4, [1, 2, 3]),
    ([1, 2, 3], D("2.99"), []),
    ([1, 2, 2], 2, []),
    ([2, 1, 3], 3, []),
    ([1, 2, 3, 3, 3], 3, [1, 2, 3]),
    ([1, 2, 3, 3, 4], 4, [1, 2, 3]),
    ([1, 2, 3, 4], 4, [2, 3, 4]),
    ([1, 2, 3, 2, 3], 3, []),
    ([1, 2, 3, 3], 2, []),
]


@pytest.mark.parametrize(("closes", "now", "expected"), RISES)
def test_it_grew_on_three_days_in_a_row_and_has_not_fallen(
    closes: list[int], now: D, expected: list[int]
) -> None:
    assert widening_among(map(D, reversed(closes)), D(now)) == expected


def days_ago(days: float) -> Any:
    """So many days before noon, so that a fifth of a day more is the same day at whatever hour this runs."""
    noon = timezone.localtime(timezone=ZONE).replace(hour=12, minute=0)
    return clock.set_to(noon - timedelta(days=days))


def begun(cast: Cast) -> Project:
    with days_ago(9):
        return active(cast)


def pay(cast: Cast, project: Project, days: float, amount: str, position: int = 3) -> Payment:
    """Recorded so many days ago, for a stage whose work is not signed off."""
    with days_ago(days):
        told: dict[str, Any] = {"paid_on": clock.today(project.time_zone), "method": "cash"}
        line = str(stage(project, position).id)
        return record_payment(acting(cast.noa), project.id, amount=D(amount), line=line, **told)


def found(project: Project) -> list[Found]:
    return list(gap_widening(Reach([project.id])))


def test_the_third_payment_day_raises_it_and_a_fall_clears_it(cast: Cast) -> None:
    project = begun(cast)
    pay(cast, project, 4, "1000.00")
    pay(cast, project, 3, "500.00")
    assert found(project) == []
    pay(cast, project, 2, "20000.00")
    settle_flags(project.id)
    flag = Flag.objects.select_related("reading").get(kind="gap_widening")
    assert (flag.about_id, flag.severity, flag.asks) == (project.id, "warning", "homeowner")
    assert [flag.reading.figures[name] for name in ("first", "second", "third", "excess")] == [
        *("1000.00", "1500.00", "21500.00", "21500.00")
    ]
    with translation.override("en"):
        said = flag_sentence(flag.kind, flag.reading.figures)
    assert said.replace("\u2066", "").replace("\u2069", "") == (
        "From day to day over three payment days in a row the gap that nothing covers grew, and it has not"
        " fallen since: ₪1,000, ₪1,500, ₪21,500."
    )
    inspect_milestone(acting(cast.michal), stage(project, 3).id, percent=D(8))  # 20,000 of its 250,000
    settle_flags(project.id)
    flag.refresh_from_db()
    assert flag.cleared_at is not None
    assert Flag.objects.filter(project=project, kind="paid_ahead", cleared_at=None).exists(), "it is not gone"


def test_of_a_day_its_last_entry_counts(cast: Cast) -> None:
    """Paid for work that is signed off that day, the gap did not grow; nor do more sums of one day count."""
    project = begun(cast)
    for days in (6, 5.9, 5.8):
        pay(cast, project, days, "1000.00")
    pay(cast, project, 4, "1000.00")
    assert found(project) == [], "two days"
    pay(cast, project, 3, "9000.00", position=1)
    with days_ago(2.99):
        signed_off(cast, stage(project, 1))
    assert found(project) == [], "the third day closed with less"


def test_a_day_that_leaves_the_gap_as_it_is_ends_nothing(cast: Cast) -> None:
    """A shekel of the deposit, which is due, hides no spiral."""
    project = begun(cast)
    for days in (6, 5, 4):
        pay(cast, project, days, "10000.00")
    with days_ago(3):
        told: dict[str, Any] = {"paid_on": clock.today(project.time_zone), "method": "cash"}
        release_payment(acting(cast.noa), project.id, line="deposit", amount=D("1.00"), **told)
    assert [flag.figures["third"] for flag in found(project)] == ["30000.00"]
    pay(cast, project, 2, "10000.00")
    assert [flag.figures["third"] for flag in found(project)] == ["30000.00"], "the last three in a row"


def test_it_is_critical_where_the_level_is(cast: Cast) -> None:
    project = begun(cast)
    for days, amount in ((4, "40000.00"), (3, "40000.00"), (2, "500.00")):
        pay(cast, project, days, amount)
    assert [flag.severity for flag in found(project)] == ["critical"]


def test_money_that_was_taken_back_since_ends_it(cast: Cast) -> None:
    project = begun(cast)
    payments = [pay(cast, project, days, "1000.00") for days in (4, 3, 2)]
    assert found(project)
    reverse_payment(acting(cast.noa), payments[0].id, amount=D("0.01"), why="wrong_record")
    assert found(project) == []


def test_the_past_of_many_is_read_as_that_of_one(cast: Cast) -> None:
    projects = [begun(cast) for _ in range(3)]
    for project in projects:
        for days in (4, 3, 2):
            pay(cast, project, days, "1000.00")
    quiet = begun(cast)
    pay(cast, quiet, 2, "1000.00")

    def cost(of: Collection[Any] | None) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as statements:
            flags = list(gap_widening(Reach(of)))
        return len(flags), len(statements)

    one, many = cost([projects[0].id]), cost(None)
    assert (one[0], many[0], one[1]) == (1, 3, many[1])
    assert cost([quiet.id]) == (0, 2), "without three payments the past is not looked at"


class Paying(Told):
    """A story in which money often comes early, with U at the close of every payment day."""

    def __init__(self, cast: Cast, data: st.DataObject) -> None:
        super().__init__(cast, data)
        self.closes: dict[Any, D] = {}

    def goes_on(self) -> None:
        self.day += timedelta(days=self.data.draw(st.integers(0, 2)))
        act = self.data.draw(st.sampled_from([*[record] * len(ACTS), *ACTS]))
        payments = Payment.objects.filter(project=self.project)
        before = payments.count()
        with self.at(self.day):
            with suppress(Refused):
                act(self)
            self.project = fresh(self.project)
            self.figures[self.day] = now = exposure_now(self.project, self.day)
            if payments.count() > before or self.day in self.closes:
                self.closes[self.day] = now.excess
            course = [*self.closes.values(), now.excess]
            thirds = [
                course[k]
                for k in range(2, len(course) - 1)
                if course[k - 2] < course[k - 1] < course[k] and course[k:] == sorted(course[k:])
            ]
            assert [flag.figures["third"] for flag in found(self.project)] == [str(u) for u in thirds[-1:]]


@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_is_found_when_the_facts_call_for_it(cast: Cast, data: st.DataObject) -> None:
    """Told once more as the story goes, day by day, from the figures of each day as they stood."""
    story = Paying(cast, data)
    for _ in range(data.draw(st.integers(6, 14))):
        story.goes_on()
