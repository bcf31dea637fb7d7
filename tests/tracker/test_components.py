"""Every component in both languages: strict CSP, balanced markup, direction, isolates, words for drawings."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.backends.django import DjangoTemplates
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from people.models import User
from tests.tracker import gallery
from tracker import states
from tracker.templatetags import plumbline

ROOT = settings.BASE_DIR
SPRITE = ROOT / "static" / "icons.svg"
VOID = {"meta", "link", "input", "img", "br", "hr", "path", "line", "rect", "circle", "stop"}


def render(language: str, signed_in: bool = True) -> str:
    """The gallery as a page."""
    engine = DjangoTemplates(
        {
            "NAME": "gallery",
            "DIRS": [ROOT / "templates", Path(gallery.__file__).parent / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    )
    request = RequestFactory().get("/somewhere?page=2")
    request.user = User(full_name="Noa Barkai", email="noa@example.com") if signed_in else AnonymousUser()
    with translation.override(language):
        return engine.get_template("gallery/gallery.html").render(gallery.context(language), request)


@pytest.fixture(scope="module", params=["he", "en"])
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param, render(request.param)


class Balance(HTMLParser):
    """Complains about any element that is not closed in its own place, and about repeated ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def test_markup_is_balanced_and_ids_are_unique(page: tuple[str, str]) -> None:
    parser = Balance()
    parser.feed(page[1])
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def test_nothing_needs_inline_style_or_script(page: tuple[str, str]) -> None:
    _, html = page
    assert not re.search(r"\sstyle\s*=", html)
    assert not re.search(r"\son[a-z]+\s*=", html)
    assert "<style" not in html
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_page_says_its_language_and_direction(page: tuple[str, str]) -> None:
    language, html = page
    direction = "rtl" if language == "he" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    other = "en" if language == "he" else "he"
    assert f'name="language" value="{other}"' in html
    assert 'name="next" value="/somewhere?page=2"' in html


def test_every_sum_is_isolated(page: tuple[str, str]) -> None:
    """A shekel sign stands in a bdi, a tspan, or between isolate characters."""
    _, html = page
    loose = re.sub(
        r'<bdi class="money[^>]*>.*?</bdi>|<tspan[^>]*>[^<]*</tspan>|\u2066[^\u2069]*\u2069', "", html
    )
    assert not re.search(r"₪\d|\d₪", loose)
    assert '<bdi class="money" dir="ltr">\u2212₪48,000</bdi>' in html


def test_drawings_have_words(page: tuple[str, str]) -> None:
    _, html = page
    drawings = re.findall(r'<svg[^>]*role="img"[^>]*>(.*?)</svg>', html, re.DOTALL)
    assert len(drawings) > 10
    assert all(re.search(r"<title>\s*\S", drawing) for drawing in drawings)
    silent = re.findall(r"<svg(?![^>]*role=\"img\")[^>]*>", html)
    assert all('aria-hidden="true"' in svg for svg in silent)


def test_money_ahead_leans_left_in_hebrew_and_right_in_english() -> None:
    assert 'transform="rotate(7.5)"' in render("he")
    assert 'transform="rotate(-7.5)"' in render("en")


def test_the_curve_does_not_turn_around() -> None:
    paths = [re.findall(r'curve__paid" d="([^"]+)"', render(language)) for language in ("he", "en")]
    assert paths[0] == paths[1]


def test_arrows_turn_around_by_css_and_checks_do_not() -> None:
    assert 'class="i i--dir"' in plumbline.icon("arrow-right")
    assert "i--dir" not in plumbline.icon("check")


def test_every_icon_is_in_the_sprite() -> None:
    symbols = {symbol.get("id") for symbol in ElementTree.parse(SPRITE).getroot()}
    sources = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r'{% icon "([^"]+)"', sources)) | set(re.findall(r' icon="([^"]+)"', sources))
    named |= {look.icon for look in states.CHIPS.values()} | plumbline.DIRECTIONAL
    assert named - symbols == set()


def test_no_template_needs_what_the_csp_forbids() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        if "mail" not in path.parts:
            assert not re.search(r"\sstyle=|<style|\son[a-z]+=", path.read_text()), path


