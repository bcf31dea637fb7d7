"""Tricks with money: what one side could do to the other, and what would be a crash."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections

from milestones.actions import edit_milestone, log_progress, remove_milestone, sign_agreement
from payments.actions import (
    allocate_payment,
    answer_reversal,
    confirm_payment,
    record_payment,
    release_payment,
    reverse_payment,
)
from payments.queries import exposure_now, ledger_of
from people.models import User
from projects.flagging import sweep
from projects.models import Flag, Project
from projects.refusals import Refused
from tests.cast import TODAY, Cast, acting, active, draft, join, photo, signed_off, stage

MOST = "999999999999.99"


@pytest.fixture
def cast(people: Cast) -> Cast:
    """One database for the whole file: every test has projects of its own."""
    return people


def told(amount: str | Decimal, line: Any = None, **more: Any) -> dict[str, Any]:
    said = {"amount": Decimal(amount), "paid_on": TODAY(), "method": "cash"} | more
    return said | ({"line": str(line)} if line else {})


def record(user: User, project: Project, amount: str | Decimal, line: Any = None) -> Any:
    return record_payment(acting(user), project.id, **told(amount, line))


def test_before_the_signatures_money_is_set_off_against_the_deposit_alone(cast: Cast) -> None:
    """Else a milestone that holds money could be made smaller than it, or be removed under it."""
    project = draft(cast)
    early = record(cast.noa, project, "150000.00")
    for line in (stage(project, 1).id, "retention"):
        with pytest.raises(Refused, match="before_activation"):
            allocate_payment(acting(cast.noa), early.id, line=str(line), amount=Decimal("50000.00"))
    allocate_payment(acting(cast.noa), early.id, line="deposit", amount=Decimal("50000.00"))
    milestone = stage(project, 1)
    edit_milestone(acting(cast.noa), milestone.id, version=milestone.version, amount=Decimal("1.00"))
    remove_milestone(acting(cast.noa), milestone.id, version=milestone.version + 1)
    assert ledger_of(project).unheld == Decimal("100000.00")


def test_a_homeowner_who_does_not_sign_takes_back_no_release(cast: Cast) -> None:
    """The line would be payable again, and be paid twice."""
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    payment = release_payment(acting(cast.noa), project.id, **told("1000.00", "deposit"))
    with pytest.raises(Refused, match="not_a_signer"):
        reverse_payment(acting(cast.uri), payment.id, amount=Decimal("1000.00"), why="wrong_record")
    own = record(cast.uri, project, "5.00")
    reverse_payment(acting(cast.uri), own.id, amount=Decimal("5.00"), why="wrong_record")


def test_a_homeowner_who_does_not_sign_consents_to_nothing(cast: Cast) -> None:
    project = active(cast)
    join(cast.noa, project, cast.uri, "homeowner", signs=False)
    payment = record(cast.alon, project, "1000.00", "deposit")
    reversal = reverse_payment(acting(cast.alon), payment.id, amount=Decimal("1000.00"), why="money_back")
    with pytest.raises(Refused, match="not_a_signer"):
        answer_reversal(acting(cast.uri), reversal.id, consents=True)
    answer_reversal(acting(cast.noa), reversal.id, consents=True)


def test_what_was_taken_back_whole_is_not_confirmed(cast: Cast) -> None:
    project = active(cast)
    payment = record(cast.noa, project, "1000.00", "deposit")
    reverse_payment(acting(cast.noa), payment.id, amount=Decimal("1000.00"), why="wrong_record")
    with pytest.raises(Refused, match="more_than_left"):
        confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())


def test_a_reversal_that_waits_is_not_asked_twice_nor_answered_twice(cast: Cast) -> None:
    project = active(cast)
    payment = record(cast.noa, project, "1000.00", "deposit")
    confirm_payment(acting(cast.alon), payment.id, received_on=TODAY())
    asked = {"amount": Decimal("600.00"), "why": "wrong_record"}
    reversal = reverse_payment(acting(cast.noa), payment.id, **asked)
    with pytest.raises(Refused, match="reversal_waits"):
        reverse_payment(acting(cast.noa), payment.id, **asked)
    answer_reversal(acting(cast.alon), reversal.id, consents=True)
    with pytest.raises(Refused, match="answered_already"):
        answer_reversal(acting(cast.alon), reversal.id, consents=True)
    with pytest.raises(Refused, match="more_than_left"):
        reverse_payment(acting(cast.noa), payment.id, **asked)
    assert exposure_now(project, TODAY()).paid == Decimal("400.00")


def test_the_largest_sums_stop_no_sweep(cast: Cast) -> None:
    """Whoever records nonsense spoils the figures of their own project only."""
    project, calm = active(cast), active(cast)
    for _ in range(3):
        record(cast.noa, project, MOST)
    record(cast.noa, calm, "1000.00", stage(calm, 3).id)
    sweep()
    assert exposure_now(project, TODAY()).paid == 3 * Decimal(MOST)
    assert Flag.objects.filter(project=calm, kind="off_schedule_payment").exists()


def test_what_is_no_sum_of_money_is_refused_by_every_act(cast: Cast) -> None:
    project = active(cast)
    payment = record(cast.noa, project, "10.00")
    for amount in map(Decimal, ("0.00", "-1.00", "0.001", "NaN", "Infinity", "1000000000000.00")):
        for act in (
            lambda sum_: release_payment(acting(cast.noa), project.id, **told(sum_, "deposit")),
            lambda sum_: record(cast.noa, project, sum_),
            lambda sum_: allocate_payment(acting(cast.noa), payment.id, line="deposit", amount=sum_),
            lambda sum_: reverse_payment(acting(cast.noa), payment.id, amount=sum_, why="wrong_record"),
        ):
            with pytest.raises(Refused, match="bad_amount"):
                act(amount)


def test_covered_and_released_money_does_not_move(cast: Cast) -> None:
    project = active(cast)
    first = signed_off(cast, stage(project, 1))
    released = release_payment(acting(cast.noa), project.id, **told("1000.00", first.id))
    recorded = record(cast.noa, project, "1000.00", first.id)
    for payment in (released, recorded):
        with pytest.raises(Refused, match="nothing_to_move"):
            allocate_payment(acting(cast.noa), payment.id, line=str(stage(project, 3).id), amount=Decimal(1))


def test_signers_who_cannot_sign_keep_the_agreement_from_being_signed(cast: Cast) -> None:
    """A stage for which the contractor has to sign would lock its payment for ever."""
    stages = [
        {"title": "All", "value": "1000000.00", "amount": "900000.00", "signers": ["homeowner", "contractor"]}
    ]
    project = draft(cast, stages)
    with pytest.raises(Refused, match="agreement_incomplete"):
        sign_agreement(acting(cast.noa), project.id, version=project.version)


def test_evidence_of_another_contract_is_not_shown(cast: Cast) -> None:
    project, other = active(cast), active(cast)
    theirs = photo(cast, other)
    with pytest.raises(Refused, match="unknown_evidence"):
        log_progress(acting(cast.alon), stage(project, 3).id, percent=Decimal(1), evidence=[theirs.id])


def test_a_reader_never_meets_half_an_act(cast: Cast) -> None:
    """A reversal is committed between a reader's statements: the figures are those of before or after."""
    project = active(cast)
    payment = record(cast.noa, project, "1000.00", "deposit")
    taken_back = []

    def take_back() -> None:
        try:
            reverse_payment(acting(cast.noa), payment.id, amount=Decimal("1000.00"), why="wrong_record")
            taken_back.append(payment)
        finally:
            connections.close_all()

    def after_the_first(execute: Any, *statement: Any) -> Any:
        result = execute(*statement)
        if not taken_back and "payments_" in statement[0]:
            thread = threading.Thread(target=take_back)
            thread.start()
            thread.join()
        return result

    with connection.execute_wrapper(after_the_first):
        assert exposure_now(project, TODAY()).paid == Decimal("1000.00")
    assert taken_back
    assert exposure_now(project, TODAY()).paid == 0
