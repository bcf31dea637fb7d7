"""Remembering what has been done for which files, so that a second start does not do it again."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

NOT_OURS = {"var", "tests", "bench", "docs", "node_modules", "__pycache__"}


def source_files(root: Path) -> Iterator[Path]:
    """Everything that decides what `migrate` and `demo` do: our Python, and the pinned packages."""
    yield root / "requirements.txt"
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [name for name in subfolders if not name.startswith(".") and name not in NOT_OURS]
        yield from (Path(folder, name) for name in names if name.endswith(".py"))


def static_files(root: Path) -> Iterator[Path]:
    """Everything that decides what `collectstatic` does."""
    yield root / "requirements.txt"
    yield root / "tracker/settings.py"
    yield from (path for path in (root / "static").rglob("*") if path.is_file())


class Stamp:
    """A file that holds the fingerprint of the files for which something was last done."""

    def __init__(self, file: Path, files: Iterable[Path]) -> None:
        self.file = file
        self.fingerprint = fingerprint(files)

    @property
    def fits(self) -> bool:
        """Whether it was done for just these contents."""
        return self.file.exists() and self.file.read_text() == self.fingerprint

    def set(self) -> None:
        """It is done."""
        self.file.write_text(self.fingerprint)


def fingerprint(files: Iterable[Path]) -> str:
    """A hash over names and contents."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(os.fsencode(path) + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
