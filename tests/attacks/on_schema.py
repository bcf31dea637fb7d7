"""Attacks on the named constraints: what is not even possible to write, and what is there once."""

from typing import Any

from django.utils import timezone

from people.ids import new_id
from tests.attacks.attack import ATTACKS, Attack, attack, statement
from tests.attacks.forge import Forgery
from tests.attacks.on_money import count, pay, receive, take_back
from tests.attacks.on_people import invite
from tests.attacks.on_terms import sign
from tests.attacks.on_work import decide, report, show
from tests.attacks.world import World
from tests.cast import TODAY

# --- Named checks


def refuses(name: str, perform: Any, **terms: Any) -> None:
    """A check or a unique constraint of this name refuses it."""
    ATTACKS.append(Attack(name, f'.*"{name}"', perform, **terms))


def of_project(name: str, **values: Any) -> None:
    refuses(name, lambda f, w: f.update("projects_project", w.drafted.id, **values), on="drafted")


def of_milestone(name: str, **values: Any) -> None:
    stage = "milestones_milestone"
    refuses(name, lambda f, w: f.update(stage, w.stage(w.drafted, 1).id, **values), on="drafted")


of_project("project_total_positive", contract_total="0", deposit="0")
of_project("project_deposit_within_total", deposit="1000000.01")
of_project("project_retention_up_to_20_percent", retention_percent="20.01")
of_project("project_vat_is_a_percent", vat_rate="-1")
ATTACKS.append(
    Attack(
        "project_state_known",
        "project_states_go_forward",
        lambda f, w: f.update("projects_project", w.drafted.id, state="paid"),
        on="drafted",
        aim="constraint projects_project.project_state_known",
    )
)
of_milestone("milestone_value_not_negative", value="-1")
of_milestone("milestone_amount_not_negative", amount="-1")
refuses(
    "milestone_state_known",
    lambda f, w: f.update("milestones_milestone", w.third.id, state="done"),
    by="alon",
)
of_milestone("milestone_ends_after_it_starts", planned_start="2027-01-02", planned_end="2027-01-01")
refuses("only_a_person_joins", lambda f, w: invite(f, w, joined_at=timezone.now()))
refuses("an_observer_does_not_sign", lambda f, w: invite(f, w, role="observer"))
refuses("payment_is_positive", lambda f, w: pay(f, "-5.00", kind="record"))
refuses("payment_kind_known", lambda f, w: pay(f, "5.00", kind="gift"))
refuses("only_homeowners_release", lambda f, w: pay(f, "5.00", by_role="contractor"), by="alon")
refuses("allocation_is_not_zero", lambda f, w: count(f, w.record.id, "0", line="deposit"))
refuses("allocation_names_its_line", lambda f, w: count(f, w.record.id, "1", w.first.id, line="deposit"))
refuses("reversal_is_positive", lambda f, w: take_back(f, w.record.id, "-1"))
refuses(
    "progress_is_a_percent",
    lambda f, w: f.copy("milestones_progressentry", w.reports[w.third.id].id, percent="100.01"),
    by="alon",
)
refuses(
    "only_a_return_names_what_is_unmet",
    lambda f, w: decide(f, w, w.part(w.people.noa), "homeowner", unmet=f"{{{new_id()}}}"),
)


# --- What is there once


@attack('.*"one_signature_per_version"', on="drafted")
def signature_given_twice(f: Forgery, w: World) -> None:
    sign(f, w, w.people.noa)
    sign(f, w, w.people.noa)


@attack('.*"one_milestone_per_position"', on="drafted")
def two_milestones_in_one_place(f: Forgery, w: World) -> None:
    f.copy("milestones_milestone", w.stage(w.drafted, 1).id)


@attack('.*"one_part_per_person"', by="michal")
def second_part_of_one_person(f: Forgery, w: World) -> None:
    """As the observer whom a homeowner invited; two roles are two persons."""
    values = {"role": "observer", "signs": False, "user_id": w.people.michal.id, "joined_at": timezone.now()}
    invite(f, w, **values)


@attack('.*"one_contractor_per_project"', on="drafted")
def second_contractor(f: Forgery, w: World) -> None:
    invited_by = w.part(w.people.noa, w.drafted).id
    invite(f, w, role="contractor", confirmed=True, invited_by_id=invited_by)


@attack('.*"one_open_flag_per_kind_and_thing"', by="system")
def flag_raised_twice(f: Forgery, w: World) -> None:
    f.copy("projects_flag", w.flag.id)


@attack('.*"evidence_is_shown_once"', by="alon")
def photo_shown_twice(f: Forgery, w: World) -> None:
    show(f, w, w.third, progress_id=report(f, w.third))


@attack('.*"one_submission_per_round"', by="alon")
def round_submitted_twice(f: Forgery, w: World) -> None:
    f.copy("milestones_submission", w.round.id)


@attack('.*"a_signer_decides_once_per_round"', by="michal")
def decision_taken_twice(f: Forgery, w: World) -> None:
    f.copy("milestones_decision", w.engineers.id)


@attack('.*"payments_confirmation_payment_id_key"', by="alon")
def receipt_confirmed_twice(f: Forgery, w: World) -> None:
    receive(f, w, payment_id=w.confirmed.id, received_on=TODAY())


@attack('.*"payments_reversalanswer_reversal_id_key"')
def answer_given_twice(f: Forgery, w: World) -> None:
    (found,) = f.run("SELECT id FROM payments_reversalanswer WHERE project_id = %s", f.project)
    f.copy("payments_reversalanswer", found[0])


@attack('.*"milestones_withdrawal_submission_id_key"', by="alon")
def submission_withdrawn_twice(f: Forgery, w: World) -> None:
    f.insert("milestones_withdrawal", submission_id=w.old_round.id)


TWICE = {
    "one_answer_per_key": "projects_once (user_id, key, fingerprint, status, created_at)"
    " SELECT user_id, key, fingerprint, 0, created_at FROM projects_once",
    "a_flag_is_seen_once": "projects_flagseen (flag_id, user_id, at) SELECT f.id, u.id, now()"
    " FROM projects_flag f, people_user u, generate_series(1, 2)",
    "a_job_runs_once_a_period": "projects_jobrun (job, period, started_at)"
    " SELECT 'sweep', 'now', now() FROM generate_series(1, 2)",
    "projects_apitoken_digest_key": "projects_apitoken (id, user_id, name, digest, scopes, created_at)"
    " SELECT gen_random_uuid(), id, '', 'the same', '{}', now() FROM people_user",
    "people_user_email_key": "people_user (id, password, email, full_name, language, phone, is_active,"
    " is_staff, date_joined) SELECT gen_random_uuid(), '', email, '', 'en', '', true, false, now()"
    " FROM people_user",
    "one_person_per_address": "people_user (id, password, email, full_name, language, phone, is_active,"
    " is_staff, date_joined) SELECT gen_random_uuid(), '', upper(email), '', 'en', '', true, false, now()"
    " FROM people_user",
}
for name, rows in TWICE.items():
    statement(f'.*"{name}"', f"INSERT INTO {rows}")
