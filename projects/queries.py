"""What a person may see of the ground. Everything else does not exist for them."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet

from people.queries import verified_addresses
from projects.models import JournalEntry, Party, Project

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


def journal_of(project_id: UUID) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(project_id=project_id).order_by("seq")
