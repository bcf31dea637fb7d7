"""Obligations: written with the act, reserved by one, done once, never lost."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, OperationalError, connections, transaction
from django.utils import timezone

from milestones.actions import remove_milestone
from projects import outbox
from projects.models import JobRun, Obligation, Once
from projects.outbox import end_reservations, fulfil, give_back, obligation, owe, reserve_due
from projects.refusals import Refused
from projects.tidying import tidy
from tests.cast import Cast, acting, draft, stage
from tests.projects.test_kernel import in_threads
from tracker.models import CaughtMail
from tracker.tasks import fulfil as fulfil_on_hint


@pytest.fixture(autouse=True)
def _handlers_of_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers goes with it."""
    monkeypatch.setattr(outbox, "_HANDLERS", dict(outbox._HANDLERS))
    monkeypatch.setattr(outbox, "_ACTING", set(outbox._ACTING))


def owed(kind: str = "probe", **payload: Any) -> UUID:
    with transaction.atomic():
        return owe(kind, **payload).id


def row(obligation_id: UUID) -> Obligation:
    return Obligation.objects.get(pk=obligation_id)


def catch(subject: str) -> None:
    CaughtMail.objects.create(to="a@example.com", subject=subject, text="", message_id=str(uuid4()))


def due_now(obligation_id: UUID) -> None:
    Obligation.objects.filter(pk=obligation_id).update(next_at=timezone.now())


def test_an_obligation_needs_the_transaction_of_its_act(database: str) -> None:
    with pytest.raises(RuntimeError, match="belongs to a transaction"):
        owe("probe")


def test_what_is_rolled_back_is_not_owed(database: str) -> None:
    with transaction.atomic():
        owe("probe")
        transaction.set_rollback(True)
    assert not Obligation.objects.exists()


def test_a_due_row_is_reserved_once_and_comes_back(database: str) -> None:
    probe = owed()
    assert reserve_due() == [probe]
    assert reserve_due() == []
    assert timedelta(seconds=55) < row(probe).next_at - timezone.now() <= timedelta(seconds=60)
    due_now(probe)
    assert reserve_due() == [probe]
    assert timedelta(seconds=115) < row(probe).next_at - timezone.now() <= timedelta(seconds=120)


def test_a_reservation_does_not_grow_for_ever(database: str) -> None:
    probe = owed()
    Obligation.objects.filter(pk=probe).update(attempts=outbox.COUNTED_UP_TO)
    reserve_due()
    assert row(probe).attempts == outbox.COUNTED_UP_TO
    assert row(probe).next_at - timezone.now() <= outbox.LONGEST_RESERVATION


def test_a_reservation_given_back_is_due_at_once(database: str) -> None:
    probe, other = owed(), owed()
    reserve_due()
    give_back([probe])
    assert (row(probe).attempts, row(other).attempts) == (0, 1)
    assert reserve_due() == [probe]


def test_hints_that_may_be_lost_are_not_waited_for(database: str) -> None:
    hinted, failed, later = owed(), owed("of_a_later_release"), owed()
    Obligation.objects.filter(pk=later).update(next_at=timezone.now() + timedelta(days=1))
    reserve_due()
    assert not fulfil(failed)
    for _ in range(3):
        end_reservations()
        assert reserve_due() == [hinted], "what failed keeps its wait, and what is not due yet its time"
    assert row(hinted).attempts == 1, "a lost hint is no attempt"


def test_a_lost_hint_for_what_had_failed_is_not_waited_for_either(database: str) -> None:
    failed = owed("of_a_later_release")
    reserve_due()
    assert not fulfil(failed)
    due_now(failed)
    assert reserve_due() == [failed]
    assert row(failed).last_error == ""
    end_reservations()
    assert reserve_due() == [failed]


def test_relays_at_once_share_the_rows(database: str) -> None:
    rows = {owed() for _ in range(60)}
    taken = in_threads(6, lambda _: reserve_due(10))
    assert sorted(id for ids in taken for id in ids) == sorted(rows)


def test_twin_workers_do_it_once(database: str) -> None:
    @obligation("probe")
    def slow(_: Obligation) -> None:
        catch("done")
        time.sleep(0.3)

    probe = owed()
    assert Counter(in_threads(8, lambda _: fulfil(probe))) == {True: 1, False: 7}
    assert CaughtMail.objects.count() == 1
    assert not fulfil(probe)


def test_twins_that_act_complete_it_once(database: str) -> None:
    runs = []

    @obligation("probe", acts=True)
    def slow(owed: Obligation) -> None:
        assert not connections["default"].in_atomic_block
        runs.append(owed.id)
        time.sleep(0.3)

    probe = owed()
    assert Counter(in_threads(3, lambda _: fulfil(probe))) == {True: 1, False: 2}
    assert set(runs) == {probe}
    assert not fulfil(probe)


