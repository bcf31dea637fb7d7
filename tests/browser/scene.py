"""What the browser looks at: the demonstration of a running house, and states that it does not have.

Their people write as the demonstration's do, in one language, so that no picture mixes two.

A program: `python -m tests.browser.scene screens` (or `journeys`), in the environment of a house, tells it
further contracts through the product's own actions and prints where everything is, as JSON. Each state is for
one screen or for one journey, so that these can be looked at in any order.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import cycle
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import translation  # noqa: E402
from django.views import defaults  # noqa: E402

from milestones.actions import (  # noqa: E402
    approve_milestone,
    counter_expectation,
    fix_defect,
    inspect_milestone,
    judge_expectation,
    log_progress,
    report_defect,
    reschedule_milestone,
    return_milestone,
    submit_milestone,
    verify_defect,
)
from milestones.models import Milestone  # noqa: E402
from payments.actions import (  # noqa: E402
    complete_project,
    propose_change,
    record_payment,
    release_payment,
    sign_change,
    tell_index_values,
    terminate_project,
)
from payments.changing import version_of  # noqa: E402
from payments.models import Advance, Payment  # noqa: E402
from people.models import User  # noqa: E402
from projects.actions import add_attachment, invite_party  # noqa: E402
from projects.endings import (  # noqa: E402
    propose_closing_sum,
    propose_handover,
    sign_closing_sum,
    sign_handover,
)
from projects.files import Received, receive, store  # noqa: E402
from projects.linkage import latest_due, month_after, usual_day  # noqa: E402
from projects.models import Project  # noqa: E402
from projects.refusals import Refused  # noqa: E402
from tests.cast import (  # noqa: E402
    LINKED,
    STAGES,
    TODAY,
    Cast,
    acting,
    active,
    confirmed,
    draft,
    expected,
    signed,
    stage,
)
from tracker.accounts import too_many  # noqa: E402
from tracker.drawings import draw  # noqa: E402
from tracker.models import CaughtMail  # noqa: E402
from tracker.outage import unavailable  # noqa: E402

MAIL_PATIENCE = 60  # seconds

JOURNEYS = 8  # two languages, two sizes, with and without JavaScript

# What stands in the pictures, in the language of the demonstration: Hebrew, English.
WORDS = {
    "draft": ("בית משפחת ברק, חדרה", "Barak family house, Hadera"),
    "unit": ("יחידת דיור, בנימינה", "Garden unit, Binyamina"),
    "stages": (("יסודות", "שלד", "גמר"), ("Foundations", "Frame", "Finishes")),
    "criteria": (
        ("אין שום סדק אחרי שבוע", "המפקח בדק במקום"),
        ("No crack after a week", "The supervisor checked on site"),
    ),
    "stain": ("בפינה הצפונית נשאר כתם אחרי ההצפה", "A stain stayed in the north corner after the flood test"),
    "asked": ("הקבלן ביקש להקדים", "The contractor asked to be paid early"),
    "equal": (("יסודות", "שלד", "איטום", "גמר"), ("Foundations", "Frame", "Waterproofing", "Finishes")),
    "flood": (
        ("אין שום כתם אחרי הצפה של יומיים", "המפקח בדק"),
        ("No stain after a flood test of two days", "The supervisor checked"),
    ),
    "hoping": ("בית משפחת ארז, זכרון יעקב", "Erez family house, Zikhron Ya'akov"),
    "wide": (
        {"goal": "אפשר לעבור במסדרון עם עגלת תאומים", "measure": "רוחב נקי של 110 ס״מ לכל אורכו"},
        {"goal": "A twin pram passes through the corridor", "measure": "110 cm clear along all of it"},
    ),
    "quiet": (
        {"goal": "לא עובדים באתר אחרי שש בערב", "measure": "אף יום עבודה ביומן לא נגמר אחרי 18:00"},
        {
            "goal": "No work on site after six in the evening",
            "measure": "No day in the journal ends after 18:00",
        },
    ),
    "promised": (
        {"goal": "נכנסים לבית לפני פסח", "measure": "המפתחות אצלנו עד ערב החג"},
        {"goal": "We move in before Passover", "measure": "We have the keys by the eve of the feast"},
    ),
    "counter": (
        "ביום יציקה עובדים עד שמונה, בהודעה יומיים מראש. יציקה בשני ימים מייקרת את השלד.",
        "On a day of pouring we work until eight, and say so two days before. Two days of it cost more.",
    ),
    "keeping": ("דירת משפחת תבור, כרמיאל", "Tavor family flat, Karmiel"),
    "narrow": ("ליד חדר הכביסה נשארו 96 ס״מ", "96 cm are left beside the laundry"),
    "faulty": ("בית משפחת גל, כרכור", "Gal family house, Karkur"),
    "balcony": ("המרפסת עוד לא גמורה", "The balcony is not finished yet"),
    "wall": ("ציור: קיר", "Drawing: a wall"),
    "defects": (
        ("שקע בחדר הילדים נמוך ב־12 ס״מ מהסימון", "קופסת חיבורים בלי מכסה", "נזילה קלה במחלק המים"),
        (
            "Socket in the children's room is 12 cm below the mark",
            "Junction box without a cover",
            "Small leak at the manifold",
        ),
    ),
    "floor": ("קומה א׳", "First floor"),
    "repaired": ("הוחלף, ונבדק שוב", "Replaced, and checked again"),
    "scratch": ("שריטה באריח", "Scratch on a tile"),
    "changing": ("בית משפחת ברקאי, רעננה", "Barkai family house, Ra'anana"),
    "no beam": ("בלי קורת הפלדה", "Without the steel beam"),
    "bears": ("הקיר נושא לבדו", "The wall bears by itself"),
    "windows": ("חלונות גדולים בסלון", "Large windows in the living room"),
    "light": ("ביקשתם עוד אור", "You asked for more light"),
    "done": ("דירת גן, זכרון יעקב", "Garden flat, Zikhron Ya'akov"),
    "keys": (
        "3 מפתחות לדלת הכניסה, 2 לחניה.\nחוברות הפעלה: דוד, תריסים.\nשריטה בדלת המטבח, לתיקון עד סוף החודש.",
        "3 keys to the front door, 2 to the parking.\nManuals: boiler, shutters.\n"
        "A scratch on the kitchen door, to be fixed by the end of the month.",
    ),
    "ended": ("תוספת קומה, עתלית", "Another floor, Atlit"),
    "nobody": ("שלושה חודשים לא הגיע איש לאתר", "For three months nobody came to the site"),
    "half": ("מחצית האיטום בשלב השני בוצעה.", "Half of the second stage's waterproofing is done."),
    "at work": ("מחסן, בנימינה", "Storeroom, Binyamina"),
    "linked": ("בית משפחת לוין, זכרון יעקב", "Levin family house, Zikhron Ya'akov"),
    "ahead": ("בית משפחת שלו, פרדס חנה", "Shalev family house, Pardes Hanna"),
    "ways": ("מרפאת כרם, יקנעם", "Kerem clinic, Yokne'am"),
}

# Further contracts of a contractor: names, kind, and how far each has come.
FURTHER = (
    ("בית משפחת חדד, חיפה", "Haddad family house, Haifa", "house_build", "ahead"),
    ("שיפוץ משפחת גבאי, יבנה", "Gabay renovation, Yavne", "renovation", "submitted"),
    ("שיפוץ משפחת ניר, נצרת", "Nir renovation, Nazareth", "renovation", "paid"),
    ("בית משפחת עזרא, עכו", "Ezra family house, Acre", "house_build", "paid"),
    ("מטבח משפחת כץ, טבעון", "Katz kitchen, Tivon", "custom_furniture", "approved"),
    ("שיפוץ משפחת סלע, כרמיאל", "Sela renovation, Karmiel", "renovation", "begun"),
    ("בית משפחת אורן, רחובות", "Oren family house, Rehovot", "house_build", "begun"),
    ("נגרות משפחת תמיר, רעננה", "Tamir joinery, Ra'anana", "custom_furniture", "begun"),
)

ERROR_PAGES = {
    "429": too_many,
    "500": defaults.server_error,
    "503": lambda request: unavailable(request, Refused("busy")),
}


def places(scene: str) -> dict[str, str]:
    """Every address that the screens, or the journeys, are given, by name."""
    cast = Cast(*(User.objects.get(email=f"{name}@example.com") for name in Cast.__annotations__))
    stories = {
        "screens": (
            *(_demonstration, _further, _draft, _returned),
            *(_faults, _changed, _hopes, _endings, _linked),
        ),
        "journeys": (_demonstration, _ahead, _ways),
    }
    return dict(place for story in stories[scene] for place in story(cast))


def _demonstration(_cast: Cast) -> Iterator[tuple[str, str]]:
    told = dict(zip(("house", "renovation", "kitchen"), Project.objects.order_by("created_at"), strict=False))
    for name, project in told.items():
        yield name, f"/projects/{project.id}/"
        yield from _stages(name, project)
    house = told["house"]
    released = Payment.objects.filter(project=house).order_by("paid_on")
    yield "advance", f"/advances/{Advance.objects.get(project=house).id}/"
    yield "payment", f"/payments/{released.first().id}/"
    yield "mail", f"/demo/mail/{_asks_for_a_decision().pk}/"
    yield "signed_line", f"{stage(house, 5).id}"
    yield "locked_line", f"{stage(house, 6).id}"


def _asks_for_a_decision() -> CaughtMail:
    """The mail that starts a sign-off. Mails take a moment to be sent."""
    letters = CaughtMail.objects.filter(subject__regex="מוכן לבדיקה שלכם|is ready for your review")
    for _ in range(MAIL_PATIENCE):
        if letter := letters.order_by("pk").first():
            return letter
        time.sleep(1)
    raise TimeoutError("no mail asks for a decision")


def _stages(name: str, project: Project) -> Iterator[tuple[str, str]]:
    for milestone in Milestone.objects.filter(project=project):
        yield f"{name}_{milestone.position}", f"/milestones/{milestone.id}/"


def _further(cast: Cast) -> Iterator[tuple[str, str]]:
    """So many of Alon's contracts, with Uri, that he has to search and filter them; one pays ahead."""
    for hebrew, english, kind, standing in FURTHER:
        name = english if settings.DEMO_LANGUAGE == "en" else hebrew
        stages = [stage | {"amount": stage["value"]} for stage in _stages_told()]
        terms = {"deposit": Decimal(0), "retention_percent": Decimal(0)}
        project = active(_with_uri(cast), stages, name=name, kind=kind, **terms)
        _come_to(standing, cast, stage(project, 1))
        yield f"{standing}_project", f"/projects/{project.id}/"


