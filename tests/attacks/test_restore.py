"""A database that was dumped and restored: whole, everything holds; in part, nothing starts, and no command
makes the damage look whole."""

import json
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from milestones.actions import add_milestone
from payments.actions import record_payment
from projects.models import JournalEntry, Project
from tests.attacks.ground import migrate_here
from tests.cast import TODAY, Cast, acting, active, draft, signed_off, stage
from tests.conftest import use
from tracker.cluster import Cluster
from tracker.guards import broken_guards
from tracker.up.binaries import find_binaries
from tracker.verifying import verify

Restore = Callable[..., str]


@pytest.fixture
def told(cast: Cast) -> Project:
    """A project with every kind of fact, prose in two scripts among it."""
    project = active(cast, name="בית משפחת אלמוג", policy={"watch_percent": "0.50"})
    signed_off(cast, stage(project, 1))
    record_payment(
        acting(cast.noa),
        project.id,
        amount=Decimal("1000.10"),
        paid_on=TODAY(),
        method="cash",
        reason="הקבלן ביקש\n\\ \" '",
    )
    return project


@pytest.fixture
def restore(cluster: Cluster, database: str, tmp_path: Path) -> Iterator[Restore]:
    """restore(*options): the test's database, dumped and restored into another; its name."""
    programs = find_binaries(cluster.rest.binaries.version[0]).folder
    made = []

    def run(*options: str) -> str:
        name = f"{database}_again"
        cluster.create_database(name)
        made.append(name)
        dump = tmp_path / "dump"
        subprocess.run([programs / "pg_dump", "-Fc", "-f", dump, cluster.superuser_url(database)], check=True)
        subprocess.run(
            [programs / "pg_restore", "-d", cluster.superuser_url(name), *options, dump], check=False
        )
        use(cluster.app_url(name))
        return name

    yield run
    for name in made:
        cluster.drop_database(name)


def digests_that_differ() -> list[str]:
    """Facts whose present hash is not the one in their entry."""
    wrong = []
    with connection.cursor() as cursor:
        for entry, body in JournalEntry.objects.values_list("id", "body"):
            for key, digest in json.loads(bytes(body))["facts"].items():
                table, _, pk = key.partition("/")
                cursor.execute(
                    f"SELECT fact_digest('{table}'::regclass, to_jsonb(f)) FROM {table} f"
                    " WHERE id = %s AND entry_id = %s",
                    [pk, entry],
                )
                if cursor.fetchone() not in {None, (digest,)}:
                    wrong.append(key)
    return wrong


def test_a_whole_restore_holds_and_goes_on(cast: Cast, told: Project, restore: Restore) -> None:
    restore()
    assert verify().breaks == []
    assert digests_that_differ() == []
    add_milestone(
        acting(cast.noa),
        draft(cast).id,
        title="Garden",
        value=Decimal(0),
        amount=Decimal(0),
        signers=["homeowner"],
    )


def test_hashes_do_not_depend_on_how_a_session_shows_things(told: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'Pacific/Chatham'")
        cursor.execute("SET datestyle = 'German'")
        cursor.execute("SET extra_float_digits = -15")
        cursor.execute("SET bytea_output = 'escape'")
    assert digests_that_differ() == []


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--no-owner", "--no-acl"], "guard_seal"),
        (["--section=pre-data", "--section=data"], "trigger payments_allocation.gate_holds"),
    ],
)
def test_a_restore_without_rights_or_triggers_is_named(
    told: Project, restore: Restore, options: list[str], named: str
) -> None:
    restore(*options)
    assert named in {guard.name for guard in broken_guards()}


def test_migrate_does_not_seal_damage(cluster: Cluster, database: str, connect: Callable[..., Any]) -> None:
    """A guard that is gone stays named until the dump is restored whole."""
    with connect("owner") as owner:
        owner.cursor().execute(
            "ALTER TABLE payments_allocation DISABLE TRIGGER gate_holds;"
            "ALTER TABLE payments_payment DROP CONSTRAINT payment_is_positive;"
            "DROP INDEX one_open_flag_per_kind_and_thing"
        )
    with pytest.raises(SystemExit):
        migrate_here(cluster, database)
    assert [(guard.name, guard.problem) for guard in broken_guards()] == [
        ("constraint payments_payment.payment_is_positive", "missing"),
        ("index one_open_flag_per_kind_and_thing", "missing"),
        ("trigger payments_allocation.gate_holds", "changed"),
    ]


WAYS_AROUND = [
    ("owner", "GRANT UPDATE (amount) ON payments_payment TO plumbline_app", "rights payments_payment"),
    ("owner", "GRANT CREATE ON SCHEMA public TO plumbline_app", "schema public"),
    ("owner", "CREATE RULE quiet AS ON INSERT TO payments_payment DO NOTHING", "rule payments_payment.quiet"),
    ("owner", "CREATE VIEW peek AS TABLE payments_payment", "view peek"),
    ("superuser", "ALTER ROLE plumbline_app CREATEROLE", "the application's role"),
    ("superuser", "GRANT plumbline_owner TO plumbline_app", "the application's role"),
]


def test_ways_around_the_walls_are_named(database: str, connect: Callable[..., Any]) -> None:
    try:
        for role, statement, named in WAYS_AROUND:
            with connect(role) as link:
                link.cursor().execute(statement)
            assert named in {guard.name for guard in broken_guards()}, statement
            with connect("superuser") as superuser:  # roles belong to the whole cluster
                superuser.cursor().execute("ALTER ROLE plumbline_app NOCREATEROLE")
    finally:
        with connect("superuser") as superuser:
            superuser.cursor().execute("REVOKE plumbline_owner FROM plumbline_app")
