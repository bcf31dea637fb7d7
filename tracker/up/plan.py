"""What is to be brought up, read from the environment before Django's settings can know the addresses."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.cluster import Cluster
from tracker.up.broker import Broker
from tracker.up.private import make_private_folder, write_private
from tracker.up.supervisor import HouseError

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Plan:
    """The servers of our own (None: somebody else's is used) and what the settings of every child read."""

    var: Path
    cluster: Cluster | None
    broker: Broker | None
    owner_url: str
    environment: Mapping[str, str]

    @property
    def migrator_environment(self) -> Mapping[str, str]:
        """For `migrate` alone: no other child is told how to become the owner."""
        return {**self.environment, "DATABASE_OWNER_URL": self.owner_url}


def var_folder(given: Mapping[str, str]) -> Path:
    """PLUMBLINE_VAR, or var/ in the clone; made when missing, closed to other users but for passing through.

    The database's user has to pass through when root brings the house up.
    """
    var = Path(given.get("PLUMBLINE_VAR") or ROOT / "var").absolute()
    try:
        var.mkdir(mode=0o711, parents=True, exist_ok=True)
        make_private_folder(var / "files", os.geteuid())
    except OSError as error:
        raise HouseError(f"The folder for data cannot be used: {error}") from error
    return var


def make_plan(given: Mapping[str, str], var: Path) -> Plan:
    """Read `given` (the process environment) and generate the secrets that are missing in `var`.

    Raises HouseError where DATABASE_URL comes without DATABASE_OWNER_URL, and ClusterError.
    """
    owner_url = given.get("DATABASE_OWNER_URL", "")
    cluster = None if given.get("DATABASE_URL") else Cluster(var / "postgres")
    broker = None if given.get("REDIS_URL") else Broker(var / "broker")
    if cluster is None and not owner_url:
        raise HouseError(
            "DATABASE_URL is set, so DATABASE_OWNER_URL must be set too: the role that owns the tables and"
            " migrates. The application's own role must own nothing (see docs/operating.md)."
        )
    environment = {key: value for key, value in given.items() if key != "DATABASE_OWNER_URL"}
    environment |= {"PLUMBLINE_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    environment["SECRET_KEY"] = given.get("SECRET_KEY") or _secret_key(var / "secret_key")
    environment["PLUMBLINE_EMBEDDED"] = "0" if cluster is None else "1"
    if cluster is not None:
        cluster.rest.claim()
        owner_url = cluster.owner_url()
        environment["DATABASE_URL"] = cluster.app_url()
    if broker is not None:
        environment["REDIS_URL"] = broker.url
    return Plan(var, cluster, broker, owner_url, environment)


def _secret_key(file: Path) -> str:
    if not file.exists():
        write_private(file, secrets.token_urlsafe(48))
    return file.read_text()
