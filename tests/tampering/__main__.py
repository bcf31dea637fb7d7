"""python -m tests.tampering --changes 400 --seed 1: change single bytes of history, each time verify.

Every column of the journal and of every fact table has its turn, in a random order, before any has a second
one; row, byte and its new value are random. Each change is made by a superuser with triggers, foreign keys
and checks off, in otherwise whole data, and made good before the next. It is found when `verify` breaks, and
located when its first break names the row that was changed. Exit 1 unless all are.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from random import Random

from tracker.cluster import Cluster

NAME = "tampered"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tampering")
    parser.add_argument("--changes", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plumbline-tampering-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        with Cluster(Path(folder) / "db", fsync=False) as cluster:
            cluster.create_database(NAME)
            os.environ |= {
                "DATABASE_URL": cluster.app_url(NAME),
                "DJANGO_SETTINGS_MODULE": "tracker.settings",
                "SECRET_KEY": "tampering-" + "0" * 60,
                "LOG_LEVEL": "ERROR",
            }
            import django

            django.setup()
            return tamper(cluster, asked.changes, asked.seed)


def tamper(cluster: Cluster, changes: int, seed: int) -> int:
    """Make the changes and print how many were found and located; 0 when all were."""
    from tests.cast import cast_people
    from tests.conftest import use
    from tests.kept import migrate
    from tests.tampering.lived import live
    from tests.tampering.tamper import LEFT_OUT, Tamperer

    migrate(cluster, NAME)
    use(cluster.app_url(NAME))
    live(cast_people())
    tamperer, chance = Tamperer(cluster.superuser_url(NAME)), Random(seed)
    columns = tamperer.columns()
    chance.shuffle(columns)
    began, made, results = time.monotonic(), Counter(), Counter()
    assert judged(None) == "nothing", "the data must be whole before they are changed"
    for column in cycle(columns):
        if results.total() == changes:
            break
        with tamperer.change(column, chance) as change:
            assert change, f"{column} has no value to change"
            result = judged(change)
        results[result] += 1
        made[str(column)] += 1
        if result != "located":
            print(f"{result}: {change}")
    assert judged(None) == "nothing", "the data must be whole after they were changed back"
    tamperer.close()
    print(f"{changes} changes of one byte, seed {seed}: {results['located'] + results['elsewhere']} found,")
    print(f"{results['located']} located, in {time.monotonic() - began:.0f} s")
    print(f"{len(made)} of {len(columns)} columns of {len({c.table for c in columns})} tables")
    for (table, name), why in LEFT_OUT.items():
        print(f"not covered: {table}.{name}: {why}")
    return 0 if results["located"] == changes else 1


def judged(change: "Change | None") -> str:  # noqa: F821  # imported once Django is set up
    """What `verify` says of the data: nothing, the changed row first (located), or something else first."""
    from tracker.verifying import verify

    breaks = [found for found in verify().breaks if found.proof != "guards"]  # the checks are dropped
    if not breaks:
        return "nothing"
    return "located" if change and change.is_place_of(breaks[0]) else "elsewhere"


if __name__ == "__main__":
    sys.exit(main())
