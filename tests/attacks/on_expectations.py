"""Attacks on what the client expects: its words, the answers to it, and how it was judged."""

from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World

TABLE = "milestones_expectation"


def state(f: Forgery, w: World, user: Any, project: Any, **values: Any) -> str:
    """An expectation stated by a party; more of it may be said."""
    part = w.part(user, project)
    row = {"stated_by_id": part.id, "by_role": part.role, "goal": "A pool", "measure": "It holds water"}
    blank = {"position": 9, "state": "open", "version": 1, "counter": "", "doer": ""}
    return f.insert(TABLE, **row | blank | values)


def answer(f: Forgery, w: World, name: str, user: Any, **values: Any) -> None:
    """An answer to an expectation of the draft in which they are not agreed yet."""
    f.update(TABLE, w.hopes[name].id, answered_by_id=w.part(user, w.hoped).id, **values)


# --- Closed with the draft


@attack("expectations_are_closed")
def expectation_added_to_a_signed_contract(f: Forgery, w: World) -> None:
    state(f, w, w.people.noa, w.house)


@attack("expectations_are_closed")
def expectation_reworded_after_the_signatures(f: Forgery, w: World) -> None:
    f.update(TABLE, w.hopes["judged"].id, goal="Almost dry", version=2)


@attack("expectations_are_closed")
def expectation_taken_from_a_signed_contract(f: Forgery, w: World) -> None:
    f.delete(TABLE, w.hopes["whole"].id)


@attack("expectations_are_closed")
def expectation_spread_over_another_milestone(f: Forgery, w: World) -> None:
    f.insert("milestones_concern", expectation_id=w.hopes["judged"].id, milestone_id=w.second.id)


@attack("expectations_are_closed")
def expectation_taken_off_its_milestone(f: Forgery, w: World) -> None:
    f.delete("milestones_concern", w.concerns[w.hopes["judged"].id].id)


# --- Who states, changes and answers


@attack("expectation_is_answered_by_right", on="hoped")
def expectation_stated_and_confirmed_at_once(f: Forgery, w: World) -> None:
    part = w.part(w.people.alon, w.hoped)
    state(f, w, w.people.noa, w.hoped, state="confirmed", answered_by_id=part.id)


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def promise_made_and_confirmed_in_one_act(f: Forgery, w: World) -> None:
    pk = state(f, w, w.people.alon, w.hoped)
    part = w.part(w.people.alon, w.hoped)
    f.update(TABLE, pk, state="confirmed", answered_by_id=part.id, doer="Moshe")
    f.facts.pop()


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def expectation_stated_in_the_homeowners_name(f: Forgery, w: World) -> None:
    state(f, w, w.people.noa, w.hoped)


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def promise_passed_off_as_the_homeowners_words(f: Forgery, w: World) -> None:
    state(f, w, w.people.alon, w.hoped, by_role="homeowner")


@attack("expectation_is_answered_by_right", by="michal", on="hoped")
def expectation_of_the_engineer(f: Forgery, w: World) -> None:
    state(f, w, w.people.michal, w.hoped)


@attack("expectation_is_answered_by_right", on="hoped")
def expectation_confirmed_by_who_stated_it(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.noa, state="confirmed")


@attack("expectation_is_answered_by_right", on="hoped")
def expectation_confirmed_in_the_contractors_name(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.alon, state="confirmed")


@attack("expectation_is_answered_by_right", by="michal", on="hoped")
def expectation_confirmed_by_the_engineer(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.michal, state="confirmed")


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def expectation_softened_while_it_is_confirmed(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.alon, state="confirmed", goal="The basement is damp")


@attack("expectation_is_answered_by_right", on="hoped")
def counter_made_by_the_homeowner(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.noa, state="countered", counter="For nothing at all")


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def counter_accepted_by_who_made_it(f: Forgery, w: World) -> None:
    answer(f, w, "countered", w.people.alon, state="confirmed")


@attack("expectation_is_answered_by_right", by="tal", on="hoped")
def counter_accepted_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    answer(f, w, "countered", w.tal, state="confirmed")


@attack("expectation_is_answered_by_right", on="hoped")
def counter_made_cheaper_while_it_is_accepted(f: Forgery, w: World) -> None:
    answer(f, w, "countered", w.people.noa, state="confirmed", cost="1.00")


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def counter_raised_under_the_homeowners_eyes(f: Forgery, w: World) -> None:
    answer(f, w, "countered", w.people.alon, cost="90000.00")


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def promise_reworded_by_who_made_it(f: Forgery, w: World) -> None:
    f.update(TABLE, w.hopes["promise"].id, goal="Moved in some day", version=2)


@attack("expectation_is_answered_by_right", by="alon", on="hoped")
def promise_let_go_by_who_made_it(f: Forgery, w: World) -> None:
    f.delete(TABLE, w.hopes["promise"].id)


@attack("expectation_is_answered_by_right", on="hoped")
def words_changed_under_their_version(f: Forgery, w: World) -> None:
    f.update(TABLE, w.hopes["open"].id, goal="A pool")


