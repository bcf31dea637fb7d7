"""A database that was dumped and restored: whole, with its files, everything holds and goes on; in part,
nothing starts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from milestones.actions import add_milestone, approve_milestone, log_progress, submit_milestone
from payments.actions import record_payment
from projects.actions import add_attachment
from projects.files import open_file, store
from projects.models import JournalEntry, Project
from tests.attacks.world import build
from tests.cast import TODAY, Cast, acting, active, draft, stage
from tests.conftest import ROOT, TEMPLATE, migrate, use
from tests.tracker.world import drawn_photo
from tracker.cluster import Cluster
from tracker.guards import broken_guards
from tracker.up.binaries import find_binaries
from tracker.verifying import verify

Restore = Callable[..., str]
OLDER = os.environ.get("PLUMBLINE_OLDER_POSTGRES", "")


@pytest.fixture
def told(cast: Cast) -> Project:
    """A project with a stored file and prose in two scripts, a stage of it signed off."""
    project = active(cast, name="בית משפחת אלמוג", policy={"watch_percent": "0.50"})
    store(drawn_photo())
    shown = add_attachment(acting(cast.alon), project.id, received=drawn_photo(), name="ריצוף.jpg")
    last = stage(project, 3)
    log_progress(acting(cast.alon), last.id, percent=Decimal(100), note="נגמר", evidence=[shown.id])
    submit_milestone(acting(cast.alon), last.id, criteria_met=[c.id for c in last.criteria.all()])
    last.refresh_from_db()
    approve_milestone(acting(cast.noa), last.id, version=last.version)
    told = {"amount": Decimal("1000.10"), "paid_on": TODAY(), "method": "cash"}
    record_payment(acting(cast.noa), project.id, **told, reason="הקבלן ביקש\n\\ \" '")
    return project


@pytest.fixture
def restore(cluster: Cluster, database: str, tmp_path: Path) -> Iterator[Restore]:
    """restore(*options): the test's database, dumped and restored into another; its name."""
    made = []

    def run(*options: str) -> str:
        made.append(f"{database}_again")
        cluster.create_database(made[-1])
        carry_over(cluster, database, cluster, made[-1], tmp_path / "dump", *options)
        use(cluster.app_url(made[-1]))
        return made[-1]

    yield run
    for name in made:
        cluster.drop_database(name)


def carry_over(source: Cluster, old: str, target: Cluster, new: str, dump: Path, *options: str) -> None:
    """Dump and restore with the target's programs, which know what older servers say."""
    programs = find_binaries(target.rest.binaries.version[0]).folder
    subprocess.run([programs / "pg_dump", "-Fc", "-f", dump, source.superuser_url(old)], check=True)
    subprocess.run([programs / "pg_restore", "-d", target.superuser_url(new), *options, dump], check=False)


def start_of_the_web(cluster: Cluster, name: str) -> subprocess.CompletedProcess[str]:
    """The web process as far as it comes before it serves."""
    environment = os.environ | {
        "DATABASE_URL": cluster.app_url(name),
        "SECRET_KEY": "tests-" + "0" * 60,
        "PLUMBLINE_VAR": str(settings.FILES_ROOT),
    }
    command = [sys.executable, "-W", "ignore", "-c", "import tracker.wsgi"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def digests_that_differ() -> list[str]:
    """Facts whose present hash, as the database computes it, is not the one in their entry."""
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


def test_a_whole_restore_holds_starts_and_goes_on(
    cluster: Cluster, cast: Cast, told: Project, restore: Restore, tmp_path: Path, monkeypatch: Any
) -> None:
    kept = shutil.copytree(settings.FILES_ROOT, tmp_path / "backup")
    monkeypatch.setattr(settings, "FILES_ROOT", kept)
    name = restore()
    report = verify(files=True)
    assert (report.breaks, report.counts["files"]) == ([], 1)
    with open_file(drawn_photo().sha256) as file:
        assert file.read() == drawn_photo().content
    assert digests_that_differ() == []
    started = start_of_the_web(cluster, name)
    assert started.returncode == 0, started.stderr
    terms = {"title": "Garden", "value": Decimal(0), "amount": Decimal(0), "signers": ["homeowner"]}
    add_milestone(acting(cast.noa), draft(cast).id, **terms)


def test_a_restore_without_its_files_is_found(told: Project, restore: Restore, monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "FILES_ROOT", settings.FILES_ROOT / "empty")
    restore()
    assert [found.problem for found in verify(files=True).breaks] == ["lost_or_changed"]


def test_hashes_do_not_depend_on_how_a_session_shows_things(told: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'Pacific/Chatham'")
        cursor.execute("SET datestyle = 'German'")
        cursor.execute("SET extra_float_digits = -15")
        cursor.execute("SET bytea_output = 'escape'")
        cursor.execute("SET quote_all_identifiers = on")
    assert digests_that_differ() == []


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--no-owner", "--no-acl"], "guard_seal"),
        (["--section=pre-data", "--section=data"], "trigger payments_allocation.gate_holds"),
    ],
)
def test_a_restore_without_rights_or_triggers_does_not_start(
    cluster: Cluster, told: Project, restore: Restore, options: list[str], named: str
) -> None:
    name = restore(*options)
    assert named in {guard.name for guard in broken_guards()}
    started = start_of_the_web(cluster, name)
    assert started.returncode != 0
    assert f"{named} is" in started.stderr


@pytest.mark.skipif(not OLDER, reason="PLUMBLINE_OLDER_POSTGRES names no PostgreSQL to come from")
def test_a_dump_of_an_older_postgres_holds_and_goes_on(
    cluster: Cluster, database: str, tmp_path: Path, monkeypatch: Any
) -> None:
    """With the world of the attacks in it, which has every kind of fact."""
    tmp_path.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PLUMBLINE_POSTGRES", OLDER)
        older = Cluster(tmp_path / "older", fsync=False)
        older.start()
    try:
        assert older.rest.binaries.version < cluster.rest.binaries.version
        older.create_database(TEMPLATE)
        migrate(older, TEMPLATE)
        use(older.app_url(TEMPLATE))
        build()
        forged = verify().breaks  # the world has one forged signature, which is found before and after
        cluster.drop_database(database)
        cluster.create_database(database)
        carry_over(older, TEMPLATE, cluster, database, tmp_path / "dump")
    finally:
        use(cluster.app_url(database))
        older.remove()
    assert broken_guards() == []
    assert [(found.proof, found.about) for found in verify().breaks] == [("chain", "forged")]
    assert verify().breaks == forged
    assert digests_that_differ() == []
    migrate(cluster, database)
    assert broken_guards() == []
