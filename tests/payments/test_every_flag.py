"""Every kind of flag from the facts alone: raised and cleared by what happens, once, whoever looks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import timezone

from milestones.actions import (
    inspect_milestone,
    log_progress,
    report_defect,
    reschedule_milestone,
    verify_defect,
    withdraw_submission,
)
from payments.actions import (
    dispute_payment,
    record_payment,
    release_payment,
    reverse_payment,
    withdraw_dispute,
)
from payments.models import Dispute, Payment
from projects import clock
from projects.actions import edit_project
from projects.business_days import business_days_after, business_days_before
from projects.flagging import Settled, flag_kinds, settle_flags, sweep, unsettled
from projects.models import Flag, Project
from tests.asking import advanced
from tests.cast import STAGES, TODAY, Cast, acting, active, draft, signed_off, stage, submitted
from tests.projects.test_flagging import state_of_everything
from tests.projects.test_kernel import in_threads

Act = Callable[[Cast, Project], object]


@dataclass(frozen=True)
class Case:
    """`begun`: a project whose facts did not call for the flag so many `days` ago; then something `happens`,
    or time alone goes by until now; and what `ends` it."""

    begun: Callable[[Cast], Project]
    ends: Act
    happens: Act = lambda cast, project: None
    days: float = 0


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def days_ago(days: float) -> Any:
    return clock.set_to(ago(days))


def begun(days: float, **terms: Any) -> Callable[[Cast], Project]:
    """Signed, and started, so many days ago."""

    def begin(cast: Cast) -> Project:
        with days_ago(days):
            return active(cast, starts_on=TODAY() - timedelta(days=int(days)), **terms)

    return begin


def ending(days: int) -> list[dict[str, Any]]:
    """Stages whose agreed date is so many days from now."""
    dates = {"planned_start": TODAY() - timedelta(30), "planned_end": TODAY() + timedelta(days)}
    return [stage | dates for stage in STAGES]


def paid(cast: Cast, project: Project, amount: str = "30000.00", line: str = "") -> Payment:
    """Recorded, for the finishes unless told otherwise, whose work is not signed off."""
    told: dict[str, Any] = {"paid_on": clock.today(project.time_zone), "method": "cash"}
    where = line or str(stage(project, 3).id)
    return record_payment(acting(cast.noa), project.id, amount=D(amount), line=where, **told)


def taken_back(cast: Cast, project: Project) -> None:
    """The newest payment, whole."""
    payment = Payment.objects.filter(project=project).order_by("-entry__seq")[0]
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")


def with_deposit(amount: str) -> Act:
    def edit(cast: Cast, project: Project) -> None:
        project.refresh_from_db()
        edit_project(acting(cast.noa), project.id, version=project.version, deposit=D(amount))

    return edit


def disputed(cast: Cast, project: Project) -> None:
    payment = paid(cast, project, "5000.00", "deposit")
    dispute_payment(acting(cast.alon), payment.id, reason="It never arrived")


def deposit_released(cast: Cast, project: Project) -> None:
    told: dict[str, Any] = {"paid_on": TODAY(), "method": "cash"}
    release_payment(acting(cast.noa), project.id, line="deposit", amount=D("100000.00"), **told)


def moved(*days: int) -> Act:
    def move(cast: Cast, project: Project) -> None:
        for milestone in project.milestones.all():
            for later in days:
                end = TODAY() + timedelta(later)
                reschedule_milestone(acting(cast.alon), milestone.id, agreed_end=end, cause="weather")

    return move


def claimed(cast: Cast, project: Project) -> None:
    first = stage(project, 1)
    log_progress(acting(cast.alon), first.id, percent=D(60))
    inspect_milestone(acting(cast.michal), first.id, percent=D(30))


def found_to_be(percent: int) -> Act:
    return lambda cast, project: inspect_milestone(
        acting(cast.michal), stage(project, 1).id, percent=D(percent)
    )


def promised(cast: Cast, project: Project) -> None:
    fix_by = TODAY() - timedelta(days=2)
    report_defect(acting(cast.noa), stage(project, 1).id, title="Crack", fix_by=fix_by)


SILENT_SINCE = business_days_before(timezone.now(), 5, "Asia/Jerusalem") - timedelta(seconds=1)
# An hour before the five days are over, which on a day off is days ago.
NOT_YET_SILENT = business_days_after(SILENT_SINCE, 5, "Asia/Jerusalem") - timedelta(hours=1)


def waiting(cast: Cast) -> Project:
    """Submitted five business days ago."""
    with clock.set_to(SILENT_SINCE - timedelta(days=2)):
        project = active(cast, starts_on=SILENT_SINCE.date())
    with clock.set_to(SILENT_SINCE):
        submitted(cast, stage(project, 1))
    return project


def paid_twice(cast: Cast) -> Project:
    """On two days, for work that nobody has seen."""
    project = begun(6)(cast)
    for days in (4, 2):
        with days_ago(days):
            paid(cast, project, "1000.00")
    return project


CASES = {
    "front_loaded": Case(draft, happens=with_deposit("150000.00"), ends=with_deposit("100000.00")),
    "paid_ahead": Case(active, happens=paid, ends=taken_back),
    "gap_widening": Case(paid_twice, happens=paid, ends=taken_back),
    "off_schedule_payment": Case(active, happens=paid, ends=lambda c, p: signed_off(c, stage(p, 3))),
    "advance_outstanding": Case(
        begun(31),
        happens=lambda c, p: advanced(c, p, stage(p, 3)),
        ends=lambda c, p: signed_off(c, stage(p, 3)),
    ),
    "payment_disputed": Case(
        active,
        happens=disputed,
        ends=lambda c, p: withdraw_dispute(acting(c.alon), Dispute.objects.get(project=p).id),
    ),
    "payment_overdue": Case(begun(10.1), days=0.2, ends=deposit_released),
    "stalled": Case(
        begun(7.1),
        days=0.2,
        ends=lambda c, p: log_progress(acting(c.alon), stage(p, 1).id, percent=D(5)),
    ),
    "late": Case(begun(5, stages=ending(-1)), days=2, ends=moved(7)),
    "slipping": Case(
        begun(5, stages=ending(2)),
        happens=moved(7, 9),
        ends=lambda c, p: [submitted(c, m) for m in p.milestones.all()],
    ),
    "claim_variance": Case(active, happens=claimed, ends=found_to_be(55)),
    "defect_overdue": Case(
        active,
        happens=promised,
        ends=lambda c, p: verify_defect(acting(c.noa), p.milestones.get(position=1).defects.get().id),
    ),
    "review_overdue": Case(
        waiting,
        days=(timezone.now() - NOT_YET_SILENT) / timedelta(days=1),
        ends=lambda c, p: withdraw_submission(acting(c.alon), stage(p, 1).id),
    ),
}


def test_every_kind_has_its_case() -> None:
    assert CASES.keys() == set(flag_kinds())


def calls_for(project: Project, kind: str) -> bool:
    """Whether a look at the facts would raise it."""
    return any(key.kind == kind for key in unsettled([project.id]))


def settled_by_two(project: Project) -> list[Settled]:
    """What a sweep and a look at the project change, at once."""
    found = in_threads(2, lambda n: settle_flags(project.id) if n else sweep())
    return [change for changes in found for change in changes]


def of_kind(settled: list[Settled], kind: str) -> list[str]:
    return [change.entry_kind for change in settled if change.flag.kind == kind]


@pytest.mark.parametrize("kind", CASES)
def test_it_follows_the_facts_and_nothing_happens_twice(cast: Cast, kind: str) -> None:
    case = CASES[kind]
    project = case.begun(cast)
    with days_ago(case.days):
        assert not calls_for(project, kind), "too soon"
    case.happens(cast, project)
    number = Flag.objects.filter(kind=kind, project=project)
    raised = of_kind(settled_by_two(project), kind)
    assert raised == ["flag_raised"] * number.count()
    assert raised
    _again_changes_nothing(project)
    case.ends(cast, project)
    assert of_kind(settled_by_two(project), kind) == ["flag_cleared"] * len(raised)
    assert not number.filter(cleared_at=None).exists()
    _again_changes_nothing(project)


def _again_changes_nothing(project: Project) -> None:
    before = state_of_everything()
    assert settle_flags(project.id) == sweep() == []
    assert state_of_everything() == before
