"""A project's policy: named keys with a default and bounds, part of the agreement both sides sign.

Stored as a JSON object that holds what differs from the defaults: numbers as plain decimal strings
(`{"deposit_cap_percent": "7.5"}`), switches as booleans, choices as words. The bounds keep a policy from
switching the protection off: no wording of a contract can make money far ahead of the work look calm.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

# A problem code, or None when the value will do.
Check = Callable[[object], str | None]

_PLAIN_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force, every key filled. Percents are of the contract total, hours are hours, the rest is
    money."""

    front_loading_percent: Decimal = Decimal(10)  # a larger planned gap is called front-loaded
    deposit_cap_percent: Decimal = Decimal(10)  # a larger deposit is warned of, not forbidden
    watch_percent: Decimal = Decimal(1)  # up to here the level is `watch` …
    watch_least: Decimal = Decimal(500)
    watch_most: Decimal = Decimal(20_000)
    ahead_percent: Decimal = Decimal(5)  # … up to here `ahead`, above it `critical`
    ahead_least: Decimal = Decimal(2_500)
    ahead_most: Decimal = Decimal(100_000)
    homeowner_signers: Literal["one", "all"] = "one"  # how many of the signing homeowners approve a milestone
    evidence_required: bool = True  # a submission needs a photo or document
    cooling_off_hours: Decimal = Decimal(48)  # from the last opening of an advance to the first approval
    advance_cap_percent: Decimal = Decimal(10)  # with an advance the exposure is at most this much
    defects_period_months: Decimal = Decimal(12)  # from the handover, or a termination
    retention_at_completion: Literal["none", "half"] = "half"  # the rest opens after the defects period


def between(low: int, high: int) -> Check:
    """A number with at most two decimals from `low` to `high`, written as a plain decimal string."""

    def check(value: object) -> str | None:
        if not isinstance(value, str) or not _PLAIN_DECIMAL.fullmatch(value):
            return "invalid"
        number = Decimal(value)
        return "too_low" if number < low else "too_high" if number > high else None

    return check


def months_between(low: int, high: int) -> Check:
    """A whole number of months."""
    check = between(low, high)
    return lambda value: check(value) or (None if str(value).isdecimal() else "invalid")


def one_of(*choices: str | bool) -> Check:
    """One of the given words, or of the two positions of a switch; 1 and 0 are no switch positions."""

    def check(value: object) -> str | None:
        return (
            None if any(type(value) is type(choice) and value == choice for choice in choices) else "invalid"
        )

    return check


KEYS: dict[str, Check] = {
    "front_loading_percent": between(1, 25),
    "deposit_cap_percent": between(0, 25),
    "watch_percent": between(0, 5),
    "watch_least": between(0, 5_000),
    "watch_most": between(500, 100_000),
    "ahead_percent": between(1, 10),
    "ahead_least": between(500, 25_000),
    "ahead_most": between(2_500, 500_000),
    "homeowner_signers": one_of("one", "all"),
    "evidence_required": one_of(True, False),
    "cooling_off_hours": between(24, 168),
    "advance_cap_percent": between(0, 20),
    "defects_period_months": months_between(0, 36),
    "retention_at_completion": one_of("none", "half"),
}

# What may never be larger than its partner, so that the levels keep their order.
ORDERED = [
    ("watch_percent", "ahead_percent"),
    ("watch_least", "ahead_least"),
    ("watch_most", "ahead_most"),
    ("watch_least", "watch_most"),
    ("ahead_least", "ahead_most"),
]


def problems_of(stored: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is wrong with a policy as written: pairs of key and code, in the order of the keys given.

    Codes: `unknown` (no such key), `invalid` (not of its type), `too_low`, `too_high` (out of bounds), and,
    only when each value is good in itself, `out_of_order` (a lower level reaches above a higher one).
    """
    problems = [(key, code) for key, value in stored.items() if (code := _problem_of(key, value))]
    return problems or [(low, "out_of_order") for low in _out_of_order(_filled(stored))]


def policy_of(stored: Mapping[str, object]) -> Policy:
    """The policy in force for what is stored, defaults filled in; ValueError names what is wrong with it."""
    if problems := problems_of(stored):
        raise ValueError(f"not a policy: {problems}")
    return _filled(stored)


def _problem_of(key: str, value: object) -> str | None:
    return KEYS[key](value) if key in KEYS else "unknown"


def _out_of_order(policy: Policy) -> Iterator[str]:
    return (low for low, high in ORDERED if getattr(policy, low) > getattr(policy, high))


def _filled(stored: Mapping[str, Any]) -> Policy:
    numbers = {field.name for field in fields(Policy) if field.type is Decimal}
    given: dict[str, Any] = {
        key: Decimal(value) if key in numbers else value for key, value in stored.items()
    }
    return Policy(**given)
