"""What is verified stays, and so does what is said of a past day: stories of real acts, day by day."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milestones.actions import (
    approve_milestone,
    estimate_defect,
    inspect_milestone,
    report_defect,
    verify_defect,
)
from milestones.models import Defect, DefectNow, Milestone, Worth
from payments.actions import (
    allocate_payment,
    complete_project,
    end_defects_period,
    propose_change,
    record_payment,
    release_payment,
    reverse_payment,
    terminate_project,
)
from payments.certificates import certificate_for
from payments.changing import preview_of
from payments.history import changes_of, dated_of
from payments.models import Payment
from payments.queries import exposure_now, ledger_of
from payments.rules import Certificate, Exposure, Stand, Step, exposure_of, history_of, stand_at
from projects import clock
from projects.endings import propose_closing_sum, propose_handover, sign_closing_sum, sign_handover
from projects.kernel import SYSTEM
from projects.models import Project
from projects.policy import policy_of
from projects.refusals import Refused
from tests.cast import STAGES, TODAY, Cast, acting, active, stage, submitted
from tracker.verifying import verify

from .test_changes import fresh, proposed, signed

BEGINS = date(2026, 1, 1)

# The figures of the money and the work; planned work and reports are of the plan and of words.
MONEY = [
    *("contract_total", "earned", "paid", "unlocked", "payable", "early", "repair", "exposure"),
    *("agreed_lead", "excess", "level"),
]


def worth(project: Project, position: int) -> Worth:
    return Worth.objects.get(milestone=stage(project, position))


def test_verified_money_stays_when_the_price_changes(cast: Cast) -> None:
    project = active(cast)
    frame = stage(project, 2)  # worth 350,000
    inspect_milestone(acting(cast.michal), frame.id, percent=D(40))
    inspect_milestone(acting(cast.noa), frame.id, percent=D(60))

    def after_a_change(amount: int) -> tuple[D, D, D]:
        order = proposed(cast.alon, project, amount)
        preview = preview_of(order, fresh(project), ledger_of(fresh(project)), TODAY())
        signed(order, cast.noa, cast.alon)
        figures, found = exposure_now(fresh(project), TODAY()), worth(project, 2)
        assert preview.after == figures, "as the page said before the signatures"
        assert history_of(changes_of(fresh(project)))[-1].earned == figures.earned
        assert certificate_for(fresh(project), TODAY(), TODAY()).total.to_date == figures.earned
        assert not verify(project.id, files=False).breaks
        return figures.earned, found.verified_percent, found.found_percent

    assert after_a_change(350_000) == (D(140_000), D(20), D(40))
    assert after_a_change(-450_000) == (D(140_000), D(56), D(40))
    assert after_a_change(-150_000) == (D(100_000), D(100), D(40)), "cut at the new value"
    assert after_a_change(100_000) == (D(100_000), D(50), D(40)), "what was cut does not come back"

    inspect_milestone(acting(cast.noa), frame.id, percent=D(60))
    assert worth(project, 2).verified == D(100_000), "120,000 are not lower than what the engineer's mean now"
    inspect_milestone(acting(cast.noa), frame.id, percent=D(45))
    assert (worth(project, 2).verified, worth(project, 2).verified_percent) == (D(90_000), D(45))
    inspect_milestone(acting(cast.michal), frame.id, percent=D(80))
    assert worth(project, 2).verified == D(160_000), "a later look counts with the value of its own day"
    assert not verify(project.id, files=False).breaks


# --- Stories


class Told:
    """A contract in the making, and how its acts are drawn. An act that is refused leaves nothing."""

    def __init__(self, cast: Cast, data: st.DataObject) -> None:
        self.cast, self.data = cast, data
        with self.at(BEGINS):
            policy = {"defects_period_months": "1"}
            self.project = active(cast, STAGES, starts_on=BEGINS, policy=policy)
        self.day = BEGINS
        self.figures: dict[date, Exposure] = {}
        self.certificates: dict[date, Certificate] = {}

    @staticmethod
    def at(day: date) -> Any:
        return clock.set_to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))

    def goes_on(self) -> None:
        """A day with one act or none, and what is said of it at its close."""
        self.day += timedelta(days=self.data.draw(st.integers(1, 20)))
        act = self.data.draw(st.sampled_from(ACTS))
        with self.at(self.day):
            with suppress(Refused):
                act(self)
            self.project = fresh(self.project)
            self.figures[self.day] = exposure_now(self.project, self.day)
            self.certificates[self.day] = certificate_for(self.project, BEGINS, self.day)

    def stage(self) -> Milestone:
        return self.data.draw(st.sampled_from(list(self.project.milestones.order_by("position"))))

    def sum(self, most: int = 300_000) -> D:
        return D(self.data.draw(st.integers(1, most * 100))) / 100

    def one(self, *of: Any) -> Any:
        return self.data.draw(st.sampled_from(of))

    def moved(self) -> dict[str, Any]:
        """Money is often told of later than it moved."""
        return {"paid_on": self.day - timedelta(days=self.one(0, 30)), "method": "cash"}


def inspect(told: Told) -> None:
    who = told.one(told.cast.noa, told.cast.michal)
    percent = D(told.data.draw(st.integers(0, 10_000))) / 100
    inspect_milestone(acting(who), told.stage().id, percent=percent)


def change(told: Told) -> None:
    amount, position = told.sum() * told.one(1, -1), told.stage().position
    order = proposed(told.cast.alon, told.project, amount, position)  # type: ignore[arg-type]
    signed(order, told.cast.noa, told.cast.alon)


def settle(told: Told) -> None:
    """A deduction for a minor defect of signed work."""
    named = {"title": "A scratch", "defect": defect(told).id, "amount": -told.sum(20_000)}
    order = propose_change(acting(told.cast.noa), told.project.id, **named)
    signed(order, told.cast.noa, told.cast.alon)


def add(told: Told) -> None:
    more = {"criteria": ["It stands"], "signers": ["homeowner"]}
    order = proposed(told.cast.noa, told.project, told.sum(), None, **more)  # type: ignore[arg-type]
    signed(order, told.cast.noa, told.cast.alon)


def sign_off(told: Told) -> None:
    milestone = submitted(told.cast, told.stage())
    people = {"homeowner": told.cast.noa, "engineer": told.cast.michal}
    for role in milestone.signers:
        defects = [{"title": "Scratch", "withheld": told.sum(50_000)}] if told.one(True, False) else []
        approve_milestone(
            acting(people[role]), milestone.id, version=milestone.version, minor_defects=defects
        )


def record(told: Told) -> None:
    line = told.one(None, "deposit", str(told.stage().id), "retention")
    record_payment(acting(told.cast.noa), told.project.id, amount=told.sum(), line=line, **told.moved())


def release(told: Told) -> None:
    if due := [line for line in ledger_of(told.project).lines if line.payable]:
        line = told.data.draw(st.sampled_from(due))
        release_payment(
            acting(told.cast.noa), told.project.id, line=line.line, amount=line.payable, **told.moved()
        )


def payment(told: Told) -> Payment:
    found = list(Payment.objects.filter(project=told.project).order_by("entry__seq"))
    if not found:
        raise Refused("nothing_to_change")
    return told.data.draw(st.sampled_from(found))


def set_off(told: Told) -> None:
    line = told.one("retention", "final", str(told.stage().id))
    allocate_payment(acting(told.cast.noa), payment(told).id, line=line, amount=told.sum(100_000))


def take_back(told: Told) -> None:
    taken = payment(told)
    reverse_payment(acting(told.cast.noa), taken.id, amount=min(taken.amount, told.sum()), why="wrong_record")


def find_a_fault(told: Told) -> None:
    who = told.one(told.cast.noa, told.cast.michal)
    report_defect(
        acting(who), told.stage().id, title="Leak", blocking=told.one(True, False), estimated_cost=told.sum()
    )


def defect(told: Told) -> Defect:
    found = (
        DefectNow.objects.filter(project=told.project)
        .exclude(state__in=DefectNow.CLOSED)
        .order_by("defect__number")
    )
    if not found:
        raise Refused("nothing_to_change")
    return told.data.draw(st.sampled_from([now.defect for now in found]))


def estimate(told: Told) -> None:
    who = told.one(told.cast.noa, told.cast.michal, told.cast.alon)
    estimate_defect(acting(who), defect(told).id, amount=told.sum())


def repair(told: Told) -> None:
    verify_defect(acting(told.cast.noa), defect(told).id)


def end(told: Told) -> None:
    """Completed and handed over; else, now and then, terminated and settled."""
    project, both = told.project, (told.cast.noa, told.cast.alon)
    if project.state == Project.State.COMPLETED:
        propose_handover(acting(told.cast.alon), project.id, day=told.day, text="Two keys")
        for person in both:
            sign_handover(acting(person), project.id, version=1)
    elif project.state == Project.State.TERMINATED:
        amount = told.sum(100_000) * told.one(1, -1)
        deed = propose_closing_sum(acting(told.cast.noa), project.id, amount=amount, text="All is settled")
        for person in both:
            sign_closing_sum(acting(person), project.id, version=deed.version)
    elif all(m.state == Milestone.State.SIGNED_OFF for m in project.milestones.all()):
        complete_project(acting(told.cast.noa), project.id)
    elif told.one(True, False, False, False, False, False):
        terminate_project(acting(told.cast.noa), project.id, reason="He left")


def let_the_period_end(told: Told) -> None:
    end_defects_period(SYSTEM, told.project.id)


ACTS: list[Callable[[Told], None]] = [
    *(inspect, inspect, inspect, change, change, add, sign_off, sign_off, sign_off, sign_off),
    *(record, record, release, release, set_off, take_back),
    *(find_a_fault, find_a_fault, estimate, repair, settle, settle, end, end, let_the_period_end),
]


def figures_of(project: Project, stand: Stand, day: date) -> Exposure:
    return exposure_of(stand.contract, stand.lines, stand.unheld, policy_of(project.policy), day)


def money(figures: Exposure) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in MONEY}


@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_happens_later_a_past_day_is_told_as_it_was(cast: Cast, data: st.DataObject) -> None:
    told = Told(cast, data)
    for _ in range(data.draw(st.integers(10, 25))):
        told.goes_on()
    project, dated = told.project, dated_of(told.project)
    for day, figures in told.figures.items():
        assert money(figures_of(project, stand_at(dated, day), day)) == money(figures), day
        assert certificate_for(project, BEGINS, day) == told.certificates[day], day
    now, steps = exposure_now(project, told.day), history_of(changes_of(project)) or [Step(told.day)]
    assert (steps[-1].paid, steps[-1].earned) == (now.paid, now.earned)
    assert not verify(project.id, files=False).breaks
