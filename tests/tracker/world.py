"""A small world with one of everything, for the tables of doors and of query counts."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from milestones.actions import report_defect
from payments.actions import dispute_payment, propose_change, record_payment, reverse_payment
from projects.actions import invite_party
from projects.files import Received, receive
from projects.flagging import settle_flags
from projects.models import Flag
from tests.asking import asked
from tests.cast import (
    LINKED,
    TODAY,
    Cast,
    acting,
    confirmed,
    draft,
    expected,
    index_told,
    join,
    photo,
    signed,
    stage,
    submitted,
)
from tracker.drawings import draw

# Addresses of Django and allauth: not ours to describe, but ours to know of.
FOREIGN = ("account_", "set_language")


@dataclass(frozen=True)
class World:
    """An active project of Noa and Alon, its first stage submitted, with an id for every kind of address."""

    cast: Cast
    ids: dict[str, UUID]

    def address(self, pattern: str, name: str) -> str:
        """The pattern with the ids of this world in it."""
        for parameter, value in self.ids.items():
            pattern = pattern.replace(f"<uuid:{parameter}>", str(value))
        if "<uuid:id>" in pattern:
            noun = pattern.removeprefix("api/v1/").split("/")[0]
            pattern = pattern.replace("<uuid:id>", str(self.ids[NOUNS[noun]]))
        return "/" + pattern.replace("<slug:template>", "house").replace("<int:session_id>", "0")


NOUNS = {
    "projects": "project_id",
    "milestones": "milestone_id",
    "parties": "party_id",
    "invitations": "invitation_id",
    "payments": "payment_id",
    "reversals": "reversal_id",
    "disputes": "dispute_id",
    "changes": "change_id",
    "advances": "advance_id",
    "attachments": "attachment_id",
    "defects": "defect_id",
    "flags": "flag_id",
    "expectations": "expectation_id",
    "tokens": "token_id",
}


@cache
def drawn_photo() -> Received:
    """A real small photo, received as an upload is."""
    return receive(SimpleUploadedFile("tiles.jpg", draw("tiles", 1), "image/jpeg"))


def build_world(cast: Cast) -> World:
    contract = draft(cast, **LINKED)
    expectation = confirmed(cast, expected(cast.noa, contract, 3))
    project = signed(cast, contract)
    observer = join(cast.noa, project, cast.eran, "observer")
    invitation = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    first = submitted(cast, stage(project, 1))
    attachment = photo(cast, project, drawn_photo().sha256)
    money = {"paid_on": TODAY(), "method": "cash"}
    payment = record_payment(
        acting(cast.noa), project.id, amount=Decimal("50000.00"), line=str(first.id), **money
    )
    reported = record_payment(acting(cast.alon), project.id, amount=Decimal("10.00"), **money)
    reversal = reverse_payment(acting(cast.alon), reported.id, amount=Decimal("10.00"), why="wrong_record")
    dispute = dispute_payment(acting(cast.noa), reported.id, reason="It was another sum")
    change = propose_change(
        acting(cast.alon),
        project.id,
        title="Larger windows",
        amount=Decimal("5000.00"),
        milestone=stage(project, 2).id,
    )
    advance = asked(cast, stage(project, 2))
    index_told(cast.alon, project, m2025_02="126.1")
    settle_flags(project.id)
    flag = Flag.objects.filter(project=project).first()
    assert flag is not None
    ids = {
        "project_id": project.id,
        "milestone_id": first.id,
        "party_id": observer,
        "invitation_id": invitation.id,
        "payment_id": payment.id,
        "reversal_id": reversal.id,
        "dispute_id": dispute.id,
        "change_id": change.id,
        "advance_id": advance.id,
        "attachment_id": attachment.id,
        "flag_id": flag.id,
        "expectation_id": expectation.id,
        "defect_id": report_defect(acting(cast.noa), first.id, title="A crack").id,
        "token_id": UUID(int=0),
    }
    return World(cast, ids)


def our_routes() -> dict[str, str]:
    """{name: pattern} of every route of the house that is not Django's or allauth's."""
    named: dict[str, str] = {}
    for pattern, name in _walk(get_resolver().url_patterns, ""):
        assert name, f"a route without a name: {pattern}"
        if not name.startswith(FOREIGN):
            assert name not in named, f"two routes named {name}"
            named[name] = pattern
    return named


def _walk(patterns: Any, prefix: str) -> Any:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and entry.namespace == "admin":
            continue  # a house of its own: tests/tracker/test_admin.py
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.name


def counted(run: Callable[[], Any]) -> int:
    """How many statements a call sends to the database."""
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)
