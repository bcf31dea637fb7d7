from dataclasses import replace
from decimal import Decimal as D

import pytest

from payments.rules import (
    DEPOSIT,
    RETENTION,
    Line,
    Lock,
    Lot,
    State,
    early_lots,
    early_parts,
    lines_to_set_off,
    lots_of,
    plan_allocate,
    plan_record,
    plan_reverse,
    record_refusal,
    release_refusal,
    schedule_of,
)

from .book import HOUSE, KITCHEN, Book, contract_of, with_deposit

HOUSE_CONTRACT = contract_of(1_900_000, HOUSE, retention_percent=5)
KITCHEN_CONTRACT = contract_of(95_000, KITCHEN)


def line_of(full: str, paid: str = "0", lock: Lock | None = None, name: str = "M1") -> Line:
    return Line(
        line=name,
        milestone=name,
        amount=D(full),
        retention=D(0),
        full=D(full),
        paid=D(paid),
        locked_because=lock,
    )


# The schedule


def test_schedule_order_and_sums():
    lines = schedule_of(with_deposit(HOUSE_CONTRACT, D(50_000)), {})
    assert [line.line for line in lines] == [DEPOSIT, *(f"M{i}" for i in range(1, 13)), RETENTION]
    assert [line.milestone for line in lines] == [None, *(f"M{i}" for i in range(1, 13)), None]
    assert sum(line.amount for line in lines) == D(1_900_000)
    assert sum(line.full for line in lines) == D(1_900_000)


def test_terms_given_out_of_order_come_by_position():
    contract = replace(KITCHEN_CONTRACT, terms=KITCHEN_CONTRACT.terms[::-1])
    assert schedule_of(contract, {}) == schedule_of(KITCHEN_CONTRACT, {})


def test_retention_is_kept_from_milestones_only_and_collected_at_the_end():
    lines = schedule_of(with_deposit(HOUSE_CONTRACT, D(50_000)), {})
    deposit, first, last = lines[0], lines[1], lines[-1]
    assert (deposit.amount, deposit.retention, deposit.full) == (D(50_000), D(0), D(50_000))
    assert (first.amount, first.retention, first.full) == (D(45_000), D(2_250), D(42_750))
    assert (last.amount, last.retention, last.full) == (D(0), D(0), D(92_500))


def test_retention_is_rounded_on_each_line():
    contract = replace(contract_of(1, [(50, 33), (50, 67)]), retention_percent=D("5"))
    assert [line.retention for line in schedule_of(contract, {})[:2]] == [D("0.02"), D("0.03")]
    assert schedule_of(contract, {})[-1].full == D("0.05")


def test_a_deposit_or_retention_of_0_is_left_out_unless_money_was_put_there():
    assert [line.line for line in schedule_of(KITCHEN_CONTRACT, {})] == [f"M{i}" for i in range(1, 7)]
    shown = schedule_of(KITCHEN_CONTRACT, {DEPOSIT: D(10)})[0]
    assert (shown.line, shown.paid, shown.early) == (DEPOSIT, D(10), D(10))


def test_money_against_an_unknown_line_is_never_dropped_silently():
    with pytest.raises(ValueError, match="M7"):
        schedule_of(KITCHEN_CONTRACT, {"M7": D(1)})


def test_before_activation_everything_is_locked_by_the_agreement():
    contract = replace(with_deposit(HOUSE_CONTRACT, D(50_000)), active=False)
    *lines, retention = schedule_of(contract, {})
    assert {line.locked_because for line in lines} == {Lock.AGREEMENT_UNSIGNED}
    assert retention.locked_because is Lock.RETENTION_KEPT
    assert {line.state for line in lines} == {State.LOCKED}


def test_activation_opens_the_deposit_and_a_sign_off_its_milestone():
    book = Book(with_deposit(HOUSE_CONTRACT, D(50_000)))
    book.sign("M2")
    assert {line.line: line.payable for line in book.lines if line.payable} == {
        DEPOSIT: D(50_000),
        "M2": D(216_600),
    }
    assert book.line("M1").locked_because is Lock.MILESTONE_UNSIGNED


def test_retention_stays_locked_when_all_work_is_signed():
    book = Book(HOUSE_CONTRACT)
    for term in book.contract.terms:
        book.sign_and_release(term.milestone)
    assert book.line(RETENTION).state is State.LOCKED
    assert book.line(RETENTION).open == 0


@pytest.mark.parametrize(
    ("full", "paid", "lock", "state"),
    [
        ("100", "0", Lock.MILESTONE_UNSIGNED, State.LOCKED),
        ("100", "100", Lock.MILESTONE_UNSIGNED, State.LOCKED),
        ("0", "0", Lock.MILESTONE_UNSIGNED, State.LOCKED),
        ("100", "0", None, State.PAYABLE),
        ("100", "0.01", None, State.PART_PAID),
        ("100", "100", None, State.PAID),
        ("0", "0", None, State.PAID),
    ],
)
def test_states(full, paid, lock, state):
    assert line_of(full, paid, lock).state is state


