"""Acts that combine the floors: a project created whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from milestones.actions.terms import write_milestone
from projects.kernel import Act, action
from projects.models import Party, Project, Role


@action("project_created", on=None, by=())
def create_project(
    act: Act, *, my_role: str, milestones: Sequence[Mapping[str, Any]] = (), template: str = "", **terms: Any
) -> Project:
    """Begin a project as its homeowner or its contractor, with its milestones, in draft.

    terms: name, kind, address, contract_total, deposit, retention_percent, vat_rate, starts_on, policy.
    A milestone: title, description, value, amount, planned_start, planned_end, signers, criteria.
    """
    project = act.begin(Project(created_at=act.at, **terms))
    act.add(Party(role=Role(my_role), user_id=act.actor.user_id, joined_at=act.at))
    for position, milestone in enumerate(milestones, start=1):
        write_milestone(act, position, **milestone)
    act.record(
        version=project.version, role=my_role, template=template, contract_total=project.contract_total
    )
    return project
