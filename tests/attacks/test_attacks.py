"""One attack per guard and per known way around it, by SQL typed into the application's own role.

Each comes with a well-made journal entry, as a bug in our own code would have it. Each is refused by name,
and afterwards every row of every table is as it was.
"""

from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.utils import timezone

from people.ids import new_id
from tests.attacks import on_money, on_terms, on_work  # noqa: F401  # they register their attacks
from tests.attacks.attack import ATTACKS, Attack
from tests.attacks.forge import Forgery
from tests.attacks.world import World


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
