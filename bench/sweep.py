"""How long a sweep takes, as a ratio to its own bare SQL: python bench/sweep.py [number of projects].

Runs in a database of its own, filled by `manage.py simulate` under every guard; 10,000 projects unless told
otherwise. Ratios, since milliseconds are the machine's: they say what the sweep adds to what the database
does anyway. Exit 1 when the sweep needs more statements for more projects.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker.cluster import Cluster  # noqa: E402

if TYPE_CHECKING:
    from projects.flagging import Key

FEW = 100


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def statements_of_a_look() -> list[str]:
    """What a sweep asks the database before it changes anything."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from projects.flagging import unsettled

    with CaptureQueriesContext(connection) as captured:
        unsettled()
    return [query["sql"] for query in captured]


def bare(statements: list[str]) -> None:
    """The same without Python: asked and fetched."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("%", "%%"))
            cursor.fetchall()


def settle_all(keys: list["Key"]) -> None:
    """What the first sweep does, in as many processes as there are cores: one act for each flag."""
    from django.db import connection

    connection.close()  # no process inherits another's
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        list(pool.map(settle, keys, chunksize=100))


def settle(key: "Key") -> None:
    from projects.flagging import settle_flag
    from projects.kernel import SYSTEM

    settle_flag(SYSTEM, key.project_id, kind=key.kind, about_id=key.about_id)


def measure(projects: int) -> None:
    from django.db import connection

    from projects.flagging import flag_kinds, sweep, unsettled
    from tracker.simulation import simulate

    simulate(FEW, seed=1)
    for_few = len(statements_of_a_look())
    filling = seconds(lambda: simulate(projects - FEW, seed=2, workers=os.cpu_count() or 1), times=1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    statements = statements_of_a_look()
    print(f"{projects:,} projects told in {filling:.0f} s")
    print(f"{len(statements)} statements for {len(flag_kinds())} kinds, {for_few} for {FEW} projects")
    sql, look, keys = seconds(lambda: bare(statements)), seconds(unsettled), unsettled()
    print(f"bare SQL               1.0 ({sql * 1000:.0f} ms)")
    print(f"look at all projects   {look / sql:.1f}")
    raising = seconds(lambda: settle_all(keys), times=1)
    print(f"raising {len(keys):,} flags {raising / sql:.0f} ({raising / len(keys) * 1000:.1f} ms each)")
    statements = statements_of_a_look()  # they bring the flags now
    sql, settled = seconds(lambda: bare(statements)), seconds(sweep)
    print(f"bare SQL with flags    1.0 ({sql * 1000:.0f} ms)")
    print(f"sweep, all settled     {settled / sql:.1f}")
    if left := unsettled():
        sys.exit(f"{len(left)} flags do not fit the facts.")
    if len(statements) != for_few:
        sys.exit("The sweep asks more of more projects.")


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        with Cluster(Path(folder) / "db", fsync=False) as cluster:
            cluster.create_database("bench")
            os.environ |= {
                "DATABASE_URL": cluster.app_url("bench"),
                "DATABASE_OWNER_URL": cluster.owner_url("bench"),
                "DJANGO_SETTINGS_MODULE": "tracker.settings",
                "SECRET_KEY": "bench-" + "0" * 60,
            }
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
            import django

            django.setup()
            measure(projects)


if __name__ == "__main__":
    main()
