"""Every guard removed in turn: `python -m tests.attacks.without`. With words after it (`work_waits
payments_ending`), only the guards whose names hold one of them.

For each guard it is shown that the start-up check names the loss, and which attacks, refused by that guard
before, it lets through now (or leaves to the next wall). A guard whose removal changes nothing is listed as
unproven. All of it happens in one transaction on one database, which is rolled back guard by guard: an attack
is carried as far as its commit, where every deferred check is made (SET CONSTRAINTS ALL IMMEDIATE).
"""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tests.attacks.starting import database_server


class Guard(NamedTuple):
    """A sealed guard: its name in the seal, the statement that removes it, how its refusals are told
    (Refusal.source), and for a reference its table and column."""

    name: str
    removal: str
    source: str
    column: str


class Outcome(NamedTuple):
    guard: Guard
    named: bool
    red: list[str]


class Carried:
    """A connection whose commits only check what a commit checks, and whose rollbacks wait for ours."""

    autocommit = False

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def cursor(self) -> Any:
        return self._cursor

    def commit(self) -> None:
        self._cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def rollback(self) -> None:
        """The savepoint around the attack does it."""


# What a function of ours answers when it has been emptied.
EMPTIED = {
    "trigger": ("plpgsql", "BEGIN RETURN coalesce(NEW, OLD); END"),
    "advance_before": ("sql", "SELECT 1, 1e12::numeric, ''::text, 'approved'::text"),
    "advance_signers": ("sql", "SELECT NULL::uuid WHERE false"),
    "is_approved": ("sql", "SELECT true"),
    "judges_repairs": ("sql", "SELECT true"),
    "line_of": ("sql", "SELECT 1e12::numeric, 1e12::numeric"),
    "reversed_of": ("sql", "SELECT 0::numeric"),
    "why_it_moves": ("sql", "SELECT 'told'"),
    "terms_change_by_right": ("sql", "SELECT true"),
    "version_of_change": ("sql", "SELECT 1::bigint"),
    "acts_for_a_side": ("sql", "SELECT true"),
    "defects_period_ends_on": ("sql", "SELECT date '2000-01-01'"),
    "repair_of": ("sql", "SELECT 0.00"),
    "retention_kept_for_defects": ("sql", "SELECT 0.00"),
    "fact_digest": ("sql", "SELECT repeat('0', 64)"),
}

GUARDS = """
WITH facts AS (SELECT tgrelid AS oid FROM pg_trigger WHERE tgname IN ('tied_to_an_entry', 'entry_is_chained'))
SELECT 'trigger' AS kind, c.relname || '.' || t.tgname AS name, c.relname::text AS thing,
    t.tgname::text AS part,
    CASE WHEN p.proname <> 'history_is_closed' THEN p.proname || '()'
        ELSE 'history_is_closed: ' || CASE t.tgname WHEN 'history_is_not_emptied' THEN 'TRUNCATE of '
            WHEN 'row_is_kept' THEN 'DELETE of ' ELSE 'UPDATE of ' END || c.relname END AS source, '' AS col
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'function', p.oid::regprocedure::text, p.proname, pg_get_functiondef(p.oid), p.proname || '()',
    pg_get_function_result(p.oid) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'constraint', c.relname || '.' || k.conname, c.relname, k.conname, k.conname,
    c.relname || '.' || coalesce(a.attname, '')
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_attribute a ON k.contype = 'f' AND a.attrelid = c.oid AND a.attnum = k.conkey[1]
WHERE c.relnamespace = 'public'::regnamespace AND (
    (k.contype IN ('c', 'u', 'p', 'f') AND c.oid IN (SELECT oid FROM facts))
    OR (k.contype = 'u' AND c.relname ~ '^(projects|people)_'))
UNION ALL
SELECT 'index', c.relname, '', c.relname, c.relname, ''
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND t.relname ~ '^(projects|people)_'
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
UNION ALL
SELECT 'rights', c.relname, c.relname, '',
    format('permission denied for %s %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname), ''
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_relation_is_updatable(c.oid, false) > 0
AND c.relname ~ '^(projects|milestones|payments|people|tracker|guard)_'
ORDER BY 1, 2
"""


def guards(cursor: Any) -> list[Guard]:
    """All that the seal holds and that refuses something; of tables that are not ours only that they are
    sealed is of interest (tests/tracker/test_guards.py)."""
    cursor.execute(GUARDS)
    return [
        Guard(f"{kind} {name}", _removal(kind, thing, part, column), source, column)
        for kind, name, thing, part, source, column in cursor.fetchall()
    ]


def _removal(kind: str, thing: str, part: str, result: str) -> str:
    match kind:
        case "trigger":
            return f"ALTER TABLE {thing} DISABLE TRIGGER {part}"
        case "constraint":
            return f"ALTER TABLE {thing} DROP CONSTRAINT {part} CASCADE"
        case "index":
            return f"DROP INDEX {part}"
        case "rights":
            return f"GRANT ALL ON {thing} TO plumbline_app"
    return _emptied(thing, part, result)


def _emptied(function: str, definition: str, result: str) -> str:
    """The function as it was made, with nothing in it."""
    language, body = EMPTIED["trigger" if result == "trigger" else function]
    head = definition.partition("AS $function$")[0]
    assert f"LANGUAGE {language}" in head
    return f"{head}AS $function$ {body} $function$"