def test_a_handler_that_acts_must_say_so(cast: Cast) -> None:
    """An action's durable transaction cannot be part of another."""
    project = draft(cast)
    first = stage(project, 1)

    def remove(_: Obligation) -> None:
        remove_milestone(acting(cast.noa), first.id, version=first.version)

    obligation("probe")(remove)
    probe = owed()
    assert not fulfil(probe)
    assert "durable" in row(probe).last_error
    obligation("probe", acts=True)(remove)
    assert fulfil(probe)
    assert project.milestones.count() == 2


def test_a_handler_that_fails_waits_longer_each_time_and_loses_nothing(database: str) -> None:
    troubles = [ValueError("first"), IntegrityError("second\nline"), KeyError("third")]

    @obligation("probe")
    def fail_three_times(_: Obligation) -> None:
        catch("half done")
        if troubles:
            raise troubles.pop(0)

    probe, other = owed(), owed("other")
    obligation("other")(lambda _: None)
    for error, seconds in [("ValueError: first", 5), ("IntegrityError: second line", 10), ("KeyError", 20)]:
        assert probe in reserve_due()
        assert not fulfil(probe)
        assert row(probe).last_error.startswith(error)
        wait = row(probe).next_at - timezone.now()
        assert timedelta(seconds=seconds - 2) < wait <= timedelta(seconds=seconds)
        assert not CaughtMail.objects.exists()
        due_now(probe)
    assert fulfil(other)
    assert fulfil(probe)
    assert (row(probe).last_error, CaughtMail.objects.count()) == ("", 1)


def test_a_handler_that_spoils_its_transaction_is_kept(database: str) -> None:
    @obligation("probe")
    def spoil(_: Obligation) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    probe = owed()
    assert not fulfil(probe)
    assert row(probe).last_error.startswith("DataError: division by zero")


def test_a_database_that_goes_away_is_not_the_handlers_fault(
    database: str, connect: Callable[..., Any]
) -> None:
    @obligation("probe")
    def cut(_: Obligation) -> None:
        cut_off(connect)
        catch("never")

    probe = owed()
    with pytest.raises(OperationalError, match=r"terminat|closed"):
        fulfil(probe)
    connections.close_all()
    assert (row(probe).last_error, row(probe).done_at) == ("", None)


def cut_off(connect: Callable[..., Any]) -> None:
    """End our own session, as a database does that is stopped."""
    pid = connections["default"].connection.info.backend_pid
    connect("superuser").cursor().execute("SELECT pg_terminate_backend(%s)", [pid])


def test_the_worker_waits_for_a_database_that_goes_away(
    database: str, connect: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    cuts = [1]

    @obligation("probe")
    def cut_once(_: Obligation) -> None:
        if cuts:
            cuts.pop()
            cut_off(connect)
        catch("done")

    caplog.set_level("INFO")
    fulfil_on_hint(str(owed()))
    assert CaughtMail.objects.count() == 1
    said = [record for record in caplog.records if record.name == "worker"]
    assert [record.getMessage().partition(",")[0] for record in said] == [
        "The database is away",
        "The database is back",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_a_server_that_is_away_is_one_line_and_a_mistake_is_all_there_is(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    troubles = [ConnectionRefusedError("no mail today"), Refused("busy"), KeyError("oops")]

    @obligation("probe")
    def fail(_: Obligation) -> None:
        raise troubles.pop(0)

    for _ in range(3):
        assert not fulfil(owed())
    assert [bool(record.exc_info) for record in caplog.records] == [False, False, True]


def test_the_wait_after_a_failure_has_an_end(database: str) -> None:
    obligation("probe")(lambda _: catch(None))  # type: ignore[arg-type]
    probe = owed()
    Obligation.objects.filter(pk=probe).update(attempts=outbox.COUNTED_UP_TO)
    assert not fulfil(probe)
    assert row(probe).next_at - timezone.now() <= outbox.LONGEST_WAIT


def test_a_kind_that_nobody_knows_yet_waits(database: str) -> None:
    """As when the old worker still runs beside the new release."""
    probe = owed("of_a_later_release")
    assert not fulfil(probe)
    assert row(probe).done_at is None
    assert row(probe).last_error == "KeyError: 'of_a_later_release'"


def test_book_keeping_is_forgotten_in_time(cast: Cast, connect: Callable[..., Any]) -> None:
    obligation("probe")(lambda _: None)
    done, undone = owed(), owed("of_a_later_release")
    fulfil(done)
    Once.objects.create(user=cast.noa, key="k", fingerprint="f", status=200)
    JobRun.objects.create(job="sweep", period="p")
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now())
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    tidy()
    assert (Obligation.objects.count(), Once.objects.count(), JobRun.objects.count()) == (2, 1, 1)
    assert Session.objects.get().session_key == "new"
    with connect("superuser") as superuser:
        superuser.cursor().execute("UPDATE projects_once SET created_at = created_at - interval '8 days'")
    tidy(timezone.now() + timedelta(days=8))
    assert (Obligation.objects.count(), Once.objects.count(), JobRun.objects.count()) == (2, 0, 1)
    tidy(timezone.now() + timedelta(days=31))
    assert (Obligation.objects.get().id, JobRun.objects.count()) == (undone, 0)
