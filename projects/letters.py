"""How every mail is made and sent (docs/outbox.md).

A mail that is owed writes one letter for each of its readers, in the reader's language, exactly once.
A letter is then sent by itself, so that one bad address holds up nobody else.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from email.mime.image import MIMEImage
from email.utils import parseaddr
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from people.models import User
from projects.files import has_thumbnail, open_thumbnail
from projects.models import JournalEntry, Obligation, Party, Project
from projects.outbox import obligation, owe
from projects.queries import is_written_to, journal_of, parties_of


@dataclass(frozen=True)
class Reader:
    """To whom a letter goes, and the language it is written in."""

    address: str
    language: str
    name: str = ""

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.email, user.language, user.full_name)


@dataclass(frozen=True)
class Fact:
    """One line of the table in a mail: a lazy label, and a value that the mail shows by its type."""

    label: Any
    value: Any


@dataclass(frozen=True)
class Mail:
    """What a mail says besides its words, which are templates/mail/<name>.subject.txt, .txt and .html.

    page: the name and arguments of the page that its button opens. `said`: more for the templates.
    `photos`: hashes of stored photos, shown small. `sealed`: the foot carries the head of the journal, so
    that a copy of it is held outside.
    """

    name: str
    project: Project
    page: tuple[Any, ...]
    facts: Sequence[Fact] = ()
    said: dict[str, Any] | None = None
    photos: Sequence[str] = ()
    sealed: bool = True

    def to(self, readers: Iterable[Reader]) -> None:
        """Owe a letter to each reader."""
        for reader in readers:
            with translation.override(reader.language), timezone.override(self.project.time_zone):
                owe("letter", self.project.id, to=reader.address, **self._written(reader))

    def _written(self, reader: Reader) -> dict[str, Any]:
        context = self._context(reader)
        context["subject"] = " ".join(_plain(f"mail/{self.name}.subject.txt", context).split())
        return {
            "subject": context["subject"],
            "text": _plain(f"mail/{self.name}.txt", context),
            "html": render_to_string(f"mail/{self.name}.html", context),
            "photos": context["photos"],
        }

    def _context(self, reader: Reader) -> dict[str, Any]:
        page, *args = self.page
        return {
            "reader": reader,
            "project": self.project,
            "currency": self.project.currency,
            "facts": [fact for fact in self.facts if fact.value not in (None, "")],
            "link": settings.PUBLIC_URL + reverse(page, args=args),
            "photos": [photo for photo in self.photos if has_thumbnail(photo)],
            "head": head_of(self.project) if self.sealed else None,
            **direction(),
        } | (self.said or {})


def direction() -> dict[str, str]:
    """The present language and its sides. Programs that read mail know no logical ones: start and end."""
    start, end = ("right", "left") if translation.get_language_bidi() else ("left", "right")
    return {
        "language": str(translation.get_language()),
        "dir": "rtl" if start == "right" else "ltr",
        "start": start,
        "end": end,
    }


@dataclass(frozen=True)
class Head:
    """The end of a project's journal: who keeps it can tell later whether what came before was changed.

    The whole hash, since half of one could be met by another history.
    """

    seq: int
    fingerprint: str


def head_of(project: Project) -> Head:
    last: JournalEntry = journal_of(project.id).order_by("-seq")[0]
    return Head(last.seq, last.hash)


def readers_among(parties: Iterable[Party]) -> list[Reader]:
    """The people of these parts who are present."""
    return [Reader.of(party.user) for party in parties if party.user and party.is_present]


def readers_as(project: Project, roles: Collection[str]) -> list[Reader]:
    """The people who are present in these roles."""
    return readers_among(party for party in parties_of(project) if party.role in roles)


def _plain(template: str, context: dict[str, Any]) -> str:
    """Rendered without HTML's escapes, and without the empty lines that tags leave."""
    text: str = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


class _Message(EmailMultiAlternatives):
    mixed_subtype = "related"  # photos belong to the HTML, they are no attachments beside it


def _photo(sha256: str) -> MIMEImage:
    with open_thumbnail(sha256) as thumbnail:
        part = MIMEImage(thumbnail.read(), "jpeg")
    part.add_header("Content-ID", f"<{sha256[:32]}@photos>")  # short enough for one line
    part.add_header("Content-Disposition", "inline")
    return part


@obligation("letter")
def send_letter(owed: Obligation) -> None:
    """Send one letter and forget its words, which may hold a code to sign in.

    A server may get it twice when we die before we note that it is sent; the Message-ID is then the same.
    A project's letter to somebody whose part has ended meanwhile is forgotten unsent.
    """
    letter, owed.payload = owed.payload, {}
    if owed.project_id and not is_written_to(owed.project_id, letter["to"]):
        return
    message = _Message(
        subject=letter["subject"],
        body=letter["text"],
        to=[letter["to"]],
        headers={"Message-ID": message_id(owed), "Auto-Submitted": "auto-generated"},
    )
    if letter.get("html"):
        message.attach_alternative(letter["html"], "text/html")
    for photo in letter.get("photos", ()):
        message.attach(_photo(photo))
    message.send()


def message_id(owed: Obligation) -> str:
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{owed.id}@{address.rpartition('@')[2]}>"
