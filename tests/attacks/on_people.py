"""Attacks on who takes part, on who acts, and on flags."""

from typing import Any

from django.utils import timezone

from people.ids import new_id
from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World


@attack("a_part_is_kept")
def part_given_to_another_person(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.michal).id, user_id=w.people.dana.id)


@attack("a_part_is_kept", role="owner")
def part_with_another_role(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.eran).id, role="homeowner")


@attack("a_part_is_kept", by="uri")
def part_taken_up_again(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.uri).id, left_at=None)


@attack("permission denied for table projects_party", by="gil")
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


@attack("a_part_counts_by_right|a_part_is_brought", by="dana")
def part_without_an_invitation(f: Forgery, w: World) -> None:
    values = {
        "invited_by_id": None,
        "confirmed": True,
        "user_id": w.people.dana.id,
        "joined_at": timezone.now(),
    }
    invite(f, w, role="homeowner", **values)


@attack("keeps_to_its_project: invited_by_id of projects_party")
def part_invited_as_of_another_contract(f: Forgery, w: World) -> None:
    """The inviter's part is theirs, but of another contract."""
    invite(f, w, invited_by_id=w.part(w.people.noa, w.other).id)


@attack("permission denied for table projects_party")
def part_removed(f: Forgery, w: World) -> None:
    f.delete("projects_party", w.part(w.people.eran).id)


@attack("keeps_to_its_project", on="other", role="owner")
def part_moved_to_another_contract(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.eran).id, project_id=w.other.id)


@attack("a_part_is_brought_by_right", by="alon")
def homeowner_brought_by_the_contractor(f: Forgery, w: World) -> None:
    invite(f, w, role="homeowner", confirmed=True)


@attack("a_part_is_brought_by_right", by="tal")
def homeowner_brought_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    invite(f, w, role="homeowner", confirmed=True, invited_by_id=w.part(w.tal).id)


@attack("a_part_is_brought_by_right", by="michal")
def part_brought_by_the_engineer(f: Forgery, w: World) -> None:
    invite(f, w, role="supervisor", invited_by_id=w.part(w.people.michal).id)


@attack("a_part_is_brought_by_right", by="gil")
def part_brought_in_anothers_name(f: Forgery, w: World) -> None:
    invite(f, w, invited_by_id=w.part(w.people.noa).id)


@attack("a_part_ends_by_right", by="alon")
def homeowner_sent_away_by_the_contractor(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.noa).id, left_at=timezone.now())


@attack("a_part_ends_by_right", on="other")
def last_homeowner_leaves(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.noa, w.other).id, left_at=timezone.now())


@attack("a_part_ends_by_right", by="alon")
def contractor_leaves_a_signed_contract(f: Forgery, w: World) -> None:
    f.update("projects_party", w.part(w.people.alon).id, left_at=timezone.now())


# --- Who acts


def begin(f: Forgery, w: World, like: Any) -> None:
    """A project of its own, like a standing one."""
    f.project = str(new_id())
    f.copy("projects_project", like.id, id=f.project)


@attack("a_part_is_brought_by_right", by="dana")
def project_begun_by_an_engineer(f: Forgery, w: World) -> None:
    begin(f, w, w.drafted)
    joined = {"user_id": w.people.dana.id, "joined_at": timezone.now(), "invited_by_id": None}
    invite(f, w, role="engineer", **joined)


@attack("active_means_signed", by="dana")
def project_begun_as_active(f: Forgery, w: World) -> None:
    begin(f, w, w.house)


@attack('.*"projects_project_pkey"', by="dana")
def project_begun_under_a_taken_id(f: Forgery, w: World) -> None:
    f.copy("projects_project", w.drafted.id, id=w.drafted.id)


@attack("act_is_by_a_party", by="dana")
def project_begun_without_a_part(f: Forgery, w: World) -> None:
    begin(f, w, w.drafted)


@attack("act_is_by_a_party", by="dana")
def file_added_by_a_stranger(f: Forgery, w: World) -> None:
    f.copy("projects_attachment", w.photos["cd" * 32].id)


@attack("act_is_by_a_party", by="uri")
def file_added_by_one_who_left(f: Forgery, w: World) -> None:
    f.copy("projects_attachment", w.photos["cd" * 32].id)


@attack("act_is_by_a_party", by="system")
def file_added_by_the_system(f: Forgery, w: World) -> None:
    f.copy("projects_attachment", w.photos["cd" * 32].id)


# --- Flags


@attack("a_flag_is_the_systems")
def flag_cleared_by_hand(f: Forgery, w: World) -> None:
    f.update("projects_flag", w.flag.id, cleared_at=timezone.now())


@attack("a_flag_is_the_systems")
def flag_raised_by_hand(f: Forgery, w: World) -> None:
    f.copy("projects_flag", w.flag.id, about_id=str(new_id()))


@attack("a_flag_is_kept", by="system", role="owner")
def flag_turned_into_another(f: Forgery, w: World) -> None:
    f.update("projects_flag", w.flag.id, kind="front_loaded")


@attack("fact_is_tied", by="system", role="owner")
def flag_put_out_of_sight_under_another_id(f: Forgery, w: World) -> None:
    f.run("DELETE FROM projects_flagreading WHERE flag_id = %s", str(w.flag.id))
    f.update("projects_flag", w.flag.id, id=str(new_id()))


@attack("permission denied for table projects_flag", by="system")
def flag_removed(f: Forgery, w: World) -> None:
    f.delete("projects_flag", w.flag.id)
