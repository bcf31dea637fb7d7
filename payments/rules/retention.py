"""When what was kept back opens: half at completion where agreed, the rest after the defects period."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.money import ZERO, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The retention of one contract. Money.

    `kept`: all that milestone lines keep back. `opened`: what opened of it, which never closes again by
    itself. `for_defects`: the estimated cost of open faults that were reported within the defects period.
    `ends_on`: the first day after that period, which runs from the handover or the termination; None before.
    """

    kept: Decimal
    opened: Decimal
    for_defects: Decimal
    ends_on: date | None
    half_at_completion: bool

    @property
    def opens_at_completion(self) -> Decimal:
        """Half of it where that was agreed, rounded half-up, whatever faults are open."""
        return rounded(self.kept / 2) if self.half_at_completion else ZERO

    @property
    def opens_after_the_period(self) -> Decimal:
        """The rest, less what open faults will cost; more of it opens once they are repaired."""
        return max(ZERO, self.kept - self.opened - self.for_defects)

    def is_over(self, today: date) -> bool:
        """Whether the defects period has begun and is over."""
        return self.ends_on is not None and self.ends_on <= today