def _come_to(standing: str, cast: Cast, first: Milestone) -> None:
    """A contract whose first stage is to be worked on, submitted, approved, or paid, or is paid early."""
    paid = {"amount": first.amount, "paid_on": TODAY(), "method": "bank_transfer", "reference": "4417"}
    if standing == "ahead":
        part = paid | {"amount": first.amount / 4, "reason": _said("asked")}
        record_payment(acting(cast.uri), first.project_id, line=str(first.id), **part)
    if standing in {"submitted", "approved", "paid"}:
        first = _submitted(cast, first)
    if standing in {"approved", "paid"}:
        for signer in (cast.uri, cast.michal):
            version = Milestone.objects.get(pk=first.pk).version
            approve_milestone(acting(signer), first.id, version=version)
    if standing == "paid":
        release_payment(acting(cast.uri), first.project_id, line=str(first.id), **paid)


def _with_uri(cast: Cast) -> Cast:
    """The cast with Uri as the homeowner."""
    return Cast(**vars(cast) | {"noa": cast.uri})


def _stages_told() -> list[dict[str, Any]]:
    """The usual stages in the language of the demonstration."""
    criteria = _said("criteria")
    return [
        stage | {"title": title, "criteria": criteria}
        for stage, title in zip(STAGES, _said("stages"), strict=True)
    ]


