"""The act kernel, proven on `record_payment` with committed transactions as the application's role."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.db import connections
from django.utils import timezone

from payments.actions import record_payment
from payments.models import Allocation, Payment
from people.ids import new_id
from projects import clock
from projects.journal import GENESIS, canonical, chain_hash
from projects.kernel import Answer, OnceKey
from projects.models import JournalEntry, Obligation, Once, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active
from tracker.verifying import verify


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def told(amount: str = "1000.00") -> dict[str, Any]:
    return {"amount": Decimal(amount), "paid_on": TODAY(), "method": "bank_transfer"}


def key(name: str, fingerprint: str = "f") -> OnceKey:
    return OnceKey(name, fingerprint, lambda payment: Answer(201, {"id": str(payment.id)}))


def entries(project: Project) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(project=project).order_by("seq"))


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run work(n) in `count` threads from one barrier; results and exceptions, in no order."""
    barrier, results = threading.Barrier(count), []

    def run(n: int) -> None:
        barrier.wait()
        try:
            results.append(work(n))
        except Exception as error:  # the test looks at it
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_act_writes_facts_one_entry_and_what_it_owes(cast: Cast, project: Project) -> None:
    before, owed = len(entries(project)), Obligation.objects.count()
    payment = record_payment(acting(cast.noa), project.id, **told())
    last = entries(project)[-1]
    assert len(entries(project)) == before + 1
    assert (last.kind, last.actor_id) == ("payment_recorded", cast.noa.id)
    assert payment.entry_id == last.id
    assert set(Allocation.objects.values_list("entry_id", flat=True)) == {last.id}
    assert str(payment.id).encode() in bytes(last.body)
    assert Obligation.objects.count() > owed


def test_prose_stays_out_of_the_journal(cast: Cast, project: Project) -> None:
    record_payment(acting(cast.noa), project.id, reason="He asked for it early", **told())
    assert b"early" not in bytes(entries(project)[-1].body)


def test_a_twin_request_has_one_effect_and_one_answer(cast: Cast, project: Project) -> None:
    def send(_: int) -> Answer:
        return record_payment.once(key("twin"), acting(cast.noa), project.id, **told())

    answers = in_threads(8, send)
    assert Payment.objects.count() == 1
    assert {answer.body["id"] for answer in answers} == {str(Payment.objects.get().id)}
    assert Counter(answer.replayed for answer in answers) == {True: 7, False: 1}


def test_the_same_key_with_another_request_is_refused(cast: Cast, project: Project) -> None:
    record_payment.once(key("k"), acting(cast.noa), project.id, **told())
    with pytest.raises(Refused, match="idempotency_key_reused"):
        record_payment.once(key("k", "other"), acting(cast.noa), project.id, **told("2.00"))
    assert Payment.objects.count() == 1


def test_a_refusal_is_judged_afresh(cast: Cast, project: Project) -> None:
    with pytest.raises(Refused, match="bad_amount"):
        record_payment.once(key("k"), acting(cast.noa), project.id, **told("0.00"))
    assert not Once.objects.exists()
    assert record_payment.once(key("k"), acting(cast.noa), project.id, **told()).status == 201


def test_a_crash_before_the_commit_leaves_nothing(cast: Cast, project: Project) -> None:
    before = len(entries(project))

    def dies(_: Payment) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record_payment.once(OnceKey("k", "f", dies), acting(cast.noa), project.id, **told())
    assert (Payment.objects.count(), Once.objects.count(), len(entries(project))) == (0, 0, before)


def test_a_connection_cut_before_the_commit_leaves_nothing(
    cast: Cast, project: Project, connect: Callable[..., Any]
) -> None:
    def cut(_: Payment) -> Answer:
        with connect("superuser") as killer, killer.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename LIKE '%_app'"
            )
        return Answer(201, None)

    with pytest.raises(Exception, match=r"terminat|closed"):
        record_payment.once(OnceKey("k", "f", cut), acting(cast.noa), project.id, **told())
    connections.close_all()
    assert Payment.objects.count() == Once.objects.count() == 0


