"""The HTML form of allauth's mails, made of their plain words: what is said stands once."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from projects.letters import direction

LINKS = ("password_reset_url", "activate_url", "signup_url")


def html_of(subject: str, text: str, context: Mapping[str, Any]) -> str:
    """The same paragraphs in the frame of every mail: a code stands out, a link becomes the button.

    What follows the link, and the last paragraph, go below the button.
    """
    paragraphs = [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
    code = str(context.get("code") or "")
    link = next((str(context[name]) for name in LINKS if context.get(name) in paragraphs), "")
    end = paragraphs.index(link) if link else len(paragraphs) - 1
    said = {"words": paragraphs[:end], "notes": paragraphs[end + bool(link) :], "code": code, "link": link}
    return render_to_string("mail/account.html", {"subject": subject} | said | direction())
