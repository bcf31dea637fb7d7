"""Attacks on what changes after the agreement: change orders, and dates that move."""

from datetime import timedelta
from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.on_defects import find, tell
from tests.attacks.on_work import decide
from tests.attacks.world import World
from tests.cast import TODAY

VERSION = 4  # two changes came into force, and one date was moved
LESS = {"value": "55000.00", "amount": "5000.00"}
TOTAL = "804500.00"
SETTLED = {"version": 3, "contract_total": "998500.00"}
OFF = {"value": "398500.00", "amount": "398500.00"}  # the first, once the other scratch is settled too


def propose(f: Forgery, w: World, **values: Any) -> str:
    row = {
        "party_id": w.part(w.people.noa).id,
        "by_role": "homeowner",
        "kind": "change_milestone",
        "milestone_id": w.third.id,
        "title": "Cheaper",
        "reason": "",
        "amount": "-1.00",
        "days": 0,
        "criteria": "",
        "signers": [],
    }
    return f.insert("payments_changeorder", **row | values)


def sign(f: Forgery, w: World, user: Any, change: Any = None, **values: Any) -> None:
    change = change or w.change
    found = f.run(
        "SELECT terms_hash FROM payments_changesignature WHERE change_id = %s LIMIT 1", str(change.id)
    )
    row = {"change_id": change.id, "party_id": w.part(user).id, "version": VERSION}
    f.insert("payments_changesignature", **row | {"terms_hash": found[0][0] if found else "0" * 64} | values)


def force(f: Forgery, w: World, **values: Any) -> None:
    """The fact that the waiting change is in force."""
    row = {"change_id": w.change.id, "milestone_id": w.third.id, "version": VERSION}
    row |= {"contract_total": TOTAL, "agreed_end": w.third.agreed_end} | LESS
    f.insert("payments_changeinforce", **row | values)


def change_terms(f: Forgery, w: World, **values: Any) -> None:
    f.update("projects_project", w.house.id, contract_total=TOTAL)
    f.update("milestones_milestone", w.third.id, version=w.third.version + 1, **LESS | values)


@attack("change_is_proposed_by_a_side", by="michal")
def change_proposed_by_the_engineer(f: Forgery, w: World) -> None:
    propose(f, w, party_id=w.part(w.people.michal).id, by_role="engineer")


@attack("change_is_proposed_by_a_side", by="alon")
def change_proposed_in_anothers_name(f: Forgery, w: World) -> None:
    propose(f, w)


@attack("change_is_proposed_by_a_side", on="drafted")
def change_proposed_before_the_signatures(f: Forgery, w: World) -> None:
    party = w.part(w.people.noa, w.drafted)
    propose(f, w, party_id=party.id, milestone_id=w.stage(w.drafted, 1).id)


@attack('.*"change_says_what_it_changes"')
def change_of_nothing(f: Forgery, w: World) -> None:
    propose(f, w, amount="0")


@attack('.*"change_is_of_a_sum"')
def change_by_what_is_no_number(f: Forgery, w: World) -> None:
    propose(f, w, amount="NaN")


@attack('.*"change_ends_after_it_starts"')
def milestone_proposed_that_ends_before_it_starts(f: Forgery, w: World) -> None:
    new = {"kind": "add_milestone", "milestone_id": None, "amount": "1.00", "signers": ["homeowner"]}
    propose(f, w, **new, planned_start=TODAY(), planned_end=TODAY() - timedelta(days=1))


@attack("change_is_signed_by_a_side", by="michal")
def change_signed_by_the_engineer(f: Forgery, w: World) -> None:
    sign(f, w, w.people.michal)


@attack("change_is_signed_by_a_side")
def change_signed_in_anothers_name(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)


@attack("change_is_signed_by_a_side", by="tal")
def change_signed_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    sign(f, w, w.tal)


@attack("change_is_signed_by_a_side", by="gil", aim="function version_of_change(uuid,uuid)")
def change_signed_on_terms_that_are_gone(f: Forgery, w: World) -> None:
    sign(f, w, w.gil, version=1)


@attack("change_is_signed_by_a_side", by="gil")
def change_signed_after_it_was_declined(f: Forgery, w: World) -> None:
    sign(f, w, w.gil, w.declined, version=2)


@attack('.*"one_signature_per_version_of_a_change"')
def change_signed_twice(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa)


@attack("change_ends_by_right")
def change_withdrawn_by_the_other_side(f: Forgery, w: World) -> None:
    end(f, w, w.people.noa, why="withdrawn")


