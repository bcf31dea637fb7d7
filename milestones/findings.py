"""What was found of the work, as figures: how far it is verified, and what repairs would cost. Pure rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from projects.models import Role
from projects.money import ZERO, as_percent, percent_of, total_of

# Reported beyond verified by more points than this calls for a look (docs/flags.md).
VARIANCE_POINTS = Decimal(20)


class Found(NamedTuple):
    """What an inspection means by now: `money` that is verified. It found `percent` of the work then."""

    money: Decimal = ZERO
    percent: Decimal = ZERO

    def share_of(self, value: Decimal) -> Decimal:
        """In percent of what the work is worth by now, to show: what was found, unless terms changed."""
        still = percent_of(value, self.percent) == self.money
        return self.percent if still else as_percent(self.money, value)


@dataclass(frozen=True, slots=True)
class Findings:
    """The inspections of an unfinished milestone that may count: the latest by an expert (an engineer or a
    supervisor), and the latest by a homeowner since then.

    Each found a percent of what the work was worth at that moment. The money that this was stays when a
    change order changes the value, cut at the new value.
    """

    expert: Found | None = None
    own: Found | None = None

    @property
    def verified(self) -> Found:
        """What counts: the latest; a homeowner's over an expert's only if it is lower by now. 0 without."""
        return min((found for found in (self.expert, self.own) if found), default=Found())

    def inspected(self, role: str, percent: Decimal, value: Decimal) -> "Findings":
        """With one more inspection, of work that is worth `value`."""
        found = Found(percent_of(value, percent), percent)
        return Findings(self.expert, found) if role == Role.HOMEOWNER else Findings(found)

    def revalued(self, value: Decimal) -> "Findings":
        """Once the work is worth `value`."""
        cut = (found and Found(min(found.money, value), found.percent) for found in (self.expert, self.own))
        return Findings(*cut)


@dataclass(frozen=True, slots=True)
class Estimates:
    """The latest estimates of one repair, in money: an engineer's or supervisor's, and either side's."""

    expert: Decimal | None = None
    homeowner: Decimal | None = None
    contractor: Decimal | None = None

    @property
    def agreed(self) -> Decimal:
        """What both sides take it to cost at least."""
        both = [self.homeowner, self.contractor]
        return min(amount or ZERO for amount in both)

    def said(self, role: str, amount: Decimal) -> "Estimates":
        """With one more estimate."""
        match role:
            case Role.HOMEOWNER:
                return Estimates(self.expert, amount, self.contractor)
            case Role.CONTRACTOR:
                return Estimates(self.expert, self.homeowner, amount)
        return Estimates(amount, self.homeowner, self.contractor)


class Faults(NamedTuple):
    """What open defects of a milestone withhold of its payment, and what their repair counts as. Money.

    `repair`, `blocking_repair`: of those found after the sign-off, all and the blocking ones.
    """

    withheld: Decimal
    repair: Decimal
    blocking_repair: Decimal


def repair_of(value: Decimal, faults: Iterable[Estimates]) -> Decimal:
    """What the repair of a milestone's faults counts as, in money; `value` is what its work is worth.

    An engineer's or supervisor's estimate counts. Without one a homeowner's does: as far as the contractor
    agrees, and alone, over all of them, up to the milestone's value. A contractor's alone does not count.
    """
    faults = list(faults)
    unjudged = [fault for fault in faults if fault.expert is None]
    alone = total_of([fault.homeowner or ZERO for fault in unjudged])
    agreed = total_of([fault.agreed for fault in unjudged])
    return total_of([fault.expert or ZERO for fault in faults]) + min(alone, max(value, agreed))


def counted_cost(value: Decimal, fault: Estimates) -> Decimal | None:
    """What one repair counts as on its own; None while nobody whose word counts has estimated it."""
    if fault.expert is None and fault.homeowner is None:
        return None
    return repair_of(value, [fault])


def is_claim_at_variance(reported: Decimal, verified: Decimal) -> bool:
    """Whether the contractor's report is far ahead of what was found."""
    return reported - verified > VARIANCE_POINTS