def test_money_against_a_locked_line_is_early_and_leaves_less_room():
    line = line_of("100", "30", Lock.MILESTONE_UNSIGNED)
    assert (line.open, line.payable, line.early, line.room) == (0, 0, 30, 70)


# Release


def refused(line: Line, amount: str, unheld: str = "0") -> str | None:
    refusal = release_refusal(line, D(amount), D(unheld))
    return refusal and refusal.code


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "1000000000000"])
def test_a_release_is_a_sum_of_money(amount):
    assert refused(line_of("100"), amount) == "bad_amount"


def test_release_up_to_what_is_payable():
    assert refused(line_of("100", "40"), "60") is None
    assert release_refusal(line_of("100", "40"), D("60.01"), D(0)) == (
        "more_than_payable",
        {"line": "M1", "payable": D(60)},
    )


def test_a_locked_release_says_what_would_unlock_it():
    assert release_refusal(line_of("100", lock=Lock.MILESTONE_UNSIGNED), D(1), D(0)) == (
        "payment_locked",
        {"line": "M1", "locked_because": "milestone_unsigned"},
    )


def test_money_held_against_no_line_is_set_off_first():
    assert refused(line_of("100"), "10", unheld="0.01") == "set_off_first"
    assert refused(line_of("100", lock=Lock.MILESTONE_UNSIGNED), "10", unheld="5") == "payment_locked"


def test_money_that_was_early_is_not_released_twice():
    book = Book(HOUSE_CONTRACT)
    book.record(D(100_000), "M3")
    book.sign("M3")
    assert book.line("M3").payable == D(44_400)
    assert refused(book.line("M3"), "44400.01") == "more_than_payable"


# Record

LINES = [
    line_of("100", "20", name="M1"),
    line_of("50", lock=Lock.MILESTONE_UNSIGNED, name="M2"),
    line_of("30", name="M3"),
]


def test_a_record_counts_on_its_line_up_to_its_full_even_while_locked():
    assert plan_record(LINES, D(45), "M2", True) == ([("M2", D(45))], D(0))
    assert plan_record(LINES, D(60), "M2", True) == ([("M2", D(50))], D(10))


def test_an_unnamed_record_fills_what_is_payable_in_schedule_order():
    assert plan_record(LINES, D(10), None, True) == ([("M1", D(10))], D(0))
    assert plan_record(LINES, D(90), None, True) == ([("M1", D(80)), ("M3", D(10))], D(0))
    assert plan_record(LINES, D(120), None, True) == ([("M1", D(80)), ("M3", D(30))], D(10))


def test_a_full_line_takes_nothing_more():
    assert plan_record([line_of("100", "100")], D(5), "M1", True) == ([], D(5))


def test_before_activation_money_counts_against_the_deposit_or_no_line():
    lines = schedule_of(replace(with_deposit(HOUSE_CONTRACT, D(50_000)), active=False), {})
    assert plan_record(lines, D(60_000), DEPOSIT, False) == ([(DEPOSIT, D(50_000))], D(10_000))
    assert plan_record(lines, D(60_000), None, False) == ([], D(60_000))
    assert plan_record(lines, D(60_000), "M1", False) == ("before_activation", {"line": "M1"})


def test_what_a_record_cannot_say():
    assert record_refusal(LINES, D(0), None, True) == ("bad_amount", {})
    assert record_refusal(LINES, D(1), DEPOSIT, True) == ("unknown_line", {"line": DEPOSIT})
    assert record_refusal(LINES, D(1), "M9", True) == ("unknown_line", {"line": "M9"})
    assert record_refusal(LINES, D(10_000), "M2", True) is None


# Lots: whose money is early


def test_negative_rows_take_the_newest_money_of_their_payment_and_line():
    rows = [
        Lot("P1", 1, "M1", D(10)),
        Lot("P2", 2, "M1", D(5)),
        Lot("P1", 3, "M1", D(4)),
        Lot("P1", 4, "M1", D(-6)),
        Lot("P1", 4, "M2", D(6)),
    ]
    assert lots_of(rows, {"P1": D(16), "P2": D(5)}) == [
        Lot("P1", 1, "M1", D(8)),
        Lot("P2", 2, "M1", D(5)),
        Lot("P1", 4, "M2", D(6)),
        Lot("P1", 0, None, D(2)),
    ]


def test_rows_that_do_not_add_up_are_an_error():
    with pytest.raises(ValueError, match="1 more is taken"):
        lots_of([Lot("P1", 1, "M1", D(5)), Lot("P1", 2, "M1", D(-6))], {"P1": D(5)})
    with pytest.raises(ValueError, match="more counts against lines"):
        lots_of([Lot("P1", 1, "M1", D(5))], {"P1": D(4)})


