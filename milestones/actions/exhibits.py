"""What inspections and defects share: whose word counts, and the files shown with it."""

from collections.abc import Callable, Sequence
from uuid import UUID

from milestones.models import Exhibit
from projects.kernel import Act
from projects.models import Attachment, Party
from projects.refusals import Refused


def require_confirmed(act: Act) -> Party:
    """The actor's part; an engineer or supervisor counts from a homeowner's confirmation on."""
    assert act.party is not None
    if not act.party.confirmed:
        raise Refused("part_not_confirmed")
    return act.party


def attachments_of(act: Act, ids: Sequence[UUID], *, field: str) -> list[Attachment]:
    """Files of this project, in the order they were added. Refuses unknown_evidence."""
    found = list(Attachment.objects.filter(project=act.project, pk__in=ids).order_by("entry__seq", "id"))
    if len(found) != len(set(ids)):
        raise Refused("unknown_evidence", field=field)
    return found


def show(act: Act, attachments: Sequence[Attachment], exhibit: Callable[[Attachment], Exhibit]) -> None:
    act.add_all([exhibit(attachment) for attachment in attachments])
