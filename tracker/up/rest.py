"""The database at rest: its folders, passwords, lock and data, before any server runs."""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path

from tracker.up.binaries import Binaries, find_binaries, reachable_binaries
from tracker.up.private import hash_of, make_private_folder, short_folder, write_private
from tracker.up.process import as_user, can_enter

SECONDS_TO_END = 30  # for a server whose supervisor was killed


class ClusterError(Exception):
    """The database cannot be brought up; the text is a sentence for the person at the terminal."""


class ClusterAtRest:
    """What `folder` holds: passwords (ours), data and socket (the server's user's), and who has the lock."""

    def __init__(
        self, folder: Path, user: pwd.struct_passwd | None, roles: tuple[str, ...], *, fsync: bool
    ) -> None:
        """`roles`: who gets a password; the first is the superuser. `user`: None for ourselves."""
        self.folder = folder.absolute()
        self.fsync = fsync
        self.user = user
        self.roles = roles
        self._lock: int | None = None

    def claim(self) -> None:
        """Make the folder and take its lock. ClusterError when another process has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._lock is None:
            self._lock = self._take_lock()

    def prepare(self) -> None:
        """Claim the folder, and make what is missing: passwords, data, socket folder. Raises ClusterError."""
        self.claim()
        self.home.mkdir(exist_ok=True)
        if not self.data.exists():
            self._initdb()
        self._await_orphan()
        make_private_folder(self.socket_folder, self._server_uid)

    def release(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """Delete data, passwords and socket."""
        for folder in (self.socket_folder, self.home, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @cached_property
    def home(self) -> Path:
        """Where data and programs are: the folder, or /var/lib when the server's user cannot reach it."""
        elsewhere = Path("/var/lib") / f"plumbline-{hash_of(self.folder)}"
        if self.user is None or (not elsewhere.exists() and can_enter(self.user, self.folder)):
            return self.folder
        if (self.folder / "data").exists() and not elsewhere.exists():
            raise ClusterError(
                f"The user {self.user.pw_name}, who runs the database, can no longer reach {self.folder}:"
                " chmod o+x the folders above it."
            )
        return elsewhere

    @cached_property
    def socket_folder(self) -> Path:
        """A private folder for the socket, its path short enough for the kernel."""
        return short_folder(self.home / "socket", ".s.PGSQL.5432.lock")

    @cached_property
    def binaries(self) -> Binaries:
        """The programs that fit the data, where the server's user may execute them. Raises NoPostgres."""
        version = self.data / "PG_VERSION"
        found = find_binaries(int(version.read_text()) if version.exists() else None)
        return reachable_binaries(found, self.user, self.home)

    @cached_property
    def passwords(self) -> dict[str, str]:
        """{role: password}, generated once into a file that only we can read."""
        file = self.folder / "passwords.json"
        if not file.exists():
            if self.data.exists():
                raise ClusterError(
                    f"{file} is missing: nobody can enter the data."
                    f" Put it back, or remove {self.data} to begin anew."
                )
            write_private(file, json.dumps({role: secrets.token_urlsafe(24) for role in self.roles}))
        loaded: dict[str, str] = json.loads(file.read_text())
        return loaded

    @property
    def is_ready(self) -> bool:
        """Whether the server says so in its pid file; asking it sooner only fills its log."""
        try:
            return (self.data / "postmaster.pid").read_text().split()[-1] == "ready"
        except (OSError, IndexError):
            return False

    @property
    def _server_uid(self) -> int:
        return os.geteuid() if self.user is None else self.user.pw_uid

    def _take_lock(self) -> int:
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise ClusterError(f"The database in {self.folder} is in use by another process.") from error
        return lock

    def _initdb(self) -> None:
        """Make the data beside their place and then move them there: all or nothing."""
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        make_private_folder(new, self._server_uid)
        with tempfile.NamedTemporaryFile("w", dir="/tmp") as secret:
            secret.write(self.passwords[self.roles[0]])
            secret.flush()
            if self.user is not None:
                os.chown(secret.name, self.user.pw_uid, -1)
            self._run_initdb(new, Path(secret.name))
        if self.fsync:
            os.sync()  # initdb's own takes seconds: it waits for each of a thousand files
        new.rename(self.data)

    def _run_initdb(self, target: Path, password_file: Path) -> None:
        options = ["--auth=scram-sha-256", f"--username={self.roles[0]}", f"--pwfile={password_file}"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync"]
        answer = subprocess.run(  # type: ignore[call-overload]
            [self.binaries.initdb, "-D", target, *options],
            cwd="/",
            capture_output=True,
            text=True,
            **as_user(self.user),
        )
        if answer.returncode:
            raise ClusterError(f"initdb failed: {answer.stderr.strip()}")

    def _await_orphan(self) -> None:
        """A server whose supervisor was killed ends by itself: let it, and forget one that is gone.

        PostgreSQL refuses to start when *any* process of its user has the number in postmaster.pid,
        as happens after a crash of the machine; we hold the lock, so only its own orphan may block.
        """
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + SECONDS_TO_END
        while self._is_our_server(pid_file):
            if time.monotonic() > deadline:
                raise ClusterError(f"A database server of an earlier run still holds {self.data}.")
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def _is_our_server(self, pid_file: Path) -> bool:
        try:
            pid = int(pid_file.read_text().split("\n")[0])
            return os.fsencode(self.data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return False
