"""What templates need to write figures, dates, icons and the drawings. Used as `{% load plumbline %}`.

docs/design.md shows every tag with its parameters.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from projects.wording import (
    SIGNS,
    clock_text,
    day_text,
    index_digits,
    local,
    money_digits,
    money_text,
    percent_digits,
    percent_text,
)
from tracker import charts, states
from tracker.curve import Curve

register = template.Library()

# Icons that point along the line of reading. Checks, clocks and tools never flip.
DIRECTIONAL = {"arrow-left", "arrow-right", "chevron-right", "send", "undo-2", "log-out"}


def _ltr_element(css: str, text: object) -> SafeString:
    return format_html('<bdi class="{}" dir="ltr">{}</bdi>', css, text)


@register.filter
def money(amount: Decimal | int | None, currency: str = "ILS") -> str:
    """A sum as one left-to-right isolate; nothing for None."""
    return "" if amount is None else _ltr_element("money", money_digits(amount, currency))


@register.filter
def signed_money(amount: Decimal | int | None, currency: str = "ILS") -> str:
    """A difference: as `money`, with a plus sign above zero."""
    return "" if amount is None else _ltr_element("money", money_digits(amount, currency, plus=True))


# For plain text, attributes and mails.
register.filter("money_text", money_text)
register.filter("share_text", percent_text)
register.filter("digits", money_digits)  # For a tspan of a drawing, which is left to right anyway.


@register.filter
def ltr(value: object) -> str:
    """A number, range, id, phone or code that keeps its own left-to-right order."""
    return _ltr_element("num", value)


@register.filter
def percent(value: Decimal | int | None, places: int = 1) -> str:
    """A percentage with a fixed number of places (default one): 47.0%."""
    return "" if value is None else ltr(percent_digits(value, places))


@register.filter
def share(value: Decimal | int | None) -> str:
    """A percentage with as many places as it needs, at most two: 5%, 12.5%."""
    return "" if value is None else ltr(percent_digits(value))


def _time_element(value: date | None, text: Callable[[Any], str]) -> str:
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', local(value).isoformat(), text(value))


@register.filter
def day(value: date | None) -> str:
    """23.12.2025 or 23 Dec 2025."""
    return _time_element(value, day_text)


@register.filter
def short_day(value: date | None) -> str:
    """With the weekday, without the year: ה׳ 26.11 or Thu 26 Nov. For days around today."""
    return _time_element(value, partial(day_text, use="short_day"))


@register.filter
def long_day(value: date | None) -> str:
    """As a heading: יום חמישי, 26 בנובמבר 2026 or Thursday, 26 November 2026."""
    return _time_element(value, partial(day_text, use="long_day"))


@register.filter
def moment(value: datetime | None) -> str:
    """A day and a time of day: 23.12.2025, 07:52."""
    return _time_element(value, lambda at: f"{day_text(at)}, {clock_text(at)}")


@register.filter
def clock(value: datetime | None) -> str:
    """A time of day: 07:52."""
    return _time_element(value, clock_text)


@register.filter
def month(value: date) -> str:
    """The short name of a month: אוק׳ or Oct."""
    return day_text(value, "month")


@register.filter
def month_of_year(value: date | None) -> str:
    """A month of a year: אוקטובר 2026 or October 2026."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m}", day_text(value, "month_of_year"))


@register.filter
def index_value(value: Decimal | None) -> str:
    """The value of a published index: 139.3."""
    return "" if value is None else ltr(index_digits(value))


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def icon(name: str, css: str = "") -> str:
    """A Lucide icon of static/icons.svg, hidden from assistive technology: the words stand beside it."""
    classes = " ".join(filter(None, ["i", "i--dir" if name in DIRECTIONAL else "", css]))
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def money_figure(amount: Decimal | int, currency: str = "ILS", css: str = "") -> str:
    """The hero figure, its currency sign a shade lighter. `css`: figure--stop, figure--medium."""
    text = money_digits(amount, currency)
    start = next(i for i, character in enumerate(text) if character.isdigit())
    return format_html(
        '<bdi class="money figure {}" dir="ltr"><span class="figure__sign">{}</span>{}</bdi>',
        css,
        text[:start],
        text[start:],
    )


@register.inclusion_tag("components/chip.html")
def chip(state: str, label: str = "") -> dict[str, Any]:
    """The chip of a state in tracker/states.py, with its own words or the given ones."""
    look = states.CHIPS[state]
    return {"tone": look.tone, "icon": look.icon, "label": label or look.word}


@register.inclusion_tag("components/chip.html")
def lean_chip(lean_percent: Decimal, level: str) -> dict[str, Any]:
    """The chip beside a gauge."""
    look = states.lean_look(lean_percent, level)
    return {"tone": look.tone, "icon": look.icon, "label": look.word}


