"""A contract told by the real acts, step by step, and where it stands after each: its figures and flags."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal as D
from typing import Any

import pytest

from milestones.actions import (
    approve_milestone,
    inspect_milestone,
    report_defect,
    submit_milestone,
    verify_defect,
)
from milestones.models import Defect, Milestone
from payments.actions import (
    allocate_payment,
    complete_project,
    pay_advance,
    propose_change,
    record_payment,
    release_payment,
    sign_change,
    terminate_project,
)
from payments.changing import version_of
from payments.figures import with_figures
from payments.models import Advance, ChangeOrder, Payment
from payments.queries import exposure_now, ledger_of
from payments.rules import WITHOUT_MILESTONE, Exposure, Line
from people.models import User
from projects import clock
from projects.endings import propose_closing_sum, propose_handover, sign_closing_sum, sign_handover
from projects.flagging import settle_flags
from projects.models import Flag, JournalEntry, Project
from projects.refusals import Refused
from tests.asking import approved, asked, at, opened
from tests.cast import Cast, acting, active, join
from tests.payments.book import HOUSE, KITCHEN

K = 1_000

# What each milestone's work is worth, and what is paid for it. A kitchen of 95,000: 65 % at the order, which
# is 5 % of the work. A house of 1,900,000 in twelve milestones. And 1,000,000 in three, beside a deposit.
OF_KITCHEN = [(950 * value, 950 * amount) for value, amount in KITCHEN]
OF_HOUSE = [(19 * K * value, 19 * K * amount) for value, amount in HOUSE]
STAGES = [(400 * K, 400 * K), (350 * K, 300 * K), (250 * K, 200 * K)]
WITH_DEPOSIT: dict[str, Any] = {"deposit": D(100_000)}

# The flags about money, and which of their figures is the sum that they warn of.
SUMS = {
    "advance_outstanding": "early",
    "off_schedule_payment": "early",
    "paid_ahead": "excess",
    "payment_overdue": "payable",
}


def begin(cast: Cast, shares: Sequence[tuple[int, int]], *, couple: bool = False, **terms: Any) -> "Story":
    """Sign a contract today: (value, amount) of its milestones M1, M2 …, which the homeowners sign off.

    The amounts and the deposit, 0 unless it is in the terms, are as much as the values. Of a `couple` both
    homeowners sign whatever all of them must; else Noa is alone. A submission needs no photo.
    """
    stages = [
        {"title": f"M{position}", "value": value, "amount": amount, "signers": ["homeowner"]}
        for position, (value, amount) in enumerate(shares, start=1)
    ]
    terms = {
        "contract_total": D(sum(value for value, _ in shares)),
        "deposit": D(0),
        "starts_on": clock.today("Asia/Jerusalem"),
        "policy": {"evidence_required": False} | terms.pop("policy", {}),
    } | terms
    project = active(cast, stages, **terms)
    if couple:
        join(cast.noa, project, cast.uri, "homeowner")
    return Story(cast, project.id, (cast.noa, cast.uri) if couple else (cast.noa,))


@dataclass
class Story:
    """One contract. Its lines are called deposit, M1, M2 …, retention and final; sums are money."""

    cast: Cast
    project_id: Any
    homeowners: tuple[User, ...]

    @property
    def project(self) -> Project:
        return Project.objects.get(pk=self.project_id)

    def milestone(self, name: str) -> Milestone:
        return Milestone.objects.get(project=self.project_id, position=int(name.removeprefix("M")))

    def line(self, name: str) -> Line:
        found = ledger_of(self.project).line(self._called(name))
        assert found is not None, name
        return found

    def figures(self) -> Exposure:
        return exposure_now(self.project, clock.today("Asia/Jerusalem"))

    def stands(self, figures: str, *flags: str) -> None:
        """P; V; X; N; E; A; U; level; payable, from the reader of the API, and all open flags about money.

        The database's own sums say the same, and the ties hold: P + payable = N + E; A + U = max(0, X).
        """
        now = self.figures()
        names = ("paid", "earned", "exposure", "unlocked", "early", "agreed_lead", "excess")
        sums = [*(getattr(now, name) for name in names), now.payable]
        told = [_sum(amount) for amount in sums]
        told.insert(len(names), now.level)
        assert "; ".join(told) == figures
        row = with_figures(Project.objects.filter(pk=self.project_id)).get()
        assert [getattr(row, name) for name in (*names, "payable")] == sums
        assert row.level == now.level
        assert now.paid + now.payable == now.unlocked + now.early
        assert now.agreed_lead + now.excess == max(D(0), now.exposure) == now.shortfall
        assert self.flags() == list(flags)

    def flags(self) -> list[str]:
        """The open flags about money: kind, severity, sum."""
        settle_flags(self.project_id)
        found = Flag.objects.filter(project=self.project_id, kind__in=SUMS, cleared_at=None)
        return sorted(
            f"{flag.kind} {flag.severity} {_sum(D(flag.reading.figures[SUMS[flag.kind]]))}"
            for flag in found.select_related("reading")
        )

    @contextmanager
    def refuses(self, code: str, **data: Any) -> Iterator[None]:
        """What is done inside is refused with this code, and these of the figures that it tells; nothing is
        written."""
        before = JournalEntry.objects.count()
        with pytest.raises(Refused) as caught:
            yield
        told = {name: caught.value.data.get(name) for name in data}
        assert (caught.value.code, told) == (code, data)
        assert JournalEntry.objects.count() == before

    def release(self, name: str, amount: object) -> Payment:
        return release_payment(acting(self.cast.noa), self.project_id, **self._moved(name, amount))

    def record(self, name: str, amount: object) -> Payment:
        """Money that has already moved, for a line."""
        return record_payment(acting(self.cast.noa), self.project_id, **self._moved(name, amount))

    def set_off(self, payment: Payment, name: str, amount: object) -> None:
        line = self._called(name)
        allocate_payment(acting(self.cast.noa), payment.id, line=line, amount=D(str(amount)))

    def inspect(self, name: str, percent: object) -> None:
        """The engineer finds so much of it done."""
        milestone = self.milestone(name)
        inspect_milestone(acting(self.cast.michal), milestone.id, percent=D(str(percent)))

    def submit(self, name: str) -> None:
        milestone = self.milestone(name)
        criteria = [criterion.id for criterion in milestone.criteria.all()]
        submit_milestone(acting(self.cast.alon), milestone.id, criteria_met=criteria)

    def approve(self, name: str, *withheld: object) -> list[Defect]:
        """Noa approves what was submitted; each minor defect that she names withholds so much."""
        minor = [{"title": f"Repair {n}", "withheld": D(str(sum_))} for n, sum_ in enumerate(withheld, 1)]
        milestone = self.milestone(name)
        decision = approve_milestone(
            acting(self.cast.noa), milestone.id, version=milestone.version, minor_defects=minor
        )
        return list(decision.defects.all())

    def sign(self, *names: str) -> None:
        """Submitted and signed off."""
        for name in names:
            self.submit(name)
            self.approve(name)

    def fault(self, name: str, cost: object) -> Defect:
        """A fault found after the sign-off, which the engineer says will cost so much to repair."""
        found = {"title": "A crack", "blocking": True, "estimated_cost": D(str(cost))}
        return report_defect(acting(self.cast.michal), self.milestone(name).id, **found)

    def repaired(self, defect: Defect) -> None:
        verify_defect(acting(self.cast.noa), defect.id)

    def ask(self, name: str, amount: object) -> Advance:
        return asked(self.cast, self.milestone(name), str(amount))

    def pay(self, advance: Advance, amount: object) -> Payment:
        moved = {"paid_on": clock.today("Asia/Jerusalem"), "method": "bank_transfer"}
        return pay_advance(acting(self.cast.noa), advance.id, amount=D(str(amount)), **moved)

    def advance(self, name: str, amount: object, *, day: float) -> Payment:
        """Asked and opened by each homeowner on a day; approved by each, and paid, when 48 hours are over."""
        with at(day):
            asked_for = self.ask(name, amount)
            opened(asked_for, *self.homeowners)
        with at(day + 2.1):
            approved(asked_for, *self.homeowners)
            return self.pay(asked_for, amount)

    def propose(self, name: str, amount: object) -> ChangeOrder:
        """The contractor proposes to change the price of a milestone by so much."""
        told = {"title": "Another price", "amount": D(str(amount)), "milestone": self.milestone(name).id}
        return propose_change(acting(self.cast.alon), self.project_id, **told)

    def agree_on(self, order: ChangeOrder) -> None:
        for person in self._everybody:
            sign_change(acting(person), order.id, version=version_of(order))

    def complete(self) -> None:
        """All the work is signed off; it is handed over on the same day."""
        complete_project(acting(self.cast.alon), self.project_id)
        told = {"day": clock.today("Asia/Jerusalem"), "text": "Two keys."}
        version = propose_handover(acting(self.cast.alon), self.project_id, **told).version
        for person in self._everybody:
            sign_handover(acting(person), self.project_id, version=version)

    def terminate(self) -> None:
        terminate_project(acting(self.cast.noa), self.project_id, reason="Nobody has come for three months.")

    def close_with(self, amount: object) -> None:
        """Both sides sign a closing sum; until the last of them has, no line opens."""
        words = {"amount": D(str(amount)), "text": "As measured together."}
        version = propose_closing_sum(acting(self.cast.alon), self.project_id, **words).version
        for person in self._everybody:
            assert ledger_of(self.project).line("final") is None
            sign_closing_sum(acting(person), self.project_id, version=version)

    @property
    def _everybody(self) -> tuple[User, ...]:
        return (self.cast.alon, *self.homeowners)

    def _called(self, name: str) -> str:
        return name if name in WITHOUT_MILESTONE else str(self.milestone(name).id)

    def _moved(self, name: str, amount: object) -> dict[str, Any]:
        today = clock.today("Asia/Jerusalem")
        told = {"amount": D(str(amount)), "paid_on": today, "method": "bank_transfer"}
        return told | {"line": self._called(name)}


def _sum(amount: D) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
