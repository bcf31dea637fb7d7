"""What a body may be, before anyone asks what it says."""

import io
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.exceptions import ParseError, ValidationError

from projects.refusals import Refused
from projects.rest.fields import Body, DayField, MoneyField, PercentField, PolicyField, VersionField
from projects.rest.parsers import DEEPEST, BoundedJSONParser, parsed
from projects.rest.problems import answer_problem


def test_numbers_stay_exact() -> None:
    assert parsed(b'{"amount": 0.1}') == {"amount": Decimal("0.1")}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"\xff\xfe",
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
def test_what_is_not_plain_json_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parsed(body)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parsed(b'"\\ud83c\\udfe0"') == "\U0001f3e0"


def test_a_body_has_an_end(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert BoundedJSONParser().parse(io.BytesIO(b'"' + b"x" * 98 + b'"'))
    with pytest.raises(Refused) as refused:
        BoundedJSONParser().parse(io.BytesIO(b'"' + b"x" * 99 + b'"'))
    assert (refused.value.status, refused.value.code) == (413, "body_too_large")


class Inner(Body):
    version = VersionField()


class Outer(Body):
    amount = MoneyField()
    share = PercentField(required=False)
    on = DayField(required=False)
    parts = Inner(many=True, required=False)


def codes(body: Any, outer: type[Body] = Outer) -> dict[str, list[str]]:
    """The codes by field, as the problem document names them."""
    with pytest.raises(ValidationError) as raised:
        outer(data=body).is_valid(raise_exception=True)
    response = answer_problem(raised.value, {})
    assert response is not None
    assert all(error["detail"] for errors in response.data["errors"].values() for error in errors)
    return {field: [e["code"] for e in errors] for field, errors in response.data["errors"].items()}


@pytest.mark.parametrize("amount", ["95000.00", "95000", 95000, Decimal("95000.5"), "0", "999999999999.99"])
def test_money_is_a_plain_number(amount: Any) -> None:
    serializer = Outer(data={"amount": amount})
    serializer.is_valid(raise_exception=True)
    assert serializer.validated_data["amount"] == Decimal(str(amount))


@pytest.mark.parametrize(
    "amount",
    ["1e3", "1_000", "١٢", " 5", "5 ", "1.234", "1000000000000", "NaN", "", True, [], {}, Decimal("1E+2")],
)
def test_anything_else_is_not_money(amount: Any) -> None:
    assert codes({"amount": amount}) == {"amount": ["not_money"]}


def test_money_is_not_negative_where_nothing_says_so() -> None:
    assert codes({"amount": "-0.01"}) == {"amount": ["min_value"]}


def test_a_percentage_ends_at_100() -> None:
    assert codes({"amount": "1", "share": "100.01"}) == {"share": ["max_value"]}
    assert codes({"amount": "1", "share": "half"}) == {"share": ["not_a_percent"]}


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
def test_days_are_of_this_century(day: str) -> None:
    assert codes({"amount": "1", "on": day}) == {"on": ["date_out_of_range"]}


@pytest.mark.parametrize("day", ["2026-02-30", "11/05/2026", 20260101, None, ["2026-01-01"], ""])
def test_what_is_no_day_is_refused(day: Any) -> None:
    assert set(codes({"amount": "1", "on": day})) == {"on"}


def test_unknown_names_are_told_together_with_what_else_is_wrong() -> None:
    assert codes({"amount": "x", "amuont": 1}) == {"amount": ["not_money"], "amuont": ["unknown_field"]}


def test_unknown_names_are_told_inside_lists_too() -> None:
    body = {"amount": "1", "parts": [{"version": 1}, {"version": 0, "extra": True}]}
    assert codes(body) == {"parts.1.extra": ["unknown_field"], "parts.1.version": ["min_value"]}


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_is_an_object(body: Any) -> None:
    assert codes(body) == {"non_field_errors": ["invalid" if body is not None else "null"]}


@pytest.mark.parametrize("version", [0, -1, 2**31, 2**63, "1.5", True, "three"])
def test_a_version_is_a_count(version: Any) -> None:
    assert set(codes({"version": version}, Inner)) == {"version"}


def test_a_policy_takes_numbers_in_either_spelling() -> None:
    class Terms(Body):
        policy = PolicyField()

    terms = Terms(data={"policy": {"deposit_cap_percent": 15, "evidence_required": False}})
    terms.is_valid(raise_exception=True)
    assert terms.validated_data["policy"] == {"deposit_cap_percent": "15", "evidence_required": False}
    wrong = {"policy": {"deposit_cap_percent": "99", "kindness": "much"}}
    expected = {"policy.deposit_cap_percent": ["too_high"], "policy.kindness": ["unknown"]}
    assert codes(wrong, Terms) == expected
