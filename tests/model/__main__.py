"""The stateful model at length: python -m tests.model --steps 300000 [--workers 2] [--seed 1].

Ends with 1 when the product did once not do what the model says, and shows the simplest story of it.
"""

import argparse
import itertools
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from .tally import Tally
from .worker import enter, tell

# Refusals of doors and of files, and of acts that meet each other or a failing machine.
NOT_OF_ACTS = """
bad_key bad_token body_too_large broken busy clock_is_ahead csrf_failed forbidden form_too_old invalid
malformed method_not_allowed missing_scope not_acceptable not_authenticated outcome_unknown sent_already
session_only still_running throttled token_bound too_large too_many_pixels type_mismatch unavailable
unknown_type unsupported_media_type
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.model")
    parser.add_argument("--steps", type=int, default=300_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=600, help="stop after so long, steps left or not")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    with databases(asked.workers) as urls:
        tally, wrong = run(urls, asked, begun)
        wrong = wrong or prove(urls)
    report(tally, wrong)
    print(f"seed {asked.seed}, {time.monotonic() - begun:.0f} seconds")
    return 1 if wrong else 0


@contextmanager
def databases(count: int) -> Iterator[list[str]]:
    """A server of our own, with one migrated database for each worker; their addresses."""
    from tracker.cluster import Cluster

    with tempfile.TemporaryDirectory(prefix="plumbline-model-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        with Cluster(Path(folder) / "db", fsync=False) as cluster:
            cluster.create_database("template")
            migrate(cluster)
            names = [f"model{number}" for number in range(count)]
            for name in names:
                cluster.create_database(name, template="template")
            yield [cluster.app_url(name) for name in names]


def migrate(cluster: object) -> None:
    os.environ |= {
        "SECRET_KEY": "tests-" + "0" * 60,
        "DATABASE_URL": cluster.app_url("template"),  # type: ignore[attr-defined]
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }
    import django

    django.setup()
    from tests.kept import migrate

    migrate(cluster, "template")  # type: ignore[arg-type]


def run(urls: list[str], asked: argparse.Namespace, begun: float) -> tuple[Tally, str]:
    """Stories until the steps are done, the time is over or something went wrong, and what it was."""
    context = multiprocessing.get_context("spawn")
    left = context.Queue()
    for url in urls:
        left.put(url)
    tally, seeds, until = Tally(), itertools.count(asked.seed), begun + asked.minutes * 60
    with ProcessPoolExecutor(len(urls), context, enter, (left,)) as pool:
        under_way = {pool.submit(tell, next(seeds)) for _ in urls}
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for counted, wrong in (future.result() for future in done):
                tally.update(counted)
                if wrong:
                    pool.shutdown(wait=True, cancel_futures=True)
                    return tally, wrong
                if tally.steps < asked.steps and time.monotonic() < until:
                    under_way.add(pool.submit(tell, next(seeds)))
            print(f"{tally.steps} steps, {tally.share:.1f} %, {time.monotonic() - begun:.0f} s", flush=True)
    return tally, ""


def prove(urls: list[str]) -> str:
    """Prove every database as a whole, when all is told; what does not hold."""
    from tests.conftest import use

    from .session import require_no_breaks
    from .story import Wrong

    for url in urls:
        use(url)
        try:
            require_no_breaks(None)
        except Wrong as wrong:
            return str(wrong)
    return ""


def report(tally: Tally, wrong: str) -> None:
    from projects.refusals import known_refusals

    from .story import ACTS

    print(*tally.table(), sep="\n")
    never = tally.never_refused_with(known_refusals().keys() - NOT_OF_ACTS.split())
    print(f"never refused with: {', '.join(never) or 'none left out'}")
    print(f"never accepted: {', '.join(tally.never_accepted(ACTS)) or 'none left out'}")
    print(f"{tally.steps} steps, {tally.share:.1f} % accepted, {1 if wrong else 0} wrong predictions", wrong)


if __name__ == "__main__":
    sys.exit(main())
