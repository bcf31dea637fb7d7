"""Judgements over milestones and the agreement: what is missing, who still has to sign (docs/gate.md)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from milestones.models import Decision, Defect, DefectNow, Expectation, Milestone
from projects.models import Party, Project, Role
from projects.money import total_of
from projects.policy import Policy
from projects.rules import those_who_sign

SIGNER_ROLES = frozenset({Role.HOMEOWNER, Role.ENGINEER, Role.SUPERVISOR})

# A signer is reminded after so many business days of silence, and flagged after more. Silence never signs.
REMINDED_AFTER = (2, 4)

OVERDUE_AFTER = 5


@dataclass(frozen=True)
class Gap:
    """Something the agreement lacks: a code, and the milestone (by position) or role that it is about."""

    code: str
    about: str = ""


def gaps_of(
    project: Project,
    milestones: Sequence[Milestone],
    criteria_counts: dict,
    parties: Sequence[Party],
    expectations: Iterable[Expectation] = (),
) -> list[Gap]:
    """What keeps the agreement from being signed; empty when it is complete.

    The values add up to the contract total, and so do deposit and amounts; every milestone has a title, a
    criterion and signers; every expectation is confirmed; every signing role has a present, confirmed,
    signing party.
    """
    gaps = [] if milestones else [Gap("no_milestones")]
    if total_of([m.value for m in milestones]) != project.contract_total:
        gaps.append(Gap("values_do_not_add_up"))
    if total_of([m.amount for m in milestones]) + project.deposit != project.contract_total:
        gaps.append(Gap("amounts_do_not_add_up"))
    for milestone in milestones:
        gaps += _gaps_of_a_milestone(milestone, criteria_counts.get(milestone.id, 0))
    gaps += [
        Gap("expectation_unconfirmed", str(expectation.position))
        for expectation in expectations
        if expectation.state != Expectation.State.CONFIRMED
    ]
    named: set[str] = set().union(*(m.signers for m in milestones))
    present = {p.role for p in parties if p.may_sign}
    missing = ({Role.HOMEOWNER.value, Role.CONTRACTOR.value} | named) - present | named - SIGNER_ROLES
    return gaps + [Gap("nobody_signs_as", role) for role in sorted(missing)]


def _gaps_of_a_milestone(milestone: Milestone, criteria: int) -> list[Gap]:
    about = str(milestone.position)
    gaps = [] if milestone.title.strip() else [Gap("no_title", about)]
    gaps += [] if criteria else [Gap("no_criteria", about)]
    return gaps + ([] if milestone.signers else [Gap("no_signers", about)])


def those_who_sign_the_agreement(parties: Iterable[Party]) -> list[Party]:
    """Every signing homeowner and the contractor."""
    return those_who_sign(parties)


def awaited(
    milestone: Milestone, approvals: Collection[Decision], parties: Iterable[Party], policy: Policy
) -> list[str]:
    """The roles whose approval is still missing in this round, in the order of the milestone's signers.

    One signing homeowner is enough for the homeowner side unless the policy asks for all of them.
    """
    approved = {d.party_id for d in approvals}
    roles = {d.role for d in approvals}
    missing = [role for role in milestone.signers if role not in roles]
    homeowners = [p for p in parties if p.role == Role.HOMEOWNER and p.may_sign]
    if policy.homeowner_signers == "all" and any(p.id not in approved for p in homeowners):
        missing = [Role.HOMEOWNER.value] * (Role.HOMEOWNER in milestone.signers) + [
            role for role in missing if role != Role.HOMEOWNER
        ]
    return missing


def submission_refusal(
    milestone: Milestone, met: Collection, criteria: Collection, has_evidence: bool, policy: Policy
) -> tuple[str, str | None] | None:
    """Why the milestone may not be submitted now: (code, input at fault); None when it may."""
    if milestone.state == Milestone.State.SUBMITTED:
        return "milestone_is_submitted", None
    if milestone.state == Milestone.State.SIGNED_OFF:
        return "milestone_is_closed", None
    if set(met) - set(criteria):
        return "unknown_criterion", "criteria_met"
    if set(met) != set(criteria):
        return "criteria_unmet", "criteria_met"
    return ("evidence_missing", None) if lacks_evidence(has_evidence, policy) else None


def lacks_evidence(has_evidence: object, policy: Policy) -> bool:
    """Whether something has to be shown before a submission."""
    return policy.evidence_required and not has_evidence


def judges_repairs(party: Party, milestone: Milestone) -> bool:
    """Whether a part verifies repairs: it signs, for the homeowners or as one of the milestone's signers."""
    is_signer = party.role in SIGNER_ROLES and party.role in milestone.signers
    return party.may_sign and (party.role == Role.HOMEOWNER or is_signer)


def settlement_refusal(defect: Defect, state: str) -> str | None:
    """Why a deduction may not settle a defect that stands so: the code; None when it may.

    Only a minor one of a signed milestone: before, its price changes with the milestone, and a blocking one
    has to be fixed.
    """
    if defect.milestone.state != Milestone.State.SIGNED_OFF:
        return "milestone_unsigned"
    if defect.blocking:
        return "defect_is_blocking"
    return f"defect_is_{state}" if state in DefectNow.CLOSED else None


def is_ripe(concerned: Collection[Milestone]) -> bool:
    """Whether an expectation may be judged: every milestone that it concerns is signed off."""
    return bool(concerned) and all(m.state == Milestone.State.SIGNED_OFF for m in concerned)


def reschedule_refusal(milestone: Milestone, agreed_end: date, today: date) -> tuple[str, str | None] | None:
    """Why the milestone's date may not be moved to this one: (code, input at fault); None when it may."""
    if milestone.state == Milestone.State.SUBMITTED:
        return "milestone_is_submitted", None
    if milestone.state == Milestone.State.SIGNED_OFF:
        return "milestone_is_closed", None
    if refusal := moved_date_refusal(milestone.agreed_end, agreed_end, today):
        return refusal, "agreed_end"
    if milestone.planned_start and agreed_end < milestone.planned_start:
        return "ends_before_start", "agreed_end"
    return None


def moved_date_refusal(previous: date | None, day: date, today: date) -> str | None:
    """Why a date may not be moved to this day: the code; None when it may."""
    if day < today:
        return "date_is_past"
    return "date_unchanged" if day == previous else None
