"""What the demonstration tells by itself."""

import time
from collections.abc import Iterator

from payments.models import Advance, Payment
from projects.models import Project
from tests.browser.scenes.kit import stage_places
from tests.cast import Cast, stage
from tracker.models import CaughtMail

MAIL_PATIENCE = 60  # seconds


def demonstration(_cast: Cast) -> Iterator[tuple[str, str]]:
    told = dict(zip(("house", "renovation", "kitchen"), Project.objects.order_by("created_at"), strict=False))
    for name, project in told.items():
        yield name, f"/projects/{project.id}/"
        yield from stage_places(name, project)
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
