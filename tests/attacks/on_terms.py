"""Attacks on what was agreed and signed."""

from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World


@attack("milestone_terms_are_closed")
def value_and_amount_moved_between_milestones(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, amount="290000.00")
    f.update("milestones_milestone", w.third.id, amount="210000.00")


@attack("milestone_terms_are_closed", aim="trigger milestones_milestone.sums_agree")
def amount_raised(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, amount="290000.00")


@attack("milestone_terms_are_closed")
def signers_dropped(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, signers=["homeowner"])


@attack("permission denied for table milestones_milestone")
def milestone_moved_to_a_draft(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, project_id=w.drafted.id, position=9)


@attack("milestone_terms_are_closed")
def milestone_added_to_a_signed_contract(f: Forgery, w: World) -> None:
    f.copy("milestones_milestone", w.third.id, position=9)


@attack("milestone_terms_are_closed")
def milestone_taken_from_a_signed_contract(f: Forgery, w: World) -> None:
    f.delete("milestones_milestone", w.third.id)


@attack("permission denied for table milestones_criterion")
def criterion_softened(f: Forgery, w: World) -> None:
    f.update("milestones_criterion", w.criteria[w.second.id][0].id, text="Almost done")


@attack("milestone_terms_are_closed")
def criterion_dropped(f: Forgery, w: World) -> None:
    f.delete("milestones_criterion", w.criteria[w.second.id][0].id)


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


@attack("project_states_go_forward")
def back_to_draft(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, state="draft")


@attack("terms_go_forward", on="drafted")
def version_of_the_agreement_turned_back(f: Forgery, w: World) -> None:
    f.update("projects_project", w.drafted.id, version=1)


@attack("active_means_signed", on="drafted")
def active_without_signatures(f: Forgery, w: World) -> None:
    f.update("projects_project", w.drafted.id, state="active")


@attack("active_means_signed", on="drafted")
def active_with_one_sides_signature(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa)
    f.update("projects_project", w.drafted.id, state="active")


@attack("signature_is_the_partys", on="drafted")
def active_with_a_signature_in_anothers_name(f: Forgery, w: World) -> None:
    sign(f, w, w.people.alon)
    f.update("projects_project", w.drafted.id, state="active")


def sign(f: Forgery, w: World, user: Any, **values: Any) -> None:
    project = next(p for p in (w.drafted, w.unsound, w.house) if str(p.id) == f.project)
    row = {"party_id": w.part(user, project).id, "version": project.version, "terms_hash": "0" * 64}
    f.insert("projects_agreementsignature", **row | values)


@attack("active_means_signed", by="alon", on="unsound")
def active_on_different_terms(f: Forgery, w: World) -> None:
    sign(f, w, w.people.alon, terms_hash="1" * 64)
    f.update("projects_project", w.unsound.id, state="active")


@attack("sums_agree", by="alon", on="unsound")
def active_with_sums_that_differ(f: Forgery, w: World) -> None:
    sign(f, w, w.people.alon)
    f.update("projects_project", w.unsound.id, state="active")


@attack("signature_is_the_partys", by="michal", on="drafted")
def signature_of_the_engineer(f: Forgery, w: World) -> None:
    sign(f, w, w.people.michal)


@attack("signature_is_the_partys", on="drafted")
def signature_under_a_version_to_come(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa, version=w.drafted.version + 1)


@attack("signature_is_the_partys", by="gil")
def signature_after_the_fact(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)


@attack("edit_voids_signatures", on="drafted")
def terms_of_the_project_changed_under_a_signature(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa)
    f.update("projects_project", w.drafted.id, retention_percent="0")


@attack("edit_voids_signatures", on="unsound")
def milestone_changed_under_a_signature(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.stage(w.unsound, 1).id, signers=["homeowner"])


@attack("edit_voids_signatures", on="unsound")
def criterion_added_under_a_signature(f: Forgery, w: World) -> None:
    f.insert("milestones_criterion", milestone_id=w.stage(w.unsound, 1).id, position=9, text="And a pool")


@attack("edit_voids_signatures", on="unsound")
def project_changed_under_a_signature(f: Forgery, w: World) -> None:
    f.update("projects_project", w.unsound.id, deposit="0")


@attack("deposit_holds_what_was_paid", on="drafted")
def deposit_made_less_than_was_paid(f: Forgery, w: World) -> None:
    f.update("projects_project", w.drafted.id, deposit="399.99", version=w.drafted.version + 1)


@attack("terms_are_closed")
def address_of_a_signed_contract_changed(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, address="Elsewhere 1")


@attack("permission denied for table projects_project")
def days_moved_by_the_time_zone(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, time_zone="Pacific/Kiritimati")


@attack("terms_are_closed", role="owner")
def days_moved_by_the_time_zone_as_the_owner(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, time_zone="Pacific/Kiritimati")


@attack("milestone_terms_are_closed", role="owner")
def criterion_softened_as_the_owner(f: Forgery, w: World) -> None:
    f.update("milestones_criterion", w.criteria[w.second.id][0].id, text="Almost done")
