"""Where the rounds of a loaded milestone stand: who signed, who is waited for. No queries of their own.

The milestones come from `milestones_visible_to`, which loads the rounds with their decisions.
"""

from collections.abc import Sequence

from milestones.models import Decision, Milestone, Submission
from milestones.queries import awaited_roles
from projects.models import Party, Project


def current_round_of(milestone: Milestone) -> Submission | None:
    """The latest submission; withdrawn or returned ones included."""
    return next((s for s in milestone.submissions.all() if s.round == milestone.round), None)


def decisions_of(milestone: Milestone) -> list[Decision]:
    """The decisions of the latest round, in their order."""
    submission = current_round_of(milestone)
    return list(submission.decisions.all()) if submission else []


def waiting_for(milestone: Milestone, parties: Sequence[Party]) -> list[str]:
    """The roles whose approval a submitted milestone waits for; none when it is not submitted, or the project
    not active."""
    submission = current_round_of(milestone)
    is_active = milestone.project.state == Project.State.ACTIVE
    if milestone.state != Milestone.State.SUBMITTED or submission is None or not is_active:
        return []
    return awaited_roles(milestone, submission, list(parties))


def waits_for(milestone: Milestone, part: Party, parties: Sequence[Party]) -> bool:
    """Whether this person's own decision is waited for."""
    has_decided = any(decision.party_id == part.id for decision in decisions_of(milestone))
    return part.may_sign and not has_decided and part.role in waiting_for(milestone, parties)


def was_returned(milestone: Milestone) -> Decision | None:
    """The decision that returned the latest round, while it is being corrected."""
    if milestone.state != Milestone.State.IN_PROGRESS:
        return None
    return next((decision for decision in decisions_of(milestone) if not decision.approves), None)
