"""The last wall, looked after: rights of the application's role, and a seal over every guard.

`migrate` (as the owner) grants each table what its model's `rights` and `changes` say and then writes down,
in the table `guard_seal`, every trigger, function, constraint, column and right it finds. At start and for
/readyz the living database is compared with that seal; a restore that lost its triggers or grants is refused
by name.
A superuser can rewrite both: see docs/journal.md for what this defends and what it does not.
"""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection

from tracker.absence import insist

SECONDS_TO_APPEAR = 20  # for a database that is being started too; gunicorn gives a worker 30

log = logging.getLogger(__name__)

# Tables of Django and allauth: book-keeping, no facts of a project.
FREE = "SELECT, INSERT, UPDATE, DELETE"
READ_ONLY = {"django_migrations", "guard_seal"}


@dataclass(frozen=True)
class Broken:
    """A guard that is not what the migrations made: its name, and what is wrong (missing, changed, new)."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name} is {self.problem}"


# Casts and brackets of a check or a view are written otherwise after a dump and a restore, and from
# PostgreSQL 16 on the columns of a view stand without their table where there is only one; all that is left
# out. Of the own triggers of a constraint it is seen whether they were switched off.
LIVING = r"""
SELECT 'trigger ' || c.relname || '.' || t.tgname AS name,
       t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid) AS definition
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'rule ' || c.relname || '.' || r.rulename, r.ev_enabled::text || ' ' || pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = 'public'::regnamespace AND r.rulename <> '_RETURN'
UNION ALL
SELECT 'function ' || p.oid::regprocedure::text,
       CASE p.prokind WHEN 'a' THEN 'an aggregate' ELSE pg_get_functiondef(p.oid) END
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'view ' || c.relname, regexp_replace(pg_get_viewdef(c.oid),
           '\m[a-z_]+\.(?=[a-z_"])|::[a-z ]+(\[\])?|[()]', '', 'g')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
UNION ALL
SELECT 'table ' || c.relname, c.relpersistence::text
       || CASE WHEN c.relrowsecurity THEN ' filtered ' ELSE ' ' END
       || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                     || CASE WHEN a.attnotnull THEN '!' ELSE '' END, ', ' ORDER BY a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.oid, c.relname
UNION ALL
SELECT 'constraint ' || c.relname || '.' || k.conname,
       regexp_replace(pg_get_constraintdef(k.oid), '::[a-z ]+(\[\])?|[()]', '', 'g')
       || CASE WHEN EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
          THEN ' (off)' ELSE '' END
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('c', 'u', 'p', 'f')
UNION ALL
SELECT 'index ' || c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
UNION ALL
SELECT 'rights ' || c.relname, coalesce((
    SELECT string_agg(held.power || held.columns, ', ' ORDER BY held.place) FROM (
        SELECT r.power, r.place, CASE
            WHEN has_table_privilege(%(role)s, c.oid, r.power) THEN ''
            WHEN r.by_column THEN (
                SELECT ' (' || string_agg(a.attname, ', ' ORDER BY a.attname) || ')' FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND has_column_privilege(%(role)s, c.oid, a.attnum, r.power)) END AS columns
        FROM (VALUES ('SELECT', 1, true), ('INSERT', 2, true), ('UPDATE', 3, true), ('REFERENCES', 4, true),
                     ('DELETE', 5, false), ('TRUNCATE', 6, false), ('TRIGGER', 7, false))
            AS r(power, place, by_column)) AS held), '')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'rights ' || c.relname, concat_ws(', ',
       CASE WHEN has_sequence_privilege(%(role)s, c.oid, 'USAGE') THEN 'USAGE' END,
       CASE WHEN has_sequence_privilege(%(role)s, c.oid, 'UPDATE') THEN 'UPDATE' END)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
"""

# What no seal allows: a role that could make itself the owner or reach around the tables, put objects of its
# own before ours, or work with triggers switched off.
POWERS = """
SELECT EXISTS (SELECT 1 FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER') AND (
           r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolname IN
           ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'))),
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
           AND pg_has_role(current_user, c.relowner, 'MEMBER')),
       has_schema_privilege('public', 'CREATE'),
       has_database_privilege(current_database(), 'CREATE'),
       has_database_privilege(current_database(), 'TEMPORARY'),
       current_setting('session_replication_role') <> 'origin'
"""
POWERS_NAMED = (
    Broken("the application's role", "more powerful than it may be"),
    Broken("the application's role", "an owner or could become one"),
    Broken("schema public", "open to new objects of the application"),
    Broken("the database", "open to new schemas of the application"),
    Broken("the database", "open to temporary tables, which could stand before ours"),
    Broken("the application's role", "working with triggers switched off"),
)

# From PostgreSQL 15 on a role may be granted a setting that else only superusers change.
SETTINGS = "SELECT has_parameter_privilege('session_replication_role', 'SET')"

# None without a seal, else whether the connected role may read it.
SEAL = """
SELECT (SELECT has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege('public', 'USAGE')
        FROM pg_class c
        WHERE c.relname = 'guard_seal' AND c.relnamespace = 'public'::regnamespace)
