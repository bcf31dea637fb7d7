"""A migrated cluster at rest, made once for all test processes of the same code and copied by each.

To make one costs a process seven seconds of processor time; a copy in memory takes a fifth of a second.
"""

import fcntl
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tracker.cluster import Cluster
from tracker.up.binaries import find_binaries
from tracker.up.stamps import fingerprint, source_files

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "tests"


def copy_cluster(folder: Path, make: Callable[[Cluster], None]) -> None:
    """Lay a copy of the kept cluster into `folder`; `make` fills it where there is none of this code."""
    KEPT.mkdir(parents=True, exist_ok=True)
    postgres = find_binaries()
    kept = KEPT / f"{postgres.version[0]}-{fingerprint([*source_files(ROOT), postgres.postgres])[:16]}"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for older in KEPT.glob("*-*"):
                shutil.rmtree(older)
            with Cluster(folder, fsync=False) as cluster:
                make(cluster)
            _copy(folder, kept.with_suffix(".new"))
            kept.with_suffix(".new").rename(kept)
        else:
            _copy(kept, folder)


def _copy(source: Path, target: Path) -> None:
    """With owners: the data are those of the user who runs the server."""
    subprocess.run(["cp", "-a", source, target], check=True)
