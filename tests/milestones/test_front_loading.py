from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from milestones.front_loading import FrontLoading, PlannedPayment, front_loading_of
from projects.money import CENT, split
from projects.policy import policy_of

POLICY = policy_of({})

# Percent of the contract: value of the work, amount paid.
HOUSE = [
    (1, 5),
    (12, 12),
    (8, 8),
    (13, 12),
    (14, 13),
    (8, 7),
    (10, 10),
    (10, 9),
    (10, 9),
    (7, 7),
    (5, 5),
    (2, 3),
]
RENOVATION = [
    (2, "10"),
    (11, "10"),
    (21, "20"),
    (14, "12.5"),
    (9, "7.5"),
    (20, "17.5"),
    (15, "12.5"),
    (8, "10"),
]
KITCHEN = [(5, 65), (10, 0), (45, 15), (15, 10), (20, 5), (5, 5)]


def planned(total: int, shares) -> list[PlannedPayment]:
    return [
        PlannedPayment(i, total * D(value) / 100, total * D(amount) / 100)
        for i, (value, amount) in enumerate(shares, start=1)
    ]


def judged(total: int, shares, deposit: str = "0", kept: str = "0", **policy: str) -> FrontLoading:
    return front_loading_of(D(total), D(deposit), D(kept), planned(total, shares), policy_of(policy))


def test_the_kitchen_pays_65_percent_for_5_percent_of_the_work():
    kitchen = judged(95_000, KITCHEN)
    assert kitchen.worst_gap_percent == D("60.00")
    assert kitchen.worst_gap_amount == D("57000.00")
    assert kitchen.at_payment == 1
    assert kitchen.is_front_loaded
    assert kitchen.proposed_deposit == 0
    assert kitchen.proposed_amounts == (4_750, 9_500, 42_750, 14_250, 19_000, 4_750)


def test_the_house_keeps_money_and_work_together():
    house = judged(1_900_000, HOUSE, kept="5")
    assert (house.worst_gap_percent, house.worst_gap_amount) == (D("3.75"), D("71250.00"))
    assert house.at_payment == 1
    assert not house.is_front_loaded


def test_what_is_kept_back_is_not_paid():
    assert judged(1_900_000, HOUSE).worst_gap_amount == D("76000.00")


def test_the_renovation_pays_10_percent_for_2():
    renovation = judged(320_000, RENOVATION)
    assert (renovation.worst_gap_percent, renovation.at_payment) == (D("8.00"), 1)
    assert not renovation.is_front_loaded


def test_a_deposit_is_paid_before_any_work():
    even = judged(100_000, [(50, 45), (50, 45)], deposit="10000")
    assert (even.worst_gap_amount, even.worst_gap_percent, even.at_payment) == (D(10_000), D(10), 0)
    assert (even.deposit_percent, even.deposit_cap) == (D(10), D(10_000))
    assert not even.is_front_loaded
    assert (even.proposed_deposit, even.proposed_amounts) == (D(10_000), (D(45_000), D(45_000)))


def test_a_deposit_over_the_cap_is_front_loaded_and_cut():
    high = judged(100_000, [(50, 42), (50, 43)], deposit="15000", front_loading_percent="20")
    assert high.worst_gap_percent == 15
    assert high.is_front_loaded
    assert (high.proposed_deposit, high.proposed_amounts) == (D(10_000), (D(45_000), D(45_000)))


def test_a_deposit_within_its_cap_still_counts_as_a_gap():
    strict = judged(100_000, [(50, 45), (50, 45)], deposit="10000", front_loading_percent="5")
    assert strict.is_front_loaded
    assert strict.proposed_deposit == D(5_000)


def test_the_worst_gap_may_come_late():
    late = judged(100_000, [(10, 10), (40, 60), (20, 5), (30, 25)])
    assert (late.worst_gap_percent, late.at_payment) == (20, 2)


def test_of_equal_gaps_the_first_is_named():
    assert judged(100_000, [(20, 25), (0, 0), (80, 75)]).at_payment == 1


def test_where_work_always_leads_there_is_no_gap():
    calm = judged(100_000, [(60, 40), (40, 60)])
    assert (calm.worst_gap_amount, calm.worst_gap_percent, calm.at_payment) == (0, 0, None)
    assert not calm.is_front_loaded


def test_order_is_by_position():
    shuffled = planned(95_000, KITCHEN)[::-1]
    assert front_loading_of(D(95_000), D(0), D(0), shuffled, POLICY) == judged(95_000, KITCHEN)


def test_a_draft_whose_sums_do_not_agree_yet_can_be_tested():
    bare = front_loading_of(D(100_000), D(20_000), D(0), [], POLICY)
    assert (bare.worst_gap_percent, bare.is_front_loaded, bare.proposed_amounts) == (20, True, ())
    worthless = judged(100_000, [(0, 30), (0, 0)])
    assert worthless.worst_gap_percent == 30
    assert worthless.proposed_amounts == (D(50_000), D(50_000))


@given(st.data())
def test_the_proposal_keeps_the_total_and_is_never_front_loaded(data):
    total = data.draw(st.integers(1, 10**9)) * CENT
    shares = data.draw(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=9))
    deposit, *amounts = split(total, [D(data.draw(st.integers(0, 50))), *(D(amount) for _, amount in shares)])
    values = split(total, [D(value) for value, _ in shares])
    kept = data.draw(st.sampled_from([D(0), D(5), D("12.5")]))
    policy = policy_of({"deposit_cap_percent": data.draw(st.sampled_from(["0", "10", "25"]))})

    def payments(amounts):
        return [PlannedPayment(i, *pair) for i, pair in enumerate(zip(values, amounts, strict=True), start=1)]

    first = front_loading_of(total, deposit, kept, payments(amounts), policy)
    assert first.proposed_deposit + sum(first.proposed_amounts) == total
    assert first.proposed_deposit <= deposit
    again = front_loading_of(total, first.proposed_deposit, kept, payments(first.proposed_amounts), policy)
    assert not again.is_front_loaded
    assert again.worst_gap_amount == first.proposed_deposit
    assert again.worst_gap_amount <= max(first.worst_gap_amount, D(0))
