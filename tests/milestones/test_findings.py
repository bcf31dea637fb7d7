"""What inspections verify and what repairs count as, as rules; and over the database, step by step."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from milestones.findings import (
    Estimates,
    Findings,
    Found,
    counted_cost,
    is_claim_at_variance,
    repair_of,
)

D = Decimal
money = st.decimals(min_value=0, max_value=10**6, places=2)
voice = st.one_of(st.none(), money)
faults = st.lists(st.builds(Estimates, voice, voice, voice), max_size=5)
percent = st.decimals(min_value=0, max_value=100, places=2)
roles = st.sampled_from(["homeowner", "engineer", "supervisor"])
# What is told of a milestone: an inspection (role and percent), or a change order (none, and its new value).
told = st.lists(st.tuples(roles, percent) | st.tuples(st.none(), money), max_size=8)


def verified(value: Decimal, *facts: tuple[str | None, int | Decimal]) -> Found:
    """What counts of work that is worth `value` at first, after these facts."""
    findings = Findings()
    for role, figure in facts:
        if role is None:
            value = D(figure)
            findings = findings.revalued(value)
        else:
            findings = findings.inspected(role, D(figure), value)
    return findings.verified


def test_the_latest_look_counts() -> None:
    assert verified(D(200)) == (0, 0)
    assert verified(D(200), ("homeowner", 30)) == (60, 30)
    assert verified(D(200), ("engineer", 60), ("supervisor", 50)) == (100, 50)


def test_a_homeowners_counts_over_an_experts_only_if_it_is_lower() -> None:
    expert = ("engineer", 60)
    assert verified(D(100), expert, ("homeowner", 80)).percent == 60
    assert verified(D(100), expert, ("homeowner", 40)).percent == 40
    assert verified(D(100), expert, ("homeowner", 40), ("homeowner", 80)).percent == 60
    assert verified(D(100), ("homeowner", 40), expert).percent == 60


def test_what_was_found_stays_as_money_when_the_value_changes() -> None:
    half = ("engineer", 50)
    assert verified(D(200), half, (None, 400)) == (100, 50)
    assert verified(D(200), half, (None, 400)).share_of(D(400)) == 25
    assert verified(D(200), half, (None, 60)) == (60, 50), "cut at the new value"
    assert verified(D(200), half, (None, 60), (None, 400)) == (60, 50), "what was cut does not come back"
    assert verified(D(200), half, (None, 400), ("engineer", 50)) == (200, 50), "a later look counts anew"


def test_a_homeowners_is_lower_by_what_both_mean_now() -> None:
    """60 of 100 was found before the addition; a homeowner's 40 percent of 200 is more than that."""
    assert verified(D(100), ("engineer", 60), (None, 200), ("homeowner", 40)) == (60, 60)
    assert verified(D(100), ("engineer", 60), (None, 200), ("homeowner", 20)) == (40, 20)


def test_the_percent_that_is_shown_is_what_was_found_until_the_value_changes() -> None:
    assert verified(D(1), ("engineer", D("33.33"))).share_of(D(1)) == D("33.33")
    assert verified(D(0), ("engineer", 40)).share_of(D(0)) == 40
    assert verified(D(3), ("engineer", D("33.33")), (None, 9)).share_of(D(9)) == D("11.11")


@given(money, told)
def test_it_is_never_above_the_experts_last_nor_the_value(
    value: Decimal, facts: list[tuple[str | None, Decimal]]
) -> None:
    found = verified(value, *facts)
    now = next((figure for role, figure in reversed(facts) if role is None), value)
    assert 0 <= found.money <= now
    assert 0 <= found.share_of(now) <= 100
    experts = [n for n, (role, _) in enumerate(facts) if role not in {None, "homeowner"}]
    if experts:
        without_homeowners = [fact for fact in facts if fact[0] != "homeowner"]
        assert found.money <= verified(value, *without_homeowners).money


def test_whose_estimate_counts() -> None:
    value = D(10_000)
    assert repair_of(value, [Estimates(expert=D(50_000), homeowner=D(1))]) == 50_000
    assert repair_of(value, [Estimates(homeowner=D(9_000))]) == 9_000
    assert repair_of(value, [Estimates(homeowner=D(50_000))]) == 10_000
    assert repair_of(value, [Estimates(homeowner=D(50_000), contractor=D(30_000))]) == 30_000
    assert repair_of(value, [Estimates(contractor=D(30_000))]) == 0
    assert repair_of(value, [Estimates(homeowner=D(8_000))] * 3) == 10_000, "alone, over all of them"
    assert counted_cost(value, Estimates(contractor=D(5))) is None


@given(money, faults, faults)
def test_more_faults_never_cost_less_nor_more_than_was_said(
    value: Decimal, some: list[Estimates], more: list[Estimates]
) -> None:
    assert repair_of(value, some) <= repair_of(value, [*some, *more])
    said = sum((f.expert if f.expert is not None else f.homeowner or D(0) for f in some), D(0))
    assert 0 <= repair_of(value, some) <= said


def test_a_claim_is_at_variance_beyond_twenty_points() -> None:
    assert not is_claim_at_variance(D(60), D(40))
    assert is_claim_at_variance(D("60.01"), D(40))