def end(f: Forgery, w: World, user: Any, change: Any = None, **values: Any) -> None:
    row = {"change_id": (change or w.change).id, "party_id": w.part(user).id, "why": "declined", "reason": ""}
    f.insert("payments_changeend", **row | values)


@attack("change_ends_by_right", by="tal")
def change_declined_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    end(f, w, w.tal)


@attack("change_ends_by_right")
def change_in_force_declined(f: Forgery, w: World) -> None:
    end(f, w, w.people.noa, w.in_force)


@attack('.*"payments_changeend_change_id_key"')
def change_declined_twice(f: Forgery, w: World) -> None:
    end(f, w, w.people.noa, w.declined)


@attack("change_in_force_is_signed")
def change_in_force_without_every_homeowner(f: Forgery, w: World) -> None:
    force(f, w)
    change_terms(f, w)


@attack("change_in_force_is_signed", by="gil")
def change_in_force_on_different_terms(f: Forgery, w: World) -> None:
    sign(f, w, w.gil, terms_hash="0" * 64)
    force(f, w)
    change_terms(f, w)


@attack("lines_hold_what_was_paid", by="gil")
def deduction_below_what_was_paid(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)
    change_terms(f, w)


@attack("change_does_what_it_says", by="gil")
def change_in_force_that_changes_nothing(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)


@attack("milestone_terms_are_closed", by="gil")
def change_in_force_that_softens_the_signers_too(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)
    change_terms(f, w, signers=["engineer"])


@attack("milestone_terms_are_closed", by="gil")
def change_in_force_that_takes_from_another_milestone(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)
    f.update("milestones_milestone", w.second.id, value="155000.00", amount="105000.00")


@attack("milestone_terms_are_closed", by="gil")
def milestone_added_under_a_change_of_another(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)
    f.copy("milestones_milestone", w.third.id, position=4, state="planned")


@attack("terms_are_closed", by="gil")
def change_in_force_that_lowers_the_total_further(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)
    f.update("projects_project", w.house.id, contract_total="800000.00")


@attack("terms_are_closed", by="gil")
def change_in_force_that_drops_the_retention_too(f: Forgery, w: World) -> None:
    sign(f, w, w.gil)
    force(f, w)
    f.update("projects_project", w.house.id, contract_total=TOTAL, retention_percent="0")


@attack('.*"payments_changeinforce_change_id_key"', by="gil")
def change_that_comes_into_force_twice(f: Forgery, w: World) -> None:
    force(f, w, change_id=w.in_force.id)


def settlement(f: Forgery, w: World, *, told: bool = True, **terms: Any) -> None:
    """Gil's signature brings the deduction that waits into force; what it does to the first milestone."""
    sign(f, w, w.gil, w.settling, version=3)
    force(f, w, change_id=w.settling.id, milestone_id=w.first.id, agreed_end=None, **SETTLED, **OFF)
    if told:
        tell(f, w.scratch.id, "settled")
    f.update("projects_project", w.house.id, contract_total=SETTLED["contract_total"])
    f.update("milestones_milestone", w.first.id, **OFF | terms)


SETTLES = {"kind": "settle_defect", "amount": "-1.00"}


@attack("settlement_names_a_minor_defect")
def deduction_proposed_for_a_blocking_defect(f: Forgery, w: World) -> None:
    propose(f, w, **SETTLES, milestone_id=w.first.id, defect_id=w.leak.id)


@attack("settlement_names_a_minor_defect")
def deduction_proposed_for_a_defect_of_unsigned_work(f: Forgery, w: World) -> None:
    propose(f, w, **SETTLES, milestone_id=w.second.id, defect_id=w.stain.id)


@attack("settlement_names_a_minor_defect")
def deduction_proposed_on_another_milestone(f: Forgery, w: World) -> None:
    propose(f, w, **SETTLES, milestone_id=w.second.id, defect_id=w.scratch.id)


@attack('.*"change_says_what_it_changes"')
def settlement_that_adds(f: Forgery, w: World) -> None:
    propose(f, w, **SETTLES | {"amount": "1.00"}, milestone_id=w.first.id, defect_id=w.scratch.id)


@attack('.*"change_says_what_it_changes"')
def change_of_a_milestone_that_names_a_defect(f: Forgery, w: World) -> None:
    propose(f, w, defect_id=w.scratch.id)


