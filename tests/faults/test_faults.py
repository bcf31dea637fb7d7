"""One fault of every kind over a working house, and whether harness and judge would notice a loss."""

import pytest

from tests.faults.judge import Entry, compare
from tests.faults.ledger import Acknowledged
from tests.faults.run import run
from tests.faults.schedule import KINDS, make_schedule


def test_a_seed_makes_the_same_schedule_and_leaves_out_no_kind() -> None:
    assert make_schedule(7, 200) == make_schedule(7, 200)
    assert make_schedule(7, 200)[:50] == make_schedule(7, 50)
    assert make_schedule(7, 200) != make_schedule(8, 200)
    assert {fault.kind for fault in make_schedule(7, len(KINDS))} == set(KINDS)


def acknowledged(payment: str) -> Acknowledged:
    return Acknowledged("k", "payment_released", frozenset({f"payment={payment}"}), 0, 0, 1)


def entry(payment: str) -> Entry:
    return Entry("p #9", "payment_released", frozenset({f"payment={payment}", "amount=1.00"}))


@pytest.mark.parametrize(
    ("said", "written", "problems"),
    [
        (["a", "b"], ["b", "a"], []),
        (["a"], [], ["lost: payment_released"]),
        (["a"], ["a", "a"], ["doubled: payment_released"]),
        ([], ["a"], ["acknowledged 0 times: payment_released at p #9"]),
        (["a", "a"], ["a"], ["acknowledged 2 times: payment_released at p #9"]),
    ],
)
def test_the_judge_sees_what_is_lost_and_what_is_doubled(
    said: list[str], written: list[str], problems: list[str]
) -> None:
    found = compare([acknowledged(p) for p in said], [entry(p) for p in written])
    assert len(found) == len(problems)
    assert all(line.startswith(problem) for line, problem in zip(found, problems, strict=True))


@pytest.mark.parts
def test_a_fault_of_every_kind_loses_nothing_and_doubles_nothing() -> None:
    outcome = run(make_schedule(3, len(KINDS), longest=1.5), seed=3, houses=2, hurry=True)
    print(outcome)
    assert outcome.problems == []
    assert len(outcome.ledger.acknowledged) > 20
