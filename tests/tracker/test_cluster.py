"""The embedded database: real servers, started and stopped here."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg2
import pytest

from tracker.cluster import Cluster, ClusterError
from tracker.up.private import LONGEST_SOCKET


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(reachable_folder(), fsync=False)
    cluster.start()
    yield cluster
    cluster.remove()


def reachable_folder() -> Path:
    """pytest's own are closed to `nobody`."""
    folder = Path(mkdtemp(prefix="plumbline-test-"))
    folder.chmod(0o755)
    return folder


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    link = psycopg2.connect(url)
    try:
        with link, link.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()


def with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{password}@{host}"))


def test_each_role_enters_with_its_own_password_only(cluster: Cluster) -> None:
    for url in (cluster.superuser_url(), cluster.owner_url(), cluster.app_url()):
        assert ask(url, "SELECT current_user") == [(urlsplit(url).username,)]
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(with_password(url, "guess"), "SELECT 1")


def test_no_line_of_pg_hba_trusts_and_passwords_are_scram(cluster: Cluster) -> None:
    methods = ask(cluster.superuser_url(), "SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert methods == [("scram-sha-256",)]
    kept = ask(
        cluster.superuser_url(), "SELECT DISTINCT left(rolpassword, 13) FROM pg_authid WHERE rolcanlogin"
    )
    assert kept == [("SCRAM-SHA-256",)]


def test_it_listens_on_no_network_address(cluster: Cluster) -> None:
    assert ask(cluster.superuser_url(), "SHOW listen_addresses") == [("",)]


def test_secrets_data_and_socket_are_private(cluster: Cluster) -> None:
    rest = cluster.rest
    assert stat.S_IMODE((rest.folder / "passwords.json").stat().st_mode) == 0o600
    for folder in (rest.data, rest.socket_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_owner_and_application_may_do_nothing_to_the_server(cluster: Cluster) -> None:
    rights = ask(
        cluster.superuser_url(),
        "SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
        " FROM pg_roles WHERE rolname LIKE 'plumbline%' ORDER BY 1",
    )
    assert rights == [("plumbline_app", False), ("plumbline_owner", False)]


def test_the_application_creates_nothing_and_enters_no_other_database(cluster: Cluster) -> None:
    for statement in ("CREATE TABLE t (i int)", "CREATE SCHEMA s", "CREATE TEMP TABLE t (i int)"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(cluster.app_url(), statement)
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            ask(cluster.app_url(other), "SELECT 1")


def test_a_clone_of_a_template_keeps_tables_and_rights(cluster: Cluster) -> None:
    cluster.create_database("template_of_test")
    ask(
        cluster.owner_url("template_of_test"),
        "CREATE TABLE fact (i int); GRANT SELECT ON fact TO plumbline_app",
    )
    cluster.create_database("clone of test", template="template_of_test")
    assert ask(cluster.app_url("clone of test"), "SELECT count(*) FROM fact") == [(0,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(cluster.app_url("clone of test"), "INSERT INTO fact VALUES (1)")
    cluster.drop_database("clone of test")
    cluster.drop_database("clone of test")
    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        ask(cluster.app_url("clone of test"), "SELECT 1")


def test_django_reads_the_address(cluster: Cluster) -> None:
    parsed = dj_database_url.parse(cluster.app_url())
    assert parsed["HOST"] == str(cluster.rest.socket_folder)
    assert (parsed["NAME"], parsed["USER"]) == ("plumbline", "plumbline_app")


def test_a_second_holder_of_the_folder_is_refused(cluster: Cluster) -> None:
    with pytest.raises(ClusterError, match="in use by another process"):
        Cluster(cluster.rest.folder).start()
    assert cluster.running


def test_data_outlive_a_killed_server_and_a_foreign_pid_in_its_file() -> None:
    cluster = Cluster(reachable_folder())
    try:
        with cluster:
            ask(cluster.owner_url(), "CREATE TABLE fact AS SELECT 42 AS i")
            assert cluster.pid is not None
            os.kill(cluster.pid, signal.SIGKILL)
        assert not cluster.running
        # After a crash of the machine the number may be anybody's: here, our own.
        (cluster.rest.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
        with cluster:
            assert ask(cluster.owner_url(), "SELECT i FROM fact") == [(42,)]
    finally:
        cluster.remove()


def test_the_server_ends_with_the_process_that_started_it() -> None:
    folder = reachable_folder()
    code = (
        "import os, pathlib, signal, sys; from tracker.cluster import Cluster\n"
        "Cluster(pathlib.Path(sys.argv[1]), fsync=False).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, folder], check=False)
    cluster = Cluster(folder, fsync=False)
    try:
        cluster.start()  # waits for the orphan's end, and would fail on its lock otherwise
    finally:
        cluster.remove()


def test_a_long_path_gets_a_short_socket() -> None:
    parent = reachable_folder()
    cluster = Cluster(parent / ("long" * 30), fsync=False)
    try:
        with cluster:
            assert len(os.fsencode(cluster.rest.socket_folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET
            assert ask(cluster.app_url(), "SELECT 1") == [(1,)]
    finally:
        cluster.remove()
        parent.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop to another user")
def test_root_with_a_closed_folder_keeps_the_data_elsewhere(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    cluster = Cluster(tmp_path / "database", fsync=False)
    try:
        with cluster:
            assert cluster.rest.home.parent == Path("/var/lib")
            assert ask(cluster.app_url(), "SELECT 1") == [(1,)]
    finally:
        cluster.remove()
    assert not cluster.rest.home.exists()
