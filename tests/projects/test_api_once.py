"""Idempotency-Key: one effect and one answer, whatever happens on the way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from payments.models import Payment
from projects.models import Attachment, Once, Project
from tests.cast import TODAY, Cast, active, draft, stage, submitted
from tests.programs import Program, picture, program

KEY = {"Idempotency_Key": "6f1c-once"}


@pytest.fixture
def noa(cast: Cast) -> Program:
    return program(cast.noa)


def record(by: Program, project: Project, amount: str = "500.00", **headers: str) -> Any:
    body = {"amount": amount, "paid_on": TODAY(), "method": "cash"}
    return by.post(f"projects/{project.id}/payments/", body, **headers)


def test_the_same_request_has_one_effect_and_the_same_answer(cast: Cast, noa: Program) -> None:
    project = active(cast)
    first, second = (record(noa, project, **KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == 1


def test_twins_at_once_have_one_effect(cast: Cast, noa: Program) -> None:
    project, start = active(cast), Barrier(4)

    def twin(_: int) -> Any:
        try:
            start.wait(10)
            return record(Program(cast.noa, noa.secret), project, **KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(twin, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3
    assert Payment.objects.count() == 1


def test_without_a_key_two_requests_are_two(cast: Cast, noa: Program) -> None:
    project = active(cast)
    record(noa, project)
    record(noa, project)
    assert Payment.objects.count() == 2


def test_another_body_under_the_key_is_refused(cast: Cast, noa: Program) -> None:
    project = active(cast)
    record(noa, project, **KEY)
    answer = record(noa, project, "500.01", **KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Payment.objects.count() == 1


def test_the_order_of_names_is_not_another_body(cast: Cast, noa: Program) -> None:
    project = active(cast)
    record(noa, project, **KEY)
    body = {"method": "cash", "paid_on": TODAY(), "amount": "500.00"}
    assert noa.post(f"projects/{project.id}/payments/", body, **KEY).headers["Idempotency-Replayed"]


def test_another_address_under_the_key_is_refused(cast: Cast, noa: Program) -> None:
    record(noa, active(cast), **KEY)
    assert record(noa, active(cast), **KEY).status_code == 422


def test_keys_are_each_persons_own(cast: Cast, noa: Program) -> None:
    project = active(cast)
    assert record(noa, project, **KEY).status_code == 201
    assert "Idempotency-Replayed" not in record(program(cast.alon), project, **KEY).headers
    assert Payment.objects.count() == 2


def test_a_refusal_is_judged_afresh(cast: Cast, noa: Program) -> None:
    """The milestone is not submitted yet; once it is, the same request is done."""
    project = active(cast)
    address, body = f"milestones/{stage(project, 1).id}/sign-off/", {"version": 3}
    answer = noa.post(address, body, **KEY)
    assert answer.json()["code"] == "milestone_not_submitted"
    assert not Once.objects.exists()
    assert submitted(cast, stage(project, 1)).version == 3
    answer = noa.post(address, body, **KEY)
    assert answer.status_code == 200
    assert "Idempotency-Replayed" not in answer.headers


def test_what_is_not_understood_keeps_no_key(cast: Cast, noa: Program) -> None:
    project = active(cast)
    assert record(noa, project, "plenty", **KEY).status_code == 400
    assert record(noa, project, **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "שלום", "a\tb"])
def test_a_key_has_a_form(cast: Cast, noa: Program, key: str) -> None:
    answer = record(noa, active(cast), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_key")


def test_an_upload_is_the_same_by_its_bytes(cast: Cast, noa: Program) -> None:
    project = draft(cast)
    first, again = (noa.upload(str(project.id), picture(), **KEY) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert noa.upload(str(project.id), picture("navy"), **KEY).status_code == 422
    assert Attachment.objects.count() == 1


def test_an_answer_is_kept_for_a_day(cast: Cast, noa: Program, connect: Callable[..., Any]) -> None:
    project = active(cast)
    record(noa, project, **KEY)
    with connect("superuser") as superuser:
        superuser.cursor().execute("UPDATE projects_once SET created_at = created_at - interval '24 hours'")
    assert record(noa, project, **KEY).headers["Idempotency-Replayed"] == "true"
