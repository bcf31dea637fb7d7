"""Idempotency-Key: one effect and one answer, whatever happens on the way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from payments.models import Payment
from projects.actions import end_part, invite_party
from projects.models import ApiToken, Attachment, Once, Party, Project
from tests.cast import TODAY, Cast, acting, active, draft, join, stage, submitted
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


def test_a_change_and_a_removal_take_a_key_too(cast: Cast, noa: Program) -> None:
    """Without one, a repeated change is refused as out of date, and a repeated removal finds nothing."""
    project = draft(cast)
    address, body = f"projects/{project.id}/", {"version": project.version, "name": "Our house"}
    first, again = (noa.patch(address, body, **KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert noa.patch(address, body).json()["code"] == "changed_since_read"
    invited = invite_party(acting(cast.noa), project.id, email=cast.uri.email, role="homeowner")
    removals = [noa.delete(f"parties/{invited.id}/", Idempotency_Key="other") for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in removals] == [(204, b"")] * 2


def test_a_key_of_one_method_is_not_one_of_another(cast: Cast, noa: Program) -> None:
    invited = invite_party(acting(cast.noa), draft(cast).id, email=cast.uri.email, role="engineer")
    assert noa.delete(f"parties/{invited.id}/", **KEY).status_code == 204
    assert noa.post(f"parties/{invited.id}/confirm/", **KEY).json()["code"] == "idempotency_key_reused"


def test_a_reader_whose_part_has_ended_gets_no_kept_answer(cast: Cast, noa: Program) -> None:
    """The answer holds what they may not see any more; to them the project is not there."""
    project = active(cast)
    alon = program(cast.alon)
    join(cast.noa, project, cast.uri, "homeowner")
    uri = program(cast.uri)
    assert record(uri, project, **KEY).status_code == 201
    end_part(acting(cast.noa), Party.objects.get(project=project, user=cast.uri).id)
    assert record(uri, project, **KEY).status_code == 404
    assert record(alon, project, **KEY).status_code == 201


def test_a_token_that_was_revoked_gets_no_kept_answer(cast: Cast, noa: Program) -> None:
    project = active(cast)
    assert record(noa, project, **KEY).status_code == 201
    ApiToken.objects.filter(user=cast.noa).update(revoked_at=timezone.now())
    assert record(noa, project, **KEY).status_code == 401


def test_another_token_of_the_same_person_gets_the_kept_answer(cast: Cast, noa: Program) -> None:
    """As when a program got a new token between two tries; but only within the new token's scopes."""
    project = active(cast)
    first = record(noa, project, **KEY)
    assert record(program(cast.noa), project, **KEY).json() == first.json()
    assert record(program(cast.noa, "read"), project, **KEY).json()["code"] == "missing_scope"


def test_a_twin_that_still_runs_is_waited_for_and_then_named(
    cast: Cast, noa: Program, connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.kernel.LOCK_WAIT", "200ms")
    project, twin = active(cast), connect()
    twin.cursor().execute(
        "INSERT INTO projects_once (user_id, key, fingerprint, status, created_at)"
        " VALUES (%s, %s, '', 0, now())",
        [str(cast.noa.id), KEY["Idempotency_Key"]],
    )
    told = record(noa, project, **KEY)
    assert (told.status_code, told.json()["code"], told["Retry-After"]) == (503, "still_running", "5")
    twin.rollback()
    assert record(noa, project, **KEY).status_code == 201


def test_keys_hold_for_everything_a_person_sends(cast: Cast, noa: Program) -> None:
    """Different keys are different requests, however alike their bodies are."""
    project = active(cast)
    ids = {record(noa, project, Idempotency_Key=f"k{n}").json()["id"] for n in range(3)}
    assert len(ids) == Payment.objects.count() == 3


def test_a_kept_answer_does_not_depend_on_what_came_after(cast: Cast, noa: Program) -> None:
    """The deposit that was set then would not be accepted now; the answer is that of then."""
    project = draft(cast)
    address, body = f"projects/{project.id}/", {"version": project.version, "deposit": "90000.00"}
    first = noa.patch(address, body, **KEY)
    lower = {"version": project.version + 1, "contract_total": "80000.00", "deposit": "0.00"}
    assert noa.patch(address, lower).status_code == 200
    again = noa.patch(address, body, **KEY)
    assert (again.status_code, again.json()) == (200, first.json())
    assert noa.patch(address, body).status_code == 400
