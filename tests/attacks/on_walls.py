"""Attacks on the walls themselves: statements that the application's role is not granted, and some that the
owner is refused."""

from django.apps import apps

from projects.models import APPEND, Fact, JournalEntry, Project
from tests.attacks.attack import statement

FACTS = [JournalEntry, Project, *(model for model in apps.get_models() if issubclass(model, Fact))]
CLOSED = [model._meta.db_table for model in FACTS if model.rights == APPEND]  # type: ignore[attr-defined]
KEPT = ["projects_project", "projects_party", "projects_flag"]
DRAFTED = [
    "milestones_milestone",
    "milestones_criterion",
    "milestones_expectation",
    "milestones_concern",
]

for table in CLOSED:
    statement(f"permission denied for table {table}", f"UPDATE {table} SET id = id")
    statement(f"history_is_closed: UPDATE of {table}", f"UPDATE {table} SET id = id", role="owner")
for table in [*CLOSED, *KEPT]:
    statement(f"permission denied for table {table}", f"DELETE FROM {table}")
    statement(f"history_is_closed: DELETE of {table}", f"DELETE FROM {table}", role="owner")
for table in [*CLOSED, *KEPT, *DRAFTED]:
    statement(f"permission denied for table {table}", f"TRUNCATE {table} CASCADE")
    statement(f"history_is_closed: TRUNCATE of {table}", f"TRUNCATE {table} CASCADE", role="owner")

