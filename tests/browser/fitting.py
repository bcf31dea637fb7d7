"""Whether everything fits: on screens of any width, and with text twice as large."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

USUAL_TEXT, LARGE_TEXT = 16, 32  # px: what a browser's own setting of the text size changes


@cache
def _script() -> str:
    return Path(__file__).with_name("fitting.js").read_text()


def misfits(page: Page) -> list[str]:
    """What sticks out or is cut on the screen as it is."""
    return list(page.evaluate(_script()))


def misfits_at(page: Page, width: int) -> list[str]:
    """The same on a screen of this width in px, which the page keeps."""
    page.set_viewport_size({"width": width, "height": 800})
    return [f"{width} px: {words}" for words in misfits(page)]


def misfits_with_large_text(page: Page) -> list[str]:
    """The same with text of 200 %, as a browser's setting makes it: widths in em know of it."""
    _set_text(page, LARGE_TEXT)
    found = [f"200 % text: {words}" for words in misfits(page)]
    _set_text(page, USUAL_TEXT)
    return found


def _set_text(page: Page, size: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == size
    session.detach()
