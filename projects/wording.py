"""How figures and days read in both languages: text without markup, for pages, mails and flags alike."""

from datetime import date, datetime
from decimal import Decimal
from typing import overload

from babel.dates import format_date, format_time
from django.utils import timezone
from django.utils.translation import get_language

SIGNS = {"ILS": "₪", "USD": "$", "EUR": "€", "GBP": "£"}
MINUS = "\u2212"
ISOLATE, END_ISOLATE = "\u2066", "\u2069"
# British English: the day stands before the month, as in Hebrew.
LOCALES = {"he": "he", "en": "en_GB"}
# CLDR patterns by use and language.
PATTERNS = {
    "day": {"he": "d.M.y", "en_GB": "d MMM y"},
    "short_day": {"he": "EEEEE d.M", "en_GB": "E d MMM"},
    "long_day": {"he": "EEEE, d בMMMM y", "en_GB": "EEEE, d MMMM y"},
    "month": {"he": "LLL", "en_GB": "LLL"},
    "month_of_year": {"he": "LLLL y", "en_GB": "LLLL y"},
}


def isolated(text: str) -> str:
    """Text that keeps its left-to-right order inside a Hebrew sentence without markup."""
    return f"{ISOLATE}{text}{END_ISOLATE}"


def money_digits(amount: Decimal | int, currency: str = "ILS", plus: bool = False) -> str:
    """A sum: minus (or, if wished, plus) leftmost, then the currency, cents only where there are any."""
    value = Decimal(amount)
    digits = f"{abs(value):,.2f}".removesuffix(".00")
    sign = MINUS if value < 0 else "+" if plus and value > 0 else ""
    return f"{sign}{SIGNS.get(currency, currency + ' ')}{digits}"


def money_text(amount: Decimal | int, currency: str = "ILS") -> str:
    """A sum as an isolate."""
    return isolated(money_digits(amount, currency))


def percent_digits(value: Decimal | int, places: int | None = None) -> str:
    """A percentage with `places`, or with as many as it needs, at most two: 5%, 12.5%."""
    digits = f"{abs(Decimal(value)):,.{2 if places is None else places}f}"
    if places is None:
        digits = digits.rstrip("0").rstrip(".")
    return f"{MINUS if value < 0 else ''}{digits}%"


def index_digits(value: Decimal) -> str:
    """The value of an index, with as many decimals as it needs: 139.3."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def percent_text(value: Decimal | int) -> str:
    """A percentage as an isolate."""
    return isolated(percent_digits(value))


@overload
def local(value: datetime) -> datetime: ...
@overload
def local(value: date) -> date: ...
def local(value: date) -> date:
    """A day, or a moment moved to the current time zone."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day_text(value: date, use: str = "day") -> str:
    """A day in the reader's language. `use` is a key of PATTERNS."""
    locale = _locale()
    return format_date(local(value), PATTERNS[use][locale], locale=locale)


def clock_text(value: datetime) -> str:
    """A time of day in the current time zone: 07:52."""
    return format_time(local(value), "HH:mm", locale=_locale())


def _locale() -> str:
    return LOCALES.get((get_language() or "he")[:2], "he")