class Trial:
    """One transaction in which guards go and come back."""

    def __init__(self, cursor: Any, world: Any, attacks: Iterable[Any]) -> None:
        self.cursor, self.world = cursor, world
        self.guards = guards(cursor)
        self.removals = {g.source: g.removal for g in self.guards if not g.name.startswith("trigger ")}
        self.removals |= {g.source: g.removal for g in self.guards if "history_is" in g.source}
        self.refusals = {case: self.carry(case) for case in attacks if not case.name.startswith(ALONE)}

    def carry(self, case: Any) -> Any:
        """Perform an attack up to its commit, and take it back."""
        from tests.attacks.attack import refused

        self.cursor.execute("SAVEPOINT attack")
        self.cursor.execute(f"SET LOCAL ROLE plumbline_{case.role}")
        refusal = refused(case, Carried(self.cursor), self.world)
        self.cursor.execute("ROLLBACK TO attack; RELEASE attack")
        return refusal

    def without(self, guard: Guard) -> Outcome:
        """What becomes of the start-up check and of the attacks when this guard is gone."""
        from tracker.guards import broken_guards

        self.cursor.execute("SAVEPOINT whole")
        self.cursor.execute(guard.removal)
        self.cursor.execute("SET LOCAL ROLE plumbline_app")
        named = guard.name in {broken.name for broken in broken_guards()}
        self.cursor.execute("RESET ROLE")
        red = [told for case in self._held_by(guard) if (told := self._changed(case))]
        self.cursor.execute("ROLLBACK TO whole; RELEASE whole")
        aimed = [case for case in self.refusals if case.aim and case.aim in {guard.name, guard.column}]
        red += [told for case in aimed if not red and (told := self._behind_others(case, guard))]
        return Outcome(guard, named, red)

    def _held_by(self, guard: Guard) -> Iterator[Any]:
        """The attacks that this guard may be what refuses; all of them for what many guards ask."""
        helps = guard.name.startswith("function ") and guard.source.removesuffix("()") in ASKED_BY_MANY
        for case, refusal in self.refusals.items():
            if helps or refusal.source == guard.source:
                yield case

    def _changed(self, case: Any) -> str:
        """The attack's name, and who refuses it now; empty where it is refused as before."""
        now, before = self.carry(case), self.refusals[case]
        if now is None:
            return f"{case.name}: let through"
        return "" if now.source == before.source else f"{case.name}: left to {now.words[:60]}"

    def _behind_others(self, case: Any, guard: Guard) -> str:
        """The guards that refuse this attack earlier are removed one by one, until this guard does."""
        others: list[str] = []
        self.cursor.execute("SAVEPOINT whole")
        refusal = self.carry(case)
        while refusal and refusal.source != guard.source and refusal.source in self.removals:
            others.append(refusal.source)
            self.cursor.execute(self.removals[refusal.source])
            refusal = self.carry(case)
        self.cursor.execute(guard.removal)
        now = self.carry(case)
        self.cursor.execute("ROLLBACK TO whole; RELEASE whole")
        if not refusal or refusal.source != guard.source or (now and now.source == guard.source):
            return ""
        return f"{case.name}: behind {', '.join(others)}"


# Functions whose refusals are told by others' names.
ASKED_BY_MANY = {*EMPTIED, "history_is_closed"}

# Statements that stand in no transaction or end it cannot be taken back; a superuser's session is let through
# by those that ask who signed in.
ALONE = ("DROP DATABASE", "ALTER SYSTEM", "PREPARE TRANSACTION", "SET ROLE", "SET SESSION AUTHORIZATION")


def removed_in_turn(cluster: Any, world: Any, words: list[str]) -> Iterator[Outcome]:
    """The outcome of each guard whose name holds one of the words (without words, of all), on the database of
    the attacks, which stays as it is."""
    from django.db import connection, connections, transaction

    from tests.attacks.everyone import ATTACKS
    from tests.attacks.ground import NAME
    from tests.conftest import use

    use(cluster.superuser_url(NAME))
    with transaction.atomic(), connection.cursor() as cursor:
        raw = cursor.cursor
        trial = Trial(raw, world, ATTACKS)
        for guard in trial.guards:
            if not words or any(word in guard.name for word in words):
                yield trial.without(guard)
        transaction.set_rollback(True)
    connections.close_all()


def main() -> int:
    begun = time.monotonic()
    with database_server() as cluster:
        from tests.attacks.ground import attacked

        with attacked(cluster) as world:
            outcomes = list(removed_in_turn(cluster, world, sys.argv[1:]))
        version = cluster.rest.binaries.version[0]
    for outcome in outcomes:
        print(f"{'named' if outcome.named else 'NOT NAMED'}  {outcome.guard.name}: {len(outcome.red)} red")
        for told in outcome.red:
            print(f"           {told}")
    unnamed = [outcome for outcome in outcomes if not outcome.named]
    unproven = [outcome.guard.name for outcome in outcomes if not outcome.red]
    print("unproven:", *unproven, sep="\n  ")
    print(
        f"PostgreSQL {version}: {len(outcomes)} guards removed in turn in {time.monotonic() - begun:.0f} s:"
        f" {len(unnamed)} not named at start, {len(unproven)} whose loss no attack shows"
    )
    return 1 if unnamed or unproven else 0


if __name__ == "__main__":
    sys.exit(main())
