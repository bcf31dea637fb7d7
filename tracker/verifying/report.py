"""What a pass over the data found."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from projects.integrity import Break

LISTED = 20  # breaks of one proof told one by one; those beyond are counted


@dataclass
class Report:
    """How much was looked at, by name, and where it does not hold, in the order of the proofs."""

    counts: Counter[str] = field(default_factory=Counter)
    breaks: list[Break] = field(default_factory=list)
    unlisted: Counter[str] = field(default_factory=Counter)

    def add(self, found: Break) -> None:
        """Take up a break; only so many of one proof are kept."""
        if sum(known.proof == found.proof for known in self.breaks) < LISTED:
            self.breaks.append(found)
        else:
            self.unlisted[found.proof] += 1

    @property
    def firsts(self) -> list[Break]:
        """The first break of each proof that found one."""
        return [next(found) for _, found in groupby(self.breaks, key=lambda known: known.proof)]
