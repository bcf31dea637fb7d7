"""A zoo of requests that make no sense: every one gets a problem document, never a page, never a 500."""

import uuid
from typing import Any

import psycopg2
import pytest
from django.db import DataError, OperationalError
from rest_framework.exceptions import Throttled

from projects.rest.problems import answer_problem
from tests.cast import Cast, active, draft, signed_in, stage
from tests.programs import API, Program, program

NOBODY = uuid.UUID(int=7)


@pytest.fixture
def noa(cast: Cast) -> Program:
    return program(cast.noa)


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == status
    assert problem["type"].endswith(f"/api/v1/docs/#problem-{code}")
    return problem


@pytest.mark.parametrize(
    "address",
    [
        "nowhere/",
        "projects",
        "/api/",
        "/api/v2/me/",
        f"projects/{NOBODY}/",
        f"projects/{str(NOBODY).upper()}X/",
        "projects/1/",
        "projects/%00/",
        "projects/%ff%fe/",
        "projects/" + "9" * 3000 + "/",
        f"milestones/{NOBODY}/",
        f"attachments/{NOBODY}/file/",
    ],
)
def test_what_is_not_there(noa: Program, address: str) -> None:
    is_problem(noa.get(address), 404, "not_found")


def test_an_unknown_address_takes_no_post_either(noa: Program) -> None:
    is_problem(noa.post("nowhere/", b"{not even json"), 404, "not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=many", "page_size"),
        ("page_size=%00", "page_size"),
        ("page_size=٣", "page_size"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "a" * 4000, "cursor"),
    ],
)
def test_pages_that_do_not_exist(noa: Program, query: str, field: str) -> None:
    problem = is_problem(noa.get(f"projects/?{query}"), 400, "invalid")
    assert set(problem["errors"]) == {field}


@pytest.mark.parametrize("query", [f"page_size={2**63}", f"limit={2**63}", "page_size=" + "9" * 19])
def test_huge_numbers_are_only_numbers(noa: Program, query: str) -> None:
    assert noa.get(f"projects/?{query}").status_code == 200


def test_a_filter_knows_its_choices(noa: Program) -> None:
    problem = is_problem(noa.get("flags/?severity=deadly"), 400, "invalid")
    assert problem["errors"]["severity"][0]["code"] == "invalid_choice"
    assert noa.get("flags/?kind=%00").status_code in {200, 400}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\x00",
        b'{"name": "\\ud800"}',
        b'{"name": NaN}',
        b'{"a": 1, "a": 2}',
        b"[" * 50_000,
        b'"\xff"',
    ],
    ids=lambda body: body[:16].decode("latin-1"),
)
def test_what_cannot_be_read(noa: Program, body: bytes) -> None:
    answer = noa.post("projects/", body)
    if body:
        is_problem(answer, 400, "malformed")
    else:
        assert is_problem(answer, 400, "invalid")["errors"]["name"][0]["code"] == "required"


def test_too_much_at_once(noa: Program) -> None:
    is_problem(noa.post("projects/", b'"' + b"x" * 1_100_000 + b'"'), 413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "nonsense", "image/png"])
def test_other_kinds_of_content(noa: Program, kind: str) -> None:
    answer = noa.client.post(
        f"{API}projects/", "a=b", content_type=kind, headers={"Authorization": f"Bearer {noa.secret}"}
    )
    is_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["put", "options", "trace", "delete"])
def test_methods_that_are_not_known_here(noa: Program, method: str) -> None:
    headers = {"Authorization": f"Bearer {noa.secret}"}
    is_problem(getattr(noa.client, method)(f"{API}projects/", headers=headers), 405, "method_not_allowed")


