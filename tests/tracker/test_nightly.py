"""The nightly proof: quiet when all holds; a break is logged with its place, and /readyz tells of it."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from payments.actions import record_payment, reverse_payment
from projects import clock
from projects.actions import edit_project
from projects.models import JobRun
from tests.cast import TODAY, Cast, acting, active, draft
from tests.tracker.test_query_counts import lived_in
from tests.tracker.world import counted
from tracker.tasks import verify as verify_task
from tracker.verifying import verify
from tracker.verifying.nightly import NotWhole


@pytest.fixture
def changed(cast: Cast, connect: Any) -> str:
    """A payment of which a superuser changed the amount; its name in the journal."""
    payment = record_payment(
        acting(cast.noa), active(cast).id, amount=Decimal("500.00"), paid_on=TODAY(), method="cash"
    )
    superuser = connect("superuser")
    superuser.cursor().execute(
        "SET session_replication_role = replica; UPDATE payments_payment SET amount = 5"
    )
    superuser.commit()
    return f"payments_payment/{payment.id}"


def reasons(later: timedelta = timedelta(0)) -> list[str]:
    with clock.set_to(clock.now() + later):
        return Client().get("/readyz").json()["reasons"]


def test_a_night_in_which_all_holds(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    active(cast)
    with caplog.at_level(logging.INFO, "verify"):
        verify_task()
        verify_task()  # a second beat's tick
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "1 projects" in caplog.text
    assert JobRun.objects.get(job="verify").finished_at
    assert "verify" not in reasons(timedelta(minutes=4))


def test_a_break_is_logged_with_its_place_and_degrades(
    changed: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotWhole, match=changed):
        verify_task()
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors[0].startswith("facts: changed at project ")
    assert errors[0].endswith(changed)
    assert "verify" in reasons(timedelta(minutes=4))


def test_the_number_of_statements_does_not_grow(cast: Cast) -> None:
    lived_in(cast, 2)
    few = counted(verify)
    for _ in range(3):
        lived_in(cast, 3)
    assert counted(verify) == few
    assert not verify().breaks


@pytest.mark.parametrize("deposit", ["0.00", "1000.00"])
def test_a_deposit_lowered_once_its_money_was_back_holds(cast: Cast, deposit: str) -> None:
    """In a draft the bounds of a line may change after money came and went: only what stands is bound."""
    project = draft(cast)
    told = {"amount": Decimal("5000.00"), "paid_on": TODAY(), "method": "bank_transfer"}
    payment = record_payment(acting(cast.noa), project.id, line="deposit", **told)
    reverse_payment(acting(cast.noa), payment.id, amount=payment.amount, why="wrong_record", reason="Twice")
    edit_project(acting(cast.noa), project.id, version=project.version, deposit=Decimal(deposit))
    assert verify().breaks == []
