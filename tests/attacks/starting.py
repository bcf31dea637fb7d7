"""A database server for the commands of this folder, which run outside pytest."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from tracker.cluster import Cluster


@contextmanager
def database_server() -> Iterator[Cluster]:
    """A PostgreSQL of its own with the migrated template, and Django ready to speak to it."""
    with tempfile.TemporaryDirectory(prefix="plumbline-attacks-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        with Cluster(Path(folder) / "db", fsync=False) as cluster:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "tracker.settings",
                "SECRET_KEY": secrets.token_urlsafe(48),
                "DATABASE_URL": cluster.app_url(),
            }
            django.setup()
            from tests.kept import TEMPLATE, migrate

            cluster.create_database(TEMPLATE)
            migrate(cluster, TEMPLATE)
            yield cluster
