"""One attack per guard and per known way around it, by SQL typed into the application's own role.

Each comes with a well-made journal entry, as a bug in our own code would have it. Each is refused by name,
and afterwards every row of every table is as it was.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import psycopg2
import pytest
from django.utils import timezone

from people.ids import new_id
from tests.attacks.forge import Forgery
from tests.attacks.world import World, progress_of
from tests.cast import TODAY, stage

Attacker = Callable[[Forgery, World], None]


class Attack(NamedTuple):
    guard: str
    by: str
    on: str
    perform: Attacker


ATTACKS: list[Attack] = []


def attack(guard: str, *, by: str = "noa", on: str = "house") -> Callable[[Attacker], Attacker]:
    """An attack that this guard refuses. `by`: whom its entry names; `on`: in which project's chain."""

    def register(perform: Attacker) -> Attacker:
        ATTACKS.append(Attack(guard, by, on, perform))
        return perform

    return register


def pay(f: Forgery, amount: str, **values: Any) -> str:
    row = {
        "kind": "release",
        "by_role": "homeowner",
        "amount": amount,
        "paid_on": TODAY(),
        "method": "cash",
        "reference": "",
        "reason": "",
    }
    return f.insert("payments_payment", **row | values)


def count(f: Forgery, payment: Any, amount: str, stage_id: Any = None, line: str = "milestone") -> str:
    return f.insert(
        "payments_allocation", payment_id=payment, line=line, milestone_id=stage_id, amount=amount
    )


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


# --- Money


@attack("release_only_through_the_gate")
def release_before_the_sign_off(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.third.id)


@attack("release_only_through_the_gate")
def release_before_every_signer_approved(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.second.id)


