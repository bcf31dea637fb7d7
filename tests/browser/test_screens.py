"""Every screen of the catalogue: readable by everybody, whole on every size, and silent on the console.

By default in Hebrew on a phone, and in the dark, on other sizes and with large text one screen of every
page; `PLUMBLINE_SCREENS=all` looks at each in all ways, and in English on a desk too.
"""

import re

import pytest

from tests.browser.axe import violations, violations_in_the_dark
from tests.browser.browsing import SEES_ALL, Visits
from tests.browser.catalogue import SCREENS, Screen
from tests.browser.fitting import misfits, misfits_at, misfits_with_large_text

SCENE = "screens"
BY_VISITOR = sorted(SCREENS, key=lambda screen: screen.person)
NARROWEST, DESK = 320, 1280  # px
DIRECTIONS = {"he": "rtl", "en": "ltr"}
WAYS = {"he-phone": ("he", True), "en-desktop": ("en", False)}
# The first of every page, whichever it is a page of; what a place is itself, its address does not tell.
FIRST = {re.sub(r"{\w+}(?=.)", "", screen.address): screen for screen in reversed(SCREENS)}.values()


@pytest.mark.parametrize("way", WAYS if SEES_ALL else ["he-phone"])
@pytest.mark.parametrize("screen", BY_VISITOR, ids=lambda screen: screen.name)
def test_a_screen(visits: Visits, screen: Screen, way: str) -> None:
    language, phone = WAYS[way]
    visitor = visits.show(screen, language, phone=phone)
    page = visitor.page
    shown = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    expected = screen.language or language
    assert shown == [expected, DIRECTIONS[expected]]
    assert violations(page, is_letter=screen.is_letter) == []
    assert misfits(page) == []
    if SEES_ALL or screen in FIRST:
        found = [*violations_in_the_dark(page), *misfits_with_large_text(page)]
        found += [*misfits_at(page, NARROWEST), *misfits_at(page, DESK)]
        assert found == []
    assert visitor.troubles == []
