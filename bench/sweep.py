"""How long a sweep takes, as a ratio to its own bare SQL: python bench/sweep.py [number of projects].

Runs in a database of its own, filled in bulk; every twentieth project has early money. Ratios, since
milliseconds are the machine's: they say what the sweep adds to what the database does anyway.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker.cluster import Cluster  # noqa: E402

FILL = """
SET session_replication_role = replica;
INSERT INTO projects_project (id, entry_id, name, kind, address, currency, contract_total, deposit,
    retention_percent, vat_rate, starts_on, policy, time_zone, state, version, created_at)
SELECT gen_random_uuid(), gen_random_uuid(), 'House ' || n, 'house_build', '', 'ILS', 1000000, 0, 5, 18,
    current_date, '{}', 'Asia/Jerusalem', 'active', 1, now() FROM generate_series(1, %(projects)s) n;
INSERT INTO projects_journalentry (id, project_id, seq, kind, at, body, previous_hash, hash, xid)
SELECT entry_id, id, 1, 'project_created', now(), '', '', '', 0 FROM projects_project;
INSERT INTO milestones_milestone (id, project_id, entry_id, position, title, description, value, amount,
    signers, state, version, round)
SELECT gen_random_uuid(), p.id, p.entry_id, n, 'Stage', '', 100000, 100000, '{homeowner}',
    CASE WHEN n <= 5 THEN 'signed_off' ELSE 'planned' END, 1, 1
FROM projects_project p, generate_series(1, 10) n;
INSERT INTO payments_payment (id, project_id, entry_id, kind, by_role, amount, paid_on, method, reference,
    reason)
SELECT gen_random_uuid(), m.project_id, m.entry_id, 'record', 'homeowner', 95000, current_date, 'cash',
    m.id, ''
FROM milestones_milestone m JOIN projects_project p ON p.id = m.project_id
WHERE m.position <= 5 OR (m.position = 6 AND substr(p.name, 7)::int %% 20 = 0);
INSERT INTO payments_allocation (id, project_id, entry_id, payment_id, line, milestone_id, amount)
SELECT gen_random_uuid(), project_id, entry_id, id, 'milestone', reference::uuid, amount
FROM payments_payment;
ANALYZE;
"""


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def measure(projects: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from projects.flagging import sweep

    first = seconds(lambda: print(f"{len(sweep())} flags raised"), times=1)
    with CaptureQueriesContext(connection) as captured:
        sweep()
    statements = [query["sql"] for query in captured]

    def bare() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.replace("%", "%%"))
                cursor.fetchall()

    sql, quiet = seconds(bare), seconds(sweep)
    print(f"{projects} projects, {len(statements)} statements")
    print(f"bare SQL             1.0 ({sql * 1000:.0f} ms)")
    print(f"sweep, all settled   {quiet / sql:.1f}")
    print(f"sweep that raises    {first / sql:.1f}")


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
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
            fill(cluster.superuser_url("bench"), projects)
            import django

            django.setup()
            measure(projects)


def fill(url: str, projects: int) -> None:
    import psycopg2

    with psycopg2.connect(url) as link, link.cursor() as cursor:
        cursor.execute(FILL, {"projects": projects})
    link.close()


if __name__ == "__main__":
    main()
