"""What a person may see of the ground. Everything else does not exist for them."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet

from people.queries import person_at, verified_addresses
from projects import clock
from projects.journal import text_hash
from projects.models import ApiToken, Deed, DeedSignature, Flag, FlagSeen, JournalEntry, Party, Project

Row = TypeVar("Row", bound=Model)


def parts_of(user_id: UUID) -> QuerySet[Party]:
    """A person's present parts."""
    return Party.objects.filter(user_id=user_id, joined_at__isnull=False, left_at=None)


def projects_visible_to(user_id: UUID) -> QuerySet[Project]:
    return Project.objects.filter(Exists(parts_of(user_id).filter(project_id=OuterRef("pk"))))


def visible_to(user_id: UUID, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows of a table with a `project` that belong to projects the person is a party of."""
    return rows.filter(Exists(parts_of(user_id).filter(project_id=OuterRef("project_id"))))


def invitations_of(user_id: UUID) -> QuerySet[Party]:
    """Invitations to an address that the person has proved to be theirs, not answered yet."""
    return Party.objects.filter(
        user=None, declined_at=None, left_at=None, invited_email__in=verified_addresses(user_id)
    ).select_related("project", "invited_by__user")


def parties_of(project: Project) -> list[Party]:
    """Every part, also ended ones, in the order they came."""
    return list(
        Party.objects.filter(project=project).select_related("user", "entry").order_by("entry__at", "id")
    )


def is_written_to(project_id: UUID, address: str) -> bool:
    """Whether mail about a project may go to an address: of a present party, or of an open invitation."""
    owner = person_at(address)
    theirs = Q(invited_email__iexact=address) | Q(user__email__iexact=address)
    if owner is not None:
        theirs |= Q(user=owner)
    return Party.objects.filter(theirs, project_id=project_id, left_at=None, declined_at=None).exists()


def journal_of(project_id: UUID) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(project_id=project_id).order_by("seq")


def live_token(secret: str) -> ApiToken | None:
    """The token with this secret, with its owner; None when it is unknown, expired, revoked or ownerless."""
    now = clock.now()
    return (
        ApiToken.objects.select_related("user")
        .filter(digest=text_hash(secret), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )


def tokens_of(user_id: UUID) -> QuerySet[ApiToken]:
    """A person's tokens that are not revoked, expired ones included."""
    return ApiToken.objects.filter(user_id=user_id, revoked_at=None)


def flags_visible_to(user_id: UUID) -> QuerySet[Flag]:
    """With their latest figures and with who has seen them."""
    seen = FlagSeen.objects.select_related("user").order_by("at", "id")
    return visible_to(user_id, Flag.objects.select_related("reading")).prefetch_related(
        Prefetch("seen", seen)
    )


def deeds_visible_to(user_id: UUID) -> QuerySet[Deed]:
    """With the signatures under them and who wrote them, the newest version first."""
    signatures = DeedSignature.objects.select_related("party__user", "entry").order_by("entry__seq")
    return (
        visible_to(user_id, Deed.objects.select_related("entry__actor"))
        .prefetch_related(Prefetch("signatures", signatures))
        .order_by("-entry__seq")
    )