@attack("change_does_what_it_says", by="gil")
def deduction_that_settles_nothing(f: Forgery, w: World) -> None:
    settlement(f, w, told=False)


@attack("change_does_what_it_says", by="gil")
def deduction_beside_another_approval_of_the_work(f: Forgery, w: World) -> None:
    settlement(f, w)
    of_then = {"version": w.first_round.version, "shown_hash": w.first_round.shown_hash}
    decide(f, w, w.part(w.gil), "homeowner", submission_id=w.first_round.id, **of_then)


@attack("change_does_what_it_says", by="gil")
def deduction_beside_a_fault_told_as_if_before_the_sign_off(f: Forgery, w: World) -> None:
    settlement(f, w)
    find(f, w.first)


@attack("milestone_terms_are_closed", by="gil")
def deduction_that_takes_more_than_it_says(f: Forgery, w: World) -> None:
    settlement(f, w, amount="398000.00")


@attack("milestone_terms_are_closed", by="gil")
def deduction_that_softens_the_signers_of_signed_work(f: Forgery, w: World) -> None:
    settlement(f, w, signers=["homeowner"])


@attack("milestone_terms_are_closed")
def price_of_signed_work_lowered(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.first.id, **OFF)


@attack("defect_goes_its_way")
def defect_settled_without_a_deduction(f: Forgery, w: World) -> None:
    tell(f, w.scratch.id, "settled")


@attack("defect_goes_its_way", by="gil")
def defect_settled_by_the_deduction_for_another(f: Forgery, w: World) -> None:
    settlement(f, w)
    tell(f, w.leak.id, "settled")


@attack("defect_goes_its_way")
def settled_defect_verified(f: Forgery, w: World) -> None:
    tell(f, w.settled.id, "verified")


@attack("what_was_freed_stays_free")
def settled_defect_reopened(f: Forgery, w: World) -> None:
    find(f, w.first, reopens_id=w.settled.id, after_sign_off=True)


def move(f: Forgery, w: World, **values: Any) -> None:
    """The third milestone's date is put off."""
    end = w.third.agreed_end + timedelta(days=7)
    row = {"milestone_id": w.third.id, "previous_end": w.third.agreed_end, "agreed_end": end}
    f.insert("milestones_reschedule", **row | {"in_time": True, "cause": "weather", "reason": ""} | values)
    f.update("milestones_milestone", w.third.id, agreed_end=end, version=w.third.version + 1)


@attack("is_the_contractors: milestones_reschedule")
def date_moved_by_a_homeowner(f: Forgery, w: World) -> None:
    move(f, w)


@attack("reschedule_moves_its_date", by="alon")
def date_moved_in_time_that_was_missed(f: Forgery, w: World) -> None:
    move(f, w, in_time=False)


@attack("reschedule_moves_its_date", by="alon")
def date_told_and_not_moved(f: Forgery, w: World) -> None:
    row = {"milestone_id": w.second.id, "agreed_end": TODAY(), "in_time": True}
    f.insert("milestones_reschedule", **row, cause="weather", reason="")


@attack("milestone_terms_are_closed", by="alon")
def date_moved_from_another_than_it_was(f: Forgery, w: World) -> None:
    move(f, w, previous_end=w.third.agreed_end - timedelta(days=1))


@attack("milestone_terms_are_closed", by="alon")
def date_moved_without_saying_why(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, agreed_end=TODAY() + timedelta(days=90))


@attack('.*"a_reschedule_moves_the_date"', by="alon")
def date_moved_to_itself(f: Forgery, w: World) -> None:
    end = {"previous_end": TODAY(), "agreed_end": TODAY()}
    f.insert("milestones_reschedule", milestone_id=w.third.id, **end, in_time=True, cause="other", reason="")


@attack('.*"reschedule_cause_known"', by="alon")
def date_moved_for_no_known_cause(f: Forgery, w: World) -> None:
    move(f, w, cause="whim")


@attack("reschedule_moves_its_date", by="alon", on="unsound", aim="function terms_change_by_right(uuid)")
def terms_changed_under_a_signature_beside_a_moved_date(f: Forgery, w: World) -> None:
    first = w.stage(w.unsound, 1)
    row = {"milestone_id": first.id, "agreed_end": TODAY(), "in_time": True}
    f.insert("milestones_reschedule", **row, cause="weather", reason="")
    f.update("milestones_milestone", first.id, agreed_end=TODAY(), signers=["homeowner"])
