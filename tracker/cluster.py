"""The embedded database: a real PostgreSQL of our own, reached through a private unix socket only.

Three roles, each with a generated password (scram, never `trust`): the superuser makes databases and
nothing else; `plumbline_owner` owns them and migrates; `plumbline_app`, the application, owns nothing.
PostgreSQL refuses to run as root, so root drops to `nobody`; when `nobody` cannot reach the folder (a
clone under a 0700 home), data and a copy of the programs live in /var/lib/plumbline-<hash>.
Imports nothing of Django: it runs before settings can know the database.
"""

import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Link

from tracker.up.binaries import NoPostgres
from tracker.up.process import spawn, unprivileged_user
from tracker.up.rest import ClusterAtRest, ClusterError

SUPERUSER, OWNER, APPLICATION = "postgres", "plumbline_owner", "plumbline_app"
DATABASE = "plumbline"
SECONDS_TO_START = 60  # a recovery after a crash may need many of them
SECONDS_TO_STOP = 30
STOP_SIGNAL = signal.SIGINT  # PostgreSQL's "fast shutdown": sessions are ended, data are flushed
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "jit": "off",
    "log_checkpoints": "off",
    "log_line_prefix": "",
    "recovery_init_sync_method": "syncfs",  # back in a second after a kill, where a thousand syncs take ten
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One PostgreSQL with its data in `folder`. `fsync=False` is for tests: fast, and lost in a crash."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.rest = ClusterAtRest(folder, unprivileged_user(), (SUPERUSER, OWNER, APPLICATION), fsync=fsync)
        self.options = OPTIONS if fsync else OPTIONS | UNSAFE_BUT_FAST
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- life

    def start(self) -> None:
        """Make the cluster when it is new, start it, and wait until it answers. Raises ClusterError."""
        if self.running:
            return
        self.prepare()
        try:
            with (self.rest.folder / "server.log").open("wb") as log:
                self._server = self.spawn(log.fileno())
            self.wait_until_ready(self._server)
            self.ensure_roles()
        except ClusterError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and let the folder go; quiet when it does not run."""
        server, self._server = self._server, None
        if server is not None and server.poll() is None:
            server.send_signal(STOP_SIGNAL)
            try:
                server.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        self.rest.release()

    def remove(self) -> None:
        """Stop, and delete data, passwords and socket: for clusters that tests throw away."""
        self.stop()
        self.rest.remove()

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._server.pid if self._server is not None and self.running else None

    # --- the steps of `start`, for a supervisor that keeps the process itself

    def prepare(self) -> None:
        """Lock the folder and make what is missing before a server can run. Raises ClusterError."""
        try:
            self.rest.prepare()
            self.rest.binaries  # noqa: B018  # found now, so that a missing one is said now
        except (ClusterError, NoPostgres, OSError) as error:
            self.rest.release()
            raise ClusterError(str(error)) from error

    def spawn(self, output: int) -> subprocess.Popen[bytes]:
        """Start the server's process, its log going to the file descriptor `output`."""
        return spawn(self.command(), user=self.rest.user, death_signal=STOP_SIGNAL, output=output)

    def command(self) -> list[str]:
        """The server's command line; the files in the data folder stay as initdb made them."""
        options = self.options | {"unix_socket_directories": f'"{self.rest.socket_folder}"'}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.rest.binaries.postgres), "-D", str(self.rest.data), *settings]

    def wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        """Wait until the server answers. Raises ClusterError when it ends, or after a minute."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if server.poll() is not None:
                raise ClusterError(f"The database ended with {server.returncode}; its log says why.")
            if time.monotonic() > deadline:
                raise ClusterError(f"The database did not answer within {SECONDS_TO_START} seconds.")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether the server takes connections now. Raises ClusterError when our password is wrong."""
        if not self.rest.is_ready:
            return False
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            if "authentication failed" in str(error):
                raise ClusterError(f"The passwords in {self.rest.folder} do not fit its data.") from error
            return False
        return True

    def ensure_roles(self) -> None:
        """Make roles and database on the first start, or after one that was cut off half way."""
        roles = self._column("SELECT rolname FROM pg_roles")
        for role in {OWNER, APPLICATION} - roles:
            self._create_role(role)
        if DATABASE not in self._column("SELECT datname FROM pg_database"):
            for shared in ("postgres", "template1"):
                parts = {"name": sql.Identifier(shared)}
                self._execute("REVOKE ALL ON DATABASE {name} FROM PUBLIC", parts=parts)
            self.create_database(DATABASE)

    # --- addresses

    def superuser_url(self, dbname: str = "postgres") -> str:
        """For making databases; not for the application."""
        return self._url(SUPERUSER, dbname)

    def owner_url(self, dbname: str = DATABASE) -> str:
        """DATABASE_OWNER_URL: owns the tables, migrates."""
        return self._url(OWNER, dbname)

    def app_url(self, dbname: str = DATABASE) -> str:
        """DATABASE_URL: the application's role, which owns nothing."""
        return self._url(APPLICATION, dbname)

    def _url(self, role: str, dbname: str) -> str:
        host = quote(str(self.rest.socket_folder), safe="")
        return f"postgres://{role}:{self.rest.passwords[role]}@{host}/{quote(dbname, safe='')}"

    # --- databases

    def create_database(self, name: str, template: str | None = None) -> None:
        """A database of the owner that only the application may enter besides; a copy of `template`."""
        names = {"name": name, "template": template or "template1", "owner": OWNER, "app": APPLICATION}
        parts = {key: sql.Identifier(value) for key, value in names.items()}
        # Copied as files: twice as fast as through the log, and with nothing left in memory to write out.
        copied = "CREATE DATABASE {name} OWNER {owner} TEMPLATE {template} STRATEGY FILE_COPY"
        entered = ("REVOKE ALL ON DATABASE {name} FROM PUBLIC", "GRANT CONNECT ON DATABASE {name} TO {app}")
        self._execute(copied, *entered, parts=parts)
        if template is None:  # a copy has the rights of its schema already
            self._execute(
                "ALTER SCHEMA public OWNER TO {owner}",
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "GRANT USAGE ON SCHEMA public TO {app}",
                parts=parts,
                database=name,
            )

    def drop_database(self, name: str) -> None:
        """Drop it if it is there, ending the sessions in it."""
        self._execute("DROP DATABASE IF EXISTS {name} WITH (FORCE)", parts={"name": sql.Identifier(name)})

    def _create_role(self, role: str) -> None:
        self._execute(
            "CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {password}",
            parts={"role": sql.Identifier(role), "password": sql.Literal(self.rest.passwords[role])},
        )

    def _column(self, query: str) -> set[str]:
        with closing(self._connect()) as link, link.cursor() as cursor:
            cursor.execute(query)
            return {row[0] for row in cursor.fetchall()}

    def _execute(
        self, *statements: str, parts: Mapping[str, sql.Composable], database: str = "postgres"
    ) -> None:
        """Run statements as the superuser, each outside any transaction: some refuse to be in one."""
        with closing(self._connect(database)) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                for statement in statements:
                    cursor.execute(sql.SQL(statement).format(**parts))

    def _connect(self, database: str = "postgres") -> Link:
        return psycopg2.connect(self.superuser_url(database), connect_timeout=5)
