"""The way in, through allauth's views with our pages: codes, passwords, sign-up, addresses."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from people.models import User
from tests.cast import Cast, signed_in
from tests.post import deliver
from tests.tracker.test_components import Balance
from tracker.models import CaughtMail

CODE = re.compile(r"^[A-Z0-9-]{4,12}$", re.MULTILINE)
LINK = re.compile(r"https?://[^/\s]+(/\S+)")
OPEN_PAGES = ["login/", "login/code/", "signup/", "password/reset/", "password/reset/done/", "inactive/"]
INNER_PAGES = ["email/", "password/set/", "logout/", "reauthenticate/"]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """allauth counts attempts in the cache; every test begins at none."""
    cache.clear()


@pytest.fixture(scope="module")
def foreign() -> set[str]:
    """allauth's own sentences, English and Hebrew, that ours do not share."""
    theirs = Path(allauth.__file__).parent / "locale/he/LC_MESSAGES/django.po"
    ours = settings.BASE_DIR / "locale/he/LC_MESSAGES/django.po"
    known = "\n".join(text for message in catalogue(ours) for text in (*texts(message), ""))
    pairs = [(message.id, message.string) for message in catalogue(theirs) if isinstance(message.id, str)]
    return {
        text for pair in pairs for text in pair if len(text) > 14 and text not in known and "%" not in text
    }


def catalogue(path: Path) -> list[Message]:
    return [message for message in read_po(BytesIO(path.read_bytes()), locale="he") if message.id]


def texts(message: Message) -> list[str]:
    """A message in both languages; nothing of one with plural forms."""
    return [message.id, message.string] if isinstance(message.id, str) else []  # type: ignore[list-item]


def browser(language: str) -> Client:
    client = Client()
    client.cookies["django_language"] = language
    return client


