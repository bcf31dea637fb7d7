"""Contracts before their signature, and what was expected of them."""

from collections.abc import Iterator
from decimal import Decimal

from milestones.actions import approve_milestone, counter_expectation, judge_expectation
from projects.actions import invite_party
from tests.browser.scenes.kit import equal_stages, stage_places, stages_told, submitted, with_uri
from tests.browser.scenes.words import said
from tests.cast import Cast, acting, confirmed, draft, expected, signed, stage


def drafts(cast: Cast) -> Iterator[tuple[str, str]]:
    """A draft of Uri's that Alon and Michal have joined, with an invitation that Eran has not answered."""
    project = draft(with_uri(cast), stages_told(), name=said("draft"))
    invite_party(acting(cast.uri), project.id, email=cast.eran.email, role="supervisor")
    yield "draft", f"/projects/{project.id}/"
    yield from stage_places("draft", project)


def hopes(cast: Cast) -> Iterator[tuple[str, str]]:
    """Expectations of Uri's: in a draft, each at another point; and in a contract, one of them to judge."""
    uris = with_uri(cast)
    project = draft(uris, stages_told(), name=said("hoping"))
    wide, quiet, promised = said("wide"), said("quiet"), said("promised")
    hope = expected(uris.noa, project, 1, 2, **wide)
    answered = counter_expectation(
        acting(cast.alon),
        expected(uris.noa, project, 3, **quiet).id,
        version=1,
        counter=said("counter"),
        cost=Decimal(38500),
    )
    promise = expected(cast.alon, project, **promised)
    yield "hopes", f"/projects/{project.id}/"
    for name, expectation in (("hope", hope), ("answered", answered), ("promise", promise)):
        yield name, f"/expectations/{expectation.id}/"
    yield from _kept(uris, wide, quiet)


def _kept(cast: Cast, *words: dict[str, str]) -> Iterator[tuple[str, str]]:
    project = draft(cast, equal_stages(2), name=said("keeping"), deposit=Decimal(0))
    kept, ripe = (confirmed(cast, expected(cast.noa, project, 1, **said)) for said in words)
    first = submitted(cast, stage(signed(cast, project), 1))
    approve_milestone(acting(cast.noa), first.id, version=first.version)
    judge_expectation(acting(cast.noa), kept.id, met=False, note=said("narrow"))
    yield "kept", f"/projects/{project.id}/"
    yield "kept_1", f"/milestones/{first.id}/"
    yield "ripe", f"/expectations/{ripe.id}/"