@register.inclusion_tag("components/gauge.html")
def gauge(lean_percent: Decimal, level: str, size: str = "large", detail: str = "") -> dict[str, Any]:
    """The plumb line. `size`: large (named scale), small (no names). `detail` is said to screen readers."""
    drawing = charts.gauge(lean_percent, level, get_language_bidi())
    look = states.lean_look(lean_percent, level)
    side = "money" if lean_percent > charts.STRAIGHT_PERCENT else "straight"
    return {
        "gauge": drawing,
        "size": size,
        "word": look.word,
        "detail": detail,
        "percent": abs(lean_percent),
        "side": "work" if lean_percent < -charts.STRAIGHT_PERCENT else side,
        "swings": size == "large",
    }


@register.inclusion_tag("components/gauge_mini.html")
def gauge_mini(lean_percent: Decimal, level: str) -> dict[str, Any]:
    """The plumb line for a row of a table; its words stand in the row."""
    return {"gauge": charts.gauge(lean_percent, level, get_language_bidi())}


@register.inclusion_tag("components/bars.html")
def bars(
    paid: Decimal, verified: Decimal, total: Decimal, currency: str = "ILS", compact: bool = False
) -> dict[str, Any]:
    """Money paid over verified work, both of the contract's total; `compact` leaves the words out."""
    drawing = charts.bars(paid, verified, total, get_language_bidi())
    return {
        "bars": drawing,
        "paid": paid,
        "verified": verified,
        "currency": currency,
        "compact": compact,
    }


@register.inclusion_tag("components/progress.html")
def progress(percent_done: Decimal | int, label: str, tone: str = "accent") -> dict[str, Any]:
    """One bar from nothing to 100 percent, named by `label`."""
    value = Decimal(percent_done)
    return {"span": charts.span(Decimal(0), value, get_language_bidi()), "label": label, "tone": tone}


@register.inclusion_tag("components/segments.html")
def segments(weights: Sequence[Decimal]) -> dict[str, Any]:
    """A contract as a row of blocks, as wide as its parts; decoration beside words that say it."""
    return {"segments": charts.segments(weights, get_language_bidi())}


@register.inclusion_tag("components/curve.html")
def curve(wide: Curve, narrow: Curve, currency: str = "ILS") -> dict[str, Any]:
    """The S-curve in its two drawings: for a desk and for a phone."""
    return {"wide": wide, "narrow": narrow, "currency": currency, "rtl": get_language_bidi()}


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", hint: str = "", kind: str = "", currency: str = "ILS"
) -> dict[str, Any]:
    """A form field with label, hint and error. `kind`: money, code, ltr, choices, check, or by its widget.

    Hints are used instead of placeholders, which vanish while one types.
    """
    kind = kind or _kind_of(bound)
    hint = hint or bound.help_text
    described_by = _described_by(bound, hint)
    attributes: dict[str, Any] = {"placeholder": False}
    if kind in LTR_KINDS:
        attributes["dir"] = "ltr"
    elif kind in {"text", "area"}:
        attributes["dir"] = "auto"
    if kind != "choices":
        attributes["aria-describedby"] = described_by or False
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attributes),
        "label": label or bound.label,
        "hint": hint,
        "kind": kind,
        "described_by": described_by,
        "sign": SIGNS.get(currency, currency),
    }


def _described_by(bound: BoundField, hint: object) -> str:
    """The ids of the hint and the error, as the template writes them."""
    present = {"hint": hint, "error": bound.errors}
    return " ".join(f"{bound.auto_id}_{part}" for part, there in present.items() if there)


LTR_KINDS = {"money", "code", "ltr"}
LTR_INPUTS = {"email", "url", "tel", "number", "password", "date", "time", "datetime-local"}


def _kind_of(bound: BoundField) -> str:
    widget = type(bound.field.widget).__name__
    by_widget = {
        "CheckboxInput": "check",
        "RadioSelect": "choices",
        "CheckboxSelectMultiple": "choices",
        "Textarea": "area",
        "Select": "select",
    }
    if widget in by_widget:
        return by_widget[widget]
    return "ltr" if getattr(bound.field.widget, "input_type", "") in LTR_INPUTS else "text"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, **labels: str) -> dict[str, Any]:
    """All errors of a submitted form, with links to their fields. `labels`: those that differ, by name."""
    wrong = [bound for bound in form if bound.errors and not bound.is_hidden]
    return {
        "general": form.non_field_errors(),
        "fields": [(bound, labels.get(bound.name, bound.label)) for bound in wrong],
    }


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, role: str = "") -> dict[str, Any]:
    """A person as their initials: contractors in a dark square, homeowners blue, engineers green."""
    return {"name": name, "role": role}
