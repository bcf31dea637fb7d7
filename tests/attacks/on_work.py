"""Attacks on sign-offs: who decides, on what, and when."""

from typing import Any

from people.ids import new_id
from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World


def decide(f: Forgery, w: World, party: Any, role: str, **values: Any) -> str:
    row = {
        "submission_id": w.round.id,
        "party_id": party.id,
        "role": role,
        "approves": True,
        "version": w.round.version,
        "shown_hash": w.round.shown_hash,
        "note": "",
        "unmet": [],
    }
    return f.insert("milestones_decision", **row | values)


@attack("signed_off_means_approved")
def sign_off_without_the_homeowner(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, state="signed_off")


@attack("signed_off_means_approved")
def sign_off_of_what_was_never_submitted(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, state="signed_off")


@attack("decision_is_the_signers")
def sign_off_of_another_version(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa), "homeowner")
    f.update("milestones_milestone", w.second.id, state="signed_off", version=w.second.version + 1)


@attack("decision_is_the_signers")
def approval_in_anothers_role(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa), "engineer")


@attack("decision_is_the_signers")
def approval_in_anothers_name(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.gil), "homeowner")


@attack("decision_is_the_signers", by="uri")
def approval_by_one_who_left(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.uri), "homeowner")


@attack("decision_is_the_signers", by="eran")
def approval_by_an_engineer_whom_nobody_confirmed(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.eran), "engineer")


@attack("decision_is_the_signers")
def approval_by_ones_part_in_another_contract(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa, w.other), "homeowner")


@attack("decision_is_the_signers")
def approval_of_another_version(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa), "homeowner", version=w.round.version - 1)


@attack("decision_is_the_signers")
def approval_of_an_older_round(f: Forgery, w: World) -> None:
    old = w.old_round
    decide(
        f,
        w,
        w.part(w.people.noa),
        "homeowner",
        submission_id=old.id,
        version=old.version,
        shown_hash=old.shown_hash,
    )


@attack("decision_is_the_signers")
def approval_of_something_else_than_was_shown(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa), "homeowner", shown_hash="0" * 64)


@attack("permission denied for table milestones_decision", by="michal")
def approval_moved_to_another_round(f: Forgery, w: World) -> None:
    f.update("milestones_decision", w.engineers.id, submission_id=w.old_round.id)


@attack("decision_is_the_signers", by="michal")
def approval_copied_to_another_round(f: Forgery, w: World) -> None:
    f.copy("milestones_decision", w.engineers.id, submission_id=w.old_round.id)


@attack("decision_is_the_signers")
def return_for_nothing_that_was_agreed(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.people.noa), "homeowner", approves=False, unmet=f"{{{new_id()}}}")
    f.update("milestones_milestone", w.second.id, state="in_progress")


@attack("decision_is_the_signers", by="tal")
def approval_by_one_who_does_not_sign(f: Forgery, w: World) -> None:
    decide(f, w, w.part(w.tal), "homeowner")


@attack("decision_is_the_signers", by="gil")
def return_after_the_sign_off(f: Forgery, w: World) -> None:
    """It would lock again what was opened."""
    ended = w.first_round
    shown = {"submission_id": ended.id, "version": ended.version, "shown_hash": ended.shown_hash}
    unmet = f"{{{w.criteria[w.first.id][0].id}}}"
    decide(f, w, w.part(w.gil), "homeowner", **shown, approves=False, unmet=unmet)


@attack("work_is_open", by="alon")
def withdrawal_after_the_sign_off(f: Forgery, w: World) -> None:
    f.insert("milestones_withdrawal", submission_id=w.first_round.id)


def report(f: Forgery, milestone: Any) -> str:
    return f.insert("milestones_progressentry", milestone_id=milestone.id, percent="50", note="")


def show(f: Forgery, w: World, milestone: Any, **values: Any) -> None:
    photo = w.photos["cd" * 32].id
    f.insert("milestones_evidence", **{"milestone_id": milestone.id, "attachment_id": photo} | values)


@attack("work_is_open", by="alon")
def evidence_changed_while_submitted(f: Forgery, w: World) -> None:
    show(f, w, w.second, progress_id=report(f, w.second))


@attack("work_is_open", by="alon")
def work_reported_after_the_sign_off(f: Forgery, w: World) -> None:
    report(f, w.first)


@attack("evidence_is_of_its_work", by="alon")
def evidence_from_another_stages_report(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, version=w.third.version + 1)
    report(f, w.third)
    show(f, w, w.third, progress_id=w.reports[w.second.id].id, attachment_id=w.photos["ab" * 32].id)


@attack("evidence_is_of_its_work", by="alon")
def evidence_for_another_stages_criterion(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, version=w.third.version + 1)
    shown = {"attachment_id": w.photos["ab" * 32].id, "criterion_id": w.criteria[w.second.id][0].id}
    show(f, w, w.third, progress_id=report(f, w.third), **shown)


@attack("is_the_contractors: milestones_progressentry")
def work_reported_by_the_homeowner(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, version=w.third.version + 1)
    report(f, w.third)


@attack("is_the_contractors: milestones_withdrawal")
def submission_taken_back_by_the_homeowner(f: Forgery, w: World) -> None:
    f.insert("milestones_withdrawal", submission_id=w.round.id)
    f.update("milestones_milestone", w.second.id, state="in_progress", version=w.second.version + 1)


def submit(f: Forgery, w: World, milestone: Any) -> None:
    opened = {"round": milestone.round + 1, "version": milestone.version + 1}
    f.update("milestones_milestone", milestone.id, state="submitted", **opened)
    f.insert("milestones_submission", milestone_id=milestone.id, shown_hash="0" * 64, note="", **opened)


@attack("is_the_contractors: milestones_submission", by="michal")
def submission_by_the_engineer(f: Forgery, w: World) -> None:
    submit(f, w, w.third)


@attack("submission_shows_evidence", by="alon", on="other")
def submission_without_evidence(f: Forgery, w: World) -> None:
    submit(f, w, w.stage(w.other, 2))


@attack("state_has_its_fact", by="alon")
def round_without_a_submission(f: Forgery, w: World) -> None:
    opened = {"round": w.third.round + 1, "version": w.third.version + 1}
    f.update("milestones_milestone", w.third.id, state="submitted", **opened)


@attack("state_has_its_fact", by="alon")
def round_ended_without_a_word(f: Forgery, w: World) -> None:
    """Its approvals would be void."""
    f.update("milestones_milestone", w.second.id, state="in_progress", version=w.second.version + 1)


@attack("state_has_its_fact")
def version_raised_under_the_approvals(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, version=w.second.version + 1)


@attack("state_has_its_fact", by="alon")
def back_to_the_plan(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, state="planned")


@attack("rounds_go_forward", by="alon")
def same_round_submitted_again(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.third.id, state="submitted")


@attack("milestone_terms_are_closed")
def signed_off_milestone_opened_again(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.first.id, state="submitted")


@attack("rounds_go_forward")
def version_turned_back(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.second.id, version=w.second.version - 1)


@attack("rounds_go_forward", by="alon", on="drafted")
def work_signed_off_in_a_draft(f: Forgery, w: World) -> None:
    f.update("milestones_milestone", w.stage(w.drafted, 1).id, state="in_progress")


@attack("submission_is_of_its_version", by="alon")
def submission_of_a_round_to_come(f: Forgery, w: World) -> None:
    f.copy("milestones_submission", w.round.id, round=w.round.round + 1)
