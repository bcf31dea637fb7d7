"""A database that was dumped and restored: whole, everything holds; in part, nothing starts, and no command
makes the damage look whole."""

import json
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from milestones.actions import add_milestone
from payments.actions import record_payment
from projects.models import JournalEntry, Project
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
