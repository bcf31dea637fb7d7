"""What pages about one milestone begin with."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from milestones.models import Milestone
from milestones.queries import MilestoneWithFacts, milestones_visible_to
from projects.kernel import Action
from projects.models import Party
from projects.page_kit import part_in, reader_of, require_part, row_or_not_there

OPEN_FOR_WORK = {Milestone.State.PLANNED, Milestone.State.IN_PROGRESS}


def milestone_for(
    request: HttpRequest, milestone_id: UUID, action: Action
) -> tuple[MilestoneWithFacts, Party]:
    """A milestone for a page whose purpose is an action, and the reader's part, which must include it."""
    milestone = row_or_not_there(milestones_visible_to(reader_of(request)), milestone_id)
    part = part_in(request, milestone.project_id)
    require_part(part, action)
    return milestone, part


def milestone_address(milestone: Milestone) -> str:
    return reverse("milestone", args=[milestone.pk])