def _said(words: str) -> Any:
    return WORDS[words][settings.DEMO_LANGUAGE == "en"]


def _draft(cast: Cast) -> Iterator[tuple[str, str]]:
    """A draft of Uri's that Alon and Michal have joined, with an invitation that Eran has not answered."""
    project = draft(_with_uri(cast), _stages_told(), name=_said("draft"))
    invite_party(acting(cast.uri), project.id, email=cast.eran.email, role="supervisor")
    yield "draft", f"/projects/{project.id}/"
    yield from _stages("draft", project)


def _hopes(cast: Cast) -> Iterator[tuple[str, str]]:
    """Expectations of Uri's: in a draft, each at another point; and in a contract, one of them to judge."""
    uris = Cast(**vars(cast) | {"noa": cast.uri})
    project = draft(uris, _stages_told(), name=_said("hoping"))
    wide, quiet, promised = _said("wide"), _said("quiet"), _said("promised")
    hope = expected(uris.noa, project, 1, 2, **wide)
    answered = counter_expectation(
        acting(cast.alon),
        expected(uris.noa, project, 3, **quiet).id,
        version=1,
        counter=_said("counter"),
        cost=Decimal(38500),
    )
    promise = expected(cast.alon, project, **promised)
    yield "hopes", f"/projects/{project.id}/"
    for name, expectation in (("hope", hope), ("answered", answered), ("promise", promise)):
        yield name, f"/expectations/{expectation.id}/"
    yield from _kept(uris, wide, quiet)


