"""Attacks on how projects go on and end: their states, what both sides sign, and the retention."""

from datetime import timedelta
from typing import Any

from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.on_money import count, pay
from tests.attacks.on_work import decide, submit
from tests.attacks.world import World
from tests.cast import TODAY


def turn(f: Forgery, kind: str, by_role: str = "homeowner", reason: str = "Because") -> str:
    return f.insert("projects_turn", kind=kind, by_role=by_role, reason=reason)


def state(f: Forgery, w: World, state: str, on: str = "house") -> None:
    f.update("projects_project", getattr(w, on).id, state=state)


def deed(f: Forgery, **values: Any) -> str:
    row = {"kind": "handover", "version": 2, "text": "Keys", "day": TODAY(), "amount": None}
    return f.insert("projects_deed", **row | values)


def sign(f: Forgery, w: World, signed: Any, person: Any, on: str, *, concludes: bool = True) -> str:
    party = w.part(person, getattr(w, on))
    return f.insert("projects_deedsignature", deed_id=signed.id, party_id=party.id, concludes=concludes)


def open_retention(f: Forgery, part: str, amount: str) -> str:
    return f.insert("payments_retentionopening", part=part, amount=amount)


@attack("project_states_go_forward")
def active_project_closed_at_once(f: Forgery, w: World) -> None:
    turn(f, "closed", "")
    state(f, w, "closed")


@attack("project_states_go_forward", on="finished")
def completed_project_made_active_again(f: Forgery, w: World) -> None:
    turn(f, "resumed")
    state(f, w, "active", "finished")


@attack("project_states_go_forward", on="ended")
def ended_contract_resumed(f: Forgery, w: World) -> None:
    turn(f, "resumed")
    state(f, w, "active", "ended")


@attack("project_state_has_its_turn")
def suspended_without_a_word(f: Forgery, w: World) -> None:
    state(f, w, "suspended")


@attack("turn_is_by_right")
def suspended_in_the_other_sides_name(f: Forgery, w: World) -> None:
    turn(f, "suspended", "contractor")
    state(f, w, "suspended")


@attack("turn_is_by_right", by="michal")
def suspended_by_the_engineer(f: Forgery, w: World) -> None:
    turn(f, "suspended", "contractor")
    state(f, w, "suspended")


@attack("turn_is_by_right", by="tal")
def suspended_by_a_homeowner_who_does_not_sign(f: Forgery, w: World) -> None:
    turn(f, "suspended")
    state(f, w, "suspended")


@attack("turn_is_by_right")
def turn_that_changes_nothing(f: Forgery, w: World) -> None:
    turn(f, "suspended")


@attack('new row for relation "projects_turn" violates check constraint "turn_has_its_reason"')
def terminated_without_a_reason(f: Forgery, w: World) -> None:
    turn(f, "terminated", reason="")


@attack('new row for relation "projects_turn" violates check constraint "turn_is_of_a_side"')
def terminated_by_nobody(f: Forgery, w: World) -> None:
    turn(f, "terminated", "")


@attack("closes_after_the_period", by="system", on="finished")
def closed_before_the_handover(f: Forgery, w: World) -> None:
    turn(f, "closed", "", "")
    state(f, w, "closed", "finished")


@attack("act_is_by_a_party", by="system")
def terms_touched_by_the_system(f: Forgery, w: World) -> None:
    f.update("projects_project", w.house.id, state="active")


@attack("completed_means_signed_off")
def completed_with_work_missing(f: Forgery, w: World) -> None:
    turn(f, "completed", reason="")
    state(f, w, "completed")


@attack("work_waits_unless_active", by="alon", on="ended")
def progress_after_the_end(f: Forgery, w: World) -> None:
    boards = w.stage(w.ended, 2)
    f.update("milestones_milestone", boards.id, state="in_progress")
    f.insert("milestones_progressentry", milestone_id=boards.id, percent="50", note="")


@attack("work_waits_unless_active", on="halted")
def sign_off_while_the_project_is_suspended(f: Forgery, w: World) -> None:
    waits = w.halted_round
    shown = {"submission_id": waits.id, "version": waits.version, "shown_hash": waits.shown_hash}
    decide(f, w, w.part(w.people.noa, w.halted), "homeowner", **shown)
    f.update("milestones_milestone", waits.milestone_id, state="signed_off")


@attack("work_waits_unless_active", by="alon", on="halted")
def submission_while_the_project_is_suspended(f: Forgery, w: World) -> None:
    submit(f, w, w.stage(w.halted, 2))


@attack("work_waits_unless_active", by="alon", on="halted")
def submission_taken_back_while_the_project_is_suspended(f: Forgery, w: World) -> None:
    posts = w.stage(w.halted, 1)
    f.insert("milestones_withdrawal", submission_id=w.halted_round.id)
    f.update("milestones_milestone", posts.id, state="in_progress", version=posts.version + 1)


@attack("completion_opens_its_half", on="unopened")
def completed_without_opening_the_half(f: Forgery, w: World) -> None:
    turn(f, "completed", reason="")
    state(f, w, "completed", "unopened")


@attack("retention_opens_by_its_rule", on="unopened")
def more_than_half_opened_at_completion(f: Forgery, w: World) -> None:
    turn(f, "completed", reason="")
    state(f, w, "completed", "unopened")
    open_retention(f, "completion", "30.00")


