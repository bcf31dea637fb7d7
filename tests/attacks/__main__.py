"""The table of attacks: `python -m tests.attacks` performs each and prints guard, attack and what refused it.

Exit 1 when one was let through, was refused by another guard than it should, or changed anything.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

from tests.attacks.starting import database_server


@contextmanager
def linked(*urls: str) -> Iterator[list[Any]]:
    links = [psycopg2.connect(url) for url in urls]
    try:
        yield links
    finally:
        for link in links:
            link.close()


def main() -> int:
    with database_server() as cluster:
        from tests.attacks.attack import refused
        from tests.attacks.everyone import ATTACKS
        from tests.attacks.ground import NAME, attacked, everything

        with attacked(cluster) as world, linked(cluster.app_url(NAME), cluster.owner_url(NAME)) as links:
            by_role = dict(zip(("app", "owner"), links, strict=True))
            before, wrong = everything(by_role["owner"]), 0
            for case in sorted(ATTACKS, key=lambda case: (case.guard, case.name)):
                refusal = refused(case, by_role[case.role], world)
                by_role[case.role].rollback()
                unchanged = everything(by_role["owner"]) == before
                by_role["owner"].rollback()
                held = refusal is not None and bool(re.match(case.guard, refusal.words)) and unchanged
                wrong += not held
                print(_line(case, refusal.words if refusal else "LET THROUGH", held))
        version = cluster.rest.binaries.version[0]
    held = len(ATTACKS) - wrong
    print(f"PostgreSQL {version}: {held} of {len(ATTACKS)} attacks refused as they should, nothing changed")
    return 1 if wrong else 0


def _line(case: Any, words: str, held: bool) -> str:
    who = "the owner" if case.role == "owner" else f"{case.by} in {case.on}" if case.sealed else "SQL"
    return f"{'ok ' if held else '!! '} {_name(case)[:90]:90} | {who:16} | {words[:90]}"


def _name(case: Any) -> str:
    return str(case.name if " " in case.name else case.name.replace("_", " "))


if __name__ == "__main__":
    sys.exit(main())
