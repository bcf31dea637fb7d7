"""Changes of signed terms, and moved dates."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from milestones.actions import reschedule_milestone
from payments.actions import decline_change, propose_change, sign_change
from payments.changing import version_of
from tests.browser.scenes.kit import equal_stages, stage_places, with_uri
from tests.browser.scenes.words import said
from tests.cast import TODAY, Cast, acting, active, stage


def changed(cast: Cast) -> Iterator[tuple[str, str]]:
    """A contract of Uri's with changes in every state, and a date that was moved twice."""
    end = TODAY() + timedelta(days=2)
    stages = [terms | {"planned_start": TODAY(), "planned_end": end} for terms in equal_stages(4)]
    project = active(with_uri(cast), stages, name=said("changing"), deposit=Decimal(0))
    smaller = propose_change(
        acting(cast.alon),
        project.id,
        title=said("no beam"),
        amount=Decimal(-18_000),
        milestone=stage(project, 2).id,
        reason=said("bears"),
    )
    for signer in (cast.alon, cast.uri):
        sign_change(acting(signer), smaller.id, version=version_of(smaller))
    larger = propose_change(
        acting(cast.alon),
        project.id,
        title=said("windows"),
        amount=Decimal(12_500),
        milestone=stage(project, 3).id,
        days=7,
        reason=said("light"),
    )
    sign_change(acting(cast.alon), larger.id, version=version_of(larger))
    declined = propose_change(
        acting(cast.alon),
        project.id,
        title=said("tiles"),
        amount=Decimal(64_000),
        milestone=stage(project, 4).id,
    )
    decline_change(acting(cast.uri), declined.id, reason=said("too dear"))
    added = propose_change(
        acting(cast.alon),
        project.id,
        title=said("pergola"),
        amount=Decimal(38_000),
        criteria=said("pergola done"),
        signers=["homeowner"],
        planned_end=end + timedelta(days=30),
        reason=said("light"),
    )
    for days, cause in ((9, "supply"), (16, "weather")):
        moved = TODAY() + timedelta(days=days)
        reschedule_milestone(acting(cast.alon), stage(project, 4).id, agreed_end=moved, cause=cause)
    yield "changed", f"/projects/{project.id}/"
    yield "change", f"/changes/{larger.id}/"
    yield "change_declined", f"/changes/{declined.id}/"
    yield "change_added", f"/changes/{added.id}/"
    yield "change_in_force", f"/changes/{smaller.id}/"
    yield from stage_places("changed", project)
