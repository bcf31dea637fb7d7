"""Flags follow the facts, each difference one entry; again, or twice at once, changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from payments.actions import record_payment, reverse_payment
from payments.models import Payment
from projects import clock, flagging, kernel
from projects.flagging import flag_kinds, settle_flag, settle_flags, sweep
from projects.jobs import once_a_period
from projects.kernel import SYSTEM
from projects.models import Flag, FlagReading, JobRun, JournalEntry, Obligation, Project
from projects.outbox import fulfil
from projects.tasks import SWEEP_EVERY, sweep_flags
from tests.cast import TODAY, Cast, acting, active, stage
from tracker.verifying import verify

from .test_kernel import in_threads


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def pay_early(cast: Cast, project: Project, amount: str = "30000.00") -> Payment:
    """Money for the finishes, whose work is not signed off."""
    told = {"amount": Decimal(amount), "paid_on": TODAY(), "method": "cash"}
    return record_payment(acting(cast.noa), project.id, line=str(stage(project, 3).id), **told)


def entries(project: Project) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(project=project).order_by("seq"))


def kinds(settled: list[flagging.Settled]) -> list[tuple[str, str]]:
    return [(change.entry_kind, change.flag.kind) for change in settled]


RAISED = [("flag_raised", "off_schedule_payment"), ("flag_raised", "paid_ahead")]


def test_every_difference_is_one_act_of_the_system(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    before = len(entries(project))
    assert kinds(settle_flags(project.id)) == RAISED
    told = entries(project)[before:]
    assert [entry.kind for entry in told] == ["flag_raised", "flag_raised"]
    assert [entry.actor_id for entry in told] == [None, None]
    flags = Flag.objects.filter(project=project)
    assert {flag.entry_id for flag in flags} == {entry.id for entry in told}


def test_the_entry_names_the_flag_what_it_is_about_and_its_figures(cast: Cast, project: Project) -> None:
    payment = pay_early(cast, project)
    settle_flags(project.id)
    flag = Flag.objects.select_related("entry", "reading").get(kind="off_schedule_payment")
    body = bytes(flag.entry.body).decode()
    for said in (f'"flag":"{flag.id}"', str(payment.id), '"severity":"warning"', '"early":"30000.00"'):
        assert said in body
    assert flag.reading.figures["early"] == "30000.00"
    assert not verify(project.id).breaks


def test_again_changes_nothing(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    settle_flags(project.id)
    before = state_of_everything()
    assert settle_flags(project.id) == sweep() == []
    assert state_of_everything() == before


def state_of_everything() -> list[list[tuple[Any, ...]]]:
    tables = (Flag, FlagReading, JournalEntry, Obligation)
    return [sorted(table.objects.values_list(), key=str) for table in tables]


def test_twice_at_once_raises_once(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    results = in_threads(4, lambda n: settle_flags(project.id) if n % 2 else sweep())
    assert sorted(change for result in results for change in kinds(result)) == RAISED
    assert Flag.objects.count() == 2
    assert [e.kind for e in entries(project)].count("flag_raised") == 2


def test_twice_at_once_clears_once(cast: Cast, project: Project) -> None:
    payment = pay_early(cast, project)
    settle_flags(project.id)
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")
    results = in_threads(4, lambda _: settle_flags(project.id))
    assert sorted(change for result in results for change in kinds(result)) == [
        ("flag_cleared", "off_schedule_payment"),
        ("flag_cleared", "paid_ahead"),
    ]
    assert not Flag.objects.filter(cleared_at=None).exists()


def test_what_was_seen_before_the_lock_is_looked_at_again_under_it(cast: Cast, project: Project) -> None:
    """A worker that looked before the reversal comes late: the facts under the lock count."""
    payment = pay_early(cast, project)
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")
    assert settle_flag(SYSTEM, project.id, kind="paid_ahead", about_id=project.id) is None
    assert not Flag.objects.exists()


def test_a_cleared_flag_stays_and_the_next_one_is_another(cast: Cast, project: Project) -> None:
    for _ in range(2):
        payment = pay_early(cast, project)
        settle_flags(project.id)
        reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record")
        settle_flags(project.id)
    flags = Flag.objects.filter(kind="paid_ahead")
    assert [flag.cleared_at is not None for flag in flags] == [True, True]


def test_new_figures_are_kept_without_an_entry(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    settle_flags(project.id)
    pay_early(cast, project, "1000.00")
    before = len(entries(project))
    assert kinds(settle_flags(project.id)) == [("flag_raised", "off_schedule_payment")]
    assert len(entries(project)) == before + 1
    reading = FlagReading.objects.get(flag__kind="paid_ahead")
    assert reading.figures["excess"] == "31000.00"


def test_a_change_of_severity_is_an_entry_and_a_new_reading(cast: Cast, project: Project) -> None:
    pay_early(cast, project, "9000.00")
    settle_flags(project.id)
    pay_early(cast, project)
    assert ("flag_changed", "paid_ahead") in kinds(settle_flags(project.id))
    flag = Flag.objects.select_related("reading", "entry").get(kind="paid_ahead")
    assert (flag.severity, flag.entry.kind) == ("warning", "flag_changed")
    assert flag.reading.figures["excess"] == "39000.00"


def test_an_older_look_never_overwrites_a_younger_reading(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    settle_flags(project.id)
    old = flagging._look([project.id])
    pay_early(cast, project, "1000.00")
    settle_flags(project.id)
    for reading in (flag.reading for flag in old.standing.values()):
        reading.figures = {}  # so that it differs from what the old look found
    old.refresh_readings()
    assert FlagReading.objects.get(flag__kind="paid_ahead").figures["excess"] == "31000.00"


def test_flags_do_not_feed_themselves(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    owed = Obligation.objects.filter(kind="settle_flags")
    before = owed.count()
    settle_flags(project.id)
    assert owed.count() == before


def test_mail_is_owed_when_it_becomes_a_warning_or_worse(cast: Cast, project: Project) -> None:
    mails = Obligation.objects.filter(kind="flag_mail")
    pay_early(cast, project, "9000.00")
    settle_flags(project.id)
    assert mails.count() == 0
    payment = pay_early(cast, project, "50000.00")  # a warning by itself, critical with the one before
    settle_flags(project.id)
    assert mails.count() == 2
    reverse_payment(acting(cast.noa), payment.id, amount=Decimal("20000.00"), why="wrong_record")
    assert ("flag_changed", "paid_ahead") in kinds(settle_flags(project.id))
    assert mails.count() == 2


def test_an_act_owes_the_look_that_raises(cast: Cast, project: Project) -> None:
    Obligation.objects.filter(kind="settle_flags").update(done_at=timezone.now())
    pay_early(cast, project)
    owed = Obligation.objects.get(kind="settle_flags", done_at=None)
    assert fulfil(owed.id)
    assert Flag.objects.count() == 2
    assert not fulfil(owed.id)


def test_one_obligation_at_two_workers_has_one_effect(cast: Cast, project: Project) -> None:
    Obligation.objects.filter(kind="settle_flags").update(done_at=timezone.now())
    pay_early(cast, project)
    owed = Obligation.objects.get(kind="settle_flags", done_at=None)
    results = in_threads(2, lambda _: fulfil(owed.id))
    assert results.count(True) == 1
    assert Flag.objects.count() == 2


def statements_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as statements:
        work()
    return len(statements)


def test_a_sweep_costs_the_same_for_any_number_of_projects(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    sweep()
    alone = statements_of(sweep)
    for _ in range(3):
        pay_early(cast, active(cast))
    sweep()
    assert statements_of(sweep) == alone <= len(flag_kinds()) + 1


def test_the_sweep_refreshes_all_readings_in_one_statement(cast: Cast, project: Project) -> None:
    for of in (project, active(cast), active(cast)):
        pay_early(cast, of)
    sweep()
    FlagReading.objects.update(figures={})
    quiet = len(flag_kinds()) + 1
    assert statements_of(sweep) <= quiet + 3  # the update, in its own transaction
    assert not FlagReading.objects.filter(figures={}).exists()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "LOCK_WAIT", "100ms")


@pytest.mark.usefixtures("impatient")
def test_a_busy_project_is_left_for_the_next_sweep(
    cast: Cast, project: Project, connect: Callable[..., Any]
) -> None:
    other = active(cast)
    for of in (project, other):
        pay_early(cast, of)
    holder: psycopg2.extensions.connection = connect()
    with holder.cursor() as cursor:
        cursor.execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [str(project.id)])
        assert {change.flag.project_id for change in sweep()} == {other.id}
    holder.rollback()
    assert {change.flag.project_id for change in sweep()} == {project.id}


def tick(minute: int, work: Callable[[], object]) -> bool:
    with clock.set_to(datetime(2026, 11, 22, 12, minute, tzinfo=UTC)):
        return once_a_period("sweep", SWEEP_EVERY, work)


@pytest.mark.usefixtures("database")
def test_a_tick_that_comes_twice_is_one_run() -> None:
    done: list[int] = []
    assert sorted(in_threads(2, lambda n: tick(0, lambda: done.append(n)))) == [False, True]
    assert [tick(minute, lambda: done.append(9)) for minute in (14, 15, 29)] == [False, True, False]
    assert (len(done), done[-1]) == (2, 9)
    assert JobRun.objects.filter(finished_at__isnull=False).count() == 2


@pytest.mark.usefixtures("database")
def test_a_run_that_failed_is_not_finished() -> None:
    with pytest.raises(ZeroDivisionError):
        tick(0, lambda: 1 / 0)
    assert JobRun.objects.get().finished_at is None


@pytest.mark.usefixtures("database")
def test_a_run_that_was_killed_is_begun_anew() -> None:
    JobRun.objects.create(job="sweep", period="2026-11-22T12:00:00+00:00")
    done: list[int] = []
    for minutes, runs in [(2, 0), (4, 1)]:
        ago = datetime(2026, 11, 22, 12, 10, tzinfo=UTC) - timedelta(minutes=minutes)
        JobRun.objects.filter(finished_at=None).update(started_at=ago)
        assert sorted(in_threads(2, lambda n: tick(10, lambda: done.append(n)))) == [False, bool(runs)]
        assert len(done) == runs
    assert JobRun.objects.get().finished_at is not None


def test_one_look_settles_what_all_acts_owe(cast: Cast, project: Project) -> None:
    other = active(cast)
    pay_early(cast, project)
    mine = Obligation.objects.filter(kind="settle_flags", project=project, done_at=None)
    assert mine.count() > 1
    assert fulfil(mine[0].pk)
    assert Flag.objects.count() == 2
    assert not mine.exists()
    assert Obligation.objects.filter(kind="settle_flags", project=other, done_at=None).exists()


def test_the_task_sweeps(cast: Cast, project: Project) -> None:
    pay_early(cast, project)
    sweep_flags()
    assert Flag.objects.count() == 2
    assert JobRun.objects.get().job == "sweep"


def test_the_command_says_what_it_did(cast: Cast, project: Project) -> None:
    payment = pay_early(cast, project)
    said = StringIO()
    call_command("sweep", stdout=said)
    call_command("sweep", stdout=said)
    assert said.getvalue().splitlines() == [
        f"raised: off_schedule_payment, warning, project {project.id}, about payment {payment.id}",
        f"raised: paid_ahead, warning, project {project.id}, about project {project.id}",
        "2 flags settled.",
        "0 flags settled.",
    ]
