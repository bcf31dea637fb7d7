"""What the pages' templates need besides the components. Used as `{% load pages %}`."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from milestones.models import Evidence
from people.ids import new_id
from projects.drafts import WRITER, signed_writer
from projects.files import PHOTO
from projects.flagging import flag_sentence, flag_title
from projects.models import Attachment, Flag, Party, Role, Scope
from tracker.forms import Split
from tracker.states import lean_look

register = template.Library()

PHOTOS_SHOWN = 6
SEVERITY_TONES = {"notice": "accent", "warning": "warn", "critical": "stop"}


@register.simple_tag
def once_field() -> SafeString:
    """The hidden key of a form that is only a button: the same button pressed twice acts once."""
    return format_html('<input type="hidden" name="once" value="{}">', new_id())


@register.simple_tag(takes_context=True)
def writer_field(context: Context) -> SafeString:
    """Who writes on a form: what is written is kept for them when their session is lost (projects.drafts)."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', WRITER, signed_writer(context["request"])
    )


@register.filter
def role_label(role: str) -> str:
    """A role in the reader's language; nothing for none."""
    return str(Role(role).label) if role else ""


@register.filter
def called(party: Party) -> str:
    """The name of a party, or the address they were invited at."""
    return party.user.full_name if party.user else party.invited_email


@register.filter
def attachments(evidence: Iterable[Evidence]) -> list[Attachment]:
    return [shown.attachment for shown in evidence]


@register.inclusion_tag("projects/files.html")
def files(
    found: Iterable[Attachment], alt: str = "", most: int = PHOTOS_SHOWN, more_url: str = ""
) -> dict[str, Any]:
    """Photos as a strip, documents as links. `alt` says what the photos are of.

    Photos beyond `most` fold away, or are left to the page at `more_url`.
    """
    every = list(found)
    photos = [_photo(attachment, alt) for attachment in every if attachment.kind == PHOTO]
    return {
        "photos": photos[:most],
        "more": len(photos[most:]) if more_url else 0,
        "more_url": more_url,
        "hidden": [] if more_url else photos[most:],
        "documents": [attachment for attachment in every if attachment.kind != PHOTO],
    }


def _photo(attachment: Attachment, alt: str) -> dict[str, str]:
    return {
        "url": reverse("attachment", args=[attachment.pk]),
        "thumb_url": reverse("thumbnail", args=[attachment.pk]),
        "alt": attachment.name or alt,
    }


@register.inclusion_tag("components/flag.html")
def flag_banner(flag: Flag) -> dict[str, Any]:
    """An open flag, with its figures in words."""
    return {
        "tone": SEVERITY_TONES[flag.severity],
        "icon": "info" if flag.severity == Flag.Severity.NOTICE else "triangle-alert",
        "title": flag_title(flag.kind),
        "text": flag_sentence(flag.kind, flag.reading.figures),
    }


@register.filter
def minus(amount: Decimal) -> Decimal:
    """A sum that is taken away."""
    return -amount


@register.simple_tag
def lean_words(lean_percent: Decimal, level: str) -> str:
    """How the line hangs, in the words of its chip."""
    return str(lean_look(lean_percent, level).word)


@register.inclusion_tag("tracker/bare_field.html")
def bare_field(bound: BoundField, row: int) -> dict[str, Any]:
    """A field of a table: its column names it, with the row's number for assistive technology."""
    attributes = {"aria-label": f"{bound.label}, {row}", "class": "input"}
    attributes["dir"] = "auto" if bound.name == "title" else "ltr"
    if bound.errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{bound.auto_id}_error"}
    return {"field": bound, "widget": bound.as_widget(attrs=attributes)}


@register.inclusion_tag("components/error_summary.html")
def split_summary(split: Split) -> dict[str, Any]:
    """All errors in the rows of a split, with links to their fields: each row is a form."""
    rows = enumerate(split.forms, start=1)
    wrong = [(bound, f"{bound.label}, {n}") for n, form in rows for bound in form if bound.errors]
    return {"general": [], "fields": wrong}


@register.filter
def scope_label(scope: str) -> str:
    """What a token may do, in the reader's language."""
    return str(Scope(scope).label)
