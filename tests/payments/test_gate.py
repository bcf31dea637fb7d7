"""The gate over the real acts: what is locked stays locked, and one line is released once."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg2
import pytest
from django.db import connections

from milestones.actions import approve_milestone, sign_agreement
from payments.actions import (
    allocate_payment,
    answer_reversal,
    record_payment,
    release_payment,
    reverse_payment,
)
from payments.models import Allocation, Payment
from payments.queries import exposure_now, ledger_of
from payments.rules import State
from projects.actions import edit_project
from projects.models import JournalEntry, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, draft, join, signed_off, stage, submitted
from tracker.verifying import verify

NET = Decimal("380000.00")  # the first stage's amount less 5 % retention


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def paid(amount: Decimal | str = NET) -> dict[str, Any]:
    return {"amount": Decimal(amount), "paid_on": TODAY(), "method": "bank_transfer"}


def release(cast: Cast, project: Project, line: Any, amount: Decimal | str = NET) -> Payment:
    return release_payment(acting(cast.noa), project.id, line=str(line), **paid(amount))


def test_a_locked_payment_is_refused_and_nothing_is_written(cast: Cast, project: Project) -> None:
    before = JournalEntry.objects.count()
    milestone = submitted(cast, stage(project, 1))
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    written = JournalEntry.objects.count()
    with pytest.raises(Refused, match="payment_locked"):
        release(cast, project, milestone.id)
    assert (Payment.objects.count(), JournalEntry.objects.count()) == (0, written)
    assert written > before
    approve_milestone(acting(cast.michal), milestone.id, version=milestone.version)
    assert release(cast, project, milestone.id).amount == NET


def test_a_release_is_taken_back_from_a_line_on_which_other_money_is_early(
    cast: Cast, project: Project
) -> None:
    """Money is withheld on the line, and what was recorded there lies beyond what is open."""
    milestone = submitted(cast, stage(project, 3))
    minor = [{"title": "A scratch", "withheld": Decimal(8_500)}]
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version, minor_defects=minor)
    released = release(cast, project, milestone.id, "83.64")
    rest = paid("189916.36") | {"line": str(milestone.id), "reason": "He asked for it"}
    record_payment(acting(cast.noa), project.id, **rest)
    assert exposure_now(project, TODAY()).early == 8_500
    reverse_payment(acting(cast.noa), released.id, amount=Decimal("83.64"), why="wrong_record")
    assert exposure_now(project, TODAY()).early == Decimal("8416.36")
    assert not verify(project.id).breaks


def test_no_more_than_payable_and_never_twice(cast: Cast, project: Project) -> None:
    milestone = signed_off(cast, stage(project, 1))
    with pytest.raises(Refused, match="more_than_payable"):
        release(cast, project, milestone.id, NET + Decimal("0.01"))
    release(cast, project, milestone.id, "100000.00")
    assert ledger_of(project).line(str(milestone.id)).state == State.PART_PAID
    release(cast, project, milestone.id, "280000.00")
    with pytest.raises(Refused, match="more_than_payable"):
        release(cast, project, milestone.id, "0.01")


def test_only_a_signing_homeowner_with_a_fresh_proof_releases(cast: Cast, project: Project) -> None:
    line = {"line": "deposit", **paid("100000.00")}
    for person, code in (
        (cast.alon, "not_your_role"),
        (cast.michal, "not_your_role"),
        (cast.dana, "not_found"),
    ):
        with pytest.raises(Refused, match=code):
            release_payment(acting(person), project.id, **line)
    with pytest.raises(Refused, match="proof_needed"):
        release_payment(acting(cast.noa, proven=False), project.id, **line)
    release_payment(acting(cast.noa), project.id, **line)


def test_of_two_concurrent_releases_one_wins_fifty_times(cast: Cast) -> None:
    stages = [
        {"title": f"Stage {n}", "value": "20000.00", "amount": "18000.00", "signers": ["homeowner"]}
        for n in range(1, 51)
    ]
    project = active(cast, stages)
    for position in range(1, 51):
        milestone = signed_off_quietly(cast, project, position)
        outcomes = race(
            lambda line=milestone.id: release(cast, project, line, "17100.00"),  # type: ignore[misc]
            2,
        )
        assert sorted(type(o).__name__ for o in outcomes) == ["Payment", "Refused"]
    assert Payment.objects.count() == 50
    assert {a.amount for a in Allocation.objects.all()} == {Decimal("17100.00")}


def signed_off_quietly(cast: Cast, project: Project, position: int) -> Any:
    milestone = submitted_with(cast, project, position)
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    return milestone


def submitted_with(cast: Cast, project: Project, position: int) -> Any:
    return submitted(cast, stage(project, position))


def race(work: Callable[[], Any], count: int) -> list[Any]:
    barrier, outcomes = threading.Barrier(count), []

    def run() -> None:
        barrier.wait()
        try:
            outcomes.append(work())
        except Refused as refused:
            outcomes.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_recorded_money_counts_at_once_and_is_early_until_signed(cast: Cast, project: Project) -> None:
    milestone = stage(project, 1)
    record_payment(acting(cast.noa), project.id, line=str(milestone.id), reason="asked", **paid("400000.00"))
    ledger = ledger_of(project)
    assert (ledger.line(str(milestone.id)).paid, ledger.unheld) == (NET, Decimal("20000.00"))
    now = exposure_now(project, TODAY())
    assert (now.paid, now.early, now.excess) == (Decimal(400000), Decimal(400000), Decimal(400000))
    signed_off(cast, milestone)
    later = exposure_now(project, TODAY())
    assert (later.early, later.exposure) == (Decimal(20000), Decimal(0))


def test_money_held_against_no_line_is_set_off_before_a_release(cast: Cast, project: Project) -> None:
    over = record_payment(acting(cast.noa), project.id, line=str(stage(project, 1).id), **paid("400000.00"))
    signed_off(cast, stage(project, 1))
    with pytest.raises(Refused, match="set_off_first"):
        release(cast, project, "deposit", "100000.00")
    allocate_payment(acting(cast.noa), over.id, line="deposit", amount=Decimal("20000.00"))
    with pytest.raises(Refused, match="more_than_payable"):
        release(cast, project, "deposit", "100000.00")
    release(cast, project, "deposit", "80000.00")
    assert ledger_of(project).line("deposit").state == State.PAID


def test_record_and_reverse_leave_everything_as_it_was(cast: Cast, project: Project) -> None:
    before = exposure_now(project, TODAY())
    payment = record_payment(acting(cast.noa), project.id, **paid("5000.00"))
    reverse_payment(acting(cast.noa), payment.id, amount=Decimal("5000.00"), why="wrong_record")
    assert exposure_now(project, TODAY()) == before


def test_of_one_record_the_line_furthest_down_is_taken_back_first(cast: Cast, project: Project) -> None:
    milestone = signed_off(cast, stage(project, 1))
    for _ in range(6):  # one in 64 where chance decides
        payment = record_payment(acting(cast.noa), project.id, **paid("480000"))
        reverse_payment(acting(cast.noa), payment.id, amount=Decimal(400_000), why="wrong_record")
        left = {line.line: line.paid for line in ledger_of(project).lines}
        assert (left["deposit"], left[str(milestone.id)]) == (80_000, 0)
        reverse_payment(acting(cast.noa), payment.id, amount=Decimal(80_000), why="wrong_record")


def test_a_confirmed_payment_is_reversed_with_consent_only(cast: Cast, project: Project) -> None:
    payment = record_payment(acting(cast.alon), project.id, **paid("5000.00"))
    with pytest.raises(Refused, match="not_your_payment"):
        reverse_payment(acting(cast.noa), payment.id, amount=Decimal("5000.00"), why="wrong_record")
    reversal = reverse_payment(acting(cast.alon), payment.id, amount=Decimal("5000.00"), why="money_back")
    assert exposure_now(project, TODAY()).paid == Decimal("5000.00")
    with pytest.raises(Refused, match="not_yours_to_consent"):
        answer_reversal(acting(cast.alon), reversal.id, consents=True)
    answer_reversal(acting(cast.noa), reversal.id, consents=True)
    assert exposure_now(project, TODAY()).paid == Decimal(0)


# --- The same walls in the database, against SQL under a forged but well-made act


def test_the_database_refuses_a_release_of_a_locked_line(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.actions.gate.release_refusal", lambda *_: None)
    with pytest.raises(Exception, match="release_only_through_the_gate"):
        release(cast, project, stage(project, 1).id)
    assert Payment.objects.count() == 0


def test_the_database_refuses_more_than_a_line_holds(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_off(cast, stage(project, 1))
    monkeypatch.setattr("payments.actions.gate.release_refusal", lambda *_: None)
    with pytest.raises(Exception, match="line_holds_no_more_than_its_full"):
        release(cast, project, stage(project, 1).id, "380000.01")


def test_the_database_refuses_a_sign_off_without_the_engineer(
    cast: Cast, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    milestone = submitted(cast, stage(project, 1))
    monkeypatch.setattr("milestones.actions.decisions.awaited_roles", lambda *_: [])
    with pytest.raises(Exception, match="signed_off_means_approved"):
        approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)


def test_the_database_refuses_an_approval_in_anothers_name(
    cast: Cast, project: Project, connect: Callable[..., Any]
) -> None:
    milestone = submitted(cast, stage(project, 1))
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    app = connect()
    app.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    app.cursor().execute(
        "INSERT INTO milestones_decision (id, project_id, entry_id, submission_id, party_id, role, approves,"
        " version, shown_hash, note, unmet) SELECT gen_random_uuid(), d.project_id, d.entry_id,"
        " d.submission_id, p.id, 'engineer', true, d.version, d.shown_hash, '', '{}'"
        " FROM milestones_decision d JOIN projects_party p ON p.project_id = d.project_id"
        " AND p.role = 'engineer'"
    )
    with pytest.raises(psycopg2.IntegrityError, match=r"decision_is_the_signers|fact_is_tied"):
        app.commit()


def test_a_deposit_paid_before_the_signatures_is_not_edited_below_it(cast: Cast) -> None:
    project = draft(cast)
    record_payment(acting(cast.noa), project.id, line="deposit", **paid("60000.00"))
    with pytest.raises(Refused, match="deposit_below_paid"):
        edit_project(acting(cast.noa), project.id, version=project.version, deposit=Decimal("50000.00"))
    edit_project(acting(cast.noa), project.id, version=project.version, deposit=Decimal("60000.00"))


def test_all_homeowners_where_the_policy_asks_for_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = draft(cast, policy={"homeowner_signers": "all"})
    join(cast.noa, project, cast.uri, "homeowner")
    project.refresh_from_db()
    for signer in (cast.noa, cast.uri, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    milestone = submitted(cast, stage(project, 3))
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
    with pytest.raises(Refused, match="payment_locked"):
        release(cast, project, milestone.id, "190000.00")
    approve_milestone(acting(cast.uri), milestone.id, version=milestone.version)
    release(cast, project, milestone.id, "190000.00")
    monkeypatch.setattr("milestones.actions.decisions.awaited_roles", lambda *_: [])
    milestone = submitted(cast, stage(project, 1))
    with pytest.raises(Exception, match=r"signed_off_means_approved|signed_off_by_all_homeowners"):
        approve_milestone(acting(cast.noa), milestone.id, version=milestone.version)
