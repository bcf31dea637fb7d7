"""Files and folders that only their owner may open, and socket paths that the kernel accepts."""

import hashlib
import os
from pathlib import Path

LONGEST_SOCKET = 107  # bytes, of sockaddr_un


def write_private(path: Path, text: str) -> None:
    """Create a file that only we may read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def make_private_folder(folder: Path, owner: int) -> None:
    """A 0700 folder of the user `owner`; PermissionError when somebody else has put one there."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise PermissionError(f"{folder} belongs to somebody else: remove it.")
    folder.chmod(0o700)


def short_folder(near: Path, longest_name: str) -> Path:
    """`near`, or a folder in /tmp named by a hash of it when a socket's path there would be too long."""
    if len(os.fsencode(near / longest_name)) <= LONGEST_SOCKET:
        return near
    return Path("/tmp") / f"plumbline-{os.geteuid()}-{hash_of(near)}"


def hash_of(path: Path) -> str:
    """A short name for a path, the same on every run."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
