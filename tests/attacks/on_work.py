"""Attacks on sign-offs: who decides, on what, and when."""

from typing import Any

from people.ids import new_id
from tests.attacks.attack import attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World, progress_of
from tests.cast import stage


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


@attack("decision_is_the_signers|signed_off_means_approved")
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


@attack("history_is_closed|permission denied", by="michal")
def approval_moved_to_another_round(f: Forgery, w: World) -> None:
    f.update("milestones_decision", w.engineers.id, submission_id=w.old_round.id)


@attack("decision_is_the_signers", by="michal")
def approval_copied_to_another_round(f: Forgery, w: World) -> None:
    f.copy("milestones_decision", w.engineers.id, submission_id=w.old_round.id)


@attack("decision_is_the_signers", by="gil")
def return_after_the_sign_off(f: Forgery, w: World) -> None:
    """It would lock again what was opened."""
    (found,) = f.run(
        "SELECT id, version, shown_hash FROM milestones_submission WHERE milestone_id = %s", str(w.first.id)
    )
    part = w.part(w.gil)
    shown = {"submission_id": found[0], "version": found[1], "shown_hash": found[2]}
    decide(f, w, part, "homeowner", **shown, approves=False, unmet=f"{{{new_id()}}}")


@attack("work_is_open", by="alon")
def withdrawal_after_the_sign_off(f: Forgery, w: World) -> None:
    (found,) = f.run("SELECT id FROM milestones_submission WHERE milestone_id = %s", str(w.first.id))
    f.insert("milestones_withdrawal", submission_id=found[0])


@attack("work_is_open", by="alon")
def evidence_changed_while_submitted(f: Forgery, w: World) -> None:
    shown = f.run("SELECT id FROM projects_attachment WHERE sha256 = %s", "cd" * 32)[0][0]
    evidence = {"milestone_id": w.second.id, "progress_id": progress_of(w.second).id, "attachment_id": shown}
    f.insert("milestones_evidence", **evidence)


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
    f.update("milestones_milestone", stage(w.drafted, 1).id, state="in_progress")


@attack("submission_is_of_its_version", by="alon")
def submission_of_a_round_to_come(f: Forgery, w: World) -> None:
    f.copy("milestones_submission", w.round.id, round=w.round.round + 1)
