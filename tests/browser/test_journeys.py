"""The journeys of the design, tap by tap: in Hebrew on a phone, and in English on a desk without JavaScript.

`PLUMBLINE_SCREENS=all` walks them in all eight ways (docs/testing.md).
"""

import os
import signal
import time
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.browsing import SEES_ALL, Visits
from tests.browser.fitting import misfits
from tests.browser.hand import Hand
from tests.processes import until
from tracker.drawings import draw

SCENE = "journeys"
ALL_WAYS = list(enumerate(product(("he", "en"), (True, False), (True, False))))
WAYS = ALL_WAYS if SEES_ALL else [ALL_WAYS[0], ALL_WAYS[-1]]
every_way = pytest.mark.parametrize(
    ("number", "way"),
    WAYS,
    ids=[
        f"{language}-{'phone' if phone else 'desktop'}{'' if script else '-no-js'}"
        for _, (language, phone, script) in WAYS
    ],
)
Way = tuple[str, bool, bool]


def enter(visits: Visits, person: str, way: Way) -> Hand:
    language, phone, script = way
    return Hand(visits.visitor(person, language, phone=phone, java_script_enabled=script).page)


def mail_button(visits: Visits, page: Page, place: str) -> Locator:
    """The link of the mail that told of a submission, as soon as the mail came; its text is unfolded."""
    href = f"a[href$='{visits.told['places'][place]}']"
    link = page.locator(f"main {href}").first

    def came() -> bool:
        page.goto(f"{visits.house.address}/demo/mail/")
        return bool(link.count())

    until(came, within=90)
    page.locator(f"main details:has({href}) > summary").first.click()
    return link


@every_way
def test_the_gauge_answers_first(visits: Visits, number: int, way: Way) -> None:
    page = enter(visits, "noa", way).page
    page.goto(visits.place("{house}"))
    assert page.locator("html").get_attribute("dir") == ("rtl" if way[0] == "he" else "ltr")
    gauge = page.locator("main svg[role=img]").first
    box = gauge.bounding_box()
    assert box is not None
    assert box["y"] < page.viewport_size["height"] / 2  # type: ignore[index]


@every_way
def test_signing_off_takes_three_taps(visits: Visits, number: int, way: Way) -> None:
    hand = enter(visits, "noa", way)
    page, place = hand.page, f"sign_{number}"
    page.goto(visits.place(f"{{{place}}}approve/"))  # a scanner of mails follows links, and signs nothing
    hand.tap(mail_button(visits, page, place))
    hand.tap(page.locator("a[href$='/approve/']:visible").first)
    hand.tap(page.locator("main form button.btn--primary"))
    page.wait_for_url("**/payments/")
    assert (hand.taps, hand.fields) == (3, 0)
    page.goto(visits.place(f"{{{place}}}"))
    assert not page.locator("a[href$='/approve/']").count()


@every_way
def test_refusing_takes_four_taps_and_one_sentence(visits: Visits, number: int, way: Way) -> None:
    hand = enter(visits, "noa", way)
    page, place = hand.page, f"refuse_{number}"
    hand.tap(mail_button(visits, page, place))
    hand.tap(page.locator("a[href$='/return/']:visible").first)
    hand.tap(page.locator("label:has([name=unmet_criteria])").first)
    hand.type(page.locator("[name=reason]"), "בפינה נשאר כתם")
    hand.tap(page.locator("main form button.btn--primary"))
    page.wait_for_url(visits.place(f"{{{place}}}"))
    assert (hand.taps, hand.fields) == (4, 1)
    assert page.get_by_text("בפינה נשאר כתם").first.is_visible()


@every_way
def test_logging_a_photo_takes_four_taps(visits: Visits, number: int, way: Way, tmp_path: Path) -> None:
    photo = tmp_path / "wall.jpg"
    photo.write_bytes(draw("block_wall", 100 + number))
    hand = enter(visits, "alon", way)
    page = hand.page
    page.goto(visits.place("{log}"))
    before = page.locator("main img").count()
    page.goto(visits.place("{log}log/"))
    assert page.locator("[name=criterion]:checked").get_attribute("value")
    hand.photograph(page.locator("label[for=id_camera]"), photo)
    hand.tap(page.locator("main form button.btn--primary"))
    page.wait_for_url(visits.place("{log}"))
    assert (hand.taps, hand.fields) == (4, 0)
    assert page.locator("main img").count() > before or before >= 4