def test_nobody_reads_json_as_a_picture(noa: Program) -> None:
    is_problem(noa.get("me/", Accept="image/png"), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "a\x00b", "null_characters_not_allowed"),
        ("name", "", "blank"),
        ("name", None, "null"),
        ("name", "x" * 201, "max_length"),
        ("kind", "castle", "invalid_choice"),
        ("my_role", "engineer", "invalid_choice"),
        ("contract_total", "0.00", "min_value"),
        ("contract_total", "1e9", "not_money"),
        ("contract_total", 10**15, "not_money"),
        ("deposit", "1000.01", "above_the_total"),
        ("retention_percent", "20.01", "max_value"),
        ("vat_rate", "101", "max_value"),
        ("starts_on", "soon", "invalid"),
        ("starts_on", "9999-12-31", "date_out_of_range"),
        ("currency", "shekel", "invalid"),
        ("milestones", {"title": "one"}, "not_a_list"),
        ("milestones", [{"title": "x", "value": "1", "amount": "1"}] * 101, "max_length"),
        ("policy", [], "not_a_dict"),
        ("template", "castle", "invalid_choice"),
        ("surprise", 1, "unknown_field"),
        ("defects", [], "unknown_field"),
    ],
)
def test_terms_that_make_no_sense(noa: Program, field: str, value: Any, code: str) -> None:
    terms = {
        "my_role": "homeowner",
        "name": "House",
        "kind": "house_build",
        "contract_total": "1000.00",
        "starts_on": "2026-11-22",
    }
    problem = is_problem(noa.post("projects/", terms | {field: value}), 400, "invalid")
    assert [error["code"] for error in problem["errors"][field]] == [code]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"signers": ["contractor"]}, "signers.0", "invalid_choice"),
        ({"signers": "homeowner"}, "signers", "not_a_list"),
        ({"criteria": [""]}, "criteria.0", "blank"),
        ({"criteria": [["nested"]]}, "criteria.0", "invalid"),
        ({"value": "-1"}, "value", "min_value"),
        ({"amount": None}, "amount", "null"),
        ({"planned_end": "2026-01-01"}, "planned_end", "ends_before_it_starts"),
        ({"defects_open": 0}, "defects_open", "unknown_field"),
    ],
)
def test_milestones_that_make_no_sense(
    cast: Cast, noa: Program, changes: dict[str, Any], path: str, code: str
) -> None:
    body = {"title": "More", "value": "1", "amount": "1", "planned_start": "2026-02-01"} | changes
    problem = is_problem(noa.post(f"projects/{draft(cast).id}/milestones/", body), 400, "invalid")
    assert [error["code"] for error in problem["errors"][path]] == [code]


@pytest.mark.parametrize(
    "body",
    [
        {"line": "nowhere", "amount": "1.00", "paid_on": "2026-11-22"},
        {"line": str(NOBODY), "amount": "1.00", "paid_on": "2026-11-22"},
        {"line": "deposit", "amount": "-1.00", "paid_on": "2026-11-22"},
        {"line": "deposit", "amount": "1.00", "paid_on": "2100-12-31"},
        {"line": "deposit", "amount": "1.00", "paid_on": "2026-11-22", "method": "gold"},
        {"line": ["deposit"], "amount": "1.00", "paid_on": "2026-11-22"},
        {"line": "\x00", "amount": "1.00", "paid_on": "2026-11-22"},
        {"line": "x" * 65, "amount": "1.00", "paid_on": "2026-11-22"},
        {"withheld": "1.00", "line": "deposit", "amount": "1.00", "paid_on": "2026-11-22"},
    ],
    ids=repr,
)
def test_money_that_makes_no_sense(cast: Cast, noa: Program, body: dict[str, Any]) -> None:
    project = active(cast)
    for address in ("release/", "payments/"):
        answer = noa.post(f"projects/{project.id}/{address}", body)
        assert answer.status_code == 400, answer.content
        assert answer.json()["errors"]


def test_sentences_come_in_the_language_asked_for(cast: Cast, noa: Program) -> None:
    address = f"milestones/{stage(active(cast), 1).id}/sign-off/"
    english = is_problem(noa.post(address, {"version": 1}), 409, "milestone_not_submitted")
    assert english["detail"].startswith("There is nothing to sign here yet")
    answer = noa.post(address, {"version": 1}, Accept_Language="he")
    assert answer.headers["Content-Language"] == "he"


def test_who_sends_no_proof_of_who_they_are(cast: Cast, noa: Program) -> None:
    for secret in ("", "plumb_guess", "x" * 5000, "é"):
        answer = noa.get("me/", Authorization=f"Bearer {secret}")
        is_problem(answer, 401, "bad_token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for nothing in ("Basic abc", "plumb_guess", ""):
        is_problem(noa.get("me/", Authorization=nothing), 401, "not_authenticated")


def test_a_browser_needs_its_csrf_token(cast: Cast) -> None:
    browser = signed_in(cast.noa)
    assert browser.get(f"{API}me/").status_code == 200
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(f"{API}projects/", "{}", content_type="application/json")
    is_problem(answer, 403, "csrf_failed")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("the database is away"), 503, "unavailable"),
        (psycopg2.DatabaseError("server closed the connection unexpectedly"), 503, "unavailable"),
        (DataError("out of range"), 400, "invalid"),
        (Throttled(wait=11.4), 429, "throttled"),
    ],
)
def test_what_lies_below_is_a_problem_too(error: Exception, status: int, code: str) -> None:
    response = answer_problem(error, {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)
    assert ("Retry-After" in response.headers) == (status != 400)
    if isinstance(error, Throttled):
        assert response.headers["Retry-After"] == "12"


def test_a_mistake_of_ours_stays_a_mistake() -> None:
    assert answer_problem(RuntimeError("a bug"), {}) is None
