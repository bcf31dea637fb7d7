"""Business days where a project is: when "two business days later" has come (docs/flags.md).

In Israel Sunday to Thursday, less public holidays, their eves and the days between them. Time does not
run on a day off: what begins on one begins with the next business day.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

DAY = timedelta(days=1)
COUNTRIES = {"Asia/Jerusalem": "IL"}  # by time zone; elsewhere Monday to Friday, without holidays
# As in `date.weekday`: Monday is 0.
WEEKENDS = {"IL": {4, 5}, None: {5, 6}}


def is_business_day(day: date, zone: str) -> bool:
    country = COUNTRIES.get(zone)
    if day.weekday() in WEEKENDS[country]:
        return False
    if country is None:
        return True
    public, days_off = _public(country), _days_off(country)
    return not (day in days_off or day + DAY in public)


def business_days_after(moment: datetime, count: int, zone: str) -> datetime:
    """The same time of day, `count` business days later; from a day off, counted from its end."""
    begins = _begin_of_business(moment.astimezone(ZoneInfo(zone)), zone)
    day = begins.date()
    for _ in range(count):
        day = next(_business_days(day + DAY, DAY, zone))
    return datetime.combine(day, begins.time(), begins.tzinfo)


def business_days_before(moment: datetime, count: int, zone: str) -> datetime:
    """The latest moment from which `count` business days have passed by now: the limit for a query.

    Whatever happened at or before it, and nothing later, has `business_days_after(it, count) <= moment`.
    """
    local = moment.astimezone(ZoneInfo(zone))
    at = local.time() if is_business_day(local.date(), zone) else time.max
    days = _business_days(local.date(), -DAY, zone)
    for _ in range(count):
        next(days)
    return datetime.combine(next(days), at, local.tzinfo)


def _begin_of_business(local: datetime, zone: str) -> datetime:
    if is_business_day(local.date(), zone):
        return local
    return datetime.combine(next(_business_days(local.date(), DAY, zone)), time(), local.tzinfo)


def _business_days(day: date, step: timedelta, zone: str) -> Iterator[date]:
    while True:
        if is_business_day(day, zone):
            yield day
        day += step


@cache
def _public(country: str) -> HolidayBase:
    return country_holidays(country, categories=("public",))


@cache
def _days_off(country: str) -> HolidayBase:
    return country_holidays(country, categories=("public", "optional"))