def _kept(cast: Cast, *words: dict[str, str]) -> Iterator[tuple[str, str]]:
    project = draft(cast, _equal_stages(2), name=_said("keeping"), deposit=Decimal(0))
    kept, ripe = (confirmed(cast, expected(cast.noa, project, 1, **said)) for said in words)
    first = _submitted(cast, stage(signed(cast, project), 1))
    approve_milestone(acting(cast.noa), first.id, version=first.version)
    judge_expectation(acting(cast.noa), kept.id, met=False, note=_said("narrow"))
    yield "kept", f"/projects/{project.id}/"
    yield "kept_1", f"/milestones/{first.id}/"
    yield "ripe", f"/expectations/{ripe.id}/"


def _returned(cast: Cast) -> Iterator[tuple[str, str]]:
    """A milestone that Uri sent back, and one that waits for the engineer too."""
    project = active(_with_uri(cast), _stages_told(), name=_said("unit"))
    first = _submitted(cast, stage(project, 1))
    return_milestone(
        acting(cast.uri),
        first.id,
        version=first.version,
        unmet_criteria=[first.criteria.first().id],
        reason=_said("stain"),
    )
    yield "returned", f"/milestones/{first.id}/"
    yield "returned_project", f"/projects/{project.id}/"
    _submitted(cast, stage(project, 2))
    yield "half_signed", f"/milestones/{stage(project, 2).id}/"


def _faults(cast: Cast) -> Iterator[tuple[str, str]]:
    """A milestone that waits for Uri, with defects in every state; one signed with 30,000 withheld."""
    project = active(_with_uri(cast), _stages_told(), name=_said("faulty"))
    first, second = stage(project, 1), stage(project, 3)
    inspect_milestone(acting(cast.michal), first.id, percent=Decimal(85), note=_said("balcony"))
    shown = add_attachment(acting(cast.alon), project.id, received=_drawing(), name=_said("wall"))
    late = TODAY() - timedelta(days=3)
    defects = [
        report_defect(
            acting(cast.uri),
            first.id,
            title=title,
            place=_said("floor"),
            fix_by=late if n == 0 else TODAY(),
            photos=[shown.id],
            estimated_cost=Decimal(1200),
        )
        for n, title in enumerate(_said("defects"))
    ]
    for defect in defects[1:]:
        fix_defect(acting(cast.alon), defect.id, note=_said("repaired"))
    verify_defect(acting(cast.uri), defects[2].id)
    _submitted(cast, first)
    yield "faulty", f"/milestones/{first.id}/"
    yield "faults", f"/projects/{project.id}/defects/"
    yield "fault", f"/defects/{defects[0].id}/"
    yield "repaired", f"/defects/{defects[1].id}/"
    yield "reopened", f"/defects/{defects[2].id}/"
    second = _submitted(cast, second)
    minor = [{"title": _said("scratch"), "withheld": Decimal(30_000), "fix_by": TODAY()}]
    approve_milestone(acting(cast.uri), second.id, version=second.version, minor_defects=minor)
    yield "withheld", f"/milestones/{second.id}/"
    yield "withholding", f"/projects/{project.id}/payments/"


