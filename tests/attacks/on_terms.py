"""Attacks on what was agreed, on who takes part, and on flags."""

from typing import Any

from django.utils import timezone

from people.ids import new_id
from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World


@attack("milestone_terms_are_closed")
def value_and_amount_moved_between_milestones(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, amount="290000.00")
    f.update("milestones_milestone", w.third.id, amount="210000.00")


@attack("milestone_terms_are_closed")
def signers_dropped(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, signers=["homeowner"])


@attack("rounds_go_forward|fact_is_tied")
def milestone_moved_to_a_draft(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, project_id=w.drafted.id, position=9)


@attack("milestone_terms_are_closed")
def milestone_added_to_a_signed_contract(f: Forgery, w: World) -> None:
    f.copy("milestones_milestone", w.third.id, position=9)


@attack("milestone_terms_are_closed|permission denied|violates foreign key")
def milestone_taken_from_a_signed_contract(f: Forgery, w: World) -> None:
    f.delete("milestones_milestone", w.third.id)


@attack("milestone_terms_are_closed")
def criterion_softened(f: Forgery, w: World) -> None:
    f.update("milestones_criterion", w.second.criteria.first().id, text="Almost done")  # type: ignore[union-attr]


@attack("milestone_terms_are_closed")
def criterion_dropped(f: Forgery, w: World) -> None:
    f.delete("milestones_criterion", w.second.criteria.first().id)  # type: ignore[union-attr]


@attack("keeps_to_its_project", on="drafted")
def criterion_smuggled_in_from_a_draft(f: Forgery, w: World) -> None:
    f.insert("milestones_criterion", milestone_id=w.second.id, position=9, text="And a pool")


@attack("terms_are_closed")
def contract_total_raised(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, contract_total="2000000.00")


@attack("terms_are_closed")
def deposit_raised(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, deposit="200000.00")


@attack("terms_are_closed")
def policy_softened(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, policy='{"ahead_percent": "10"}')


@attack("terms_are_closed")
def back_to_draft(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, state="draft")


@attack("terms_go_forward", on="drafted")
def version_of_the_agreement_turned_back(f: Forgery, w: World) -> None:
    f.update("projects_project", w.drafted.id, version=1)


@attack("sums_agree|active_means_signed", on="drafted")
def active_without_signatures(f: Forgery, w: World) -> None:
    f.update("projects_project", w.drafted.id, state="active")


@attack("active_means_signed", on="drafted")
def active_with_one_sides_signature(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa)
    f.update("projects_project", w.drafted.id, state="active")


@attack("active_means_signed", on="drafted")
def active_with_signatures_in_anothers_name(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa)
    sign(f, w, w.people.alon)
    f.update("projects_project", w.drafted.id, state="active")


def sign(f: Forgery, w: World, user: Any, terms: str = "0" * 64) -> None:
    party = w.part(user, w.drafted)
    version = w.drafted.version
    f.insert("projects_agreementsignature", party_id=party.id, version=version, terms_hash=terms)


# --- Parts


@attack("a_part_is_kept")
def part_given_to_another_person(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.michal).id, user_id=w.people.dana.id)


@attack("a_part_is_kept")
def part_with_another_role(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.eran).id, role="homeowner")


@attack("a_part_is_kept", by="uri")
def part_taken_up_again(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.uri).id, left_at=None)


@attack("a_part_is_kept", by="gil")
def right_to_sign_taken_away(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.noa).id, signs=False)


@attack("a_part_counts_by_right", by="alon")
def engineer_confirmed_by_the_contractor(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.eran).id, confirmed=True)


def invite(f: Forgery, w: World, **values: Any) -> str:
    row = {
        "role": "engineer",
        "user_id": None,
        "invited_email": "someone@example.com",
        "invited_by_id": w.part(w.people.alon).id,
        "signs": True,
        "confirmed": False,
        "joined_at": None,
    }
    return f.insert("projects_party", **row | values)


@attack("a_part_counts_by_right", by="alon")
def engineer_confirmed_at_once_by_the_contractor(f: Forgery, w: World) -> None:
    invite(f, w, confirmed=True)


@attack("a_part_counts_by_right", by="alon")
def person_joined_by_another(f: Forgery, w: World) -> None:
    invite(f, w, role="homeowner", confirmed=True, user_id=w.people.dana.id, joined_at=timezone.now())


@attack("a_part_counts_by_right", by="dana")
def part_without_an_invitation(f: Forgery, w: World) -> None:
    values = {
        "invited_by_id": None,
        "confirmed": True,
        "user_id": w.people.dana.id,
        "joined_at": timezone.now(),
    }
    invite(f, w, role="homeowner", **values)


@attack("keeps_to_its_project", by="dana")
def part_invited_from_another_contract(f: Forgery, w: World) -> None:
    invite(f, w, invited_by_id=w.part(w.people.noa, w.other).id)


@attack("permission denied|history_is_closed")
def part_removed(f: Forgery, w: World) -> None:
    f.delete("projects_party", w.part(w.people.eran).id)


@attack("fact_is_tied|keeps_to_its_project", on="other")
def part_moved_to_another_contract(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.eran).id, project_id=w.other.id)


# --- Flags


@attack("a_flag_is_the_systems")
def flag_cleared_by_hand(f: Forgery, w: World) -> None:
    f.update("projects_flag", w.flag.id, cleared_at=timezone.now())


@attack("a_flag_is_the_systems")
def flag_raised_by_hand(f: Forgery, w: World) -> None:
    f.copy("projects_flag", w.flag.id, about_id=str(new_id()))


@attack("a_flag_is_kept", by="system")
def flag_turned_into_another(f: Forgery, w: World) -> None:
    f.update("projects_flag", w.flag.id, kind="front_loaded")


@attack("fact_is_tied", by="system")
def flag_put_out_of_sight_under_another_id(f: Forgery, w: World) -> None:
    f.run("DELETE FROM projects_flagreading WHERE flag_id = %s", str(w.flag.id))
    f.update("projects_flag", w.flag.id, id=str(new_id()))


@attack("permission denied|history_is_closed", by="system")
def flag_removed(f: Forgery, w: World) -> None:
    f.delete("projects_flag", w.flag.id)