def test_within_a_line_the_newest_money_is_the_early_part():
    lines = [line_of("100", "70", Lock.MILESTONE_UNSIGNED, name="M1"), line_of("50", "50", name="M2")]
    lots = [
        Lot("P1", 1, "M1", D(40)),
        Lot("P1", 2, "M2", D(50)),
        Lot("P2", 3, "M1", D(30)),
        Lot("P2", 0, None, D(7)),
    ]
    assert early_parts(lines, lots) == {("P1", "M1"): 40, ("P2", "M1"): 30, ("P2", None): 7}
    assert early_lots(lines, lots) == [
        Lot("P2", 0, None, D(7)),
        Lot("P2", 3, "M1", D(30)),
        Lot("P1", 1, "M1", D(40)),
    ]


def test_where_a_line_is_open_only_in_part_older_money_is_covered_and_an_advance_first():
    over, record = replace(line_of("60", "90"), full=D(60)), Lot("P1", 1, "M1", D(50))
    assert early_parts([over], [record, Lot("P2", 2, "M1", D(40))]) == {("P2", "M1"): 30}
    assert early_parts([over], [record, Lot("P2", 2, "M1", D(40), is_advance=True)]) == {("P1", "M1"): 30}


# Allocate

LOCKED = [
    line_of("100", "40", Lock.MILESTONE_UNSIGNED, name="M1"),
    line_of("50", "20", name="M2"),
    line_of("80", "10", Lock.MILESTONE_UNSIGNED, name="M3"),
]
LOTS = [
    Lot("P1", 1, "M1", D(40)),
    Lot("P1", 2, "M2", D(20)),
    Lot("P1", 3, "M3", D(10)),
    Lot("P1", 0, None, D(5)),
    Lot("P2", 0, None, D(60)),
]


def test_allocate_takes_what_is_held_against_no_line_then_the_newest_early_money():
    assert plan_allocate(LOTS, LOCKED, "P1", "M2", D(4)) == [("M2", 4)]
    assert plan_allocate(LOTS, LOCKED, "P1", "M2", D(12)) == [("M3", -7), ("M2", 12)]
    assert plan_allocate(LOTS, LOCKED, "P1", "M2", D(30)) == [("M3", -10), ("M1", -15), ("M2", 30)]


def test_allocate_may_name_a_locked_line():
    assert plan_allocate(LOTS, LOCKED, "P1", "M3", D(45)) == [("M1", -40), ("M3", 45)]


def test_covered_money_and_money_of_other_payments_stay_where_they_are():
    assert plan_allocate(LOTS, LOCKED, "P1", "M3", D("45.01")) == ("more_than_early", {"early": 45})
    covered = [Lot("P3", 4, "M2", D(20))]
    assert plan_allocate(covered, LOCKED, "P3", "M1", D(1)) == ("nothing_to_move", {})


def test_the_lines_offered_have_room_and_do_not_hold_the_money_already():
    elsewhere = [Lot("P3", 1, "M1", D(40))]
    assert [line.line for line in lines_to_set_off(elsewhere, LOCKED, "P3")] == ["M2", "M3"]
    assert [line.line for line in lines_to_set_off(LOTS, LOCKED, "P9")] == []


def test_allocate_within_the_room_of_the_line():
    assert plan_allocate(LOTS, LOCKED, "P2", "M2", D(31)) == ("no_room", {"line": "M2", "room": 30})


def test_what_allocate_cannot_say():
    assert plan_allocate(LOTS, LOCKED, "P1", "M2", D(-1)) == ("bad_amount", {})
    assert plan_allocate(LOTS, LOCKED, "P1", "M9", D(1)) == ("unknown_line", {"line": "M9"})
    assert plan_allocate(LOTS, LOCKED, "P9", "M2", D(1)) == ("nothing_to_move", {})


# Reverse


def test_reverse_takes_what_is_held_against_no_line_then_the_newest_allocations():
    assert plan_reverse(LOTS, "P1", D(5)) == []
    assert plan_reverse(LOTS, "P1", D(17)) == [("M3", -10), ("M2", -2)]
    assert plan_reverse(LOTS, "P1", D(75)) == [("M3", -10), ("M2", -20), ("M1", -40)]


def test_no_more_is_reversed_than_is_left():
    assert plan_reverse(LOTS, "P1", D("75.01")) == ("more_than_left", {"left": 75})
    assert plan_reverse(LOTS, "P9", D(1)) == ("more_than_left", {"left": 0})
    assert plan_reverse(LOTS, "P1", D(0)) == ("bad_amount", {})


def test_of_one_act_the_line_filled_last_is_emptied_first():
    lots = [Lot("P1", 1, "M1", D(80)), Lot("P1", 1, "M3", D(10))]
    assert plan_reverse(lots, "P1", D(15)) == [("M3", -10), ("M1", -5)]
