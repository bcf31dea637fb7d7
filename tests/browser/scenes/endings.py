"""How contracts end."""

from collections.abc import Iterator
from decimal import Decimal

from payments.actions import complete_project, record_payment, terminate_project
from projects.endings import (
    propose_closing_sum,
    propose_handover,
    sign_closing_sum,
    sign_handover,
    suspend_project,
)
from projects.models import Project
from tests.browser.scenes.kit import equal_stages, signed_by_one, stages_told, submitted, with_uri
from tests.browser.scenes.words import said
from tests.cast import TODAY, Cast, acting, active, stage


def endings(cast: Cast) -> Iterator[tuple[str, str]]:
    """Of Uri: a completed project whose protocol Alon signed, and one that ended half way; one at work."""
    uris = with_uri(cast)
    alon, uri = acting(cast.alon), acting(cast.uri)
    done = active(uris, equal_stages(2), name=said("done"), deposit=Decimal(0))
    for position in (1, 2):
        signed_by_one(cast.uri, submitted(cast, stage(done, position)))
    complete_project(alon, done.id)
    propose_handover(alon, done.id, day=TODAY(), text=said("keys"))
    sign_handover(alon, done.id, version=1)
    yield "completed", f"/projects/{done.id}/"
    ended = active(uris, equal_stages(3), name=said("ended"), deposit=Decimal(0))
    signed_by_one(cast.uri, submitted(cast, stage(ended, 1)))
    money = {"paid_on": TODAY(), "method": "bank_transfer"}
    record_payment(uri, ended.id, line=str(stage(ended, 2).id), amount=Decimal("100000.00"), **money)
    terminate_project(uri, ended.id, reason=said("nobody"))
    propose_closing_sum(alon, ended.id, amount=Decimal("120000.00"), text=said("half"))
    sign_closing_sum(alon, ended.id, version=1)
    yield "ended", f"/projects/{ended.id}/"


def turns(cast: Cast) -> Iterator[tuple[str, str]]:
    """Of Uri: at work; suspended; all signed off; completed without a protocol; handed over; settled."""
    uris = with_uri(cast)
    alon, uri = acting(cast.alon), acting(cast.uri)
    at_work = active(uris, stages_told(), name=said("at work"))
    suspended = active(uris, stages_told(), name=said("suspended"))
    suspend_project(uri, suspended.id, reason=said("rain"))
    finished, bare, handed_over = (_finished(cast, name) for name in ("finished", "bare", "handed over"))
    for project in (bare, handed_over):
        complete_project(alon, project.id)
    propose_handover(alon, handed_over.id, day=TODAY(), text=said("keys"))
    for signer in (alon, uri):
        sign_handover(signer, handed_over.id, version=1)
    settled = active(uris, equal_stages(3), name=said("settled"), deposit=Decimal(0))
    signed_by_one(cast.uri, submitted(cast, stage(settled, 1)))
    terminate_project(uri, settled.id, reason=said("nobody"))
    propose_closing_sum(alon, settled.id, amount=Decimal("-18500.00"), text=said("half"))
    for signer in (alon, uri):
        sign_closing_sum(signer, settled.id, version=1)
    told = {"at_work": at_work, "suspended": suspended, "finished": finished, "bare": bare}
    for name, project in (told | {"handed_over": handed_over, "settled": settled}).items():
        yield name, f"/projects/{project.id}/"


def _finished(cast: Cast, name: str) -> Project:
    """A contract of one milestone, which Uri signed off."""
    project = active(with_uri(cast), equal_stages(1), name=said(name), deposit=Decimal(0))
    signed_by_one(cast.uri, submitted(cast, stage(project, 1)))
    return project
