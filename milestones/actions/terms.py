"""The terms of milestones, while the project is a draft."""

from collections.abc import Sequence
from typing import Any

from milestones.models import Criterion, Milestone
from projects.actions import new_version, require_draft
from projects.kernel import Act, action
from projects.models import SIDES, Project
from projects.refusals import Refused


def write_milestone(act: Act, position: int, criteria: Sequence[str], **terms: Any) -> Milestone:
    """Add a milestone with its criteria to the act's project. The plan's end is the first agreed date."""
    terms.setdefault("agreed_end", terms.get("planned_end"))
    milestone = act.add(Milestone(position=position, **terms))
    _write_criteria(act, milestone, criteria)
    return milestone


@action("milestone_added", by=SIDES)
def add_milestone(act: Act, *, criteria: Sequence[str] = (), **terms: Any) -> Milestone:
    """Add a milestone at the end of a draft: title, description, value, amount, dates, signers, criteria.

    Refuses project_not_draft.
    """
    require_draft(act)
    last = act.project.milestones.order_by("-position").first()
    milestone = write_milestone(act, last.position + 1 if last else 1, criteria, **terms)
    new_version(act)
    act.record(
        milestone=milestone.id, version=act.project.version, value=milestone.value, amount=milestone.amount
    )
    return milestone


@action("milestone_changed", on=Milestone, by=SIDES)
def edit_milestone(
    act: Act, *, version: int, criteria: Sequence[str] | None = None, **terms: Any
) -> Milestone:
    """Change terms of a draft's milestone from the milestone's `version` that was read.

    Signatures under the agreement are void by it. Refuses project_not_draft, changed_since_read.
    """
    require_draft(act)
    milestone: Milestone = act.target
    _require_version(milestone, version)
    if "planned_end" in terms:
        terms.setdefault("agreed_end", terms["planned_end"])
    act.change(milestone, version=version + 1, **terms)
    if criteria is not None:
        for criterion in milestone.criteria.all():
            act.remove(criterion)
        _write_criteria(act, milestone, criteria)
    new_version(act)
    fields = sorted([*terms, *([] if criteria is None else ["criteria"])])
    act.record(milestone=milestone.id, version=milestone.version, fields=fields)
    return milestone


@action("milestone_removed", on=Milestone, by=SIDES)
def remove_milestone(act: Act, *, version: int) -> Project:
    """Take a milestone out of a draft; the ones after it move up.

    Refuses project_not_draft, changed_since_read, and milestone_is_expected while an expectation names it:
    without its milestone it would be about the whole project.
    """
    require_draft(act)
    milestone: Milestone = act.target
    _require_version(milestone, version)
    if milestone.concerns.exists():
        raise Refused("milestone_is_expected")
    act.record(position=milestone.position, version=act.project.version + 1)
    for criterion in milestone.criteria.all():
        act.remove(criterion)
    act.remove(milestone)
    for later in act.project.milestones.filter(position__gt=milestone.position).order_by("position"):
        act.change(later, position=later.position - 1)
    new_version(act)
    return act.project


def _require_version(milestone: Milestone, version: int) -> None:
    if version != milestone.version:
        raise Refused("changed_since_read")


def _write_criteria(act: Act, milestone: Milestone, texts: Sequence[str]) -> None:
    act.add_all(
        [Criterion(milestone=milestone, position=n, text=text) for n, text in enumerate(texts, start=1)]
    )
