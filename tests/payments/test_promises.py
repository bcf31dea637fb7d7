"""The promise of a paid advance: its milestone is signed off by the catch-up date (docs/gate.md)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from payments.rules import Offer, Promise, promise_of

BY = date(2026, 5, 20)
BEFORE, AFTER = BY - timedelta(days=1), BY + timedelta(days=1)


def offer(**facts: Any) -> Offer:
    told = {"left": Decimal(5000)} | facts
    asked_at, think = datetime(2026, 5, 1, tzinfo=UTC), timedelta(hours=48)
    return Offer(
        asked_at=asked_at, asked=Decimal(5000), signers=frozenset("a"), cooling_off=think, openings={}, **told
    )


@pytest.mark.parametrize(
    ("signed_on", "today", "stands"),
    [
        (None, BEFORE, Promise.AWAITED),
        (None, BY, Promise.AWAITED),
        (None, AFTER, Promise.BROKEN),
        (BEFORE, AFTER, Promise.KEPT),
        (BY, AFTER, Promise.KEPT),
        (AFTER, AFTER, Promise.LATE),
    ],
)
def test_the_day_itself_still_keeps_it(signed_on: date | None, today: date, stands: Promise) -> None:
    assert promise_of(offer(is_signed_off=signed_on is not None), BY, signed_on, today) == stands


@pytest.mark.parametrize("facts", [{"left": None}, {"left": Decimal(0)}, {"is_terminated": True}])
def test_where_nothing_is_owed_nothing_is_promised(facts: dict[str, Any]) -> None:
    assert promise_of(offer(**facts), BY, None, AFTER) is None


def test_work_that_was_signed_off_before_the_contract_ended_kept_it() -> None:
    assert promise_of(offer(is_terminated=True, is_signed_off=True), BY, BEFORE, AFTER) == Promise.KEPT
