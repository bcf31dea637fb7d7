"""Every screen of the catalogue: readable by everybody, whole on every size, and silent on the console.

By default in Hebrew on a phone, and what has a picture in the design also in English on a desk;
`PLUMBLINE_SCREENS=all` opens every screen both ways (docs/testing.md).
"""

import os

import pytest

from tests.browser.axe import violations, violations_in_the_dark
from tests.browser.browsing import Visits
from tests.browser.catalogue import SCREENS, Screen
from tests.browser.fitting import misfits, misfits_on_the_narrowest, misfits_with_large_text

SCENE = "screens"
BY_VISITOR = sorted(SCREENS, key=lambda screen: screen.person)
ON_A_DESK = [
    screen for screen in BY_VISITOR if screen.pictures or os.environ.get("PLUMBLINE_SCREENS") == "all"
]


@pytest.mark.parametrize("screen", BY_VISITOR, ids=lambda screen: screen.name)
def test_a_screen_in_hebrew_on_a_phone(visits: Visits, screen: Screen) -> None:
    look_at(visits, screen, "he", "rtl", phone=True)


@pytest.mark.parametrize("screen", ON_A_DESK, ids=lambda screen: screen.name)
def test_a_screen_in_english_on_a_desk(visits: Visits, screen: Screen) -> None:
    look_at(visits, screen, "en", "ltr", phone=False)


def look_at(visits: Visits, screen: Screen, language: str, direction: str, *, phone: bool) -> None:
    visitor = visits.show(screen, language, phone=phone)
    page = visitor.page
    shown = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert shown == [language, direction]
    assert [*violations(page), *violations_in_the_dark(page)] == []
    found = [*misfits(page), *misfits_with_large_text(page), *misfits_on_the_narrowest(page)]
    assert found == []
    assert visitor.troubles == []