@attack("permission denied for table milestones_expectation", by="alon", on="hoped")
def promise_turned_into_the_homeowners_words(f: Forgery, w: World) -> None:
    f.update(TABLE, w.hopes["promise"].id, by_role="homeowner", version=2)


@attack("expectation_is_answered_by_right", on="hoped", role="owner")
def promise_turned_into_the_homeowners_words_as_the_owner(f: Forgery, w: World) -> None:
    f.update(TABLE, w.hopes["promise"].id, by_role="homeowner", version=2)


@attack("concern_is_of_its_wording", on="hoped")
def milestone_added_beside_the_words(f: Forgery, w: World) -> None:
    stage = w.stage(w.hoped, 2)
    f.insert("milestones_concern", expectation_id=w.hopes["open"].id, milestone_id=stage.id)


@attack("concern_is_of_its_wording", on="hoped")
def milestone_dropped_beside_the_words(f: Forgery, w: World) -> None:
    f.delete("milestones_concern", w.concerns[w.hopes["open"].id].id)


# --- What a row may say


@attack('.*"expectation_state_known"', on="hoped")
def expectation_half_confirmed(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.noa, state="half")


@attack('.*"an_open_expectation_has_no_answer"', on="hoped")
def open_expectation_with_an_answer(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.noa, version=2)


@attack('.*"an_answer_names_who_gave_it"', by="alon", on="hoped")
def answer_of_nobody(f: Forgery, w: World) -> None:
    f.update(TABLE, w.hopes["open"].id, state="confirmed")


@attack('.*"a_counter_has_words"', by="alon", on="hoped")
def counter_without_a_word(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.alon, state="countered", cost="9000.00")


@attack('.*"meeting_it_costs_more_than_nothing"', by="alon", on="hoped")
def counter_for_less_than_nothing(f: Forgery, w: World) -> None:
    answer(f, w, "open", w.people.alon, state="countered", counter="With a drain", cost="-1.00")


@attack('.*"a_promise_of_sales_names_who_does_it"', by="alon", on="hoped")
def promise_confirmed_without_who_does_the_work(f: Forgery, w: World) -> None:
    answer(f, w, "promise", w.people.alon, state="confirmed")


@attack('.*"one_expectation_per_position"', on="hoped")
def expectation_in_the_place_of_another(f: Forgery, w: World) -> None:
    state(f, w, w.people.noa, w.hoped, position=w.hopes["open"].position)


@attack('.*"an_expectation_names_a_milestone_once"', on="hoped")
def milestone_named_twice(f: Forgery, w: World) -> None:
    f.copy("milestones_concern", w.concerns[w.hopes["open"].id].id)


# --- The agreement


@attack("edit_voids_signatures", on="unsound")
def expectation_added_under_a_signature(f: Forgery, w: World) -> None:
    state(f, w, w.people.noa, w.unsound)


@attack("concern_is_of_its_wording", on="unsound", aim="trigger milestones_concern.edit_voids_signatures")
def expectation_spread_under_a_signature(f: Forgery, w: World) -> None:
    stage = w.stage(w.unsound, 1)
    f.insert("milestones_concern", expectation_id=w.hopes["signed"].id, milestone_id=stage.id)


@attack("active_means_confirmed", on="hoped")
def active_with_an_expectation_that_nobody_confirmed(f: Forgery, w: World) -> None:
    f.update("projects_project", w.hoped.id, state="active")


# --- Judged


def judge(f: Forgery, w: World, user: Any, name: str = "whole", **values: Any) -> None:
    row = {"expectation_id": w.hopes[name].id, "party_id": w.part(user).id, "met": True, "note": ""}
    f.insert("milestones_judgement", **row | values)


@attack("judgement_is_the_homeowners", by="alon")
def judged_by_the_contractor(f: Forgery, w: World) -> None:
    judge(f, w, w.people.alon)


@attack("judgement_is_the_homeowners", by="alon")
def judged_in_the_homeowners_name(f: Forgery, w: World) -> None:
    judge(f, w, w.people.noa)


@attack("judgement_is_the_homeowners", by="tal")
def judged_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    judge(f, w, w.tal)


@attack("judgement_waits_for_the_work")
def whole_project_judged_before_its_end(f: Forgery, w: World) -> None:
    judge(f, w, w.people.noa)


@attack("judgement_waits_for_the_work")
def judged_before_its_milestone_was_signed_off(f: Forgery, w: World) -> None:
    judge(f, w, w.people.noa, "later")


@attack('.*"what_is_not_met_is_said"')
def called_unmet_without_a_word(f: Forgery, w: World) -> None:
    judge(f, w, w.people.noa, met=False)


@attack('.*"milestones_judgement_expectation_id_key"', by="gil")
def judged_a_second_time(f: Forgery, w: World) -> None:
    judge(f, w, w.gil, "judged", met=False, note="A stain after all")
