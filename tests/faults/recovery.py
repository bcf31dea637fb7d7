"""How long the house took to be back: until the next act, the next obligation, and all that was owed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from tests.faults.ledger import Acknowledged


@dataclass(frozen=True)
class Recovery:
    """Seconds from a fault to: the first act that was asked after it, the first obligation that was owed
    after it and done, and the last that was owed before it. None: nothing of the kind happened."""

    kind: str
    act: float | None
    owed_after: float | None
    owed_before: float | None


def recoveries(
    struck: Sequence[tuple[str, float]],
    acknowledged: Iterable[Acknowledged],
    obligations: Iterable[tuple[datetime, datetime]],
) -> list[Recovery]:
    """One for each (kind of fault, moment)."""
    acts = [(act.began, act.at) for act in acknowledged]
    owed = [(created.timestamp(), done.timestamp()) for created, done in obligations]
    return [
        Recovery(
            kind,
            _first([at - moment for began, at in acts if began >= moment]),
            _first([done - moment for created, done in owed if created >= moment]),
            max((done - moment for created, done in owed if created < moment <= done), default=0.0),
        )
        for kind, moment in struck
    ]


def _first(waits: list[float]) -> float | None:
    return min(waits, default=None)


def table(found: Sequence[Recovery]) -> str:
    """Median and worst, in seconds, by kind."""
    by_kind: dict[str, list[Recovery]] = defaultdict(list)
    for recovery in found:
        by_kind[recovery.kind].append(recovery)
    head = f"{'':20}{'':>6}{'next act':>16}{'next obligation':>18}{'all owed before':>18}"
    under = f"{'fault':20}{'times':>6}{'median  worst':>16}{'median  worst':>18}{'median  worst':>18}"
    rows = [
        f"{kind:20}{len(of_kind):>6}"
        f"{_span([r.act for r in of_kind]):>16}"
        f"{_span([r.owed_after for r in of_kind]):>18}"
        f"{_span([r.owed_before for r in of_kind]):>18}"
        for kind, of_kind in sorted(by_kind.items())
    ]
    return "\n".join([head, under, *rows])


def _span(waits: Iterable[float | None]) -> str:
    known = [wait for wait in waits if wait is not None]
    return f"{median(known):6.1f} {max(known):6.1f}" if known else "-"
