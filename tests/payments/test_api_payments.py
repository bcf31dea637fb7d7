"""What happens to recorded money, over HTTP: confirmed, taken back, set off."""

from typing import Any

import pytest

from projects.models import Project
from tests.cast import TODAY, Cast, active, stage
from tests.programs import Program, program


@pytest.fixture
def house(cast: Cast) -> Project:
    return active(cast)


@pytest.fixture
def noa(cast: Cast) -> Program:
    return program(cast.noa)


@pytest.fixture
def alon(cast: Cast) -> Program:
    return program(cast.alon)


def recorded(by: Program, house: Project, amount: str = "500.00", **more: Any) -> dict[str, Any]:
    body = {"amount": amount, "paid_on": TODAY(), "method": "cash"} | more
    answer = by.post(f"projects/{house.id}/payments/", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_record_without_a_line_fills_what_is_payable(house: Project, noa: Program) -> None:
    payment = recorded(noa, house, "100500.00")
    assert payment["allocations"] == [{"line": "deposit", "amount": "100000.00"}]
    assert (payment["early"], payment["left"]) == ("500.00", "100500.00")
    assert noa.get(f"projects/{house.id}/schedule/").json()["unheld"] == "500.00"


def test_the_contractor_confirms_receipt_today_unless_they_say_otherwise(
    house: Project, noa: Program, alon: Program
) -> None:
    payment = recorded(noa, house)
    assert not payment["confirmed"]
    assert code(noa.post(f"payments/{payment['id']}/confirm/")) == (403, "not_your_role")
    confirmed = alon.post(f"payments/{payment['id']}/confirm/", {"receipt_number": "118"}).json()
    assert (confirmed["received_on"], confirmed["receipt_number"]) == (TODAY().isoformat(), "118")
    assert code(alon.post(f"payments/{payment['id']}/confirm/")) == (409, "confirmed_already")


def test_what_the_contractor_recorded_is_confirmed(house: Project, alon: Program) -> None:
    assert recorded(alon, house)["confirmed"]


def test_a_wrong_record_is_taken_back_whole(house: Project, noa: Program) -> None:
    payment = recorded(noa, house)
    taken = noa.post(f"payments/{payment['id']}/reverse/", {"reason": "Written twice."}).json()
    assert (taken["reversed"], taken["left"], taken["allocations"]) == ("500.00", "0.00", [])
    (reversal,) = taken["reversals"]
    assert (reversal["state"], reversal["why"]) == ("in_force", "wrong_record")
    assert noa.get(f"projects/{house.id}/exposure/").json()["paid"] == "0.00"


def test_only_a_part_is_taken_back_and_never_more_than_is_left(house: Project, noa: Program) -> None:
    payment = recorded(noa, house)
    address = f"payments/{payment['id']}/reverse/"
    part = noa.post(address, {"amount": "200.00", "why": "money_back"}).json()
    assert (part["left"], part["reversals"][0]["why"]) == ("300.00", "money_back")
    answer = noa.post(address, {"amount": "300.01"})
    assert code(answer) == (409, "more_than_left")
    assert answer.json()["left"] == "300.00"


def test_confirmed_money_comes_back_with_consent(house: Project, noa: Program, alon: Program) -> None:
    payment = recorded(noa, house)
    alon.post(f"payments/{payment['id']}/confirm/")
    waiting = noa.post(f"payments/{payment['id']}/reverse/").json()
    (reversal,) = waiting["reversals"]
    assert (reversal["state"], waiting["left"]) == ("waiting", "500.00")
    assert code(noa.post(f"payments/{payment['id']}/reverse/")) == (409, "reversal_waits")
    consent = f"reversals/{reversal['id']}/consent/"
    assert code(noa.post(consent)) == (403, "not_yours_to_consent")
    done = alon.post(consent).json()
    assert (done["reversals"][0]["state"], done["left"]) == ("in_force", "0.00")
    assert code(alon.post(consent)) == (409, "answered_already")


def test_the_other_side_may_decline(house: Project, noa: Program, alon: Program) -> None:
    payment = recorded(alon, house)
    (reversal,) = alon.post(f"payments/{payment['id']}/reverse/").json()["reversals"]
    declined = noa.post(f"reversals/{reversal['id']}/decline/").json()
    assert (declined["reversals"][0]["state"], declined["left"]) == ("declined", "500.00")


def test_a_payment_of_the_other_side_is_not_yours_to_take_back(
    house: Project, noa: Program, alon: Program
) -> None:
    payment = recorded(noa, house)
    assert code(alon.post(f"payments/{payment['id']}/reverse/")) == (403, "not_your_payment")


def test_a_dispute_shows_in_the_payment_and_apart_in_the_figures(
    house: Project, noa: Program, alon: Program
) -> None:
    payment = recorded(noa, house)
    assert (payment["disputed"], payment["disputes"]) == (False, [])
    address = f"payments/{payment['id']}/dispute/"
    assert code(alon.post(address)) == (400, "invalid")
    assert code(alon.post(address, {"reason": " "})) == (400, "dispute_without_reason")
    disputed = alon.post(address, {"reason": "It never arrived."}).json()
    (dispute,) = disputed["disputes"]
    assert (disputed["disputed"], disputed["left"], disputed["confirmed"]) == (True, "500.00", False)
    told = {name: dispute[name] for name in ("by_role", "reason", "state")}
    assert told == {"by_role": "contractor", "reason": "It never arrived.", "state": "open"}
    assert code(noa.post(address, {"reason": "It did."})) == (409, "disputed_already")
    figures = noa.get(f"projects/{house.id}/exposure/").json()
    assert (figures["paid"], figures["disputed"]) == ("500.00", "500.00")
    withdraw = f"disputes/{dispute['id']}/withdraw/"
    assert code(noa.post(withdraw)) == (403, "not_your_dispute")
    withdrawn = alon.post(withdraw).json()
    assert (withdrawn["disputed"], withdrawn["disputes"][0]["state"]) == (False, "withdrawn")
    assert code(alon.post(withdraw)) == (409, "dispute_is_over")
    assert noa.get(f"projects/{house.id}/exposure/").json()["disputed"] == "0.00"


def test_early_money_is_set_off_against_a_line_with_room(
    cast: Cast, house: Project, noa: Program, alon: Program
) -> None:
    payment = recorded(noa, house, "100500.00")
    line, address = str(stage(house, 1).id), f"payments/{payment['id']}/allocate/"
    assert code(alon.post(address, {"line": line, "amount": "1.00"})) == (403, "not_your_role")
    answer = noa.post(address, {"line": line, "amount": "500.01"})
    assert (code(answer), answer.json()["early"]) == ((409, "more_than_early"), "500.00")
    moved = noa.post(address, {"line": line.upper(), "amount": "500.00"}).json()
    assert {"line": line, "amount": "500.00"} in moved["allocations"]
    assert code(noa.post(address, {"line": line, "amount": "0.01"})) == (409, "nothing_to_move")


def test_release_is_refused_while_money_counts_against_no_line(house: Project, noa: Program) -> None:
    recorded(noa, house, "100500.00")
    recorded(noa, house, "1.00", line=None)
    body = {"line": "deposit", "amount": "1.00", "paid_on": TODAY()}
    answer = noa.post(f"projects/{house.id}/release/", body)
    assert code(answer) == (409, "set_off_first")
    assert answer.json()["unheld"] == "501.00"


def test_a_stranger_sees_no_payment(cast: Cast, house: Project, noa: Program) -> None:
    payment, dana = recorded(noa, house), program(cast.dana)
    assert dana.get(f"payments/{payment['id']}/").status_code == 404
    for verb in ("confirm", "reverse", "allocate", "dispute"):
        assert dana.post(f"payments/{payment['id']}/{verb}/").status_code == 404


def test_the_history_tells_when_money_and_work_moved(house: Project, noa: Program) -> None:
    payment = recorded(noa, house)
    noa.post(f"payments/{payment['id']}/reverse/", {"amount": "100.00"})
    history = noa.get(f"projects/{house.id}/exposure/history/").json()
    assert history["steps"] == [{"on": TODAY().isoformat(), "paid": "400.00", "earned": "0.00"}]
    assert history["plan"] == []