def _changed(cast: Cast) -> Iterator[tuple[str, str]]:
    """A contract of Uri's with a change in force, one that waits for him, and a date that was moved twice."""
    people = Cast(**vars(cast) | {"noa": cast.uri})
    end = TODAY() + timedelta(days=2)
    stages = [terms | {"planned_start": TODAY(), "planned_end": end} for terms in _equal_stages(4)]
    project = active(people, stages, name=_said("changing"), deposit=Decimal(0))
    told: dict[str, Any] = {"milestone": stage(project, 2).id, "reason": _said("bears")}
    smaller = propose_change(
        acting(cast.alon), project.id, title=_said("no beam"), amount=Decimal(-18_000), **told
    )
    for signer in (cast.alon, cast.uri):
        sign_change(acting(signer), smaller.id, version=version_of(smaller))
    larger = propose_change(
        acting(cast.alon),
        project.id,
        title=_said("windows"),
        amount=Decimal(12_500),
        milestone=stage(project, 3).id,
        days=7,
        reason=_said("light"),
    )
    sign_change(acting(cast.alon), larger.id, version=version_of(larger))
    for days, cause in ((9, "supply"), (16, "weather")):
        moved = TODAY() + timedelta(days=days)
        reschedule_milestone(acting(cast.alon), stage(project, 4).id, agreed_end=moved, cause=cause)
    yield "changed", f"/projects/{project.id}/"
    yield "change", f"/changes/{larger.id}/"
    yield "change_in_force", f"/changes/{smaller.id}/"
    yield from _stages("changed", project)


def _endings(cast: Cast) -> Iterator[tuple[str, str]]:
    """Of Uri: a completed project whose protocol Alon signed, and one that ended half way; one at work."""
    uris = Cast(**vars(cast) | {"noa": cast.uri})
    alon, uri = acting(cast.alon), acting(cast.uri)
    done = active(uris, _equal_stages(2), name=_said("done"), deposit=Decimal(0))
    for position in (1, 2):
        _signed(cast.uri, _submitted(cast, stage(done, position)))
    complete_project(alon, done.id)
    propose_handover(alon, done.id, day=TODAY(), text=_said("keys"))
    sign_handover(alon, done.id, version=1)
    yield "completed", f"/projects/{done.id}/"
    ended = active(uris, _equal_stages(3), name=_said("ended"), deposit=Decimal(0))
    _signed(cast.uri, _submitted(cast, stage(ended, 1)))
    money = {"paid_on": TODAY(), "method": "bank_transfer"}
    record_payment(uri, ended.id, line=str(stage(ended, 2).id), amount=Decimal("100000.00"), **money)
    terminate_project(uri, ended.id, reason=_said("nobody"))
    propose_closing_sum(alon, ended.id, amount=Decimal("120000.00"), text=_said("half"))
    sign_closing_sum(alon, ended.id, version=1)
    yield "ended", f"/projects/{ended.id}/"
    yield "at_work", f"/projects/{active(uris, _stages_told(), name=_said('at work')).id}/"


