"""Requests of Alon's to be paid early, each in another state."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from payments.actions import approve_advance, ask_for_advance, decline_advance, open_advance, pay_advance
from payments.models import Advance
from tests.browser.scenes.kit import days_ago, stages_told, with_uri
from tests.browser.scenes.words import said
from tests.cast import TODAY, Cast, acting, active, stage


def asked_ahead(cast: Cast) -> Iterator[tuple[str, str]]:
    """Contracts of Uri's with a request that he has not opened, may decide on, approved, paid, or declined,
    and one that lapsed.
    """
    uri = acting(cast.uri)
    yield from _places("unopened", _asked(cast, "unopened"))
    yield from _places("lapsed", _asked(cast, "lapsed", days=8))
    ripe, approved, paid, declined = (
        _opened(cast, name) for name in ("ripe ahead", "approved", "paid ahead", "declined")
    )
    for advance in (approved, paid):
        approve_advance(uri, advance.id, version=1)
    pay_advance(uri, paid.id, amount=paid.amount, paid_on=TODAY(), method="bank_transfer", reference="5120")
    decline_advance(uri, declined.id, reason=said("wait for frame"))
    yield from _places("ripe", ripe)
    yield from _places("approved", approved)
    yield from _places("paid", paid)
    yield from _places("declined", declined)


def _asked(cast: Cast, name: str, days: int = 0) -> Advance:
    with days_ago(days):
        project = active(with_uri(cast), stages_told(), name=said(name))
        return ask_for_advance(
            acting(cast.alon),
            project.id,
            milestone=stage(project, 1).id,
            amount=Decimal(60_000),
            catch_up_on=TODAY() + timedelta(days=21),
            reason=said("steel"),
        )


def _opened(cast: Cast, name: str) -> Advance:
    """Opened so long ago that the time to think is over."""
    advance = _asked(cast, name, days=4)
    with days_ago(3):
        open_advance(acting(cast.uri), advance.id)
    return advance


def _places(name: str, advance: Advance) -> Iterator[tuple[str, str]]:
    yield f"{name}_advance", f"/advances/{advance.id}/"
    yield f"{name}_contract", f"/projects/{advance.project_id}/"
