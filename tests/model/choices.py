"""What a step tries: mostly what fits, at times what does not. Hypothesis makes every choice."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from .book import (
    Advance,
    Book,
    Change,
    Defect,
    Dispute,
    Expectation,
    Part,
    Payment,
    Project,
    Reversal,
    Stage,
    Thing,
)
from .figures import DEPOSIT, RETENTION, line_of, lines_of
from .words import HOMEOWNER, SIDES, Name, Who

Any_ = TypeVar("Any_")
NOTHING = Name("nothing")
PEOPLE = ["noa", "uri", "alon", "michal", "eran", "dana"]
NO_SUMS = [Decimal(n) for n in ("0", "-1", "0.001", "NaN", "Infinity", "1000000000000.00")]
MOST = Decimal("999999999999.99")


class Choices:
    """Draws for one step of a story."""

    def __init__(self, data: st.DataObject, book: Book) -> None:
        self.data, self.book = data, book

    def rarely(self) -> bool:
        """Two times in nine; never in the simplest example."""
        return self.number(0, 8) > 6

    def one(self, of: Sequence[Any_]) -> Any_:
        return of[self.number(0, len(of) - 1)]

    def number(self, low: int, high: int) -> int:
        """Any whole number from `low` to `high`; the simplest is the lowest."""
        return low if low == high else self.data.conjecture_data.draw_integer(low, high)

    def likely(self, fit: Sequence[Any_], of: Sequence[Any_]) -> Any_:
        """One that fits, if there is any; at times any at all."""
        return self.one(of if not fit or self.rarely() else fit)

    # --- who

    def who(self, part: Callable[[Part], bool], project: Project) -> Who:
        """Someone whose part fits, with a fresh proof; at times anybody, or without."""
        fit = [p.person for p in project.those_present if p.person and part(p)]
        return Who(self.likely(fit, [*PEOPLE, None]), proven=not self.rarely())

    def someone(self) -> Who:
        return Who(self.one(PEOPLE), proven=not self.rarely())

    # --- what

    def project(self, fits: Callable[[Project], Any] = bool) -> Project:
        """Mostly the first that fits."""
        return self.likely([p for p in self.book.projects if fits(p)][:1], self.book.projects)

    def stage(self, fits: Callable[[Stage], bool]) -> tuple[Name, Stage | None]:
        return self._thing([s for p in self.book.projects for s in p.stages], fits)

    def part(self, fits: Callable[[Part], bool]) -> tuple[Name, Part | None]:
        return self._thing([part for p in self.book.projects for part in p.parts], fits)

    def payment(self, fits: Callable[[Payment], bool]) -> tuple[Name, Payment | None]:
        return self._thing([payment for p in self.book.projects for payment in p.payments], fits)

    def reversal(self, fits: Callable[[Reversal], bool]) -> tuple[Name, Reversal | None]:
        return self._thing([r for p in self.book.projects for r in p.reversals], fits)

    def dispute(self, fits: Callable[[Dispute], bool]) -> tuple[Name, Dispute | None]:
        return self._thing([dispute for p in self.book.projects for dispute in p.disputes], fits)

    def defect(self, fits: Callable[[Defect], bool]) -> tuple[Name, Defect | None]:
        return self._thing([defect for p in self.book.projects for defect in p.defects], fits)

    def change(self, fits: Callable[[Change], bool]) -> tuple[Name, Change | None]:
        return self._thing([change for p in self.book.projects for change in p.changes], fits)

    def advance(self, fits: Callable[[Advance], bool]) -> tuple[Name, Advance | None]:
        return self._thing([advance for p in self.book.projects for advance in p.advances], fits)

    def expectation(self, fits: Callable[[Expectation], bool]) -> tuple[Name, Expectation | None]:
        return self._thing([e for p in self.book.projects for e in p.expectations], fits)

    def _thing(self, things: list[Any], fits: Callable[[Any], bool]) -> tuple[Name, Any]:
        found = self.likely([thing for thing in things if fits(thing)], [*things, None])
        if found is None:  # a thing of another kind, or none
            return self.one([NOTHING, self.book.projects[0].name]), None
        return found.name, found

    def files(self, project: Project, shown: set[Name]) -> list[Name]:
        """Files that the milestone does not show yet; at times any file, or none."""
        fresh = [file.name for file in project.files if file.name not in shown][:3]
        if self.rarely():
            every = [t.name for t in self.book.things.values() if isinstance(t, Thing)]
            return [self.one([NOTHING, *every])]
        return fresh

    def fault(self, project: Project) -> dict[str, Any]:
        """A defect as it is told; at times without a title, or with a file that is not there."""
        found: dict[str, Any] = {
            "title": " " if self.rarely() else "A crack",
            "blocking": self.one([False, False, True]),
        }
        found["fix_by"] = self.one([None, *(self.book.today + timedelta(days=n) for n in (3, -1))])
        return found | ({"photos": self.files(project, set())} if self.rarely() else {})

    # --- how much, when

    def sum_(self, *fit: int) -> Decimal:
        """One of the sums that fit (in agorot), a smaller one, a bit more, anything, or no sum at all."""
        base = self.one([n for n in fit if n > 0] or [50_000])
        match self.number(0, 9):
            case 0 | 1 | 2 | 3:
                cents = base
            case 4 | 5 | 6:
                cents = max(1, base // self.number(2, 5))
            case 7:
                cents = base + 1
            case 8:
                cents = self.number(1, 3_000_000)
            case _:
                return self.one([*NO_SUMS, MOST])
        return Decimal(cents) / 100

    def sum_to_write(self) -> Decimal:
        """Any value or amount of a draft."""
        return Decimal(self.number(0, 3_000_000)) / 100

    def day(self) -> date:
        """Today or before; at times tomorrow."""
        return self.book.today + timedelta(days=1 if self.rarely() else -self.number(0, 2))

    def version(self, present: int) -> int:
        return present - self.one([1, -1]) if self.rarely() else present

    def line(self, project: Project, fits: Callable[[Any], bool]) -> Name | str:
        """A line of the schedule; at times one that is not there."""
        lines = lines_of(project)
        every = [*(line.name for line in lines), DEPOSIT, RETENTION, NOTHING]
        return self.likely([line.name for line in lines if fits(line)], every)

    def room(self, project: Project, line: str) -> tuple[int, int]:
        """What is payable on a line and what it has room for; 0 where there is none."""
        found = line_of(project, line)
        return (found.payable, found.room) if found else (0, 0)


def signs_as(roles: Sequence[str] | set[str]) -> Callable[[Part], bool]:
    return lambda part: part.role in roles and part.may_sign


def is_side(part: Part) -> bool:
    return part.role in SIDES


def is_homeowner(part: Part) -> bool:
    return part.role == HOMEOWNER and part.may_sign
