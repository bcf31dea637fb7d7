"""The contact sheet: every screen of the catalogue as a small picture in docs/screens, and a page with them.

    python -m tests.browser.sheet [folder]

Starts a house in each language and takes every screen, in Hebrew on a phone and in English on a desk; what
the design drew also the other way round, and in the dark. README.md beside the pictures shows them by name.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser.browsing import DESKTOP, PHONE, Visits, running_browser, running_house
from tests.browser.catalogue import SCREENS, Screen
from tests.house import ROOT

FOLDER = ROOT / "docs" / "screens"
TALLEST = {True: 2 * PHONE["height"], False: 2 * DESKTOP["height"]}
WIDTH = {True: 300, False: 760}  # of the pictures, in pixels
FULL_WIDTH = {True: 390, False: 1100}  # of those that README.md shows
QUALITY = 62
SHOWN_IN_README = {"project", "milestone-waiting", "signature", "payments"}
SETTLE = "document.getAnimations().forEach(animation => animation.finish())"


@dataclass(frozen=True)
class Take:
    """One picture: a screen in a language, on a phone or a desk, light or dark."""

    screen: Screen
    language: str
    phone: bool
    dark: bool = False

    @property
    def name(self) -> str:
        size = "phone" if self.phone else "desktop"
        return f"{self.screen.name}-{self.language}-{size}{'-dark' if self.dark else ''}"


def takes() -> Iterator[Take]:
    """Hebrew on a phone and English on a desk; what the design drew also the other way round and dark."""
    for screen in SCREENS:
        yield Take(screen, "he", phone=True)
        yield Take(screen, "en", phone=False)
        if screen.pictures:
            yield Take(screen, "he", phone=False)
            yield Take(screen, "en", phone=True)
            yield Take(screen, "he", phone=True, dark=True)


def photograph(page: Page, take: Take) -> Image.Image:
    """The page from its head, at most two screens of it, at the width of its picture."""
    page.emulate_media(color_scheme="dark" if take.dark else "light")
    page.evaluate(SETTLE)
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[take.phone])
    width = (PHONE if take.phone else DESKTOP)["width"]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    widths = FULL_WIDTH if take.screen.name in SHOWN_IN_README else WIDTH
    picture.thumbnail((widths[take.phone], 10 * TALLEST[take.phone]), Image.Resampling.LANCZOS)
    return picture


def take_all(taken: list[Take], language: str, folder: Path) -> None:
    """The pictures of one language, from a house whose people speak it."""
    with running_house(PLUMBLINE_DEMO_LANGUAGE=language) as house, running_browser() as chromium:
        visits = Visits(house, chromium, "screens")
        for take in taken:
            page = visits.show(take.screen, language, phone=take.phone).page
            photograph(page, take).save(folder / f"{take.name}.webp", quality=QUALITY)
        visits.close()


def write_sheet(folder: Path, taken: list[Take]) -> None:
    """README.md: the screens in the catalogue's order, each picture under its name."""
    lines = ["# Screens", "", "Made by `python -m tests.browser.sheet` from the demonstration.", ""]
    for screen in SCREENS:
        answers = f" ({screen.pictures})" if screen.pictures else ""
        lines += [f"## {screen.name}{answers}", ""]
        shown = [take for take in taken if take.screen is screen]
        lines += ["| " + " | ".join(take.name for take in shown) + " |", "| --- " * len(shown) + "|"]
        lines += ["| " + " | ".join(f"![{take.name}]({take.name}.webp)" for take in shown) + " |", ""]
    (folder / "README.md").write_text("\n".join(lines))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    taken = list(takes())
    for language in ("he", "en"):
        take_all([take for take in taken if take.language == language], language, folder)
    write_sheet(folder, taken)
    size = sum(picture.stat().st_size for picture in folder.glob("*.webp"))
    print(f"{len(taken)} pictures in {folder}, {size / 1024 / 1024:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
