from dataclasses import fields
from decimal import Decimal as D

import pytest

from projects.policy import KEYS, Policy, policy_of, problems_of


def test_defaults():
    policy = policy_of({})
    assert policy.front_loading_percent == 10
    assert policy.deposit_cap_percent == 10
    assert (policy.watch_percent, policy.watch_least, policy.watch_most) == (1, 500, 20_000)
    assert (policy.ahead_percent, policy.ahead_least, policy.ahead_most) == (5, 2_500, 100_000)
    assert policy.homeowner_signers == "one"
    assert policy.evidence_required is True


def test_every_key_of_the_table_is_a_field_and_its_default_keeps_its_own_bounds():
    assert list(KEYS) == [field.name for field in fields(Policy)]
    for field in fields(Policy):
        default = str(field.default) if field.type is D else field.default
        assert problems_of({field.name: default}) == [], field.name


def test_what_is_stored_takes_the_place_of_the_default():
    policy = policy_of({"watch_percent": "0.75", "homeowner_signers": "all", "evidence_required": False})
    assert policy == Policy(watch_percent=D("0.75"), homeowner_signers="all", evidence_required=False)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("cooling", "1", "unknown"),
        ("deposit_cap_percent", "25.01", "too_high"),
        ("front_loading_percent", "0.99", "too_low"),
        ("ahead_most", "2499.99", "too_low"),
        ("deposit_cap_percent", 10, "invalid"),
        ("deposit_cap_percent", 10.0, "invalid"),
        ("deposit_cap_percent", True, "invalid"),
        ("deposit_cap_percent", None, "invalid"),
        ("deposit_cap_percent", "-1", "invalid"),
        ("deposit_cap_percent", "1e1", "invalid"),
        ("deposit_cap_percent", "NaN", "invalid"),
        ("deposit_cap_percent", " 1", "invalid"),
        ("deposit_cap_percent", "٣", "invalid"),
        ("deposit_cap_percent", "1.005", "invalid"),
        ("homeowner_signers", "two", "invalid"),
        ("homeowner_signers", ["one"], "invalid"),
        ("defects_period_months", "36.50", "too_high"),
        ("defects_period_months", "12.5", "invalid"),
        ("retention_at_completion", "all", "invalid"),
        ("evidence_required", 1, "invalid"),
        ("evidence_required", "true", "invalid"),
    ],
)
def test_problems(key, value, code):
    assert problems_of({key: value}) == [(key, code)]
    with pytest.raises(ValueError, match=key):
        policy_of({key: value})


@pytest.mark.parametrize(
    ("stored", "key"),
    [
        ({"watch_percent": "3", "ahead_percent": "2"}, "watch_percent"),
        ({"watch_most": "60000", "ahead_most": "50000"}, "watch_most"),
        ({"watch_least": "3000"}, "watch_least"),  # above the default of ahead_least
        ({"watch_least": "1000", "watch_most": "900"}, "watch_least"),
        ({"ahead_least": "9000", "ahead_most": "8000", "watch_most": "8000"}, "ahead_least"),
    ],
)
def test_the_levels_keep_their_order(stored, key):
    assert problems_of(stored) == [(key, "out_of_order")]


def test_all_problems_are_named_at_once():
    stored = {"nonsense": 1, "watch_percent": "6", "ahead_percent": "0"}
    assert problems_of(stored) == [
        ("nonsense", "unknown"),
        ("watch_percent", "too_high"),
        ("ahead_percent", "too_low"),
    ]