def checked(response: object, foreign: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    """The page's text, once its markup is found whole and all its words ours."""
    html = response.content.decode()  # type: ignore[attr-defined]
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    assert html.count("<h1") == 1
    text = unescape(html)
    assert [sentence for sentence in foreign if sentence in text] == []
    return text


def last_letter() -> CaughtMail:
    deliver()
    letter = CaughtMail.objects.order_by("-id").first()
    assert letter is not None
    return letter


def code_of(letter: CaughtMail) -> str:
    found = CODE.search(letter.text)
    assert found, letter.text
    return found.group()


@pytest.mark.parametrize("language", ["he", "en"])
def test_every_page_on_the_way_in_is_ours(database: str, foreign: set[str], language: str) -> None:
    client = browser(language)
    for address in OPEN_PAGES:
        response = client.get(f"/account/{address}")
        assert response.status_code == 200, address
        assert f'lang="{language}"' in checked(response, foreign)


@pytest.mark.parametrize("language", ["he", "en"])
def test_every_page_of_the_account_is_ours(cast: Cast, foreign: set[str], language: str) -> None:
    client = signed_in(cast.noa, language)
    client.cookies["django_language"] = language
    for address in INNER_PAGES:
        checked(client.get(f"/account/{address}", follow=True), foreign)
    cast.noa.set_password("an old tall ladder")
    cast.noa.save()
    again = signed_in(cast.noa, language)
    again.cookies["django_language"] = language
    for address in ["password/change/", "reauthenticate/"]:
        response = again.get(f"/account/{address}")
        assert response.status_code == 200
        checked(response, foreign)


@pytest.mark.parametrize("language", ["he", "en"])
def test_mistakes_are_told_beside_the_field_in_our_words(
    cast: Cast, foreign: set[str], language: str
) -> None:
    client = browser(language)
    wrong = client.post("/account/login/", {"login": "noa@example.com", "password": "not this one"})
    text = checked(wrong, foreign)
    assert 'class="summary"' in text
    assert '<details class="other" open>' in text
    empty = client.post(
        "/account/signup/", {"full_name": "", "email": "not an address", "password1": "short"}
    )
    text = checked(empty, foreign)
    assert text.count('class="field__error"') == 3
    assert 'aria-invalid="true"' in text


def test_signing_in_by_an_e_mailed_code(cast: Cast, foreign: set[str]) -> None:
    client = browser("en")
    asked = client.post("/account/login/code/", {"email": "noa@example.com"}, follow=True)
    assert "noa@example.com" in checked(asked, foreign)
    letter = last_letter()
    assert letter.subject == "Your code for signing in to Plumbline"
    refused = client.post("/account/login/code/confirm/", {"code": "NOPE"})
    assert "This is not the code that was sent last." in checked(refused, foreign)
    entered = client.post("/account/login/code/confirm/", {"code": code_of(letter)})
    assert entered.status_code == 302
    assert client.session["_auth_user_id"] == str(cast.noa.pk)


def test_a_stranger_learns_nothing_from_the_code_page(cast: Cast, foreign: set[str]) -> None:
    pages = []
    for address in ("noa@example.com", "who@example.com"):
        response = browser("en").post("/account/login/code/", {"email": address}, follow=True)
        pages.append(re.sub(r'value="[^"]{40,}"', "", checked(response, foreign)).replace(address, ""))
    assert pages[0] == pages[1]
    assert last_letter().subject == "This address has no Plumbline account"


def test_opening_an_account_and_confirming_its_address(database: str, foreign: set[str]) -> None:
    client = browser("en")
    given = {"full_name": "Tamar Levi", "email": "tamar@example.com", "password1": "an old tall ladder"}
    opened = client.post("/account/signup/", given, follow=True)
    assert "Confirm your address" in checked(opened, foreign)
    confirmed = client.post("/account/confirm-email/", {"code": code_of(last_letter())})
    assert confirmed.status_code == 302
    tamar = User.objects.get(email="tamar@example.com")
    assert tamar.full_name == "Tamar Levi"
    assert EmailAddress.objects.get(user=tamar).verified


def test_an_address_that_has_an_account_gets_a_letter_instead_of_a_second_one(cast: Cast) -> None:
    given = {"full_name": "Noa", "email": "noa@example.com", "password1": "an old tall ladder"}
    browser("en").post("/account/signup/", given, follow=True)
    assert last_letter().subject == "You have a Plumbline account already"
    assert User.objects.filter(email="noa@example.com").count() == 1


def test_a_new_password_by_a_link(cast: Cast, foreign: set[str]) -> None:
    cast.noa.set_password("an old tall ladder")
    cast.noa.save()
    client = browser("en")
    checked(client.post("/account/password/reset/", {"email": "noa@example.com"}, follow=True), foreign)
    link = LINK.search(last_letter().text)
    assert link
    form = client.get(link.group(1), follow=True)
    assert "password2" in checked(form, foreign)
    new = {"password1": "seven blue windows", "password2": "seven blue windows"}
    checked(client.post(form.redirect_chain[-1][0], new, follow=True), foreign)
    cast.noa.refresh_from_db()
    assert cast.noa.check_password("seven blue windows")
    checked(browser("en").get(link.group(1), follow=True), foreign)


def test_a_second_address_is_confirmed_by_a_code(cast: Cast, foreign: set[str]) -> None:
    client = signed_in(cast.noa)
    client.cookies["django_language"] = "en"
    added = {"email": "noa.b@example.com", "action_add": ""}
    page = client.post("/account/email/", added, follow=True)
    assert "noa.b@example.com" in checked(page, foreign)
    checked(client.post("/account/confirm-email/", {"code": code_of(last_letter())}, follow=True), foreign)
    assert EmailAddress.objects.get(email="noa.b@example.com").verified
    both = checked(client.get("/account/email/"), foreign)
    assert both.count('type="radio"') == 2


def test_signing_out_asks_first(cast: Cast) -> None:
    client = signed_in(cast.noa)
    assert "form" in checked(client.get("/account/logout/"))
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("language", "direction"), [("he", "rtl"), ("en", "ltr")])
@pytest.mark.parametrize(
    ("page", "address", "shows"),
    [
        ("login/code/", "noa@example.com", CODE),
        ("login/code/", "nobody@example.com", LINK),
        ("password/reset/", "noa@example.com", LINK),
    ],
)
def test_a_mail_says_the_same_in_html(
    cast: Cast, page: str, address: str, shows: re.Pattern[str], language: str, direction: str
) -> None:
    browser(language).post(f"/account/{page}", {"email": address})
    letter = last_letter()
    assert f'<html lang="{language}" dir="{direction}">' in letter.html
    shown = shows.search(letter.text)
    assert shown, "its code or its link"
    words = unescape(re.sub(r"<[^>]+>", " ", letter.html))
    assert (shown[0] in words) if shows is CODE else (f'href="{shown[0]}"' in unescape(letter.html))
    for line in letter.text.splitlines():
        assert line in words or line == shown[0], line
