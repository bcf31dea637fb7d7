"""Letters: each reader's language, one letter each, the journal's head, and mail servers that misbehave."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from projects.actions import decline_invitation, invite_party
from projects.files import PHOTO, Received, Thumbnail, store
from projects.letters import head_of, send_letter
from projects.models import JournalEntry, Obligation
from projects.outbox import fulfil, owe
from tests.cast import Cast, acting, active, draft, person
from tests.post import deliver, forget_letters, letters_about
from tests.smtp import MailServer, mail_server
from tracker.models import CaughtMail


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def letter(to: str = "noa@example.com", **words: Any) -> UUID:
    with transaction.atomic():
        return owe("letter", to=to, **({"subject": "Code", "text": "It is 123456"} | words)).id


def stored_photo() -> str:
    digest = "cd" * 32
    store(Received(digest, PHOTO, "image/jpeg", 3, 1, 1, None, Thumbnail(1, 1, b"a small photo"), b"big"))
    return digest


def row(obligation_id: UUID) -> Obligation:
    return Obligation.objects.get(pk=obligation_id)


# --- Sending


def test_a_letter_is_sent_with_both_forms(database: str, server: MailServer) -> None:
    one = letter(html="<p>It is 123456</p>")
    assert fulfil(one)
    (taken,) = server.letters
    assert (taken["To"], taken["Subject"]) == ("noa@example.com", "Code")
    assert taken["Message-ID"] == f"<{one}@localhost>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken.get_body(("plain",)).get_content().strip() == "It is 123456"  # type: ignore[union-attr]
    assert taken.get_body(("html",)).get_content().strip() == "<p>It is 123456</p>"  # type: ignore[union-attr]


def test_a_letter_that_was_sent_keeps_no_secret(database: str, server: MailServer) -> None:
    one = letter()
    assert fulfil(one)
    assert row(one).payload == {}
    assert not Obligation.objects.filter(payload__icontains="123456").exists()


def test_a_letter_whose_fate_is_unknown_goes_again_under_its_name(database: str, server: MailServer) -> None:
    server.hangs_up = 1
    one = letter()
    assert not fulfil(one)
    assert row(one).payload["text"] == "It is 123456"
    assert fulfil(one)
    assert len(server.letters) == 2
    assert {taken["Message-ID"] for taken in server.letters} == {f"<{one}@localhost>"}


def test_one_bad_address_holds_up_nobody_else(database: str, server: MailServer) -> None:
    server.refuses = "nobody@example.com"
    bad, good = letter("nobody@example.com"), letter("uri@example.com")
    assert (fulfil(bad), fulfil(good)) == (False, True)
    assert row(bad).last_error.startswith("SMTPRecipientsRefused")
    assert [taken["To"] for taken in server.letters] == ["uri@example.com"]


def test_a_mail_server_that_is_away_is_waited_for(database: str, settings: Any, server: MailServer) -> None:
    one, port = letter(), settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    assert not fulfil(one)
    assert row(one).last_error.startswith("ConnectionRefusedError")
    settings.EMAIL_PORT = port
    assert fulfil(one)


def test_without_a_mail_server_a_letter_lands_once(database: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tracker.mailbox.Mailbox"
    one = letter(html="<b>It</b>")
    send_letter(row(one))  # and then we died, before we noted that it is sent
    assert fulfil(one)
    caught = CaughtMail.objects.get()
    assert (caught.to, caught.html) == ("noa@example.com", "<b>It</b>")
    assert str(one) in caught.message_id


def test_photos_go_inside_the_letter(database: str, server: MailServer, settings: Any) -> None:
    photo = stored_photo()
    words = {"html": f'<img src="cid:{photo[:32]}@photos">', "photos": [photo]}
    assert fulfil(letter(**words))
    (taken,) = server.letters
    assert taken.get_content_type() == "multipart/related"
    (image,) = (part for part in taken.walk() if part.get_content_type() == "image/jpeg")
    assert image["Content-ID"] == f"<{photo[:32]}@photos>"
    assert image.get_payload(decode=True) == b"a small photo"
    settings.EMAIL_BACKEND = "tracker.mailbox.Mailbox"
    assert fulfil(letter(**words))
    assert CaughtMail.objects.get().html == '<img src="data:image/jpeg;base64,YSBzbWFsbCBwaG90bw==">'


# --- Writing


def test_each_reader_gets_one_letter_in_their_language(cast: Cast) -> None:
    cast.alon.language = "he"
    cast.alon.save()
    active(cast)
    deliver()
    english, hebrew = letters_about("The agreement is signed"), letters_about("ההסכם נחתם")
    assert (set(english), set(hebrew)) == ({"noa", "michal"}, {"alon"})
    assert "₪1,000,000" in english["noa"].text
    assert english["noa"].text.startswith("Hello \u2068Noa Example\u2069,")
    assert re.match("[א-ת]+ ", hebrew["alon"].subject)
    assert hebrew["alon"].text.startswith("שלום ")


@pytest.mark.parametrize(("language", "direction", "side"), [("he", "rtl", "right"), ("en", "ltr", "left")])
def test_every_cell_states_direction_and_language(
    cast: Cast, language: str, direction: str, side: str
) -> None:
    cast.noa.language = language
    cast.noa.save()
    active(cast)
    deliver()
    html = CaughtMail.objects.get(to="noa@example.com").html
    elements = re.findall(r"<(?:html|body|table|td|th)\b[^>]*>", html)
    assert len(elements) > 10
    for element in elements:
        assert f'dir="{direction}"' in element, element
        assert f'lang="{language}"' in element, element
    for paragraph in re.findall(r"<(?:h1|p|th)\b[^>]*>", html):
        assert f"text-align:{side}" in paragraph, paragraph


def test_the_button_opens_the_page_and_signs_nothing(cast: Cast, settings: Any) -> None:
    settings.PUBLIC_URL = "https://build.example.com"
    project = active(cast)
    deliver()
    caught = CaughtMail.objects.get(to="noa@example.com")
    link = f"https://build.example.com/projects/{project.id}/"
    assert re.findall(r'href="([^"]*)"', caught.html) == [link]
    assert f":\n{link}\n" in caught.text


def test_the_head_of_the_journal_is_held_outside(cast: Cast) -> None:
    project = active(cast)
    deliver()
    last = JournalEntry.objects.filter(project=project).latest("seq")
    head = head_of(project)
    assert head.seq == last.seq
    assert head.fingerprint == last.hash
    caught = CaughtMail.objects.get(to="noa@example.com")
    for form in (caught.text, caught.html):
        assert f"The journal stands at entry {head.seq}." in form
        assert head.fingerprint in form


def test_peoples_words_stay_words(cast: Cast) -> None:
    """Markup in a name is shown, not obeyed; a line break in it does not break the subject."""
    active(cast, name="<b>House</b>\nBcc: dana@example.com" + " and more" * 20)
    deliver()
    caught = CaughtMail.objects.get(to="noa@example.com")
    assert "\n" not in caught.subject
    assert "<b>House</b>" in caught.subject
    assert len(caught.subject) < 120
    assert "<b>House" not in caught.html
    assert "&lt;b&gt;House" in caught.html


# --- The mails of the ground


def test_an_invitation_goes_to_the_address_in_its_owners_language(cast: Cast) -> None:
    project = draft(cast)
    forget_letters()
    person("Rina", language="he")
    invite_party(acting(cast.noa), project.id, email="rina@example.com", role="supervisor")
    deliver()
    caught = CaughtMail.objects.get()
    assert caught.to == "rina@example.com"
    assert caught.subject.startswith("הזמנה ")
    assert "fingerprint" not in caught.text
    assert f"{django_settings.PUBLIC_URL}/invitations/" in caught.html


@pytest.mark.parametrize(("language", "begins"), [("he", "הזמנה "), ("en", "Invitation ")])
def test_an_unknown_address_reads_the_inviters_language(cast: Cast, language: str, begins: str) -> None:
    project = draft(cast)
    forget_letters()
    cast.noa.language = language
    cast.noa.save()
    invite_party(acting(cast.noa), project.id, email="new@example.com", role="observer")
    deliver()
    caught = CaughtMail.objects.get()
    assert caught.subject.startswith(begins)
    assert "Noa Example" in caught.text


def test_an_invitation_that_was_answered_is_not_mailed(cast: Cast) -> None:
    project = draft(cast)
    forget_letters()
    party = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    decline_invitation(acting(cast.uri), party.id)
    deliver()
    assert not CaughtMail.objects.exists()
