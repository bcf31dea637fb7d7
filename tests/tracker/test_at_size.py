"""Pages at the sizes of real life: 60 photos on a milestone, 40 milestones in a project, 200 projects."""

import gzip
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from milestones.actions import log_progress
from payments.rules import Contract
from projects.models import Party
from tests.cast import Cast, acting, active, photo, signed_in, stage
from tests.facts import write_project

LIGHT = 30 * 1024  # bytes of HTML over the wire: a quarter of a second on slow 4G
IMAGES = re.compile(r"<img [^>]*>")
LINKS = re.compile(r'href="/projects/([0-9a-f-]{36})/"')


@pytest.fixture
def contractor(cast: Cast) -> Client:
    return signed_in(cast.alon)


def opened(client: Client, address: str) -> str:
    """The page's HTML, which is light over the wire."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < LIGHT
    return answer.content.decode()


def share_of(count: int) -> list[dict[str, str]]:
    share = str(Decimal("900000.00") / count)
    return [
        {"title": f"Stage {n}", "value": share, "amount": share, "signers": ["homeowner"]}
        for n in range(1, count + 1)
    ]


def test_sixty_photos_come_as_thumbnails_when_they_are_scrolled_to(cast: Cast, contractor: Client) -> None:
    project = active(cast)
    milestone = stage(project, 1)
    for _ in range(3):
        shown = [photo(cast, project).id for _ in range(20)]
        log_progress(acting(cast.alon), milestone.id, percent=Decimal(50), evidence=shown)
    images = IMAGES.findall(opened(contractor, reverse("milestone", args=[milestone.id])))
    assert images
    assert all("thumb" in image and 'loading="lazy"' in image for image in images)
    assert len(images) <= 60


def test_forty_milestones(cast: Cast, contractor: Client) -> None:
    project = active(cast, share_of(40), contract_total=Decimal("900000.00"), deposit=Decimal(0))
    for name in ("project", "payments", "journal"):
        page = opened(contractor, reverse(name, args=[project.id]))
        assert name == "journal" or "Stage 40" in page


@pytest.mark.usefixtures("unguarded")
def test_two_hundred_projects_are_shown_fifty_at_a_time(cast: Cast, contractor: Client) -> None:
    for _ in range(200):
        project = write_project(Contract(total=Decimal(1000), terms=()), {})
        Party.objects.create(
            project=project,
            entry_id=project.entry_id,
            user=cast.alon,
            role="contractor",
            joined_at=project.created_at,
        )
    pages = [set(LINKS.findall(opened(contractor, f"{reverse('home')}?page={n}"))) for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, 50, 50]
    assert len(set.union(*pages)) == 200