def test_a_crash_after_the_commit_is_answered_again(cast: Cast, project: Project) -> None:
    """The answer was lost on its way: the repeated request gets it from the once-row."""
    first = record_payment.once(key("k"), acting(cast.noa), project.id, **told())
    connections.close_all()
    again = record_payment.once(key("k"), acting(cast.noa), project.id, **told())
    assert (again.replayed, again.body) == (True, first.body)
    assert Payment.objects.count() == 1


def asking_again(act: Callable[[], Any]) -> None:
    """On a slow machine a queue may outlast the wait for the lock: `busy` is then the true answer."""
    for _ in range(20):
        try:
            act()
        except Refused as refused:
            assert refused.code == "busy"  # noqa: PT017
        else:
            return
    raise AssertionError("always busy")


def test_two_hundred_concurrent_acts_on_one_project(cast: Cast, project: Project) -> None:
    before = len(entries(project))

    def ten(n: int) -> int:
        by = acting(cast.noa if n % 2 else cast.alon)
        for m in range(10):
            asking_again(lambda m=m: record_payment(by, project.id, **told(f"{n + 1}.{m:02}")))
        return 10

    done = in_threads(20, ten)
    assert done == [10] * 20
    written = entries(project)
    assert [e.seq for e in written] == list(range(1, before + 201))
    assert not verify(project.id).breaks
    assert Payment.objects.count() == 200


def test_a_long_wait_for_the_project_is_a_refusal(
    cast: Cast, project: Project, connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.kernel.LOCK_WAIT", "200ms")
    holder = connect()
    holder.cursor().execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [str(project.id)])
    with pytest.raises(Refused, match="busy"):
        record_payment(acting(cast.noa), project.id, **told())
    holder.rollback()
    record_payment(acting(cast.noa), project.id, **told())


def test_a_clock_that_is_ahead_is_a_refusal(cast: Cast, project: Project) -> None:
    """Beyond the five minutes that the database grants; behind it, an entry comes just after the last."""
    now = timezone.now()
    with clock.set_to(now + timedelta(minutes=6)), pytest.raises(Refused, match="clock_is_ahead"):
        record_payment(acting(cast.noa), project.id, **told())
    assert not Payment.objects.exists()
    for minutes in (4, -4):
        with clock.set_to(now + timedelta(minutes=minutes)):
            record_payment(acting(cast.noa), project.id, **told())
    *_, before, last = entries(project)
    assert before.at == now + timedelta(minutes=4)
    assert last.at == before.at + timedelta(microseconds=1), "no two share a moment"


def test_strangers_find_nothing_and_observers_may_not(cast: Cast, project: Project) -> None:
    with pytest.raises(Refused, match="not_found"):
        record_payment(acting(cast.dana), project.id, **told())
    with pytest.raises(Refused, match="not_your_role"):
        record_payment(acting(cast.michal), project.id, **told())
    with pytest.raises(Refused, match="not_found"):
        record_payment(acting(cast.noa), uuid4(), **told())
    assert Payment.objects.count() == 0


# --- SQL typed as the application's own role, beside the kernel


def row(project: Project, entry: Any, **changes: Any) -> tuple[str, list[Any]]:
    values = {
        "id": str(new_id()),
        "project_id": str(project.id),
        "entry_id": str(entry),
        "kind": "record",
        "by_role": "homeowner",
        "amount": "1.00",
        "paid_on": TODAY(),
        "method": "cash",
        "reference": "",
        "reason": "",
    } | changes
    names = ", ".join(values)
    return f"INSERT INTO payments_payment ({names}) VALUES ({', '.join(['%s'] * len(values))})", list(
        values.values()
    )


def test_a_fact_without_an_entry_is_refused(
    cast: Cast, project: Project, connect: Callable[..., Any]
) -> None:
    old = next(e for e in entries(project) if e.actor_id == cast.noa.id)
    for entry in (old.id, new_id()):
        app = connect()
        with (
            pytest.raises(
                psycopg2.IntegrityError, match=r"fact_is_tied|payment_is_the_payers|violates foreign key"
            ),
            app,
        ):
            app.cursor().execute(*row(project, entry))
    assert Payment.objects.count() == 0


