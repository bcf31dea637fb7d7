"""Tricks with parts and people: each refused with a sentence, none of them a crash."""

import pytest

from milestones.actions import approve_milestone, sign_agreement, submit_milestone, withdraw_submission
from milestones.models import Milestone
from projects.actions import accept_invitation, confirm_party, end_part, invite_party
from projects.models import Party, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, draft, join, person, signed_off, stage, submitted
from tracker.actions import create_project


@pytest.fixture
def cast(people: Cast) -> Cast:
    """One database for the whole file: every test has projects of its own."""
    return people


def part(user: object, project: Project) -> Party:
    return Party.objects.get(user=user, project=project, left_at=None)


def approve(user: object, milestone: Milestone) -> None:
    approve_milestone(acting(user), milestone.id, version=milestone.version)  # type: ignore[arg-type]


def test_who_signed_as_engineer_does_not_sign_again_as_homeowner(cast: Cast) -> None:
    """Two roles are always two persons, also when one of the parts has ended."""
    project = active(cast)
    milestone = submitted(cast, stage(project, 1))
    approve(cast.michal, milestone)
    end_part(acting(cast.michal), part(cast.michal, project).id)
    join(cast.noa, project, cast.michal, "homeowner")
    with pytest.raises(Refused, match="decided_already"):
        approve(cast.michal, milestone)
    approve(cast.noa, milestone)
    milestone.refresh_from_db()
    assert milestone.state == Milestone.State.SIGNED_OFF


def test_who_came_back_does_not_decide_twice_in_a_round(cast: Cast) -> None:
    project = active(cast)
    milestone = submitted(cast, stage(project, 1))
    join(cast.noa, project, cast.uri, "homeowner")
    approve(cast.uri, milestone)
    end_part(acting(cast.uri), part(cast.uri, project).id)
    join(cast.noa, project, cast.uri, "homeowner")
    with pytest.raises(Refused, match="decided_already"):
        approve(cast.uri, milestone)
    approve(cast.michal, milestone)
    milestone.refresh_from_db()
    assert milestone.state == Milestone.State.SIGNED_OFF


def test_a_homeowner_who_does_not_sign_makes_no_engineer_count(cast: Cast) -> None:
    """The contractor's friend, let in as a homeowner who does not sign, brings the contractor's engineer."""
    project = draft(cast)
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    join(cast.uri, project, cast.eran, "engineer")
    assert not part(cast.eran, project).confirmed
    confirm_party(acting(cast.noa), part(cast.eran, project).id)
    assert part(cast.eran, project).confirmed


def test_the_first_homeowner_is_first_for_good(cast: Cast) -> None:
    """The contractor cannot let a friend in as the first homeowner, to leave again, and bring another."""
    project = begun_by_the_contractor(cast)
    with pytest.raises(Refused, match="first_homeowner_signs"):
        join(cast.alon, project, cast.uri, "homeowner", signs=False)
    join(cast.alon, project, cast.uri, "homeowner")
    with pytest.raises(Refused, match="last_homeowner_stays"):
        end_part(acting(cast.uri), part(cast.uri, project).id)
    with pytest.raises(Refused, match="homeowners_invite_homeowners"):
        invite_party(acting(cast.alon), project.id, email=cast.noa.email, role="homeowner")


def begun_by_the_contractor(cast: Cast) -> Project:
    terms = {"name": "House", "kind": "house_build", "contract_total": 1, "vat_rate": 18}
    return create_project(acting(cast.alon), my_role="contractor", starts_on=TODAY(), **terms)


def test_the_contractor_invites_again_where_the_first_homeowner_declined_or_did_not_answer(
    cast: Cast,
) -> None:
    project = begun_by_the_contractor(cast)
    first = invite_party(acting(cast.alon), project.id, email=cast.noa.email, role="homeowner")
    end_part(acting(cast.alon), first.id)
    again = invite_party(acting(cast.alon), project.id, email=cast.uri.email, role="homeowner")
    accept_invitation(acting(cast.uri), again.id)


def test_an_address_is_one_however_it_is_written(cast: Cast) -> None:
    project = draft(cast)
    for address in ("MICHAL@Example.com", "  michal@example.com\n", "Michal@EXAMPLE.COM "):
        with pytest.raises(Refused, match="already_invited"):
            invite_party(acting(cast.alon), project.id, email=address, role="supervisor")


def test_an_invitation_is_for_the_proven_owner_of_the_address_alone(cast: Cast) -> None:
    project = draft(cast)
    invited = invite_party(acting(cast.noa), project.id, email="Eran@Example.com", role="engineer")
    for other in (cast.dana, person("Eran2"), cast.noa):
        with pytest.raises(Refused, match="not_found"):
            accept_invitation(acting(other), invited.id)
    cast.eran.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="not_found"):
        accept_invitation(acting(cast.eran), invited.id)
    cast.eran.emailaddress_set.update(verified=True)  # type: ignore[attr-defined]
    accept_invitation(acting(cast.eran), invited.id)


def test_nobody_signs_by_leaving(cast: Cast) -> None:
    """All homeowners sign, and the one who had not decided leaves: a new round asks those who stayed."""
    project = draft(cast, policy={"homeowner_signers": "all"})
    join(cast.noa, project, cast.uri, "homeowner")
    project.refresh_from_db()
    for signer in (cast.noa, cast.uri, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    milestone = submitted(cast, stage(project, 3))
    approve(cast.noa, milestone)
    end_part(acting(cast.uri), part(cast.uri, project).id)
    milestone.refresh_from_db()
    assert milestone.state == Milestone.State.SUBMITTED
    withdraw_submission(acting(cast.alon), milestone.id)
    met = [c.id for c in milestone.criteria.all()]
    submit_milestone(acting(cast.alon), milestone.id, criteria_met=met)
    milestone.refresh_from_db()
    approve(cast.noa, milestone)
    milestone.refresh_from_db()
    assert milestone.state == Milestone.State.SIGNED_OFF


def test_an_engineer_brought_after_the_signatures_waits_for_a_homeowner(cast: Cast) -> None:
    project = active(cast)
    end_part(acting(cast.michal), part(cast.michal, project).id)
    join(cast.alon, project, cast.eran, "engineer")
    milestone = submitted(cast, stage(project, 1))
    with pytest.raises(Refused, match="part_not_confirmed"):
        approve(cast.eran, milestone)
    with pytest.raises(Refused, match="not_your_role"):
        confirm_party(acting(cast.alon), part(cast.eran, project).id)
    confirm_party(acting(cast.noa), part(cast.eran, project).id)
    approve(cast.eran, milestone)


def test_a_removed_person_finds_nothing(cast: Cast) -> None:
    project = active(cast)
    milestone = submitted(cast, stage(project, 1))
    join(cast.noa, project, cast.uri, "homeowner")
    end_part(acting(cast.noa), part(cast.uri, project).id)
    with pytest.raises(Refused, match="not_found"):
        approve(cast.uri, milestone)
    signed_off(cast, stage(project, 3))
