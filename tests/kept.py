"""A migrated cluster at rest, made once for all test processes of the same code and copied by each.

To make one costs a process seven seconds of processor time; a copy in memory takes a fifth of a second.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tracker.cluster import DATABASE, Cluster
from tracker.up.binaries import find_binaries
from tracker.up.stamps import fingerprint, source_files

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "tests"
TEMPLATE = "plumbline_template"


def lay_cluster(folder: Path) -> None:
    """Lay a cluster at rest into `folder`: its database is migrated, for a house, and copied as TEMPLATE."""
    KEPT.mkdir(parents=True, exist_ok=True)
    postgres = find_binaries()
    kept = KEPT / f"{postgres.version[0]}-{fingerprint([*source_files(ROOT), postgres.postgres])[:16]}"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for older in KEPT.glob("*-*"):
                shutil.rmtree(older)
            with Cluster(folder, fsync=False) as cluster:
                migrate(cluster, DATABASE)
                cluster.create_database(TEMPLATE, template=DATABASE)
            _copy(folder, kept.with_suffix(".new"))
            kept.with_suffix(".new").rename(kept)
        else:
            _copy(kept, folder)


def migrate(cluster: Cluster, name: str) -> None:
    """Migrate a database as its owner, granting the application's role its rights."""
    environment = os.environ | {
        "DATABASE_URL": cluster.app_url(name),
        "DATABASE_OWNER_URL": cluster.owner_url(name),
        "SECRET_KEY": "tests-" + "0" * 60,
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True, timeout=300
    )


def _copy(source: Path, target: Path) -> None:
    """With owners: the data are those of the user who runs the server."""
    subprocess.run(["cp", "-a", source, target], check=True)
