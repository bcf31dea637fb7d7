"""The homeowner's path on a phone, in Hebrew, through a real browser and the whole running house.

Noa signs the sixth milestone of the demonstration's house, releases its payment, and sees money and work
meet; the warnings clear by themselves. The same page stands in English, on a desk, and without JavaScript.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.house import PATIENCE, House, free_port

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.parts,
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="NO BROWSER: install chromium to run these"),
]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with TemporaryDirectory(prefix="plumbline-house-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        house = House(Path(folder), free_port())
        try:
            house.wait_for(lambda: house.says("Plumbline is running"))
            yield house
        finally:
            house.process.terminate()
            house.process.wait(PATIENCE)
            subprocess.run(["rm", "-rf", folder], check=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


Enter = Callable[..., Page]


@pytest.fixture
def enter(house: House, chromium: Browser) -> Iterator[Enter]:
    """Enter the demonstration as somebody; a console error or a failed request fails the test."""
    contexts, troubles = [], []

    def enter_as(who: str, language: str = "he", *, phone: bool = True, **options: Any) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chromium.new_context(viewport=size, reduced_motion="reduce", has_touch=phone, **options)
        context.add_cookies([{"name": "django_language", "value": language, "url": house.address}])
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on("response", lambda r: troubles.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.goto(f"{house.address}/demo/")
        page.locator(f"form:has([value='{who}@example.com']) button").click()
        page.wait_for_url(f"{house.address}/")
        return page

    yield enter_as
    for context in contexts:
        context.close()
    assert troubles == []


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def to_the_house(page: Page) -> None:
    page.locator("main a[href^='/projects/']", has_text="אלמוג").first.click()
    page.wait_for_url("**/projects/*/")


@pytest.mark.parametrize(("language", "direction"), [("he", "rtl"), ("en", "ltr")])
@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("javascript", [True, False])
def test_the_gauge_answers_first(
    enter: Enter, language: str, direction: str, phone: bool, javascript: bool
) -> None:
    page = enter("noa", language, phone=phone, java_script_enabled=javascript)
    to_the_house(page)
    assert page.locator("html").get_attribute("dir") == direction
    gauge = page.locator("main svg[role=img]").first
    assert gauge.is_visible()
    if javascript:
        assert fits(page)


def test_noa_signs_and_pays_and_money_and_work_meet(house: House, enter: Enter) -> None:
    page = enter("noa")
    to_the_house(page)
    project = page.url
    assert warnings(page, project) == 1
    assert page.locator(".chip", has_text="הכסף מקדים את העבודה").first.is_visible()

    # Three taps: review, approve, sign.
    page.get_by_role("link", name="לבדיקה ולהחלטה").click()
    page.get_by_role("link", name="אישור · ").click()
    assert fits(page)
    kill(house, "worker", "beat", "relay", "broker")
    page.get_by_role("button", name="חתימה ופתיחת התשלום").click()
    page.get_by_text("החתימה שלכם נרשמה ביומן").wait_for()

    page.goto(f"{project}payments/")
    page.locator("a[href*='/release/']").first.click()
    assert page.locator("[name=amount]").input_value() == "78,350"
    page.locator("main form button").last.click()
    page.wait_for_url("**/payments/")
    assert page.get_by_text("₪78,350").first.is_visible()
    assert fits(page)

    # Money and work have met: nothing is payable, and the warnings clear without anybody's doing, though all
    # who could see to it were just killed.
    deadline = time.monotonic() + 60
    while warnings(page, project):
        assert time.monotonic() < deadline, "the warnings still stand after a minute"
        time.sleep(1)


def kill(house: House, *names: str) -> None:
    for name in names:
        os.kill(house.pid_of(name), signal.SIGKILL)


def warnings(page: Page, project: str) -> int:
    page.goto(project)
    return page.get_by_role("heading", name="התראות פתוחות").count()
