"""Which faults a run brings, in which order: a seed makes the same list every time."""

import random
from dataclasses import dataclass

# Every kind of fault that tests.faults.strike knows how to do.
KINDS = (
    "web",
    "web worker",
    "worker",
    "worker child",
    "beat",
    "relay",
    "broker",
    "broker wiped",
    "database stopped",
    "database killed",
    "database backend",
    "connections cut",
    "cut before commit",
    "cut after commit",
    "mail answer lost",
)
SHORTEST, LONGEST = 0.3, 6.0  # seconds between faults
# Now and then the next fault comes while the house still gets up from the last.
AT_ONCE = 0.15


@dataclass(frozen=True)
class Fault:
    """One fault: its place in the run, its kind, and the seconds of work before it."""

    number: int
    kind: str
    pause: float

    def __str__(self) -> str:
        return f"{self.number:3}  after {self.pause:4.2f} s  {self.kind}"


def make_schedule(seed: int, count: int) -> list[Fault]:
    """`count` faults; every kind comes before any comes again, so that none is left out."""
    chance = random.Random(seed)
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += chance.sample(KINDS, len(KINDS))
    return [Fault(number, kind, _pause(chance)) for number, kind in enumerate(kinds[:count], start=1)]


def _pause(chance: random.Random) -> float:
    if chance.random() < AT_ONCE:
        return 0.0
    return round(chance.uniform(SHORTEST, LONGEST), 2)
