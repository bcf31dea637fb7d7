"""The screens: who sees what, where, and which picture of the design it answers to.

The one list that the checks (test_screens.py) and the contact sheet (sheet.py) go through. Addresses name
their places as tests/browser/scene.py tells them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Page

from tracker.drawings import draw

DAY = 24 * 3600

NOBODY = ""

NOTHING_HERE = "/projects/00000000-0000-4000-8000-000000000000/"


@dataclass(frozen=True)
class Screen:
    """One state of one page.

    `person` is who looks (first name, or NOBODY); `address` a format string over the places; `pictures` the
    names of the design's pictures; `reach` what is done on the page until it shows the state; `status` of the
    answer; `is_letter`: a mail, which stands inside another page and brings no landmarks of its own.
    """

    name: str
    person: str
    address: str
    pictures: str = ""
    reach: Callable[[Page], None] | None = None
    status: int = 200
    is_letter: bool = False


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
    photo = {"name": "קיר צפוני.jpg", "mimeType": "image/jpeg", "buffer": draw("block_wall", 1)}
    document = {
        "name": "certificate-of-pressure-test-2026.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF",
    }
    page.locator("#id_evidence").set_input_files([photo, document])  # type: ignore[arg-type]
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


SCREENS = (
    Screen("demo", NOBODY, "/demo/"),
    Screen("demo-mail", NOBODY, "/demo/mail/"),
    Screen("mail", NOBODY, "{mail}", "c0", is_letter=True),
    Screen("sign-in", NOBODY, "/account/login/", "h1 h2"),
    Screen("sign-in-code", NOBODY, "/account/login/", reach=ask_for_code),
    Screen("sign-in-wrong-code", NOBODY, "/account/login/", reach=type_wrong_code),
    Screen("sign-up", NOBODY, "/account/signup/"),
    Screen("sign-up-errors", NOBODY, "/account/signup/", reach=send_empty),
    Screen("projects-homeowner", "noa", "/"),
    Screen("projects-contractor", "alon", "/", "f1 f2"),
    Screen("projects-none-found", "alon", "/?q=zzz"),
    Screen("waiting", "noa", "/waiting/", "d1"),
    Screen("waiting-nothing", "dana", "/waiting/"),
    Screen("invitations-none", "dana", "/invitations/"),
    Screen("projects-empty", "dana", "/", "h3 h4"),
    Screen("new-template", "noa", "/projects/new/", "h3 h4"),
    Screen("new-amounts", "noa", "/projects/new/house/", "h5"),
    Screen("new-amounts-errors", "noa", "/projects/new/house/", reach=send_empty, status=422),
    Screen("new-other-side", "noa", "/projects/new/house/", "h5", reach=split),
    Screen("new-front-loaded", "noa", "/projects/new/house/", reach=front_load),
    Screen("new-other-side-errors", "noa", "/projects/new/kitchen/", reach=split_without_sums, status=422),
    Screen("project", "noa", "{house}", "a1 a2 a3 b1"),
    Screen("project-account-menu", "noa", "{kitchen}", reach=open_account_menu),
    Screen("project-on-track", "uri", "{renovation}"),
    Screen("project-contractor", "alon", "{house}", "d1"),
    Screen("project-draft", "uri", "{draft}"),
    Screen("project-terms", "uri", "{draft}edit/"),
    Screen("draft-milestone", "uri", "{draft_1}edit/"),
    Screen("agreement", "alon", "{draft}agree/"),
    Screen("draft-expectations", "uri", "{hopes}"),
    Screen("expectations", "uri", "{hopes}expectations/"),
    Screen("expectations-contractor", "alon", "{hopes}expectations/"),
    Screen("expectations-judged", "uri", "{kept}expectations/"),
    Screen("expectation-add", "uri", "{hopes}expectations/add/"),
    Screen("expectation-add-errors", "uri", "{hopes}expectations/add/", reach=send_empty, status=422),
    Screen("expectation-edit", "uri", "{answered}edit/"),
    Screen("expectation-confirm", "alon", "{promise}confirm/"),
    Screen("expectation-counter", "alon", "{hope}counter/"),
    Screen("expectation-judge", "uri", "{ripe}judge/"),
    Screen("milestone-expectations", "uri", "{kept_1}"),
    Screen("milestone-waiting", "noa", "{house_6}", "c1 c2 c5"),
    Screen("milestone-in-progress", "alon", "{kitchen_3}"),
    Screen("milestone-signed-off", "noa", "{house_1}"),
    Screen("milestone-returned", "alon", "{returned}"),
    Screen("milestone-submitted", "alon", "{half_signed}", reach=open_everything),
    Screen("signature", "noa", "{house_6}approve/", "c3"),
    Screen("not-yet", "noa", "{house_6}return/", "c4"),
    Screen("not-yet-errors", "noa", "{house_6}return/", "c4", reach=send_empty, status=422),
    Screen("milestone-defects", "uri", "{faulty}", "c1 c2"),
    Screen("milestone-defects-contractor", "alon", "{faulty}"),
    Screen("milestone-withheld", "uri", "{withheld}"),
    Screen("payments-withheld", "uri", "{withholding}"),
    Screen("signature-withholding", "uri", "{faulty}approve/", "c3", reach=open_everything),
    Screen("inspect", "uri", "{faulty}inspect/"),
    Screen("inspect-errors", "uri", "{faulty}inspect/", reach=send_empty, status=422),
    Screen("defect-add", "uri", "{faulty}defects/add/", "c4"),
    Screen("defect-add-errors", "uri", "{faulty}defects/add/", "c4", reach=send_empty, status=422),
    Screen("defect-fixed", "alon", "{fault}fixed/"),
    Screen("defect-reopen", "uri", "{repaired}reopen/"),
    Screen("defect-came-back", "uri", "{reopened}reopen/"),
    Screen("defect-estimate", "uri", "{fault}estimate/"),
    Screen("defects", "uri", "{faults}"),
    Screen("overtaken", "noa", "{house_6}return/", reach=be_overtaken, status=409),
    Screen("log", "alon", "{kitchen_3}log/", "d2"),
    Screen("log-chosen", "alon", "{kitchen_3}log/", "d2", reach=choose_files),
    Screen("log-errors", "alon", "{kitchen_3}log/", reach=send_empty, status=422),
    Screen("submit", "alon", "{kitchen_3}submit/"),
    Screen("new-date", "alon", "{changed_1}reschedule/", "d3", reach=write_a_date),
    Screen("new-date-errors", "alon", "{changed_1}reschedule/", reach=send_empty, status=422),
    Screen("dates-moved", "uri", "{changed_4}"),
    Screen("changes", "uri", "{changed}changes/"),
    Screen("change-proposal", "alon", "{changed}changes/propose/"),
    Screen("change-proposal-errors", "alon", "{changed}changes/propose/", reach=send_empty, status=422),
    Screen("change-addition", "uri", "{changed}changes/add/"),
    Screen("change-waiting", "uri", "{change}", reach=open_everything),
    Screen("change-in-force", "alon", "{change_in_force}"),
    Screen("change-signature", "uri", "{change}sign/"),
    Screen("payments", "noa", "{house}payments/", "e1 e2"),
    Screen("certificate", "noa", "{house}certificate/", "e1"),
    Screen("payments-contractor", "alon", "{kitchen}payments/"),
    Screen("payments-linked", "uri", "{linked}payments/"),
    Screen("certificate-linked", "uri", "{linked}certificate/"),
    Screen("linkage", "uri", "{linked}linkage/"),
    Screen("linkage-tell", "alon", "{linked}linkage/tell/"),
    Screen("linkage-tell-errors", "alon", "{linked}linkage/tell/", reach=send_empty, status=422),
    Screen("linkage-import", "alon", "{linked}linkage/import/"),
    Screen("linkage-import-errors", "alon", "{linked}linkage/import/", reach=import_bad_rows, status=422),
    Screen("advance", "noa", "{advance}", "e1"),
    Screen("advance-contractor", "alon", "{advance}", reach=open_everything),
    Screen("advance-decline", "noa", "{advance}decline/", reach=open_everything),
    Screen("advance-ask", "alon", "{returned_project}advances/ask/"),
    Screen("advance-ask-errors", "alon", "{returned_project}advances/ask/", reach=send_empty, status=422),
    Screen("release-locked", "noa", "{house}release/?line={locked_line}"),
    Screen("record", "noa", "{house}record/"),
    Screen("record-restored", "noa", "{house}record/", reach=lose_the_session),
    Screen("record-errors", "noa", "{house}record/", reach=send_empty, status=422),
    Screen("reverse", "noa", "{payment}reverse/"),
    Screen("journal", "noa", "{house}journal/", "g1 g2"),
    Screen("project-completed", "uri", "{completed}"),
    Screen("complete-missing", "uri", "{at_work}complete/"),
    Screen("suspend-errors", "uri", "{at_work}suspend/", reach=send_empty, status=422),
    Screen("terminate", "uri", "{at_work}terminate/"),
    Screen("handover", "uri", "{completed}handover/"),
    Screen("handover-write", "uri", "{completed}handover/write/"),
    Screen("handover-sign", "uri", "{completed}handover/sign/"),
    Screen("settlement", "uri", "{ended}settlement/"),
    Screen("closing-sum-write", "uri", "{ended}settlement/propose/"),
    Screen("people", "noa", "{house}people/"),
    Screen("people-errors", "noa", "{house}people/", reach=send_empty, status=422),
    Screen("invitations", "eran", "/invitations/"),
    Screen("profile", "noa", "/profile/"),
    Screen("e-mail-addresses", "noa", "/account/email/"),
    Screen("password", "noa", "/account/password/set/"),
    Screen("sessions", "noa", "/sessions/"),
    Screen("tokens", "noa", "/tokens/"),
    Screen("proof", "noa", "/proof/"),
    Screen("refused", "alon", "{house}release/", status=403),
    Screen("not-there", "noa", NOTHING_HERE, status=404),
    Screen("too-many", "noa", "/error-pages/429/", status=429),
    Screen("server-error", "noa", "/error-pages/500/", status=500),
    Screen("database-away", "noa", "/error-pages/503/", status=503),
)