@attack("retention_opens_by_its_rule")
def retention_opened_while_work_goes_on(f: Forgery, w: World) -> None:
    open_retention(f, "completion", "20.00")


@attack("retention_opens_by_its_rule", by="system", on="finished")
def rest_of_the_retention_opened_before_its_time(f: Forgery, w: World) -> None:
    open_retention(f, "period", "25.00")


@attack("retention_opens_by_its_rule", on="ended")
def retention_of_an_ended_contract_opened_by_hand(f: Forgery, w: World) -> None:
    """The very sum that the system may open."""
    open_retention(f, "period", "15.00")


@attack("retention_opens_by_its_rule", by="system", on="ended")
def retention_opened_over_an_open_defect(f: Forgery, w: World) -> None:
    open_retention(f, "period", "20.00")


@attack('duplicate key value violates unique constraint "retention_opens_once_at_completion"', on="finished")
def half_opened_twice(f: Forgery, w: World) -> None:
    open_retention(f, "completion", "25.00")


@attack('new row for relation "payments_retentionopening" violates check constraint', on="finished")
def retention_taken_back(f: Forgery, w: World) -> None:
    open_retention(f, "period", "-25.00")


@attack("release_only_through_the_gate", on="finished")
def release_of_more_retention_than_opened(f: Forgery, w: World) -> None:
    count(f, pay(f, "26.00"), "26.00", line="retention")


@attack("deed_is_the_next", on="finished")
def protocol_of_the_version_after_next(f: Forgery, w: World) -> None:
    deed(f, version=3)


@attack("deed_is_the_next", on="finished")
def handed_over_in_a_week(f: Forgery, w: World) -> None:
    deed(f, day=TODAY() + timedelta(days=7))


@attack("deed_is_the_next", on="house")
def protocol_while_work_goes_on(f: Forgery, w: World) -> None:
    deed(f, version=1)


@attack("deed_is_the_next", by="michal", on="unopened")
def protocol_by_the_engineer(f: Forgery, w: World) -> None:
    deed(f, version=1)


@attack('new row for relation "projects_deed" violates check constraint "deed_says', on="finished")
def protocol_with_a_sum(f: Forgery, w: World) -> None:
    deed(f, amount="5.00")


@attack('new row for relation "projects_deed" violates check constraint "deed_has_words"', on="finished")
def protocol_without_words(f: Forgery, w: World) -> None:
    deed(f, text="")


@attack('duplicate key value violates unique constraint "one_deed_per_version"', on="finished")
def protocol_written_over(f: Forgery, w: World) -> None:
    deed(f, version=1)


@attack("deed_is_signed_by_both_sides", on="finished")
def protocol_concluded_in_anothers_name(f: Forgery, w: World) -> None:
    f.insert(
        "projects_deedsignature",
        deed_id=deed(f),
        party_id=w.part(w.people.alon, w.finished).id,
        concludes=True,
    )


@attack("deed_is_signed_by_both_sides", on="ended", by="noa")
def last_signature_that_concludes_nothing(f: Forgery, w: World) -> None:
    sign(f, w, w.closing, w.people.noa, "ended", concludes=False)


@attack("deed_is_signed_by_both_sides", on="finished")
def first_signature_that_concludes(f: Forgery, w: World) -> None:
    newer = deed(f)
    f.insert(
        "projects_deedsignature",
        deed_id=newer,
        party_id=w.part(w.people.noa, w.finished).id,
        concludes=True,
    )


@attack("deed_is_signed_by_both_sides", on="finished")
def signature_under_an_old_version(f: Forgery, w: World) -> None:
    deed(f)
    sign(f, w, w.protocol, w.people.noa, "finished", concludes=False)


@attack('duplicate key value violates unique constraint "one_signature_per_deed"', on="ended", by="alon")
def signature_twice(f: Forgery, w: World) -> None:
    sign(f, w, w.closing, w.people.alon, "ended", concludes=False)


@attack('duplicate key value violates unique constraint "a_deed_is_concluded_once"', on="ended")
def closing_sum_concluded_twice(f: Forgery, w: World) -> None:
    sign(f, w, w.closing, w.people.noa, "ended")
    sign(f, w, w.closing, w.people.michal, "ended")


@attack("line_holds_no_more_than_its_full", on="ended")
def money_on_a_closing_sum_that_one_side_signed(f: Forgery, w: World) -> None:
    count(f, pay(f, "300.00", kind="record"), "300.00", line="final")


@attack("closed_lines_take_nothing", on="ended")
def deposit_after_the_end(f: Forgery, w: World) -> None:
    count(f, pay(f, "10.00", kind="record"), "10.00", line="deposit")


@attack("termination_empties_closed_lines")
def terminated_with_money_left_on_a_closed_line(f: Forgery, w: World) -> None:
    turn(f, "terminated")
    state(f, w, "terminated")


@attack("closed_lines_give_back")
def termination_that_takes_covered_money(f: Forgery, w: World) -> None:
    turn(f, "terminated")
    state(f, w, "terminated")
    count(f, w.record.id, "-10000.00", w.third.id)
    count(f, w.release.id, "-1000.00", w.first.id)


@attack("closed_lines_give_back")
def termination_that_moves_money_elsewhere(f: Forgery, w: World) -> None:
    turn(f, "terminated")
    state(f, w, "terminated")
    count(f, w.record.id, "-10000.00", w.third.id)
    count(f, w.record.id, "10000.00", w.first.id)