"""


def application_role() -> str:
    """The role of DATABASE_URL, which owns nothing."""
    return unquote(urlsplit(settings.APPLICATION_DATABASE_URL).username or "")


def rights_of_tables() -> dict[str, str]:
    """{table: rights} for every model; a model of ours that states none is a mistake."""
    ours = {"people", "projects", "milestones", "payments", "tracker"}
    return {
        model._meta.db_table: rights_of(model) if model.__module__.split(".")[0] in ours else FREE
        for model in apps.get_models(include_auto_created=True)
    }


def rights_of(model: Any) -> str:
    """As GRANT reads them: UPDATE only on the columns that change, and on a fact's entry; else not at all."""
    if "UPDATE" not in model.rights:
        return str(model.rights)
    entry = [field.column for field in model._meta.fields if field.name == "entry" and model.changes]
    columns = ", ".join([*entry, *model.changes])
    return str(model.rights).replace("UPDATE", f"UPDATE ({columns})" if columns else "").replace(", ,", ",")


def refuse_to_build_on_damage(**_: Any) -> None:
    """Before `migrate`: a database that was sealed must still hold what was sealed, rights apart.

    Otherwise migrating would seal the damage as if it had been meant. What is new is no damage: a later
    version of this file may look at more. Whoever knows why a definition reads differently, as on another
    PostgreSQL, empties guard_seal first.
    """
    with connection.cursor() as cursor:
        found = _differences(cursor)
    damage = [b for b in found if b.problem != "new" and not b.name.startswith("rights ")]
    if damage:
        raise SystemExit("\n  ".join(["This database has lost guards; restore it whole:", *map(str, damage)]))


def grant_and_seal(**_: Any) -> None:
    """After `migrate`: grant the application's role its rights, and seal what now stands."""
    role = application_role()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if role in {"", cursor.fetchone()[0]}:
            raise SystemExit("The application's role must not own the tables: set DATABASE_OWNER_URL too.")
        name = connection.ops.quote_name(role)
        database = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS guard_seal (name text PRIMARY KEY, definition text NOT NULL)"
        )
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {name}, PUBLIC")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}, PUBLIC")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}, PUBLIC")
        cursor.execute(f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {name}, PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for table, rights in rights_of_tables().items():
            cursor.execute(f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {name}")
        for table in READ_ONLY:
            cursor.execute(f"GRANT SELECT ON {table} TO {name}")
        cursor.execute("DELETE FROM guard_seal")
        cursor.execute(f"INSERT INTO guard_seal {LIVING}", {"role": role})


def _differences(cursor: Any) -> list[Broken]:
    """What the living database lacks or has beyond its seal; nothing where it was never sealed."""
    cursor.execute("SELECT to_regclass('public.guard_seal')")
    if cursor.fetchone()[0] is None:
        return []
    cursor.execute("SELECT name, definition FROM guard_seal")
    sealed = dict(cursor.fetchall())
    cursor.execute(f"SELECT * FROM ({LIVING.replace('%(role)s', 'current_user')}) AS living")
    living = dict(cursor.fetchall())
    return [
        Broken(name, "missing" if name not in living else "new" if name not in sealed else "changed")
        for name in sorted(sealed.keys() | living.keys())
        if sealed.get(name) != living.get(name)
    ]


def broken_guards() -> list[Broken]:
    """Compare the living database, as the connected role, with the seal; empty when all guards stand."""
    with connection.cursor() as cursor:
        cursor.execute(SEAL)
        if not (readable := cursor.fetchone()[0]):
            return [Broken("guard_seal", "missing" if readable is None else "closed to the application")]
        cursor.execute(POWERS)
        held = [broken for broken, is_so in zip(POWERS_NAMED, cursor.fetchone(), strict=True) if is_so]
        if cursor.connection.server_version >= 150_000:
            cursor.execute(SETTINGS)
            held += [Broken("the application's role", "free to switch triggers off")] * cursor.fetchone()[0]
        return held + _differences(cursor)


class GuardsBroken(Exception):
    """The database does not hold what the migrations made: nothing may start on it."""


def require_guards() -> None:
    """Refuse to start on a database whose guards do not stand; names each one that is wrong.

    Waits a little for a database that is away: it may be starting too.
    """
    if broken := insist(log, broken_guards, SECONDS_TO_APPEAR):
        raise GuardsBroken(
            "\n".join(
                ["The database's guards do not stand. Lost rights come back with migrate, as the owner;"]
                + ["anything else with the whole dump."]
                + [f"  {guard}" for guard in broken]
            )
        )