DENIED = {
    "permission denied for table": [
        "UPDATE projects_project SET id = gen_random_uuid()",
        "UPDATE projects_project SET created_at = now()",
        "UPDATE projects_party SET role = 'homeowner'",
        "UPDATE projects_once SET key = 'another'",
        "UPDATE projects_obligation SET kind = 'nothing'",
        "UPDATE projects_apitoken SET scopes = '{pay}'",
        "UPDATE people_user SET id = gen_random_uuid()",
        "DELETE FROM people_user",
        "UPDATE projects_flagseen SET at = now()",
        "UPDATE projects_jobrun SET job = 'another'",
        "UPDATE tracker_caughtmail SET subject = 'another'",
        "DELETE FROM projects_flagreading",
        "UPDATE guard_seal SET definition = ''",
        "DELETE FROM guard_seal",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
        "UPDATE pg_trigger SET tgenabled = 'D'",
        "DELETE FROM pg_constraint",
        "MERGE INTO payments_payment p USING payments_payment q ON p.id = q.id WHEN MATCHED THEN DELETE",
        "MERGE INTO projects_party p USING projects_party q ON p.id = q.id"
        " WHEN MATCHED THEN UPDATE SET role = 'homeowner'",
        "INSERT INTO payments_payment TABLE payments_payment ON CONFLICT (id) DO UPDATE SET kind = ''",
        "WITH gone AS (DELETE FROM projects_journalentry RETURNING 1) SELECT * FROM gone",
        "DO $$ BEGIN UPDATE payments_payment SET amount = 1; END $$",
        "DO $$ BEGIN EXECUTE 'DELETE FROM projects_journalentry'; END $$",
        "SELECT * FROM payments_payment FOR UPDATE",
        "LOCK TABLE projects_journalentry IN ACCESS EXCLUSIVE MODE",
        "GRANT UPDATE ON payments_payment TO PUBLIC; UPDATE payments_payment SET amount = 1",
        "SET CONSTRAINTS ALL DEFERRED; UPDATE payments_payment SET amount = 1",
    ],
    "permission denied for view": [
        "UPDATE payments_left SET payment_id = payment_id",
        "INSERT INTO payments_left (project_id) VALUES (gen_random_uuid())",
        "UPDATE payments_ending SET project_id = project_id",
        "DELETE FROM payments_ending",
    ],
    "must be owner": [
        "ALTER TABLE payments_payment DISABLE TRIGGER ALL",
        "ALTER TABLE payments_payment ENABLE REPLICA TRIGGER tied_to_an_entry",
        "ALTER TABLE payments_allocation RENAME TO elsewhere",
        "ALTER TABLE payments_payment DROP CONSTRAINT payment_is_positive",
        "ALTER TABLE payments_payment ALTER COLUMN amount TYPE numeric",
        "ALTER TABLE payments_payment SET UNLOGGED",
        "ALTER TABLE projects_journalentry ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE payments_payment OWNER TO plumbline_app",
        "DROP TABLE payments_payment CASCADE",
        "DROP TRIGGER tied_to_an_entry ON payments_payment",
        "DROP FUNCTION gate_holds CASCADE",
        "ALTER FUNCTION gate_holds() SET search_path = pg_temp",
        "DROP VIEW payments_left CASCADE",
        "DROP INDEX one_open_flag_per_kind_and_thing",
        "DROP SCHEMA public CASCADE",
        "CREATE RULE quiet AS ON INSERT TO projects_journalentry DO INSTEAD NOTHING",
        "COMMENT ON TABLE payments_payment IS 'mine'",
    ],
    "permission denied for schema public": [
        "CREATE TABLE public.projects_journalentry_shadow (id int)",
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
        "CREATE OR REPLACE FUNCTION gate_holds() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = varchar, FUNCTION = texteq)",
        "CREATE VIEW public.peek AS SELECT 1 AS one",
    ],
    "permission denied for table payments_payment": [
        "CREATE TRIGGER mine AFTER INSERT ON payments_payment EXECUTE FUNCTION history_is_closed()",
    ],
    "permission denied to create temporary|permission denied for schema": [
        "CREATE TEMPORARY TABLE projects_journalentry (id int)",
        "CREATE TEMPORARY VIEW projects_party AS SELECT 1 AS id",
        "SET search_path = pg_temp, public; CREATE TABLE projects_project (id int)",
        "CREATE FUNCTION pg_temp.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
    "permission denied for database": [
        "CREATE SCHEMA shadow",
        "CREATE PUBLICATION everything",
    ],
    "permission denied to set parameter": [
        "SET session_replication_role = replica",
        "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SET LOCAL allow_system_table_mods = on",
    ],
    "permission denied|extension .* is not available": ["CREATE EXTENSION dblink"],
    "permission denied|must (be|have)": [
        "SET ROLE plumbline_owner",
        "SET ROLE pg_write_all_data",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER DEFAULT PRIVILEGES FOR ROLE plumbline_owner GRANT UPDATE ON TABLES TO plumbline_app",
        "ALTER ROLE plumbline_app SUPERUSER",
        "ALTER ROLE plumbline_owner PASSWORD 'mine'",
        "CREATE ROLE friend",
        "GRANT plumbline_owner TO plumbline_app",
        "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION history_is_closed()",
        "COPY payments_payment FROM PROGRAM 'echo'",
        "COPY payments_payment TO '/tmp/payments'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT lo_export(1, '/tmp/large')",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "SELECT setval(pg_get_serial_sequence('projects_once', 'id'), 1)",
    ],
    "prepared transactions are disabled|does not exist": ["PREPARE TRANSACTION 'later'"],
    "what_is_owed_stays": [
        "DELETE FROM projects_obligation WHERE done_at IS NULL",
        "UPDATE projects_obligation SET done_at = NULL WHERE done_at IS NOT NULL",
    ],
    "an_answer_is_kept": [
        "UPDATE projects_once SET answer = '[1]' WHERE status > 0",
        "UPDATE projects_once SET status = 0 WHERE status > 0",
        "DELETE FROM projects_once",
    ],
}

ALONE = {
    "must be owner of database": "DROP DATABASE plumbline_attacked",
    "permission denied|must be superuser": "ALTER SYSTEM SET fsync = off",
}

for guard, sql in ALONE.items():
    statement(guard, sql, alone=True)
for guard, statements in DENIED.items():
    for sql in statements:
        statement(guard, sql)
