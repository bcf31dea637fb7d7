"""What the small scripts add to forms: separators while a sum is typed, and a split that answers typing."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.browsing import Visits
from tracker.drawings import draw

SCENE = "journeys"
SENT = "[id_camera.files.length, [...id_evidence.files].map(file => file.name)]"
TYPED = [
    ("1234567.5", "1,234,567.5", 11),
    ("95,000", "95,000", 6),
    ("95,5", "95,5", 4),  # no sum: a comma is never a decimal point, and it is not for a script to guess
    ("1234 ArrowLeft ArrowLeft ArrowLeft Backspace Backspace", "234", 0),
    ("1234 Home ArrowRight Delete Delete", "134", 1),
    ("1000000 Home ArrowRight 9", "19,000,000", 2),
]


def new_kitchen(visits: Visits, language: str, *, phone: bool) -> Page:
    page = visits.visitor("noa", language, phone=phone).page
    page.goto(f"{visits.house.address}/projects/new/kitchen/")
    return page


@pytest.mark.parametrize("language", ["he", "en"])
def test_a_sum_is_grouped_while_it_is_typed_and_the_caret_stays(visits: Visits, language: str) -> None:
    page = new_kitchen(visits, language, phone=True)
    total = page.locator("[name=contract_total]")
    for keys, shown, caret in TYPED:
        total.fill("")
        for key in keys.split():
            page.keyboard.press(key) if key.isalpha() else page.keyboard.type(key)
        assert (total.input_value(), total.evaluate("field => field.selectionStart")) == (shown, caret)
    total.fill("95,5")
    assert total.input_value() == "95,5"


@pytest.mark.parametrize(("language", "phone"), [("he", True), ("en", False)])
def test_the_split_answers_typing_and_keeps_the_focus(visits: Visits, language: str, phone: bool) -> None:
    page = new_kitchen(visits, language, phone=phone)
    page.locator("[name=contract_total]").fill("95000")
    with page.expect_navigation():  # with its scripts
        page.locator("[name=do][value=split]").click()
    amount = page.locator("[name=stage0-amount]")
    amount.press("End")
    page.keyboard.type("0")
    expect(page.locator("#sums-words")).to_contain_text("₪555,750")
    expect(page.locator("#sums-amounts")).to_have_text("₪650,750")
    expect(page.locator("#verdict .flag")).to_have_class(re.compile("flag--warn"))
    expect(amount).to_be_focused()
    page.locator("#verdict [value=adopt]").click()
    expect(page.locator("#verdict .flag")).to_have_class(re.compile("flag--ok"))
    assert visits.visitor("noa", language, phone=phone).troubles == []


def test_photos_add_up_and_are_taken_off_again(visits: Visits) -> None:
    """A camera gives one photo at a time: the next one does not replace it."""
    visitor = visits.visitor("alon", "he", phone=True)
    page = visitor.page
    page.goto(visits.place("{log}log/"))
    for n in (1, 2):
        shot: FilePayload = {
            "name": f"shot-{n}.jpg",
            "mimeType": "image/jpeg",
            "buffer": draw("block_wall", n),
        }
        page.locator("#id_camera").set_input_files(shot)
    paper: FilePayload = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    page.locator("#id_evidence").set_input_files(paper)
    assert page.evaluate(SENT) == [0, ["shot-1.jpg", "shot-2.jpg", "paper.pdf"]]
    expect(page.locator(".shots__item canvas:not([hidden])")).to_have_count(2)
    page.get_by_role("button", name="shot-1.jpg").click()
    assert page.evaluate(SENT) == [0, ["shot-2.jpg", "paper.pdf"]]
    expect(page.get_by_role("button", name="shot-2.jpg")).to_be_focused()
    assert visitor.troubles == []
