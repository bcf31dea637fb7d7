"""Attacks on what is found: inspections, defects, what becomes of them, and what is withheld."""

from datetime import timedelta
from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.on_work import decide, submit
from tests.attacks.world import World
from tests.cast import TODAY


def inspect(f: Forgery, milestone: Any, role: str, percent: str = "90") -> str:
    row = {"milestone_id": milestone.id, "role": role, "percent": percent, "note": ""}
    return f.insert("milestones_inspection", **row)


def find(f: Forgery, milestone: Any, **values: Any) -> str:
    row = {
        "milestone_id": milestone.id,
        "number": 77,
        "title": "Crack",
        "place": "",
        "note": "",
        "blocking": False,
        "withheld": 0,
        "after_sign_off": False,
    }
    return f.insert("milestones_defect", **row | values)


def tell(f: Forgery, defect: Any, kind: str) -> str:
    return f.insert("milestones_defectevent", defect_id=defect, kind=kind, note="")


def estimate(f: Forgery, defect: Any, role: str, amount: str = "1.00") -> str:
    return f.insert("milestones_estimate", defect_id=defect, role=role, amount=amount)


@attack("inspection_is_a_partys_finding", by="alon")
def inspection_in_the_engineers_role(f: Forgery, w: World) -> None:
    inspect(f, w.third, "engineer")


@attack("inspection_is_a_partys_finding", by="alon")
def inspection_by_the_contractor(f: Forgery, w: World) -> None:
    inspect(f, w.third, "contractor")


@attack("inspection_is_a_partys_finding", by="eran")
def inspection_by_an_engineer_whom_nobody_confirmed(f: Forgery, w: World) -> None:
    inspect(f, w.third, "engineer")


@attack("inspection_is_a_partys_finding", by="michal")
def inspection_of_what_is_signed_off(f: Forgery, w: World) -> None:
    inspect(f, w.first, "engineer")


@attack("inspection_is_a_partys_finding", by="michal", on="drafted")
def inspection_in_a_draft(f: Forgery, w: World) -> None:
    inspect(f, w.stage(w.drafted, 1), "engineer")


@attack(".*inspection_is_a_percent", by="michal")
def inspection_of_more_than_all(f: Forgery, w: World) -> None:
    inspect(f, w.third, "engineer", "100.01")


@attack(".*inspection_is_a_percent", by="michal")
def inspection_that_is_no_number(f: Forgery, w: World) -> None:
    inspect(f, w.third, "engineer", "NaN")


@attack("defect_is_found_by_a_party", by="eran")
def defect_found_by_an_engineer_whom_nobody_confirmed(f: Forgery, w: World) -> None:
    find(f, w.third)


@attack("defect_is_found_by_a_party")
def defect_told_as_if_before_the_sign_off(f: Forgery, w: World) -> None:
    """Its cost would lower nothing."""
    find(f, w.first, blocking=True)


@attack("defect_is_found_by_a_party")
def defect_told_as_if_after_the_sign_off(f: Forgery, w: World) -> None:
    """It would hold up nothing."""
    find(f, w.third, blocking=True, after_sign_off=True)


@attack("defect_is_found_by_a_party", on="drafted")
def defect_in_a_draft(f: Forgery, w: World) -> None:
    find(f, w.stage(w.drafted, 1))


@attack(".*one_defect_per_number")
def defect_of_a_number_that_is_taken(f: Forgery, w: World) -> None:
    find(f, w.third, number=w.leak.number)


@attack("defect_is_of_its_decision", by="michal")
def more_withheld_by_an_approval_that_was_given(f: Forgery, w: World) -> None:
    find(f, w.second, decision_id=w.engineers.id, withheld=50)


@attack("defect_is_of_its_decision")
def blocking_defect_named_by_an_approval(f: Forgery, w: World) -> None:
    approval = decide(f, w, w.part(w.people.noa), "homeowner")
    find(f, w.second, decision_id=approval, blocking=True)


@attack("defect_is_of_its_decision")
def money_withheld_by_a_return(f: Forgery, w: World) -> None:
    back = decide(f, w, w.part(w.people.noa), "homeowner", approves=False)
    find(f, w.second, decision_id=back, withheld=50)
    f.update("milestones_milestone", w.second.id, state="in_progress")


@attack(".*only_an_approval_withholds")
def money_withheld_without_a_decision(f: Forgery, w: World) -> None:
    find(f, w.first, withheld=50, after_sign_off=True)


@attack("withheld_is_within_the_payment")
def more_withheld_than_is_paid(f: Forgery, w: World) -> None:
    """The line holds 285,000, and the engineer withholds 100 of it already."""
    approval = decide(f, w, w.part(w.people.noa), "homeowner")
    find(f, w.second, decision_id=approval, withheld="284900.01")
    f.update("milestones_milestone", w.second.id, state="signed_off")


@attack("return_names_what_is_wrong")
def return_for_nothing(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa), "homeowner", approves=False)
    f.update("milestones_milestone", w.second.id, state="in_progress")


@attack("what_was_freed_stays_free")
def defect_reopened_as_a_new_one_before_it_was_verified(f: Forgery, w: World) -> None:
    find(f, w.first, reopens_id=w.leak.id, blocking=True, after_sign_off=True)


@attack("what_was_freed_stays_free", by="alon")
def defect_reopened_by_the_contractor(f: Forgery, w: World) -> None:
    find(f, w.first, reopens_id=w.leak.id, blocking=True, after_sign_off=True)


