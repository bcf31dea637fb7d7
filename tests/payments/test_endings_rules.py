"""When retention opens, and what a termination does to the money: the rules alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules import (
    Contract,
    Lot,
    Retention,
    Term,
    early_of,
    moves_of_termination,
    schedule_of,
    settlement_of,
)

D = Decimal
AGOROT = st.integers(0, 10_000_000).map(lambda n: D(n) / 100)
DAY = date(2027, 6, 1)


def retention(kept: Decimal, **more: object) -> Retention:
    facts = {"opened": D(0), "for_defects": D(0), "ends_on": DAY, "half_at_completion": True}
    return Retention(kept=kept, **(facts | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kept", "opens"), [("95000", "47500"), ("0.01", "0.01"), ("0.03", "0.02"), ("0", "0")]
)
def test_half_opens_at_completion_rounded_up(kept: str, opens: str) -> None:
    assert retention(D(kept)).opens_at_completion == D(opens)
    assert retention(D(kept), half_at_completion=False).opens_at_completion == 0


@given(AGOROT, AGOROT)
def test_no_more_opens_than_is_kept_and_repairs_free_the_rest(kept: D, cost: D) -> None:
    whole = retention(kept)
    opened = whole.opens_at_completion
    with_faults = replace(whole, opened=opened, for_defects=cost)
    later = with_faults.opens_after_the_period
    assert 0 <= later <= whole.kept - whole.opened
    repaired = replace(with_faults, opened=opened + later, for_defects=D(0))
    assert opened + later + repaired.opens_after_the_period == kept


@pytest.mark.parametrize(
    ("ends_on", "is_over"), [(None, False), (date(2027, 6, 2), False), (DAY, True), (date(2026, 1, 1), True)]
)
def test_the_period_is_over_on_its_day(ends_on: date | None, is_over: bool) -> None:
    assert retention(D(1), ends_on=ends_on).is_over(DAY) is is_over


CONTRACT = Contract(
    total=D(500_000),
    deposit=D(50_000),
    retention_percent=D(10),
    terms=(
        Term(milestone="m1", position=1, value=D(200_000), amount=D(180_000), signed_off=True),
        Term(milestone="m2", position=2, value=D(300_000), amount=D(270_000), verified=D(150_000)),
    ),
)


@given(st.integers(0, 24_300_000), st.integers(0, 4_500_000), st.integers(1, 3))
def test_a_termination_leaves_no_line_overfull_and_no_money_out(
    on_second: int, kept: int, parts: int
) -> None:
    """What a closed line held is held against none: paid and early stay as they were."""
    lots = [Lot("d", 1, "deposit", D(50_000)), Lot("r", 2, "m1", D(162_000))]
    lots += [
        Lot(f"a{n}", 3 + n, "m2", D(on_second // parts) / 100) for n in range(parts) if on_second >= parts
    ]
    lots += [Lot("k", 9, "retention", D(kept) / 100)] if kept else []
    paid: dict[str, Decimal] = {}
    for lot in lots:
        assert lot.line
        paid[lot.line] = paid.get(lot.line, D(0)) + lot.amount
    before = schedule_of(CONTRACT, paid)
    taken = D(0)
    for _payment, move in moves_of_termination(CONTRACT, before, lots):
        assert move.amount < 0
        paid[move.line] += move.amount
        taken -= move.amount
    after = schedule_of(replace(CONTRACT, terminated=True), {k: v for k, v in paid.items() if v})
    assert all(line.paid <= line.full for line in after)
    assert early_of(before, D(0)) == early_of(after, taken)
    assert paid["deposit"] == D(50_000)
    assert paid["m1"] == D(162_000)


def test_the_account_of_the_fifth_example() -> None:
    contract = replace(CONTRACT, total=D(350_000), terminated=True, final=D(120_000))
    lines = schedule_of(contract, {"deposit": D(50_000), "m1": D(162_000), "final": D(100_000)})
    account = settlement_of(contract, lines, D(0))
    assert (account.earned, account.paid, account.balance) == (D(350_000), D(312_000), D(38_000))
    assert (account.retained, account.payable) == (D(18_000), D(20_000))
