"""A database that was dumped and restored: whole, with its files, everything holds and goes on; in part,
nothing starts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from milestones.actions import add_milestone, approve_milestone, log_progress, submit_milestone
from payments.actions import record_payment
from projects.actions import add_attachment
from projects.files import open_file, store
from projects.models import JournalEntry
from tests.attacks.ground import NAME
from tests.attacks.world import build
from tests.cast import TODAY, Cast, acting, active, draft, stage
from tests.conftest import use
from tests.kept import ROOT, TEMPLATE, migrate
from tests.tracker.world import drawn_photo
from tracker.cluster import Cluster
from tracker.guards import broken_guards
from tracker.up.binaries import find_binaries
from tracker.verifying import verify

Restore = Callable[..., str]
OLDER = os.environ.get("PLUMBLINE_OLDER_POSTGRES", "")


@dataclass(frozen=True)
class Told:
    """A database with a story in it, its dump, and the folder of its files."""

    people: Cast
    name: str
    dump: Path
    files: Path


@pytest.fixture(scope="module")
def told(cluster: Cluster, people: Cast, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A project with a stored file and prose in two scripts, a stage of it signed off."""
    folder = tmp_path_factory.mktemp("told")
    with override_settings(FILES_ROOT=folder / "files"):
        tell(people)
    dump_database(cluster, cluster, NAME, folder / "dump")
    return Told(people, NAME, folder / "dump", folder / "files")


def tell(people: Cast) -> None:
    project = active(people, name="בית משפחת אלמוג", policy={"watch_percent": "0.50"})
    store(drawn_photo())
    shown = add_attachment(acting(people.alon), project.id, received=drawn_photo(), name="ריצוף.jpg")
    last = stage(project, 3)
    log_progress(acting(people.alon), last.id, percent=Decimal(100), note="נגמר", evidence=[shown.id])
    submit_milestone(acting(people.alon), last.id, criteria_met=[c.id for c in last.criteria.all()])
    last.refresh_from_db()
    approve_milestone(acting(people.noa), last.id, version=last.version)
    money = {"amount": Decimal("1000.10"), "paid_on": TODAY(), "method": "cash"}
    record_payment(acting(people.noa), project.id, **money, reason="הקבלן ביקש\n\\ \" '")


@pytest.fixture
def restore(cluster: Cluster, told: Told) -> Iterator[Restore]:
    """restore(*options): the dump in another database, to which Django then speaks; its name."""
    name = f"{told.name}_again"

    def run(*options: str) -> str:
        cluster.create_database(name)
        restore_dump(cluster, name, told.dump, *options)
        use(cluster.app_url(name))
        return name

    yield run
    use(cluster.app_url(told.name))
    cluster.drop_database(name)


def dump_database(source: Cluster, target: Cluster, name: str, dump: Path) -> None:
    """With the target's programs, which know what older servers say."""
    program = programs_of(target) / "pg_dump"
    subprocess.run([program, "-Fc", "-f", dump, source.superuser_url(name)], check=True)


def restore_dump(target: Cluster, name: str, dump: Path, *options: str) -> None:
    program = programs_of(target) / "pg_restore"
    subprocess.run([program, "-d", target.superuser_url(name), *options, dump], check=False)


def programs_of(cluster: Cluster) -> Path:
    return find_binaries(cluster.rest.binaries.version[0]).folder


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
    cluster: Cluster, told: Told, restore: Restore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FILES_ROOT", shutil.copytree(told.files, tmp_path / "copied"))
    name = restore()
    report = verify(files=True)
    assert (report.breaks, report.counts["files"]) == ([], 1)
    with open_file(drawn_photo().sha256) as file:
        assert file.read() == drawn_photo().content
    assert digests_that_differ() == []
    started = start_of_the_web(cluster, name)
    assert started.returncode == 0, started.stderr
    terms = {"title": "Garden", "value": Decimal(0), "amount": Decimal(0), "signers": ["homeowner"]}
    add_milestone(acting(told.people.noa), draft(told.people).id, **terms)


def test_a_restore_without_its_files_is_found(restore: Restore) -> None:
    restore()
    assert [found.problem for found in verify(files=True).breaks] == ["lost_or_changed"]


@pytest.mark.usefixtures("told")
def test_hashes_do_not_depend_on_how_a_session_shows_things() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'Pacific/Chatham'")
        cursor.execute("SET datestyle = 'German'")
        cursor.execute("SET extra_float_digits = -15")
        cursor.execute("SET bytea_output = 'escape'")
        cursor.execute("SET quote_all_identifiers = on")
    assert digests_that_differ() == []
    connection.close()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--no-owner", "--no-acl"], "guard_seal"),
        (["--section=pre-data", "--section=data"], "trigger payments_allocation.gate_holds"),
    ],
)
def test_a_restore_without_rights_or_triggers_does_not_start(
    cluster: Cluster, restore: Restore, options: list[str], named: str
) -> None:
    name = restore(*options)
    assert named in {guard.name for guard in broken_guards()}
    started = start_of_the_web(cluster, name)
    assert started.returncode != 0
    assert f"{named} is" in started.stderr


@pytest.mark.skipif(not OLDER, reason="PLUMBLINE_OLDER_POSTGRES names no PostgreSQL to come from")
def test_a_dump_of_an_older_postgres_holds_and_goes_on(
    cluster: Cluster, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
        dump_database(older, cluster, TEMPLATE, tmp_path / "dump")
        restore_dump(cluster, database, tmp_path / "dump")
    finally:
        use(cluster.app_url(database))
        older.remove()
    assert broken_guards() == []
    assert [(found.proof, found.about) for found in verify().breaks] == [("chain", "forged")]
    assert verify().breaks == forged
    assert digests_that_differ() == []
    migrate(cluster, database)
    assert broken_guards() == []
