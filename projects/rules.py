"""Who may bring whom, and who may end whose part: pure judgements over loaded parties (docs/people.md)."""

from collections.abc import Iterable, Sequence

from projects.models import SIDES, Party, Project, Role

CONFIRMED_BY_HOMEOWNERS = {Role.ENGINEER, Role.SUPERVISOR}


def standing(parties: Sequence[Party], role: str) -> list[Party]:
    """The parts of a role that are present or invited and not answered yet."""
    return [p for p in parties if p.role == role and p.left_at is None and p.declined_at is None]


def invitation_refusal(
    inviter: Party, role: str, parties: Sequence[Party], *, draft: bool, signs: bool
) -> str | None:
    """Why this person may not invite someone as `role`; None when they may.

    The contractor brings only the first homeowner ever, who signs; later ones are brought by one who does.
    There is one contractor, and after the agreement is signed no other.
    """
    if role == Role.CONTRACTOR and (standing(parties, role) or not draft):
        return "contractor_is_there"
    if role == Role.HOMEOWNER and (standing(parties, role) or _ever_joined(parties, role)):
        return None if inviter.role == Role.HOMEOWNER and inviter.may_sign else "homeowners_invite_homeowners"
    return "first_homeowner_signs" if role == Role.HOMEOWNER and not signs else None


def _ever_joined(parties: Sequence[Party], role: str) -> bool:
    return any(p.role == role and p.joined_at for p in parties)


def is_confirmed_at_once(inviter: Party, role: str) -> bool:
    """An engineer or supervisor counts once a signing homeowner confirmed, or by their bringing them."""
    return (inviter.role == Role.HOMEOWNER and inviter.may_sign) or role not in CONFIRMED_BY_HOMEOWNERS


def ending_refusal(ender: Party, part: Party, parties: Sequence[Party], draft: bool) -> str | None:
    """Why this person may not end that part (or take an invitation back); None when they may."""
    if part.role == Role.CONTRACTOR and not draft:
        return "contract_holds"
    if _is_the_last_signing_homeowner(part, parties):
        return "last_homeowner_stays"
    if ender.id == part.id:
        return None
    if ender.role == Role.HOMEOWNER and ender.may_sign:
        return None
    if part.invited_by_id == ender.id and part.joined_at is None:
        return None
    return "homeowners_end_parts"


def _is_the_last_signing_homeowner(part: Party, parties: Sequence[Party]) -> bool:
    if part.role != Role.HOMEOWNER or not part.may_sign:
        return False
    return not any(p.may_sign for p in parties if p.role == Role.HOMEOWNER and p.id != part.id)


# Why work waits in each state but the active one.
WAITS_BECAUSE = {
    Project.State.DRAFT.value: "project_not_active",
    Project.State.SUSPENDED.value: "project_suspended",
    Project.State.COMPLETED.value: "project_completed",
    Project.State.CLOSED.value: "project_completed",
    Project.State.TERMINATED.value: "project_terminated",
}


def activity_refusal(state: str) -> str | None:
    """Why work cannot go on in this state of the project; None while it is active."""
    return WAITS_BECAUSE.get(state)


def those_who_sign(parties: Iterable[Party]) -> list[Party]:
    """Who signs for the two sides: every signing homeowner and the contractor."""
    return [p for p in parties if p.may_sign and p.role in SIDES]