@attack("release_only_through_the_gate")
def release_of_what_is_kept_back(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", line="retention")


@attack("release_only_through_the_gate", on="drafted")
def release_of_the_deposit_before_the_signatures(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", line="deposit")


@attack("act_is_not_sealed")
def release_in_two_acts_of_one_transaction(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00")
    f.write_entry()
    f.begin_again()
    count(f, payment, "50.00", w.third.id)


@attack("release_only_through_the_gate")
def released_money_moved_to_a_locked_line(f: Forgery, w: World) -> None:
    count(f, w.release.id, "-50.00", w.first.id)
    count(f, w.release.id, "50.00", w.third.id)


@attack("payment_adds_up")
def released_money_loosened_so_that_the_line_opens_again(f: Forgery, w: World) -> None:
    count(f, w.release.id, "-50000.00", w.first.id)


@attack("payment_adds_up")
def release_that_counts_nowhere(f: Forgery, w: World) -> None:
    pay(f, "50.00")


@attack("payment_adds_up")
def release_that_counts_in_part(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "20.00", w.first.id)


@attack("line_holds_no_more_than_its_full")
def release_beyond_the_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "280000.01"), "280000.01", w.first.id)


@attack("line_holds_no_more_than_its_full")
def record_beyond_the_line(f: Forgery, w: World) -> None:
    count(f, pay(f, "400000.00", kind="record"), "180000.01", w.third.id)


@attack("line_holds_no_more_than_its_full", on="drafted")
def money_on_a_milestone_before_the_signatures(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "50.00", stage(w.drafted, 1).id)


@attack("payment_adds_up|line_holds")
def more_counted_than_was_paid(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "60.00", line="deposit")


@attack("payment_adds_up|line_holds")
def counted_below_nothing(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00", kind="record")
    count(f, payment, "-10.00", w.first.id)
    count(f, payment, "60.00", line="deposit")


@attack("line_holds_no_more_than_its_full|fact_is_tied")
def another_contracts_milestone(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", kind="record"), "50.00", stage(w.other, 3).id)


@attack("allocation_is_of_its_project|fact_is_tied", on="other")
def another_contracts_payment(f: Forgery, w: World) -> None:
    count(f, w.record.id, "50.00", line="deposit")


@attack("payment_is_the_payers", by="alon")
def release_by_the_contractor(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack("only_homeowners_release", by="alon")
def release_as_the_contractor(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00", by_role="contractor"), "50.00", w.first.id)


@attack("payment_is_the_payers", by="uri")
def release_by_one_who_left(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack("payment_is_the_payers", by="dana")
def release_by_a_stranger(f: Forgery, w: World) -> None:
    count(f, pay(f, "50.00"), "50.00", w.first.id)


@attack("payment_is_the_payers", by="system")
def record_by_nobody(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")


@attack("payment_adds_up")
def payment_that_is_not_a_number(f: Forgery, w: World) -> None:
    pay(f, "NaN", kind="record")


def take_back(f: Forgery, payment: Any, amount: str, **values: Any) -> str:
    row = {
        "payment_id": payment,
        "amount": amount,
        "why": "wrong_record",
        "reason": "",
        "needs_consent": False,
    }
    return f.insert("payments_reversal", **row | values)


@attack("payment_adds_up")
def reversal_of_more_than_was_paid(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "10000.01")


@attack("payment_adds_up")
def reversal_that_leaves_the_money_counted(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00")


@attack("keeps_to_its_project", on="other")
def reversal_in_another_contracts_chain(f: Forgery, w: World) -> None:
    take_back(f, w.record.id, "5000.00", needs_consent=True)


@attack("keeps_to_its_project", by="alon", on="other")
def confirmation_in_another_contracts_chain(f: Forgery, w: World) -> None:
    f.insert("payments_confirmation", payment_id=w.record.id, received_on=TODAY(), receipt_number="")


@attack("history_is_closed|permission denied")
def payment_changed(f: Forgery, w: World) -> None:
    f.update("payments_payment", w.record.id, amount="1.00")


# --- Entries that do not say what was done


@attack("act_is_not_sealed")
def fact_written_after_the_entry(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.write_entry()
    pay(f, "60.00", kind="record")


@attack("act_is_not_sealed")
def fact_changed_after_the_entry_was_checked(f: Forgery, w: World) -> None:
    payment = pay(f, "50.00", kind="record")
    f.write_entry()
    f.run("SET CONSTRAINTS entry_names_its_facts IMMEDIATE")
    count(f, payment, "50.00", line="deposit")


@attack("entry_names_its_facts")
def fact_that_the_entry_does_not_name(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    pay(f, "60.00", kind="record")
    f.facts.pop()


@attack("fact_is_tied|payment_is_the_payers")
def fact_that_shares_the_entry_of_another(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record", entry_id=w.record.entry_id)
    f.facts.clear()
    pay(f, "60.00", kind="record")


@attack("entry_names_its_facts")
def fact_with_another_hash_than_the_entrys(f: Forgery, w: World) -> None:
    pay(f, "50.00", kind="record")
    f.digest = lambda table, pk: "0" * 64  # type: ignore[method-assign]


# --- Sign-off


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


# --- Terms


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


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("case", ATTACKS, ids=lambda a: a.perform.__name__)
def test_refused(world: World, link: Any, case: Attack) -> None:
    people = {"gil": world.gil, "system": None} | vars(world.people)
    actor = people[case.by]
    forgery = Forgery(link, getattr(world, case.on).id, actor and actor.id)
    with pytest.raises(psycopg2.Error, match=case.guard):
        commit(case, forgery, world)


def commit(case: Attack, forgery: Forgery, world: World) -> None:
    case.perform(forgery, world)
    forgery.seal()


# --- The journal


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"seq": 99}, "journal_is_gapless"),
        ({"seq": 1}, "journal_is_gapless|journal_one_entry_per_seq"),
        ({"previous_hash": "0" * 64}, "journal_is_chained"),
        ({"hash": "0" * 64}, "journal_is_chained"),
        ({"at": timezone.now() - timedelta(days=400)}, "journal_goes_forward"),
        ({"at": timezone.now() + timedelta(days=1)}, "journal_goes_forward"),
        ({"kind": "payment_released"}, "journal_says_what_it_holds"),
        ({"actor_id": None}, "journal_says_what_it_holds"),
        ({"said": {"facts": {}}}, "entry_names_its_facts"),
        ({"said": {"facts": {f"payments_payment/{new_id()}": "0" * 64}}}, "entry_names_its_facts"),
        ({"said": {"removed": []}}, "entry_names_its_facts"),
        (
            {"said": {"facts": {f"no_such_table/{new_id()}": "0" * 64}}},
            "entry_names_its_facts",
        ),
    ],
)
def test_a_spoiled_entry_is_refused(world: World, link: Any, changes: dict[str, Any], guard: str) -> None:
    forgery = Forgery(link, world.house.id, world.people.noa.id)
    with pytest.raises(psycopg2.Error, match=guard):
        forgery.seal(**dict(changes))


# --- The walls themselves


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_payment SET amount = 1",
        "DELETE FROM projects_journalentry",
        "TRUNCATE payments_payment, payments_allocation CASCADE",
        "MERGE INTO payments_payment p USING payments_payment q ON p.id = q.id WHEN MATCHED THEN DELETE",
        "INSERT INTO payments_payment TABLE payments_payment ON CONFLICT (id) DO UPDATE SET kind = ''",
        "WITH gone AS (DELETE FROM projects_journalentry RETURNING 1) SELECT * FROM gone",
        "COPY payments_payment FROM PROGRAM 'echo'",
        "COPY payments_payment TO '/tmp/payments'",
        "ALTER TABLE payments_payment DISABLE TRIGGER ALL",
        "ALTER TABLE payments_payment ENABLE REPLICA TRIGGER gate_holds",
        "ALTER TABLE payments_allocation RENAME TO elsewhere",
        "DROP TRIGGER tied_to_an_entry ON payments_payment",
        "DROP FUNCTION gate_holds CASCADE",
        "CREATE OR REPLACE FUNCTION gate_holds() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE RULE quiet AS ON INSERT TO projects_journalentry DO INSTEAD NOTHING",
        "CREATE TRIGGER mine AFTER INSERT ON payments_payment EXECUTE FUNCTION history_is_closed()",
        "SET session_replication_role = replica",
        "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SET ROLE plumbline_owner",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE TABLE public.projects_journalentry_shadow (id int)",
        "CREATE TEMPORARY TABLE projects_journalentry (id int)",
        "CREATE SCHEMA shadow",
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION pg_temp.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = varchar, FUNCTION = texteq)",
        "CREATE EXTENSION dblink",
        "UPDATE guard_seal SET definition = ''",
        "SELECT setval(pg_get_serial_sequence('projects_once', 'id'), 1)",
        "PREPARE TRANSACTION 'later'",
        "UPDATE payments_left SET payment_id = payment_id",
        "UPDATE pg_trigger SET tgenabled = 'D'",
        "SELECT lo_import('/etc/hostname')",
    ],
)
def test_the_walls_stand(link: Any, statement: str) -> None:
    with pytest.raises(psycopg2.Error):
        link.cursor().execute(statement)
