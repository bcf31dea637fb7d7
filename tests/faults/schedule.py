"""Which faults a run brings, in which order: a seed makes the same list every time."""

import random
from collections.abc import Iterator
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
LONGEST = 6.0  # seconds between faults
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


def make_schedule(seed: int, count: int, longest: float = LONGEST) -> list[Fault]:
    """`count` faults; every kind comes before any comes again, so that none is left out."""
    kinds, pauses = _kinds(random.Random(f"kinds {seed}")), random.Random(f"pauses {seed}")
    return [Fault(number, next(kinds), _pause(pauses, longest)) for number in range(1, count + 1)]


def _kinds(chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(KINDS, len(KINDS))


def _pause(chance: random.Random, longest: float) -> float:
    at_once, seconds = chance.random() < AT_ONCE, chance.uniform(0.1 * longest, longest)
    return 0.0 if at_once else round(seconds, 2)
