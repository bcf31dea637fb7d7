"""How often each act was answered how, over all the stories of a run."""

from collections import Counter
from collections.abc import Collection, Iterator

ACCEPTED, AGAIN = "ok", "ok, again"


class Tally(Counter[tuple[str, str]]):
    """Steps by act and outcome: `ok`, `ok, again` for a repeated request, or the code of the refusal."""

    @property
    def steps(self) -> int:
        return self.total()

    @property
    def accepted(self) -> int:
        return sum(n for (_, outcome), n in self.items() if outcome in {ACCEPTED, AGAIN})

    @property
    def share(self) -> float:
        """Percent of the steps that were accepted."""
        return 100 * self.accepted / self.steps if self.steps else 0.0

    def never_refused_with(self, codes: Collection[str]) -> list[str]:
        return sorted(set(codes) - {outcome for _, outcome in self})

    def never_accepted(self, acts: Collection[str]) -> list[str]:
        return sorted(set(acts) - {act for act, outcome in self if outcome == ACCEPTED})

    def table(self) -> Iterator[str]:
        for act in sorted({act for act, _ in self}):
            outcomes = sorted((n, outcome) for (its, outcome), n in self.items() if its == act)[::-1]
            yield f"{act}: " + ", ".join(f"{outcome} {n}" for n, outcome in outcomes)