@every_way
def test_a_new_project_takes_four_taps_and_two_fields(visits: Visits, number: int, way: Way) -> None:
    started = time.monotonic()
    hand = enter(visits, "eran", way)
    page = hand.page
    page.goto(f"{visits.house.address}/projects/new/")
    hand.tap(page.locator("label:has([value=kitchen])"))
    hand.tap(page.locator("main form button.btn--primary"))
    hand.type(page.locator("[name=contract_total]"), "95,000")
    hand.tap(page.locator("[name=do][value=split]"))
    hand.type(page.locator("[name=email]"), f"maker-{number}@example.com")
    hand.tap(page.locator("[name=do][value=create]"))
    page.wait_for_url(lambda url: "/projects/" in url and "/new/" not in url)
    assert (hand.taps, hand.fields) == (4, 2)
    assert time.monotonic() - started < 180
    assert page.get_by_text("₪95,000").first.is_visible()


FOCUS = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const rect = focused.getBoundingClientRect(), style = getComputedStyle(focused);
  const top = document.elementFromPoint(rect.left + rect.width / 2, rect.top + rect.height / 2);
  const seen = top && (focused.contains(top) || top.contains(focused));
  return {
    address: focused.getAttribute("href") || focused.getAttribute("action") || "",
    words: focused.textContent.trim().slice(0, 60),
    button: focused.matches("main form button.btn--primary"),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    covered: seen ? "" : `by ${top?.outerHTML.slice(0, 200)}`,
  };
}"""


def tab_to(page: Page, address: str = "", *, button: bool = False) -> None:
    """Press Tab until the wanted link or the form's button has the focus, which is seen all the way."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            continue
        assert focus["outlined"], focus
        assert focus["covered"] == "", focus
        if (button and focus["button"]) or (address and focus["address"].endswith(address)):
            return
    raise AssertionError(f"Tab never came to {address or 'the button'}")


@pytest.mark.parametrize(("language", "phone"), [("he", True), ("en", False)])
def test_the_keyboard_alone_signs(visits: Visits, language: str, phone: bool) -> None:
    page = visits.visitor("noa", language, phone=phone).page
    place = f"keyboard_{language}"
    page.goto(visits.place(f"{{{place}}}"))
    tab_to(page, "/approve/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/approve/")
    tab_to(page, button=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/payments/")


def test_noa_signs_and_pays_and_money_and_work_meet(visits: Visits) -> None:
    """The warnings clear without anybody's doing, though all who could see to it were just killed."""
    page = visits.visitor("noa", "he", phone=True).page
    project = visits.place("{ahead}")
    assert warnings(page, project) == 1
    assert page.locator(".chip", has_text="הכסף מקדים את העבודה").first.is_visible()
    page.get_by_role("link", name="לבדיקה ולהחלטה").first.click()
    page.get_by_role("link", name="אישור · ").click()
    for name in ("worker", "beat", "relay", "broker"):
        os.kill(visits.house.pid_of(name), signal.SIGKILL)
    page.get_by_role("button", name="חתימה ופתיחת התשלום").click()
    page.get_by_text("החתימה שלכם נרשמה ביומן").wait_for()
    page.goto(f"{project}payments/")
    page.locator("a[href*='/release/']").first.click()
    assert page.locator("[name=amount]").input_value() == "268,666.35"
    page.locator("main form button").last.click()
    page.wait_for_url("**/payments/")
    assert page.get_by_text("₪268,666.35").first.is_visible()
    assert misfits(page) == []
    until(lambda: not warnings(page, project), within=60)


def warnings(page: Page, project: str) -> int:
    page.goto(project)
    return page.get_by_role("heading", name="התראות פתוחות").count()
