"""What the browser looks at: the demonstration of a running house, and states that it does not have.

A program: `python -m tests.browser.scene screens` (or `journeys`), in the environment of a house, tells it
further contracts through the product's own actions and prints where everything is, as JSON. Each state is for
one screen or for one journey, so that these can be looked at in any order.
"""

import json
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import translation  # noqa: E402
from django.views import defaults  # noqa: E402

from milestones.actions import log_progress, return_milestone, submit_milestone  # noqa: E402
from milestones.models import Milestone  # noqa: E402
from payments.actions import record_payment  # noqa: E402
from payments.models import Payment  # noqa: E402
from people.models import User  # noqa: E402
from projects.actions import add_attachment, invite_party  # noqa: E402
from projects.files import Received, receive, store  # noqa: E402
from projects.models import Project  # noqa: E402
from projects.refusals import Refused  # noqa: E402
from tests.cast import TODAY, Cast, acting, active, draft, stage  # noqa: E402
from tracker.accounts import too_many  # noqa: E402
from tracker.drawings import draw  # noqa: E402
from tracker.outage import unavailable  # noqa: E402

JOURNEYS = 8  # two languages, two sizes, with and without JavaScript
CRITERION = "אין שום כתם אחרי הצפה של יומיים"
ERROR_PAGES = {
    "429": too_many,
    "500": defaults.server_error,
    "503": lambda request: unavailable(request, Refused("busy")),
}


def places(scene: str) -> dict[str, str]:
    """Every address that the screens, or the journeys, are given, by name."""
    cast = Cast(*(User.objects.get(email=f"{name}@example.com") for name in Cast.__annotations__))
    stories = {
        "screens": (_demonstration, _draft, _returned),
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
    yield "payment", f"/payments/{released.first().id}/"
    yield "signed_line", f"{stage(house, 5).id}"
    yield "locked_line", f"{stage(house, 6).id}"


def _stages(name: str, project: Project) -> Iterator[tuple[str, str]]:
    for milestone in Milestone.objects.filter(project=project):
        yield f"{name}_{milestone.position}", f"/milestones/{milestone.id}/"


def _draft(cast: Cast) -> Iterator[tuple[str, str]]:
    """A draft of Uri's that Alon and Michal have joined, with an invitation that Eran has not answered."""
    project = draft(Cast(**vars(cast) | {"noa": cast.uri}), name="בית משפחת ברק, חדרה")
    invite_party(acting(cast.uri), project.id, email=cast.eran.email, role="supervisor")
    yield "draft", f"/projects/{project.id}/"
    yield from _stages("draft", project)


def _returned(cast: Cast) -> Iterator[tuple[str, str]]:
    """A milestone that Uri sent back, and one that waits for the engineer too."""
    project = active(Cast(**vars(cast) | {"noa": cast.uri}), name="יחידת דיור, בנימינה")
    first = _submitted(cast, stage(project, 1))
    return_milestone(
        acting(cast.uri),
        first.id,
        version=first.version,
        unmet_criteria=[first.criteria.first().id],
        reason="בפינה הצפונית נשאר כתם אחרי ההצפה",
    )
    yield "returned", f"/milestones/{first.id}/"
    _submitted(cast, stage(project, 2))
    yield "half_signed", f"/milestones/{stage(project, 2).id}/"


def _ahead(cast: Cast) -> Iterator[tuple[str, str]]:
    """Noa paid 48,000 before the first milestone, which now waits for her alone."""
    project = active(cast, _equal_stages(3), name="בית משפחת שלו, פרדס חנה", deposit=Decimal(0))
    first = stage(project, 1)
    record_payment(
        acting(cast.noa),
        project.id,
        line=str(first.id),
        amount=Decimal("48000.00"),
        paid_on=TODAY(),
        method="bank_transfer",
        reference="4417",
        reason="הקבלן ביקש להקדים",
    )
    _submitted(cast, first)
    yield "ahead", f"/projects/{project.id}/"


def _ways(cast: Cast) -> Iterator[tuple[str, str]]:
    """For each way of each journey a submitted milestone, and one that is worked on."""
    stages = _equal_stages(2 * JOURNEYS + 3)
    project = active(cast, stages, name="מרפאת כרם, יקנעם", deposit=Decimal(0))
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
    return [
        {
            "title": f"שלב {n}: איטום",
            "value": value,
            "amount": value,
            "signers": ["homeowner"],
            "criteria": [CRITERION, "המפקח בדק"],
        }
        for n, value in enumerate(values, start=1)
    ]


@cache
def _drawing() -> Received:
    """One photo for all: drawing it takes longer than telling a contract."""
    received = receive(SimpleUploadedFile("wall.jpg", draw("block_wall", 1), "image/jpeg"))
    store(received)
    return received


def _submitted(cast: Cast, milestone: Milestone) -> Milestone:
    shown = add_attachment(acting(cast.alon), milestone.project_id, received=_drawing(), name="ציור: קיר")
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
