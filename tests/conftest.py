"""The tests' database: a real PostgreSQL, migrated once by the owner.

Acts and guards are proven with committed transactions, as the application's role. One test after another
writes to the same database, wiped in between (tests/slate.py); who asks for more than rows gets a clone.
"""

import copy
import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from hypothesis import settings as hypothesis_settings
from psycopg2.extensions import TRANSACTION_STATUS_IDLE as IDLE
from xdist.scheduler import LoadScopeScheduling

from tests.cast import RETOLD, Cast, active, cast_people
from tests.kept import TEMPLATE, lay_cluster
from tests.retold import Retold
from tests.slate import Slate
from tracker.cluster import Cluster

PEOPLED = "plumbline_peopled"
TOLD = "plumbline_told"

# The same examples every time, so that a run says something about the change before it; PLUMBLINE_EXPLORE=1
# looks at new ones (docs/testing.md).
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis_settings.load_profile("explore" if os.environ.get("PLUMBLINE_EXPLORE") == "1" else "steady")

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody guesses at tests


@pytest.hookimpl(trylast=True)  # when the folders have marked theirs
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What brings up a whole house begins first: it takes longest, and much of that is waiting."""
    items.sort(key=lambda item: item.get_closest_marker("parts") is None)


def pytest_collection_finish() -> None:
    """Spare the collector what lasts as long as the process, the libraries' half a million objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


class Scopes(LoadScopeScheduling):  # type: ignore[misc]
    """A file goes to one process as a whole, and the files of the browser together: they share a house."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)  # only where there is more than one process
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Scopes(config, log)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL for this test process, with a migrated template database."""
    with tempfile.TemporaryDirectory(
        prefix="plumbline-tests-", dir=_folder_in_memory(), ignore_cleanup_errors=True
    ) as folder:
        os.chmod(folder, 0o755)
        lay_cluster(Path(folder) / "db")
        with Cluster(Path(folder) / "db", fsync=False) as running:
            yield running


def _folder_in_memory() -> Path | None:
    """Where a database is copied in 50 ms instead of 300, if this machine has room for it there."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    return memory if roomy else None


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """pytest-django makes no database of its own: see `database`."""


def use(url: str) -> None:
    """Point Django, in every thread, at this database."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [unquote(parts.hostname or "")])[0]
    wanted = {
        "NAME": parts.path[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
    }
    if not wanted.items() <= connections.settings["default"].items():
        connections.close_all()
        connections.settings["default"].update(wanted)


@pytest.fixture(scope="session")
def peopled(cluster: Cluster, django_db_blocker: Any) -> Cast:
    """A second template, in which the cast is already: most tests begin there."""
    cluster.create_database(PEOPLED, template=TEMPLATE)
    with django_db_blocker.unblock():
        use(cluster.app_url(PEOPLED))
        people = cast_people()
        _tell_once(cluster, people)
        connections.close_all()
    return people


def _tell_once(cluster: Cluster, people: Cast) -> None:
    """The contract that most tests begin with."""
    connections.close_all()
    cluster.create_database(TOLD, template=PEOPLED)
    use(cluster.app_url(TOLD))
    RETOLD[:] = [Retold(cluster, PEOPLED, TOLD, active(people), people.noa.pk)]
    connections.close_all()
    cluster.drop_database(TOLD)


# Who asks for these may change more than rows, or change them unseen: such a database is dropped afterwards.
BEYOND_ROWS = {"connect", "unguarded"}


@pytest.fixture(scope="session")
def slates(cluster: Cluster) -> Iterator[dict[str, Slate]]:
    """The wiped databases of this test process, by their template."""
    slates: dict[str, Slate] = {}
    yield slates
    for slate in slates.values():
        slate.close()


@pytest.fixture
def database(
    cluster: Cluster, slates: dict[str, Slate], django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database as the migrations left it, used as the application's role; its name."""
    template = TEMPLATE
    if "cast" in request.fixturenames:
        request.getfixturevalue("peopled")
        template = PEOPLED
    asked = set(request.fixturenames)
    with django_db_blocker.unblock():
        if BEYOND_ROWS & asked:
            yield from _clone(cluster, template)
        else:
            if template not in slates:
                slates[template] = Slate(cluster, template)
            slate = slates[template]
            use(cluster.app_url(slate.name))
            yield slate.name
            slate.wipe(_backend())


def _clone(cluster: Cluster, template: str) -> Iterator[str]:
    name = "plumbline_clone"
    cluster.create_database(name, template=template)
    use(cluster.app_url(name))
    yield name
    connections.close_all()
    cluster.drop_database(name)


def _backend() -> int | None:
    """The backend of this thread's connection, kept for the next test, where it is idle and well."""
    link = connections["default"].connection
    if link is None or link.closed or link.info.transaction_status != IDLE:
        connections.close_all()
        return None
    return int(link.info.backend_pid)


@pytest.fixture
def unguarded(cluster: Cluster, database: str) -> None:
    """The test's database as a superuser, without triggers and foreign keys: any facts can be written."""
    use(cluster.superuser_url(database))
    with connections["default"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


@pytest.fixture
def cast(database: str, peopled: Cast) -> Cast:
    """The permanent cast of people, each with a verified address; what a test does to them stays with it."""
    return copy.deepcopy(peopled)


@pytest.fixture
def connect(cluster: Cluster, database: str) -> Iterator[Callable[..., Any]]:
    """Raw connections to the test's database: connect() as the application, connect("owner"), …"""
    opened = []

    def open_as(role: str = "app") -> Any:
        connection = psycopg2.connect(getattr(cluster, f"{role}_url")(database))
        opened.append(connection)
        return connection

    yield open_as
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def files_roots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are made only where a test keeps a file; pytest makes one for every test, and searches
    all that it made for the next name.
    """
    folder = tmp_path_factory.mktemp("files")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def files_folder(files_roots: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test stay with the test."""
    monkeypatch.setattr(settings, "FILES_ROOT", next(files_roots))
