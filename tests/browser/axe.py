"""axe-core on the page as it stands. The debugger evaluates it, which no Content-Security-Policy hinders."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SETTLE = "document.getAnimations().forEach(animation => animation.finish())"
LANDMARKS = ("landmark-one-main", "region")
RUN = "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false})"


@cache
def _source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def violations(page: Page, *, is_letter: bool = False) -> list[str]:
    """What axe finds on the page in the light; a letter has no landmarks to find."""
    page.evaluate(_source())
    found = _told(page.evaluate(RUN, {"type": "tag", "values": TAGS}))
    return [words for words in found if not (is_letter and words.startswith(LANDMARKS))]


def violations_in_the_dark(page: Page) -> list[str]:
    """What it finds in the dark, where only colours can differ; after `violations`."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLE)
    dark = _told(page.evaluate(RUN, {"type": "rule", "values": ["color-contrast"]}))
    page.emulate_media(color_scheme="light")
    return [f"dark: {words}" for words in dark]


def _told(result: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
