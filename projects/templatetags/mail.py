"""What the templates of mails need. The same in text and HTML: isolates are characters, not tags."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format

from projects.wording import isolated, money_text

register = template.Library()
register.filter("isolated", isolated)

FIRST_STRONG_ISOLATE, END_ISOLATE = "\u2068", "\u2069"
LONGEST_IN_SUBJECT = 60


@register.filter
def theirs(text: object) -> str:
    """Somebody's own words, which keep their direction inside ours."""
    return f"{FIRST_STRONG_ISOLATE}{text}{END_ISOLATE}"


@register.filter
def short(text: str) -> str:
    """As `theirs`, cut to fit into a subject."""
    return theirs(text if len(text) <= LONGEST_IN_SUBJECT else text[: LONGEST_IN_SUBJECT - 1].rstrip() + "…")


@register.filter
def shown(value: Any, currency: str) -> str:
    """A value of the table: money, a day, a number, or words."""
    match value:
        case Decimal():
            return money_text(value, currency)
        case date():
            return isolated(date_format(value, "SHORT_DATE_FORMAT"))
        case int():
            return isolated(str(value))
    return theirs(value)
