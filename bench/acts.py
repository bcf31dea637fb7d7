"""Mixed acts by 32 threads, on one hot project and spread over fifty: python bench/acts.py [acts per thread].

Each thread has a connection of its own and acts as the application's role, through the actions that every
door calls (tests/mix.py). Acts on one project wait for each other; the ratio says what that costs. Every
answer is accounted for, and `verify` has the last word: exit 1 when anything is lost, doubled or broken.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tracker.cluster import Cluster  # noqa: E402

if TYPE_CHECKING:
    from tests.cast import Cast

THREADS, PROJECTS = 32, 50
ACTS = 30


def measure(cast: "Cast", name: str, projects: int, acts: int) -> tuple[float, list[str]]:
    """Acts answered in a second, and what is wrong."""
    from tests import mix

    where = mix.places(cast, projects)
    before = mix.entries_of(where)
    began = time.perf_counter()
    tally = mix.run(cast, where, threads=THREADS, acts=acts, seed=1)
    seconds = time.perf_counter() - began
    written = mix.entries_of(where) - before
    print(f"\n{name}: {tally.answered} answers in {seconds:.1f} s, {tally.answered / seconds:.1f} a second")
    print(f"  accepted {tally.accepted.total()}: {_told(tally.accepted)}")
    print(f"  refused {tally.refused.total()}: {_told(tally.refused)}")
    print(f"  busy and asked again {tally.busy}, deadlocks {tally.deadlocks}, entries written {len(written)}")
    return tally.answered / seconds, mix.problems(tally, written)


def _told(counted: dict[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(counted.items())) or "none"


def compare(acts: int) -> list[str]:
    """Measure both, print the ratio, and say what is wrong."""
    from projects.flagging import sweep
    from tests.cast import cast_people
    from tracker.verifying import verify

    cast = cast_people()
    hot, wrong = measure(cast, "one hot project", 1, acts)
    spread, also_wrong = measure(cast, f"spread over {PROJECTS} projects", PROJECTS, acts)
    print(f"\nhot : spread = 1 : {spread / hot:.1f}")
    sweep()
    breaks = [str(found) for found in verify().breaks]
    print(f"verify: {len(breaks)} breaks")
    return [*wrong, *also_wrong, *breaks]


def main() -> int:
    acts = int(sys.argv[1]) if len(sys.argv) > 1 else ACTS
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
            from django.db import connections

            django.setup()
            wrong = compare(acts)
            connections.close_all()
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
