"""One house and one browser for all tests here that run in the same process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import Visits, has_browser, running_browser, running_house
from tests.house import House


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    marks = [
        pytest.mark.parts,
        pytest.mark.browser,
        pytest.mark.skipif(not has_browser(), reason="NO BROWSER: install chromium to run these"),
    ]
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            for mark in marks:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    with running_house() as house:
        yield house


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Gone before any other test of this process: Playwright keeps an event loop running in the thread, in
    which Django refuses the database.
    """
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def visits(house: House, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visits]:
    """The house through a browser, with the scene that the module names, told before the first test."""
    visits = Visits(house, chromium, request.module.SCENE)
    assert visits.told
    yield visits
    visits.close()
