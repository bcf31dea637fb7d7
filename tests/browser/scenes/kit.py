"""What the stories have in common: stages, work that is shown, and where things are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import cycle
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from milestones.actions import approve_milestone, log_progress, submit_milestone
from milestones.models import Milestone
from people.models import User
from projects import clock
from projects.actions import add_attachment
from projects.files import Received, receive, store
from projects.models import Project
from tests.browser.scenes.words import said
from tests.cast import STAGES, Cast, acting
from tracker.drawings import draw


def stage_places(name: str, project: Project) -> Iterator[tuple[str, str]]:
    """Where each milestone is, by its position."""
    for milestone in Milestone.objects.filter(project=project):
        yield f"{name}_{milestone.position}", f"/milestones/{milestone.id}/"


def with_uri(cast: Cast) -> Cast:
    """The cast with Uri as the homeowner."""
    return Cast(**vars(cast) | {"noa": cast.uri})


def stages_told() -> list[dict[str, Any]]:
    """The usual stages in the language of the demonstration."""
    criteria = said("criteria")
    return [
        stage | {"title": title, "criteria": criteria}
        for stage, title in zip(STAGES, said("stages"), strict=True)
    ]


def equal_stages(count: int) -> list[dict[str, Any]]:
    """So many stages of a contract of 1,000,000, each signed by the homeowner; the last takes the rest."""
    share = Decimal(1_000_000) // count
    values = [share] * (count - 1) + [Decimal(1_000_000) - share * (count - 1)]
    titles = cycle(said("equal"))
    return [
        {
            "title": title,
            "value": value,
            "amount": value,
            "signers": ["homeowner"],
            "criteria": said("flood"),
        }
        for title, value in zip(titles, values, strict=False)
    ]


@cache
def drawing() -> Received:
    """One photo for all: drawing it takes longer than telling a contract."""
    received = receive(SimpleUploadedFile("wall.jpg", draw("block_wall", 1), "image/jpeg"))
    store(received)
    return received


def submitted(cast: Cast, milestone: Milestone) -> Milestone:
    """Alon shows it and asks for the signatures."""
    shown = add_attachment(acting(cast.alon), milestone.project_id, received=drawing(), name=said("wall"))
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


def signed_by_one(by: User, milestone: Milestone) -> None:
    """One signature: all that a milestone of `equal_stages` needs."""
    approve_milestone(acting(by), milestone.id, version=milestone.version)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What is told inside happened then."""
    with clock.set_to(timezone.now() - timedelta(days=days)):
        yield
