"""How a project ends, on its pages: completed and handed over; ended and settled."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from payments.actions import record_payment
from projects.models import Deed, Project
from tests.cast import TODAY, Cast, acting, active, signed_in, signed_off, stage
from tests.post import deliver, letters_about

STAGES = [
    {"title": "Posts", "value": "400.00", "amount": "400.00", "signers": ["homeowner"]},
    {"title": "Boards", "value": "600.00", "amount": "600.00", "signers": ["homeowner"]},
]


@pytest.fixture
def project(cast: Cast) -> Project:
    fence = active(cast, STAGES, contract_total=Decimal(1000), deposit=Decimal(0))
    signed_off(cast, stage(fence, 1))
    return fence


def at(name: str, project: Project) -> str:
    return reverse(name, args=[project.id])


def send(client: Client, name: str, project: Project, **said: str) -> str:
    """Send a form; what the page says that it leads to."""
    answer = client.post(at(name, project), {"once": str(uuid4())} | said)
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer["Location"]).content.decode()


def test_from_the_last_signature_to_the_handover(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    missing = noa.get(at("complete", project)).content.decode()
    assert "Boards" in missing
    assert "Posts" not in missing
    signed_off(cast, stage(project, 2))
    assert at("complete", project) in alon.get(at("project", project)).content.decode()

    assert "The project is completed." in send(alon, "complete", project)
    day = TODAY().strftime("%d/%m/%Y")
    send(alon, "handover_write", project, day=day, text="Two keys. A scratch on a post.")
    deliver()
    assert letters_about("Handover protocol to sign").keys() == {"noa", "alon"}
    page = noa.get(at("handover", project)).content.decode()
    assert "A scratch on a post." in page
    assert at("handover_sign", project) in page
    for person in (noa, alon):
        assert "A scratch on a post." in person.get(at("handover_sign", project)).content.decode()
        page = send(person, "handover_sign", project, version="1")
    assert "The defects period ends on" in page
    assert at("handover_write", project) not in page
    deliver()
    assert letters_about("signed by both sides").keys() == {"noa", "alon"}
    assert letters_about("Completed").keys() == {"noa", "alon"}


def test_a_stale_version_is_not_signed(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    signed_off(cast, stage(project, 2))
    send(alon, "complete", project)
    day = TODAY().strftime("%d/%m/%Y")
    for text in ("Two keys.", "Three keys."):
        send(alon, "handover_write", project, day=day, text=text)
    stale = noa.post(at("handover_sign", project), {"once": str(uuid4()), "version": "1"})
    assert stale.status_code == 409
    assert "This has changed since you opened it." in stale.content.decode()


def test_a_contract_ends_and_is_settled(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    money = {"amount": Decimal(100), "paid_on": TODAY(), "method": "cash"}
    record_payment(acting(cast.noa), project.id, line=str(stage(project, 2).id), **money)
    bare = noa.post(at("terminate", project), {"once": str(uuid4())})
    assert bare.status_code == 422
    page = send(noa, "terminate", project, reason="Nobody has come for three months.")
    assert "The contract has ended. Next comes the settlement." in page
    assert "more work was verified than was paid" in page
    send(alon, "closing_sum_write", project, amount="200", direction="back", text="Boards go back.")
    assert Deed.objects.get().amount == Decimal(-200)
    send(alon, "closing_sum_write", project, amount="200", direction="due", text="Half of the boards.")
    for person in (alon, noa):
        page = send(person, "closing_sum_sign", project, version="2")
    assert "Agreed by both sides." in page
    assert "Closing sum" in noa.get(at("payments", project)).content.decode()
    assert "Contract ended" in noa.get(at("project", project)).content.decode()
    assert "nded the contract before" in noa.get(at("journal", project)).content.decode()


def test_suspended_work_is_resumed(cast: Cast, project: Project) -> None:
    alon, noa = signed_in(cast.alon), signed_in(cast.noa)
    assert "Suspended" in send(alon, "suspend", project, reason="Rain")
    log = alon.post(reverse("log", args=[stage(project, 2).id]), {"once": str(uuid4()), "percent": "50"})
    assert log.status_code in {302, 409}
    page = send(noa, "resume", project, reason="It is dry")
    assert at("suspend", project) in page


def test_the_api_tells_the_same(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)

    def post(client: Client, door: str, **said: object) -> dict[str, object]:
        answer = client.post(f"/api/v1/projects/{project.id}/{door}/", said, content_type="application/json")
        assert answer.status_code in {200, 201}, answer.content
        return dict(answer.json())

    assert post(noa, "terminate", reason="Nobody comes")["state"] == "terminated"
    assert post(alon, "closing-sum", amount="-50.00", text="Too much was paid")["amount"] == "-50.00"
    assert post(alon, "closing-sum/sign", version=1)["concluded"] is False
    signed = post(noa, "closing-sum/sign", version=1)
    assert signed["concluded"] is True
    listed = noa.get(f"/api/v1/projects/{project.id}/closing-sum/").json()["results"]
    assert [deed["id"] for deed in listed] == [signed["id"]]
    account = noa.get(f"/api/v1/projects/{project.id}/settlement/").json()
    assert (account["earned"], account["paid"], account["balance"]) == ("400.00", "0.00", "400.00")
