"""Browsers of people who have entered the demonstration, and what went wrong in them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, sync_playwright

from tests.browser.catalogue import NOBODY, Screen
from tests.house import PATIENCE, ROOT, House, free_port
from tests.kept import lay_cluster

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
LEFT = "net::ERR_ABORTED"  # the browser's own doing, when a page is left before its last picture came
SEES_ALL = os.environ.get("PLUMBLINE_SCREENS") == "all"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def has_browser() -> bool:
    return Path(CHROMIUM).exists()


@contextmanager
def running_house(**settings: str) -> Iterator[House]:
    """A house with the demonstration, gone afterwards. Its database was migrated before."""
    with TemporaryDirectory(prefix="plumbline-house-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        lay_cluster(Path(folder) / "postgres")
        house = House(Path(folder), free_port(), **settings)
        try:
            house.wait_for(lambda: house.says("Plumbline is running"))
            yield house
        finally:
            house.process.terminate()
            house.process.wait(PATIENCE)
            subprocess.run(["rm", "-rf", folder], check=True)


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person's browser: a page, and what went wrong: console messages, failed requests, bad answers."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    expected_status: int = 200

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.type in {"error", "warning"}, said.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on(
            "requestfailed", lambda lost: self._note(lost.failure != LEFT, f"{lost.failure} {lost.url}")
        )
        self.page.on("response", self._answered)

    def _note(self, is_trouble: bool, words: str) -> None:
        if is_trouble and not self._is_of_the_expected_status(words):
            self.troubles.append(words)

    def _is_of_the_expected_status(self, words: str) -> bool:
        """Chromium itself says on the console that a page answered 404."""
        return f"status of {self.expected_status} " in words

    def _answered(self, response: Response) -> None:
        is_the_page = response.request.is_navigation_request()
        is_expected = is_the_page and response.status == self.expected_status
        self._note(response.status >= 400 and not is_expected, f"{response.status} {response.url}")


@cache
def told(house: House, scene: str) -> dict[str, dict[str, str]]:
    """The places and the error pages of tests/browser/scene.py, told once in a house."""
    environment = house.command_environment() | {"PLUMBLINE_EMBEDDED": "1"}
    argv = [sys.executable, "-m", "tests.browser.scene", scene]
    printed = subprocess.run(argv, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout
    return dict(json.loads(printed))


class Visits:
    """The house seen through a browser: visitors are kept, so that everybody enters once."""

    def __init__(self, house: House, browser: Browser, scene: str) -> None:
        self.house, self.browser, self.scene = house, browser, scene
        self._visitors: dict[tuple[Any, ...], Visitor] = {}

    @property
    def told(self) -> dict[str, dict[str, str]]:
        return told(self.house, self.scene)

    def place(self, address: str) -> str:
        """The full address of a format string over the places."""
        return self.house.address + address.format(**self.told["places"])

    def visitor(self, person: str, language: str, *, phone: bool, **options: Any) -> Visitor:
        """A person's browser; `options` are Playwright's, for a context of its own kind."""
        key = (person, language, phone, *sorted(options.items()))
        if key not in self._visitors:
            self._visitors[key] = self._enter(person, self._context(language, phone, options))
        return self._visitors[key]

    def close(self) -> None:
        for visitor in self._visitors.values():
            visitor.page.context.close()
        self._visitors.clear()

    def show(self, screen: Screen, language: str, *, phone: bool) -> Visitor:
        """A visitor whose page shows the screen, settled; its troubles are those of getting there."""
        visitor = self.visitor(screen.person, language, phone=phone)
        page = visitor.page
        visitor.troubles.clear()
        visitor.expected_status = screen.status
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE if phone else DESKTOP)
        if screen.person == NOBODY:
            page.context.clear_cookies(name="sessionid")
        page.goto(self.place(screen.address), wait_until="load")
        if screen.reach:
            screen.reach(page)
        page.evaluate("document.fonts.ready")
        return visitor

    def _context(self, language: str, phone: bool, options: dict[str, Any]) -> BrowserContext:
        context = self.browser.new_context(
            viewport=PHONE if phone else DESKTOP, reduced_motion="reduce", has_touch=phone, **options
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.house.address}])
        context.set_default_timeout(PATIENCE * 1000)
        context.route("**/error-pages/*/", lambda route: self._answer_error_page(route, language))
        return context

    def _answer_error_page(self, route: Route, language: str) -> None:
        status = route.request.url.rstrip("/").rpartition("/")[2]
        page = self.told["error_pages"][f"{language}/{status}"]
        route.fulfill(status=int(status), content_type="text/html; charset=utf-8", body=page)

    def _enter(self, person: str, context: BrowserContext) -> Visitor:
        visitor = Visitor(context.new_page())
        if person != NOBODY:
            visitor.page.goto(f"{self.house.address}/demo/")
            visitor.page.locator(f"form:has([value='{person}@example.com']) button").click()
            visitor.page.wait_for_url(f"{self.house.address}/")
        return visitor