def forged(project: Project, cast: Cast, facts: dict[str, str], **changes: Any) -> tuple[str, list[Any]]:
    """An entry as the kernel would write it, but by hand."""
    last, pk = entries(project)[-1], new_id()
    content = {
        "v": 1,
        "id": pk,
        "project": project.id,
        "seq": last.seq + 1,
        "kind": "payment_recorded",
        "actor": cast.noa.id,
        "at": last.at,
        "data": {},
        "facts": facts,
    }
    body = canonical(content)
    values = {
        "id": str(pk),
        "project_id": str(project.id),
        "seq": last.seq + 1,
        "kind": "payment_recorded",
        "actor_id": str(cast.noa.id),
        "at": last.at,
        "body": body,
        "previous_hash": last.hash,
        "hash": chain_hash(last.hash, body),
        "xid": 0,
    } | changes
    return (
        f"INSERT INTO projects_journalentry ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})",
        list(values.values()),
    )


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"seq": 99}, "journal_is_gapless"),
        ({"previous_hash": GENESIS}, "journal_is_chained"),
        ({"hash": "0" * 64}, "journal_is_chained"),
        ({"kind": "payment_released"}, "journal_says_what_it_holds"),
        ({"actor_id": None}, "journal_says_what_it_holds"),
    ],
)
def test_a_forged_entry_is_refused(
    cast: Cast, project: Project, connect: Callable[..., Any], changes: dict[str, Any], guard: str
) -> None:
    app = connect()
    with pytest.raises(psycopg2.IntegrityError, match=guard), app:
        app.cursor().execute(*forged(project, cast, {}, **changes))


def test_a_fact_that_its_entry_names_with_another_hash_is_refused(
    cast: Cast, project: Project, connect: Callable[..., Any]
) -> None:
    app, payment = connect(), str(new_id())
    statement, values = forged(project, cast, {f"payments_payment/{payment}": "0" * 64})
    app.cursor().execute(*row(project, values[0], id=payment))
    app.cursor().execute(statement, values)
    with pytest.raises(psycopg2.IntegrityError, match="entry_names_its_facts"):
        app.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_payment SET amount = 1",
        "DELETE FROM payments_payment",
        "TRUNCATE payments_payment CASCADE",
        "UPDATE projects_journalentry SET kind = 'x'",
        "DELETE FROM projects_journalentry",
        "TRUNCATE projects_journalentry CASCADE",
        "DELETE FROM projects_project",
        "DELETE FROM projects_party",
        "ALTER TABLE payments_payment DISABLE TRIGGER ALL",
        "DROP TRIGGER tied_to_an_entry ON payments_payment",
        "SET session_replication_role = replica",
        "CREATE TABLE public.projects_shadow (id int)",
        "CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DELETE FROM guard_seal",
        "UPDATE projects_project SET contract_total = 1",
        "UPDATE milestones_milestone SET state = 'signed_off'",
        "DELETE FROM milestones_milestone",
    ],
)
def test_history_and_guards_are_closed_to_the_applications_role(
    cast: Cast, project: Project, connect: Callable[..., Any], statement: str
) -> None:
    record_payment(acting(cast.noa), project.id, **told())
    app = connect()
    with pytest.raises(psycopg2.Error), app:
        app.cursor().execute(statement)


def test_even_the_owner_cannot_rewrite_history(
    cast: Cast, project: Project, connect: Callable[..., Any]
) -> None:
    record_payment(acting(cast.noa), project.id, **told())
    for statement in (
        "UPDATE payments_payment SET amount = 1",
        "DELETE FROM projects_journalentry",
        "TRUNCATE payments_payment CASCADE",
    ):
        owner = connect("owner")
        with pytest.raises(psycopg2.IntegrityError, match="history_is_closed"), owner:
            owner.cursor().execute(statement)
