"""Milestones to walk the journeys on."""

from collections.abc import Iterator
from decimal import Decimal

from tests.browser.scenes.kit import equal_stages, submitted
from tests.browser.scenes.words import said
from tests.cast import Cast, active, stage

JOURNEYS = 8  # two languages, two sizes, with and without JavaScript


def ways(cast: Cast) -> Iterator[tuple[str, str]]:
    """For each way of each journey a submitted milestone, and one that is worked on."""
    stages = equal_stages(2 * JOURNEYS + 3)
    project = active(cast, stages, name=said("ways"), deposit=Decimal(0))
    yield "journeys", f"/projects/{project.id}/"
    for n in range(JOURNEYS):
        for journey, position in (("sign", n + 1), ("refuse", JOURNEYS + n + 1)):
            yield f"{journey}_{n}", f"/milestones/{submitted(cast, stage(project, position)).id}/"
    for n, language in enumerate(("he", "en"), start=1):
        yield f"keyboard_{language}", f"/milestones/{submitted(cast, stage(project, 2 * JOURNEYS + n)).id}/"
    yield "log", f"/milestones/{stage(project, len(stages)).id}/"
