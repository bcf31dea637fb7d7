"""The permanent cast, and the story's first chapters as short verbs: what most tests begin with."""

import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.test import Client

from milestones.actions import (
    add_expectation,
    approve_milestone,
    confirm_expectation,
    log_progress,
    sign_agreement,
    submit_milestone,
)
from milestones.models import Expectation, Milestone
from payments.actions import tell_index_values
from people.models import User
from projects.actions import accept_invitation, add_attachment, confirm_party, invite_party
from projects.files import Received
from projects.kernel import Actor
from projects.models import Attachment, Project
from tests.retold import Retold
from tracker.actions import create_project

RETOLD: list[Retold] = []  # the usual active contract, once it was told in this test process

TODAY = date.today  # the projects of the tests live in the present


@dataclass(frozen=True)
class Cast:
    """Homeowners Noa and Uri, contractor Alon, engineer Michal, supervisor Eran; Dana is party to nothing."""

    noa: User
    uri: User
    alon: User
    michal: User
    eran: User
    dana: User


def person(name: str, language: str = "en") -> User:
    user = User.objects.create_user(
        f"{name.lower()}@example.com", full_name=f"{name} Example", language=language
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def cast_people() -> Cast:
    return Cast(*(person(name) for name in ("Noa", "Uri", "Alon", "Michal", "Eran", "Dana")))


def acting(user: User, *, proven: bool = True) -> Actor:
    """The person, with a fresh proof of identity unless told otherwise."""
    return Actor(user.id, proven=proven)


def signed_in(user: User, language: str = "en", ahead: float = 0) -> Client:
    """A browser in which the person has just signed in: a fresh proof of identity, by `ahead` seconds."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + ahead, "email": user.email}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    client.cookies["django_language"] = language
    return client


STAGES: list[dict[str, Any]] = [
    {
        "title": "Foundations",
        "value": "400000.00",
        "amount": "400000.00",
        "signers": ["homeowner", "engineer"],
    },
    {"title": "Frame", "value": "350000.00", "amount": "300000.00", "signers": ["homeowner", "engineer"]},
    {"title": "Finishes", "value": "250000.00", "amount": "200000.00", "signers": ["homeowner"]},
]


# Two fifths of every payment follow the index, which stood at 125 points in January 2025.
LINKED: dict[str, Any] = {
    "linkage_index": "construction_inputs",
    "linkage_share": Decimal(40),
    "linkage_base_month": date(2025, 1, 1),
    "linkage_base_value": Decimal(125),
}


def draft(cast: Cast, stages: list[dict[str, Any]] | None = None, **terms: Any) -> Project:
    """A complete draft by Noa: 1,000,000 with a deposit of 100,000 and 5 % retention, everybody joined."""
    stages = STAGES if stages is None else stages
    written = [
        {"criteria": ["It is done as we agreed", "It was checked"]}
        | stage
        | {"value": Decimal(stage["value"]), "amount": Decimal(stage["amount"])}
        for stage in stages
    ]
    values: dict[str, Any] = {
        "name": "Almog family house",
        "kind": "house_build",
        "contract_total": Decimal("1000000.00"),
        "deposit": Decimal("100000.00"),
        "retention_percent": Decimal(5),
        "vat_rate": Decimal(18),
        "starts_on": TODAY(),
    } | terms
    project = create_project(acting(cast.noa), my_role="homeowner", milestones=written, **values)
    join(cast.noa, project, cast.alon, "contractor")
    join(cast.noa, project, cast.michal, "engineer")
    return Project.objects.get(pk=project.pk)


def join(inviter: User, project: Project, invited: User, role: str, **options: Any) -> UUID:
    party = invite_party(acting(inviter), project.id, email=invited.email, role=role, **options)
    accept_invitation(acting(invited), party.id)
    return party.id


def confirm(homeowner: User, party_id: UUID) -> None:
    confirm_party(acting(homeowner), party_id)


def active(cast: Cast, stages: list[dict[str, Any]] | None = None, **terms: Any) -> Project:
    """The draft, signed by Noa and Alon."""
    if stages is None and not terms and RETOLD and (laid := RETOLD[0].lay(cast.noa.pk)):
        return Project.objects.get(pk=laid)
    return signed(cast, draft(cast, stages, **terms))


def signed(cast: Cast, project: Project) -> Project:
    """A draft as it stands now, signed by Noa and Alon."""
    project = Project.objects.get(pk=project.pk)
    for signer in (cast.noa, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    return Project.objects.get(pk=project.pk)


DRY = {"goal": "The basement stays dry", "measure": "No stain after a winter of rain"}


def expected(by: User, project: Project, *positions: int, **words: str) -> Expectation:
    """An expectation of a draft, about these milestones or about the whole project."""
    milestones = [stage(project, position).id for position in positions]
    return add_expectation(acting(by), project.id, milestones=milestones, **DRY | words)


def confirmed(cast: Cast, expectation: Expectation, **said: Any) -> Expectation:
    """Alon stands behind it."""
    return confirm_expectation(acting(cast.alon), expectation.id, version=expectation.version, **said)


def index_told(by: User, project: Project, **points: str) -> None:
    """What a side tells of the index, by month: `m2025_02="126.5"`; published on the usual day."""
    values = [
        {"month": date(int(month[1:5]), int(month[6:]), 1), "value": Decimal(value)}
        for month, value in points.items()
    ]
    tell_index_values(acting(by), project.id, values=values)


def stage(project: Project, position: int) -> Milestone:
    return Milestone.objects.get(project=project, position=position)


def photo(cast: Cast, project: Project, digest: str = "ab" * 32) -> Attachment:
    """A photo that Alon added (its bytes are not stored)."""
    received = Received(digest, "photo", "image/jpeg", 1000, 640, 480, None, None, b"")
    return add_attachment(acting(cast.alon), project.id, received=received)


def submitted(cast: Cast, milestone: Milestone) -> Milestone:
    """Alon logs 100 % with a photo and submits."""
    shown = photo(cast, milestone.project)
    log_progress(acting(cast.alon), milestone.id, percent=Decimal(100), evidence=[shown.id])
    criteria = [c.id for c in milestone.criteria.all()]
    submit_milestone(acting(cast.alon), milestone.id, criteria_met=criteria)
    return Milestone.objects.get(pk=milestone.pk)


def signed_off(cast: Cast, milestone: Milestone) -> Milestone:
    """Submitted, and approved by every required signer."""
    milestone = submitted(cast, milestone)
    people = {"homeowner": cast.noa, "engineer": cast.michal, "supervisor": cast.eran}
    for role in milestone.signers:
        approve_milestone(acting(people[role]), milestone.id, version=milestone.version)
    return Milestone.objects.get(pk=milestone.pk)