def test_the_stylesheet_is_logical() -> None:
    css = (ROOT / "static" / "plumbline.css").read_text()
    assert not re.search(
        r"(margin|padding|border|inset)-(left|right)|float: (left|right)|[^-\w](left|right):", css
    )


def test_fields_name_their_hints_and_errors(page: tuple[str, str]) -> None:
    _, html = page
    assert re.search(r'<input type="number"[^>]*aria-describedby="id_total_hint id_total_error"', html)
    assert re.search(r'<input type="text" name="name"[^>]*dir="auto"', html)
    assert re.search(r'<input type="number"[^>]*dir="ltr"', html)
    assert "placeholder" not in html
    assert 'href="#id_total"' in html


def test_a_stranger_sees_no_account_menu() -> None:
    assert "account/logout" in render("en")
    assert "account/logout" not in render("en", signed_in=False)


@pytest.mark.parametrize("template", ["403.html", "404.html", "500.html", "429.html", "403_csrf.html"])
def test_error_pages_stand_without_a_request(template: str) -> None:
    for language in ("he", "en"):
        with translation.override(language):
            parser = Balance()
            parser.feed(render_to_string(template))
            assert parser.open == []


@pytest.mark.parametrize(
    ("amount", "text"),
    [("48000", "₪48,000"), ("-1234.5", "\u2212₪1,234.50"), ("0", "₪0"), ("1920000.00", "₪1,920,000")],
)
def test_money_reads_the_same_in_both_languages(amount: str, text: str) -> None:
    for language in ("he", "en"):
        with translation.override(language):
            assert plumbline.money(Decimal(amount)) == f'<bdi class="money" dir="ltr">{text}</bdi>'
    assert plumbline.money_text(Decimal(amount)) == f"\u2066{text}\u2069"


def test_signs_currencies_and_percentages() -> None:
    assert "+₪5" in plumbline.signed_money(Decimal(5))
    assert "€7.20" in plumbline.money(Decimal("7.2"), "EUR")
    assert "CHF 7" in plumbline.money(Decimal(7), "CHF")
    assert ">47.0%<" in plumbline.percent(Decimal(47))
    assert ">12.5%<" in plumbline.share(Decimal("12.50"))
    assert ">\u22127.5%<" in plumbline.share(Decimal("-7.5"))
    assert plumbline.money(None) == plumbline.share(None) == plumbline.day(None) == ""


def test_days_read_in_the_readers_language_and_zone() -> None:
    day, late = date(2026, 11, 26), datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    with translation.override("he"):
        assert plumbline.day(day) == '<time datetime="2026-11-26">26.11.2026</time>'
        assert ">ה׳ 26.11<" in plumbline.short_day(day)
        assert ">יום חמישי, 26 בנובמבר 2026<" in plumbline.long_day(day)
        assert ">26.11.2026, 00:30<" in plumbline.moment(late)
    with translation.override("en"):
        assert ">26 Nov 2026<" in plumbline.day(day)
        assert ">Thu 26 Nov<" in plumbline.short_day(day)
        assert plumbline.month(date(2026, 10, 1)) == "Oct"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Noa Barkai", "NB"), ("נועה ברקאי", "נב"), ("Noa", "N"), ("", ""), ("(dr) Noa Ben Ari", "NA")],
)
def test_initials(name: str, letters: str) -> None:
    assert plumbline.initials(name) == letters


@pytest.mark.parametrize(
    ("lean", "level", "words"),
    [
        ("0.4", "plumb", "The line hangs straight"),
        ("-7", "plumb", "Work is ahead of the money"),
        ("30", "agreed", "Money is ahead, as agreed"),
        ("2", "ahead", "Money is ahead of the work"),
        ("-3", "watch", "Some money was paid early"),
    ],
)
def test_the_words_of_the_line(lean: str, level: str, words: str) -> None:
    with translation.override("en"):
        assert str(states.lean_look(Decimal(lean), level).word) == words
    with pytest.raises(KeyError):
        states.lean_look(Decimal(lean), "fine")