@attack('.*"milestones_defect_reopens_id_key"')
def verified_defect_reopened_as_two(f: Forgery, w: World) -> None:
    again = {"reopens_id": w.leak.id, "blocking": True, "after_sign_off": True}
    tell(f, w.leak.id, "verified")
    find(f, w.first, **again)
    find(f, w.first, number=78, **again)


@attack("defect_goes_its_way", by="alon")
def repair_verified_by_the_contractor(f: Forgery, w: World) -> None:
    tell(f, w.leak.id, "verified")


@attack("defect_goes_its_way", by="tal")
def repair_verified_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    tell(f, w.leak.id, "verified")


@attack("defect_goes_its_way", by="eran")
def repair_verified_by_an_engineer_whom_nobody_confirmed(f: Forgery, w: World) -> None:
    tell(f, w.leak.id, "verified")


@attack("defect_goes_its_way", by="michal")
def repair_verified_by_one_who_does_not_sign_there(f: Forgery, w: World) -> None:
    tell(f, find(f, w.third), "verified")


@attack("defect_goes_its_way", by="alon")
def repaired_twice(f: Forgery, w: World) -> None:
    tell(f, w.leak.id, "fixed")


@attack("defect_goes_its_way")
def repaired_by_the_homeowner(f: Forgery, w: World) -> None:
    tell(f, w.stain.id, "fixed")


@attack("defect_goes_its_way")
def open_defect_opened_again(f: Forgery, w: World) -> None:
    tell(f, w.stain.id, "reopened")


def move(f: Forgery, w: World, defect: Any, **values: Any) -> None:
    """The fix date of a defect is put off."""
    row = {"defect_id": defect.id, "fix_by": TODAY(), "in_time": True, "cause": "weather", "reason": ""}
    f.insert("milestones_fixdatemove", **row | values)


@attack("is_the_contractors: milestones_fixdatemove")
def fix_date_moved_by_a_homeowner(f: Forgery, w: World) -> None:
    move(f, w, w.scratch)


@attack("fix_date_moves_from_where_it_stood", by="alon")
def fix_date_moved_from_another_than_it_was(f: Forgery, w: World) -> None:
    move(f, w, w.scratch, previous_fix_by=TODAY() - timedelta(days=1), in_time=False)


@attack("fix_date_moves_from_where_it_stood", by="alon")
def fix_date_told_as_missed_that_was_not(f: Forgery, w: World) -> None:
    move(f, w, w.scratch, in_time=False)


@attack("fix_date_moves_from_where_it_stood", by="alon")
def fix_date_moved_of_a_defect_that_is_fixed(f: Forgery, w: World) -> None:
    move(f, w, w.leak)


@attack('.*"a_moved_fix_date_is_another"', by="alon")
def fix_date_moved_to_itself(f: Forgery, w: World) -> None:
    move(f, w, w.scratch, previous_fix_by=TODAY())


@attack('.*"fix_date_cause_known"', by="alon")
def fix_date_moved_for_no_known_cause(f: Forgery, w: World) -> None:
    move(f, w, w.scratch, cause="whim")


@attack('.*"a_fix_date_moves_once_per_act"', by="alon")
def fix_date_moved_twice_in_one_act(f: Forgery, w: World) -> None:
    move(f, w, w.scratch)
    move(f, w, w.scratch, previous_fix_by=TODAY(), fix_by=TODAY() + timedelta(days=1))


@attack(".*defect_event_known")
def defect_dropped(f: Forgery, w: World) -> None:
    tell(f, w.leak.id, "dropped")


@attack(".*one_event_of_a_defect_per_act")
def two_events_of_a_defect_in_one_act(f: Forgery, w: World) -> None:
    tell(f, w.leak.id, "reopened")
    tell(f, w.leak.id, "verified")


@attack("estimate_is_a_partys_word", by="alon")
def estimate_in_the_engineers_role(f: Forgery, w: World) -> None:
    estimate(f, w.leak.id, "engineer")


@attack("estimate_is_a_partys_word", by="tal")
def estimate_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    estimate(f, w.leak.id, "homeowner")


@attack(".*estimate_is_an_amount")
def estimate_below_nothing(f: Forgery, w: World) -> None:
    estimate(f, w.leak.id, "homeowner", "-1.00")


@attack(".*estimate_is_an_amount")
def estimate_that_is_no_number(f: Forgery, w: World) -> None:
    estimate(f, w.leak.id, "homeowner", "NaN")


@attack("exhibit_is_of_its_act")
def photo_added_to_a_defect_later(f: Forgery, w: World) -> None:
    f.insert("milestones_exhibit", defect_id=w.leak.id, attachment_id=w.photos["cd" * 32].id)


@attack(".*an_exhibit_is_of_one_thing")
def photo_of_nothing(f: Forgery, w: World) -> None:
    f.insert("milestones_exhibit", attachment_id=w.photos["cd" * 32].id)


@attack("no_blocking_defect_is_open", by="alon")
def submission_over_a_blocking_defect(f: Forgery, w: World) -> None:
    find(f, w.third, blocking=True)
    submit(f, w, w.third)


@attack("no_blocking_defect_is_open")
def sign_off_over_a_blocking_defect(f: Forgery, w: World) -> None:
    find(f, w.second, blocking=True)
    decide(f, w, w.part(w.people.noa), "homeowner")
    f.update("milestones_milestone", w.second.id, state="signed_off")
