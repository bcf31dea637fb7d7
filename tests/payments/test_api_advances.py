"""Advances over HTTP: asked, opened, thought over, approved on terms, paid; and what paying would do."""

from typing import Any

import pytest

from projects.models import Project
from tests.asking import advanced, asked, at, opened
from tests.cast import TODAY, Cast, active, signed_off, stage
from tests.programs import Program, program


@pytest.fixture
def house(cast: Cast) -> Project:
    with at(20):
        return active(cast)


@pytest.fixture
def noa(cast: Cast) -> Program:
    return program(cast.noa)


@pytest.fixture
def alon(cast: Cast) -> Program:
    return program(cast.alon)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_request_and_what_it_would_do(cast: Cast, house: Project, noa: Program, alon: Program) -> None:
    body = {
        "milestone": str(stage(house, 3).id),
        "amount": "60000.00",
        "reason": "Tiles",
        "catch_up_on": "2099-01-01",
    }
    address = f"projects/{house.id}/advances/"
    assert code(noa.post(address, body)) == (403, "not_your_role")
    answer = alon.post(address, body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    told = {
        name: made[name] for name in ("state", "exposure_now", "exposure_after", "level_after", "version")
    }
    assert told == {
        "state": "asked",
        "exposure_now": "0.00",
        "exposure_after": "60000.00",
        "level_after": "critical",
        "version": 1,
    }
    assert (made["decide_after"], made["payment"], made["openings"]) == (None, None, [])
    assert code(alon.post(address, body)) == (409, "advance_open")
    assert noa.get(address).json()["results"] == [noa.get(f"advances/{made['id']}/").json()]


def test_the_promise_of_a_paid_one_is_told(cast: Cast, noa: Program) -> None:
    with at(0):
        project = active(cast)
    payment = advanced(cast, project, stage(project, 3), day=1)
    address = f"advances/{payment.advance_id}/"
    assert noa.get(address).json()["promise"] == "broken", "it was to catch up on day 15"
    with at(15):
        signed_off(cast, stage(project, 3))
    assert noa.get(address).json()["promise"] == "kept"


def test_the_time_to_think_is_told_to_programs(cast: Cast, house: Project, noa: Program) -> None:
    advance = asked(cast, stage(house, 3))
    address = f"advances/{advance.id}/"
    answer = noa.post(f"{address}approve/", {"version": 1})
    assert code(answer) == (409, "advance_unopened")
    shown = noa.post(f"{address}open/").json()
    assert len(shown["openings"]) == 1
    answer = noa.post(f"{address}approve/", {"version": 1})
    assert code(answer) == (409, "cooling_off")
    assert answer.json()["decide_after"].rstrip("Z") in shown["decide_after"]
    assert "+00:00" not in answer.json()["detail"], "a moment as people write it"
    assert noa.post(f"{address}decline/", {"reason": "No"}).json()["state"] == "declined"
    assert noa.get(address).json()["exposure_after"] is None


def test_approved_on_terms_and_paid(cast: Cast, house: Project, noa: Program) -> None:
    with at(25):
        advance = asked(cast, stage(house, 3))
        opened(advance, cast.noa)
    address = f"advances/{advance.id}/"
    terms = {"version": 1, "amount": "40000.00", "condition": "Against a guarantee."}
    approved = noa.post(f"{address}approve/", terms).json()
    assert (approved["state"], approved["version"], approved["offered"]) == ("approved", 2, "40000.00")
    assert (approved["condition"], approved["awaits"]) == ("Against a guarantee.", [])
    assert code(noa.post(f"{address}approve/", {"version": 1})) == (409, "changed_since_read")
    money = {"amount": "40000.01", "paid_on": TODAY(), "method": "cash"}
    refused = noa.post(f"{address}pay/", money)
    assert code(refused) == (409, "more_than_approved")
    assert refused.json()["approved"] == "40000.00"
    paid = noa.post(f"{address}pay/", money | {"amount": "40000.00"}).json()
    assert paid["state"] == "paid"
    payment = noa.get(f"payments/{paid['payment']}/").json()
    assert (payment["kind"], payment["early"], payment["advance"]) == ("advance", "40000.00", str(advance.id))
    signed_off(cast, stage(house, 3))
    assert noa.get(address).json()["state"] == "ended"


def test_strangers_see_none(cast: Cast, house: Project) -> None:
    advance = asked(cast, stage(house, 3))
    dana = program(cast.dana)
    assert dana.get(f"projects/{house.id}/advances/").status_code == 404
    assert dana.get(f"advances/{advance.id}/").status_code == 404
    assert dana.post(f"advances/{advance.id}/open/").status_code == 404
