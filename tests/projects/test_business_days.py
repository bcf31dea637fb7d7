"""Business days in Israel: Sunday to Thursday, less holidays and eves; no time runs on days off."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.business_days import business_days_after, business_days_before, is_business_day

JERUSALEM = ZoneInfo("Asia/Jerusalem")
ZONE = JERUSALEM.key


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=JERUSALEM)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 22), True),  # Sunday
        (date(2026, 11, 26), True),  # Thursday
        (date(2026, 11, 27), False),  # Friday
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 9, 20), False),  # the eve of Yom Kippur, a Sunday
        (date(2026, 9, 21), False),  # Yom Kippur
        (date(2026, 9, 22), True),
        (date(2026, 9, 29), False),  # in the week of Sukkot
    ],
)
def test_the_calendar_of_israel(day, works):
    assert is_business_day(day, ZONE) is works


def test_elsewhere_monday_to_friday():
    assert is_business_day(date(2026, 11, 27), "Europe/London")
    assert not is_business_day(date(2026, 11, 22), "Europe/London")


@pytest.mark.parametrize(
    ("moment", "count", "later"),
    [
        (at(22, 10), 2, at(24, 10)),  # Sunday to Tuesday
        (at(26, 10), 1, at(29, 10)),  # over the weekend
        (at(27, 23), 1, at(30, 0)),  # Friday night counts from Sunday 00:00
        (at(20, 9, month=9), 1, at(23, 0, month=9)),  # from the eve of Yom Kippur
    ],
)
def test_the_same_time_of_day_business_days_later(moment, count, later):
    assert business_days_after(moment, count, ZONE) == later


MOMENTS = st.integers(0, 5 * 365 * 24 * 12).map(
    lambda n: datetime(2025, 1, 1, tzinfo=UTC) + n * timedelta(minutes=5)
)


@given(MOMENTS, MOMENTS, st.integers(1, 6))
def test_the_limit_of_a_query_says_what_the_rule_says(then, now, count):
    """Property: at or before the limit exactly when that many business days have passed."""
    then = now - abs(now - then) % timedelta(days=20)
    has_passed = business_days_after(then, count, ZONE) <= now
    assert (then <= business_days_before(now, count, ZONE)) is has_passed
