"""What pages about one milestone begin with."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from milestones.models import Defect, Milestone
from milestones.queries import MilestoneWithFacts, defects_visible_to, milestones_visible_to
from projects.form_kit import Upload
from projects.kernel import Action
from projects.models import Party
from projects.page_kit import keep_file, part_in, reader_of, require_part, row_or_not_there

OPEN_FOR_WORK = {Milestone.State.PLANNED, Milestone.State.IN_PROGRESS}
OPEN_FOR_INSPECTION = {*OPEN_FOR_WORK, Milestone.State.SUBMITTED}


def milestone_for(
    request: HttpRequest, milestone_id: UUID, action: Action
) -> tuple[MilestoneWithFacts, Party]:
    """A milestone for a page whose purpose is an action, and the reader's part, which must include it."""
    milestone = row_or_not_there(milestones_visible_to(reader_of(request)), milestone_id)
    part = part_in(request, milestone.project_id)
    require_part(part, action)
    return milestone, part


def kept_files(request: HttpRequest, uploads: Iterable[Upload], project_id: UUID) -> list[UUID]:
    """The ids of the files that came with a form, each kept once."""
    return list(dict.fromkeys(keep_file(request, project_id, upload) for upload in uploads))


def defect_for(request: HttpRequest, defect_id: UUID, action: Action) -> tuple[Defect, Party]:
    """A defect for a page whose purpose is an action, and the reader's part, which must include it."""
    defect = row_or_not_there(defects_visible_to(reader_of(request)), defect_id)
    part = part_in(request, defect.project_id)
    require_part(part, action)
    return defect, part


def defect_address(defect: Defect) -> str:
    """Where a defect stands among those of its milestone."""
    return f"{reverse('milestone', args=[defect.milestone_id])}#defect-{defect.number}"


def milestone_address(milestone: Milestone) -> str:
    return reverse("milestone", args=[milestone.pk])
