"""What inspections verify and what repairs count as, as rules; and over the database, step by step."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from milestones.findings import (
    Estimates,
    Finding,
    counted_cost,
    is_claim_at_variance,
    repair_of,
    verified_percent_of,
)

D = Decimal
money = st.decimals(min_value=0, max_value=10**6, places=2)
voice = st.one_of(st.none(), money)
faults = st.lists(st.builds(Estimates, voice, voice, voice), max_size=5)
findings = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["homeowner", "engineer", "supervisor"]),
        st.decimals(min_value=0, max_value=100, places=2),
    ),
    max_size=6,
)


def test_the_latest_look_counts() -> None:
    assert verified_percent_of([]) == 0
    assert verified_percent_of([Finding("homeowner", D(30))]) == 30
    assert verified_percent_of([Finding("engineer", D(60)), Finding("supervisor", D(50))]) == 50


def test_a_homeowners_counts_over_an_experts_only_if_it_is_lower() -> None:
    expert = Finding("engineer", D(60))
    assert verified_percent_of([expert, Finding("homeowner", D(80))]) == 60
    assert verified_percent_of([expert, Finding("homeowner", D(40))]) == 40
    assert verified_percent_of([expert, Finding("homeowner", D(40)), Finding("homeowner", D(80))]) == 60
    assert verified_percent_of([Finding("homeowner", D(40)), expert]) == 60


@given(findings)
def test_it_is_one_of_the_findings_and_never_above_the_experts_last(found: list[Finding]) -> None:
    verified = verified_percent_of(found)
    assert verified in {f.percent for f in found} | {D(0)}
    experts = [f.percent for f in found if f.role != "homeowner"]
    assert not experts or verified <= experts[-1]


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