def _linked(cast: Cast) -> Iterator[tuple[str, str]]:
    """A contract of Uri's, linked: a payment whose index is known, one whose is missing; a correction."""
    due = latest_due("construction_inputs", TODAY())
    base = {"linkage_base_month": month_after(due, -4), "linkage_base_value": Decimal("138.2")}
    project = active(_with_uri(cast), _stages_told(), name=_said("linked"), **LINKED | base)
    points = ("138.9", "139.6", "141.1")
    values = [{"month": month_after(due, n - 3), "value": Decimal(value)} for n, value in enumerate(points)]
    tell_index_values(acting(cast.alon), project.id, values=values)
    tell_index_values(acting(cast.uri), project.id, values=[values[1] | {"value": Decimal("139.4")}])
    known = usual_day("construction_inputs", month_after(due, -1))
    for paid_on, amount in ((known, "75000.00"), (TODAY(), "25000.00")):
        money = {"amount": Decimal(amount), "paid_on": paid_on, "method": "bank_transfer"}
        record_payment(acting(cast.uri), project.id, line="deposit", **money)
    yield "linked", f"/projects/{project.id}/"


def _signed(by: User, milestone: Milestone) -> None:
    approve_milestone(acting(by), milestone.id, version=milestone.version)


def _ahead(cast: Cast) -> Iterator[tuple[str, str]]:
    """Noa paid 48,000 before the first milestone, which now waits for her alone."""
    project = active(cast, _equal_stages(3), name=_said("ahead"), deposit=Decimal(0))
    first = stage(project, 1)
    record_payment(
        acting(cast.noa),
        project.id,
        line=str(first.id),
        amount=Decimal("48000.00"),
        paid_on=TODAY(),
        method="bank_transfer",
        reference="4417",
        reason=_said("asked"),
    )
    _submitted(cast, first)
    yield "ahead", f"/projects/{project.id}/"


def _ways(cast: Cast) -> Iterator[tuple[str, str]]:
    """For each way of each journey a submitted milestone, and one that is worked on."""
    stages = _equal_stages(2 * JOURNEYS + 3)
    project = active(cast, stages, name=_said("ways"), deposit=Decimal(0))
    yield "journeys", f"/projects/{project.id}/"
    for n in range(JOURNEYS):
        for journey, position in (("sign", n + 1), ("refuse", JOURNEYS + n + 1)):
            yield f"{journey}_{n}", f"/milestones/{_submitted(cast, stage(project, position)).id}/"
    for n, language in enumerate(("he", "en"), start=1):
        yield f"keyboard_{language}", f"/milestones/{_submitted(cast, stage(project, 2 * JOURNEYS + n)).id}/"
    yield "log", f"/milestones/{stage(project, len(stages)).id}/"


def _equal_stages(count: int) -> list[dict[str, Any]]:
    """So many stages of a contract of 1,000,000, each signed by the homeowner; the last takes the rest."""
    share = Decimal(1_000_000) // count
    values = [share] * (count - 1) + [Decimal(1_000_000) - share * (count - 1)]
    titles = cycle(_said("equal"))
    return [
        {
            "title": title,
            "value": value,
            "amount": value,
            "signers": ["homeowner"],
            "criteria": _said("flood"),
        }
        for title, value in zip(titles, values, strict=False)
    ]


@cache
def _drawing() -> Received:
    """One photo for all: drawing it takes longer than telling a contract."""
    received = receive(SimpleUploadedFile("wall.jpg", draw("block_wall", 1), "image/jpeg"))
    store(received)
    return received


def _submitted(cast: Cast, milestone: Milestone) -> Milestone:
    shown = add_attachment(acting(cast.alon), milestone.project_id, received=_drawing(), name=_said("wall"))
    criteria = [criterion.id for criterion in milestone.criteria.all()]
    log_progress(
        acting(cast.alon),
        milestone.id,
        percent=Decimal(100),
        evidence=[shown.id],
        criterion=criteria[0],
    )
    submit_milestone(acting(cast.alon), milestone.id, criteria_met=criteria)
    return Milestone.objects.get(pk=milestone.pk)


def error_pages() -> dict[str, str]:
    """The pages of what cannot be brought about in a house that is well, by language and status."""
    pages = {}
    for language in ("he", "en"):
        with translation.override(language):
            for status, page in ERROR_PAGES.items():
                pages[f"{language}/{status}"] = page(RequestFactory().get("/")).content.decode()
    return pages


if __name__ == "__main__":
    print(json.dumps({"places": places(sys.argv[1]), "error_pages": error_pages()}))
