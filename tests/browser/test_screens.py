"""Every screen of the catalogue: readable by everybody, whole on every size, and silent on the console."""

import pytest

from tests.browser.axe import violations, violations_in_the_dark
from tests.browser.browsing import Visits
from tests.browser.catalogue import SCREENS, Screen
from tests.browser.fitting import misfits, misfits_on_the_narrowest, misfits_with_large_text

SCENE = "screens"
BY_VISITOR = sorted(SCREENS, key=lambda screen: screen.person)
WAYS = [("he", "rtl", True), ("en", "ltr", False)]


@pytest.mark.parametrize(("language", "direction", "phone"), WAYS, ids=["he-phone", "en-desktop"])
@pytest.mark.parametrize("screen", BY_VISITOR, ids=lambda screen: screen.name)
def test_a_screen(visits: Visits, screen: Screen, language: str, direction: str, phone: bool) -> None:
    visitor = visits.show(screen, language, phone=phone)
    page = visitor.page
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        direction,
    ]
    assert [*violations(page), *violations_in_the_dark(page)] == []
    found = [*misfits(page), *misfits_with_large_text(page), *misfits_on_the_narrowest(page)]
    assert found == []
    assert visitor.troubles == []
