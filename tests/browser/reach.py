"""What is done on a page until it shows the state that a screen is about."""

import time
from uuid import uuid4

from playwright.sync_api import FilePayload, Page

from tracker.drawings import draw

DAY = 24 * 3600


def press(page: Page, selector: str = "main form button:not([type=button])") -> None:
    """Press the last such button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(selector).last.click()


def write(page: Page, field: str, hebrew: str, english: str) -> None:
    """Words in the language of the page."""
    language = page.locator("html").get_attribute("lang")
    page.locator(f"[name={field}]").fill(hebrew if language == "he" else english)


def send_empty(page: Page) -> None:
    """The page's form with nothing in it: it comes back with its errors."""
    for field in page.locator("main input[type=text], main textarea").all():
        if field.is_visible():
            field.fill("")
    press(page)


def import_bad_rows(page: Page) -> None:
    """Rows of which one is of a year that has no index yet and one has no index at all."""
    page.locator("[name=rows]").fill("10/2099,141.2\n11/2099,many\n12/2099")
    press(page)


def ask_for_code(page: Page) -> None:
    page.locator("main [name=email]").first.fill(f"guest-{uuid4().hex[:8]}@example.com")
    press(page, "main form:has([name=email]) button")


def type_wrong_code(page: Page) -> None:
    ask_for_code(page)
    page.locator("main [name=code]").fill("WRONG1")
    press(page, "main form:has([name=code]) button")


def split(page: Page) -> None:
    page.locator("[name=contract_total]").fill("1,900,000")
    press(page, "[name=do][value=split]")


def split_without_sums(page: Page) -> None:
    split(page)
    page.locator("main input[name$=amount]").first.fill("9")
    page.locator("main [name=email]").fill("no address")
    press(page, "[name=do][value=create]")


def choose_files(page: Page) -> None:
    photo: FilePayload = {"name": "קיר צפוני.jpg", "mimeType": "image/jpeg", "buffer": draw("block_wall", 1)}
    document: FilePayload = {
        "name": "certificate-of-pressure-test-2026.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF",
    }
    page.locator("#id_evidence").set_input_files([photo, document])
    page.locator(".shots__item canvas").first.wait_for()


def front_load(page: Page) -> None:
    split(page)
    amount = page.locator("[name=stage0-amount]")
    amount.press("End")
    page.keyboard.type("0")
    page.locator("#sums-words .field__error").wait_for()


def be_overtaken(page: Page) -> None:
    """As if the page had been open since the day before yesterday, at an older version."""
    opened = f"{int(time.time() - 2 * DAY) * 1000:012x}"
    once = page.locator("[name=once]").first.get_attribute("value") or ""
    old = f"{opened[:8]}-{opened[8:]}{once[13:]}"
    for name, value in (("once", old), ("version", "999")):
        page.locator(f"[name={name}]").first.evaluate("(field, value) => { field.value = value; }", value)
    write(page, "reason", "בפינה הצפונית של חדר הרחצה נשאר כתם", "A stain stayed in the north corner")
    page.locator("[name=unmet_criteria]").first.check()
    press(page)


def lose_the_session(page: Page) -> None:
    """Write, be signed out, send, sign in again, and find what was written."""
    address = page.url
    page.locator("[name=amount]").fill("48000")
    write(page, "reason", "הקבלן ביקש להקדים", "The contractor asked to be paid early")
    page.context.clear_cookies(name="sessionid")
    press(page)
    page.goto(page.url.split("/account/")[0] + "/demo/")
    press(page, "form:has([value='noa@example.com']) button")
    page.goto(address)


def write_a_date(page: Page) -> None:
    """A cause and a day; what the homeowners will get appears."""
    page.locator("[name=cause][value=consultant]").check()
    day = time.strftime("%d/%m/%Y", time.localtime(time.time() + 4 * DAY))
    page.locator("[name=agreed_end]").fill(day)
    write(page, "reason", "שאר העבודה ממשיכה כרגיל", "The other work goes on as planned")
    page.locator("[name=reason]").blur()
    page.locator("#message .inset q").wait_for()


def open_account_menu(page: Page) -> None:
    page.locator("header summary").last.click()


def open_everything(page: Page) -> None:
    for summary in page.locator("main details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()


def fill_wrong(page: Page) -> None:
    """A new password that is no match for its repetition."""
    for n, field in enumerate(page.locator("main input[type=password]").all()):
        field.fill(f"one of many words {n}")
    press(page)


def sign_up(page: Page) -> None:
    """A stranger's account, which waits for the code of its mail."""
    page.locator("main [name=email]").fill(f"guest-{uuid4().hex[:8]}@example.com")
    for name in ("full_name", "password1"):
        if page.locator(f"main [name={name}]").count():
            page.locator(f"main [name={name}]").fill("river stone lamp")
    press(page)


def ask_for_a_new_password(page: Page) -> None:
    page.locator("main [name=email]").fill("guest@example.com")
    press(page)


def enter_with_a_wrong_password(page: Page) -> None:
    open_everything(page)
    page.locator("main [name=login]").fill("guest@example.com")
    page.locator("main [name=password]").fill("river stone lamp")
    press(page, "main form:has([name=password]) button:not([type=button])")


def make_a_token(page: Page) -> None:
    """A token whose secret is shown this once."""
    write(page, "name", "חיבור למחשבון העלויות", "Link to the cost sheet")
    press(page, "main form:has([name=name]) button:not([type=button])")


def move_too_much(page: Page) -> None:
    """An amount that is more than there is."""
    page.locator("[name=amount]").fill("9,000,000")
    press(page)


def lose_the_token(page: Page) -> None:
    """The form of a page that was open while the browser forgot its cookies of protection."""
    page.context.clear_cookies(name="csrftoken")
    press(page)


def have_a_password(page: Page) -> None:
    """Who has none yet is asked to choose the first; then it can be changed."""
    if "/set/" in page.url:
        for field in page.locator("main input[type=password]").all():
            field.fill("river stone lamp")
        press(page)
        page.goto(page.url.split("/account/")[0] + "/account/password/change/")


def open_the_first(page: Page) -> None:
    page.locator("main details > summary").first.click()
