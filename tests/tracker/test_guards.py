"""The start-up check: what the guards lost, and what was changed or added, is named, and nothing starts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from milestones.models import Criterion
from payments.models import Payment
from projects.models import Party
from tests.attacks.ground import migrate_here
from tests.conftest import use
from tracker.cluster import Cluster
from tracker.guards import GuardsBroken, broken_guards, require_guards, rights_of

pytestmark = pytest.mark.usefixtures("database")


def test_a_migrated_database_holds() -> None:
    assert broken_guards() == []
    require_guards()


DAMAGE = [
    ("DROP TRIGGER tied_to_an_entry ON payments_payment", "trigger payments_payment.tied_to_an_entry"),
    ("ALTER TABLE payments_allocation DISABLE TRIGGER gate_holds", "trigger payments_allocation.gate_holds"),
    (
        "ALTER TABLE payments_allocation ENABLE REPLICA TRIGGER gate_holds",
        "trigger payments_allocation.gate_holds",
    ),
    (
        "CREATE OR REPLACE FUNCTION gate_holds() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "function gate_holds()",
    ),
    ("ALTER FUNCTION gate_holds() RESET search_path", "function gate_holds()"),
    ("CREATE AGGREGATE most(numeric) (SFUNC = numeric_larger, STYPE = numeric)", "function most(numeric)"),
    ("CREATE RULE quiet AS ON INSERT TO payments_payment DO NOTHING", "rule payments_payment.quiet"),
    ("CREATE VIEW peek AS TABLE payments_payment", "view peek"),
    (
        "CREATE OR REPLACE VIEW payments_left AS"
        ' SELECT project_id, id AS payment_id, amount * 1.0 AS "left" FROM payments_payment',
        "view payments_left",
    ),
    ("CREATE TABLE shadow (id int)", "rights shadow"),
    ("ALTER TABLE payments_payment ALTER paid_on TYPE timestamp", "table payments_payment"),
    ("ALTER TABLE payments_payment ALTER amount DROP NOT NULL", "table payments_payment"),
    ("ALTER TABLE payments_payment ENABLE ROW LEVEL SECURITY", "table payments_payment"),
    ("ALTER TABLE projects_once SET UNLOGGED", "table projects_once"),
    (
        "ALTER TABLE payments_payment DROP CONSTRAINT payment_is_positive",
        "constraint payments_payment.payment_is_positive",
    ),
    (
        "ALTER TABLE payments_confirmation DISABLE TRIGGER ALL",  # also those of its foreign keys
        "constraint payments_confirmation.payments_confirmatio_payment_id_39f1d8bd_fk_payments_",
    ),
    ("DROP INDEX one_open_flag_per_kind_and_thing", "index one_open_flag_per_kind_and_thing"),
    ("GRANT UPDATE ON payments_payment TO plumbline_app", "rights payments_payment"),
    ("GRANT UPDATE (amount) ON payments_payment TO plumbline_app", "rights payments_payment"),
    ("GRANT UPDATE (role) ON projects_party TO plumbline_app", "rights projects_party"),
    ("GRANT UPDATE ON projects_party TO PUBLIC", "rights projects_party"),
    ("REVOKE SELECT ON projects_project FROM plumbline_app", "rights projects_project"),
    ("REVOKE UPDATE (state) ON projects_project FROM plumbline_app", "rights projects_project"),
    ("GRANT UPDATE ON SEQUENCE projects_once_id_seq TO plumbline_app", "rights projects_once_id_seq"),
    ("GRANT CREATE ON SCHEMA public TO plumbline_app", "schema public"),
    (
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO PUBLIC', current_database()); END $$",
        "the database",
    ),
    (
        "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$",
        "the database",
    ),
    ("ALTER ROLE plumbline_app CREATEROLE", "the application's role"),
    ("ALTER ROLE plumbline_app REPLICATION", "the application's role"),
    ("GRANT plumbline_owner TO plumbline_app", "the application's role"),
    ("GRANT pg_execute_server_program TO plumbline_app", "the application's role"),
    ("GRANT pg_write_all_data TO plumbline_app", "rights payments_payment"),
    ("SET LOCAL session_replication_role = replica", "the application's role"),
    ("DROP TABLE guard_seal", "guard_seal"),
    ("REVOKE SELECT ON guard_seal FROM plumbline_app", "guard_seal"),
]


def test_all_damage_is_named(cluster: Cluster, database: str) -> None:
    """One by one, each taken back: roles, too, change within a transaction."""
    use(cluster.superuser_url(database))
    for damage, named in DAMAGE:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(damage)
            cursor.execute("SET LOCAL ROLE plumbline_app")
            assert named in {guard.name for guard in broken_guards()}, damage
            with pytest.raises(GuardsBroken, match=named.split(" ")[0]):
                require_guards()
            transaction.set_rollback(True)
    use(cluster.app_url(database))
    assert broken_guards() == []


def test_triggers_that_may_be_switched_off_are_named(cluster: Cluster, database: str) -> None:
    use(cluster.superuser_url(database))
    if connection.pg_version < 150000:
        pytest.skip("PostgreSQL 14 knows no rights on settings")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("GRANT SET ON PARAMETER session_replication_role TO plumbline_app")
        cursor.execute("SET LOCAL ROLE plumbline_app")
        assert "the application's role" in {guard.name for guard in broken_guards()}
        transaction.set_rollback(True)


def test_rights_are_granted_by_column() -> None:
    assert rights_of(Payment) == "SELECT, INSERT"
    assert rights_of(Criterion) == "SELECT, INSERT, DELETE"
    assert rights_of(Party) == (
        "SELECT, INSERT, UPDATE (entry_id, user_id, confirmed, joined_at, declined_at, left_at)"
    )


def test_the_owner_may_not_serve(cluster: Cluster, database: str) -> None:
    use(cluster.owner_url(database))
    assert any("owner" in guard.problem for guard in broken_guards())
    connections.close_all()


def test_migrating_seals_no_damage_but_mends_lost_rights(
    cluster: Cluster, database: str, connect: Callable[..., Any]
) -> None:
    """A guard that is gone stays named until the dump is restored whole."""
    with connect("owner") as owner:
        owner.cursor().execute(
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM plumbline_app;"
            "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM plumbline_app"
        )
    migrate_here(cluster, database)
    assert broken_guards() == []
    with connect("owner") as owner:
        owner.cursor().execute(
            "ALTER TABLE payments_allocation DISABLE TRIGGER gate_holds;"
            "ALTER TABLE payments_payment DROP CONSTRAINT payment_is_positive;"
            "DROP INDEX one_open_flag_per_kind_and_thing"
        )
    with pytest.raises(SystemExit, match="gate_holds"):
        migrate_here(cluster, database)
    assert [(guard.name, guard.problem) for guard in broken_guards()] == [
        ("constraint payments_payment.payment_is_positive", "missing"),
        ("index one_open_flag_per_kind_and_thing", "missing"),
        ("trigger payments_allocation.gate_holds", "changed"),
    ]
