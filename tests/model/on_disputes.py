"""Steps about payments that a side disputes."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .book import Dispute, Part, Project
from .choices import is_side
from .disputes import open_disputes
from .steps import DATA, Steps, when
from .words import SIDES, Name

MOST_DISPUTES = 6


def can_dispute(project: Project) -> bool:
    return any(payment.left for payment in project.payments) and len(project.disputes) < MOST_DISPUTES


class DisputeSteps(Steps):
    """One side says that money did not move so, and says so no more."""

    @when(can_dispute)
    @rule(data=DATA)
    def dispute(self, data: st.DataObject) -> None:
        c = self.choices(data)
        disputed = c.rarely()
        name, payment = c.payment(
            lambda payment: bool(payment.left) and (payment.name in self._open_in(payment)) == disputed
        )
        reason = " " if c.rarely() else "It never arrived"
        self.act(c, "dispute_payment", c.who(is_side, self.project_of(payment)), name, reason=reason)

    @when(lambda project: project.disputes)
    @rule(data=DATA)
    def take_dispute_back(self, data: st.DataObject) -> None:
        c = self.choices(data)
        name, dispute = c.dispute(lambda dispute: dispute in self._open_in(dispute).values())
        sides = SIDES if c.rarely() or not dispute else {dispute.side}

        def fits(part: Part) -> bool:
            return part.role in sides

        self.act(c, "withdraw_dispute", c.who(fits, self.project_of(dispute)), name)

    def _open_in(self, thing: object) -> dict[Name, Dispute]:
        return open_disputes(self.story.book, self.project_of(thing))
