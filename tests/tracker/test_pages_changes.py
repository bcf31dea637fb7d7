"""The pages of changed terms and moved dates, in the browser of both sides."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from milestones.actions import approve_milestone
from milestones.models import Defect, Reschedule
from payments.actions import decline_change, propose_change
from payments.models import ChangeOrder
from projects.models import Project
from tests.cast import TODAY, Cast, acting, active, signed_in, signed_off, stage, submitted


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def send(client: Client, address: str, **says: Any) -> Any:
    return client.post(address, {"once": str(uuid4())} | says, follow=True)


def test_a_deduction_is_proposed_read_and_signed_by_both(cast: Cast, project: Project) -> None:
    alon, noa = signed_in(cast.alon), signed_in(cast.noa)
    page = alon.get(f"/projects/{project.id}/changes/propose/?milestone={stage(project, 2).id}")
    assert b"selected" in page.content
    says = {"milestone": stage(project, 2).id, "title": "No beam", "way": "deduct", "amount": "50,000"}
    shown = send(alon, f"/projects/{project.id}/changes/propose/", **says)
    text = shown.content.decode()
    order = ChangeOrder.objects.get()
    assert (order.amount, order.days) == (Decimal(-50_000), 0)
    for figure in ("\u2212₪50,000", "₪1,000,000", "₪950,000", "₪350,000", "₪300,000", "\u22125%"):
        assert figure in text, figure
    assert (
        "A change of the contract waits for your signature"
        in noa.get(f"/projects/{project.id}/").content.decode()
    )
    for client in (alon, noa):
        page = client.get(f"/changes/{order.id}/sign/")
        assert page.status_code == 200
        done = send(client, f"/changes/{order.id}/sign/", version=1)
    assert "In force. The contract total became" in done.content.decode()
    assert Project.objects.get(pk=project.pk).contract_total == Decimal(950_000)
    listed = noa.get(f"/projects/{project.id}/changes/").content.decode()
    assert "No beam" in listed
    assert "\u22125%" in listed
    journal = noa.get(f"/projects/{project.id}/journal/").content.decode()
    assert "Signed the change" in journal


def test_a_milestone_is_proposed_and_declined(cast: Cast, project: Project) -> None:
    alon, noa = signed_in(cast.alon), signed_in(cast.noa)
    says = {"title": "Pergola", "amount": "80,000", "criteria": "It stands", "signers": ["homeowner"]}
    wrong = send(alon, f"/projects/{project.id}/changes/add/", **says | {"criteria": ""})
    assert wrong.status_code == 422
    shown = send(alon, f"/projects/{project.id}/changes/add/", **says)
    assert "It stands" in shown.content.decode()
    order = ChangeOrder.objects.get()
    done = send(noa, f"/changes/{order.id}/decline/", reason="Not this year")
    assert "Not this year" in done.content.decode()
    assert noa.get(f"/changes/{order.id}/sign/").status_code == 302


def test_a_defect_is_settled_from_its_own_row(cast: Cast, project: Project) -> None:
    alon, noa = signed_in(cast.alon), signed_in(cast.noa)
    milestone = submitted(cast, stage(project, 3))
    minor = [{"title": "A scratch", "withheld": Decimal(9_000)}]
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version, minor_defects=minor)
    defect = Defect.objects.get()
    address = f"/defects/{defect.id}/settle/"
    for client in (alon, noa):
        assert address in client.get(f"/milestones/{milestone.id}/").content.decode()
    assert address not in signed_in(cast.michal).get(f"/milestones/{milestone.id}/").content.decode()
    page = noa.get(address).content.decode()
    assert "₪9,000" in page
    assert send(noa, address, amount="0").status_code == 422
    shown = send(noa, address, amount="4,000", reason="We keep it").content.decode()
    order = ChangeOrder.objects.get()
    assert (order.title, order.amount, order.reason) == ("A scratch", Decimal(-4_000), "We keep it")
    for words in ("A defect settled by a deduction", "Defect 1", "₪9,000", "₪246,000", "₪996,000"):
        assert words in shown, words
    rows = [f"/milestones/{milestone.id}/", f"/projects/{project.id}/defects/", address]
    waits = f'<a href="/changes/{order.id}/">A deduction of <bdi class="money" dir="ltr">₪4,000</bdi>'
    for row in rows:
        assert waits in alon.get(row).content.decode(), row
    for client in (alon, noa):
        done = send(client, f"/changes/{order.id}/sign/", version=1)
    assert waits not in noa.get(rows[0]).content.decode()
    assert "In force" in done.content.decode()
    listed = noa.get(f"/projects/{project.id}/defects/").content.decode()
    assert "Nothing is open." in listed
    assert "Settled by a deduction" in listed
    assert address not in listed
    assert noa.get(address).status_code == 302
    assert noa.get(f"/defects/{defect.id}/reopen/").status_code == 302
    assert noa.get(f"/projects/{project.id}/payments/").status_code == 200


def test_a_declined_deduction_waits_no_more(cast: Cast, project: Project) -> None:
    milestone = submitted(cast, stage(project, 3))
    minor = [{"title": "A scratch", "withheld": Decimal(9_000)}]
    approve_milestone(acting(cast.noa), milestone.id, version=milestone.version, minor_defects=minor)
    defect, noa = Defect.objects.get(), signed_in(cast.noa, "he")
    first, second = (
        propose_change(acting(cast.alon), project.id, title="Keep it", defect=defect.id, amount=Decimal(-sum))
        for sum in (500, 700)
    )
    listed = f"/projects/{project.id}/defects/"
    assert f"/changes/{second.id}/" in noa.get(listed).content.decode(), "the newest of two"
    decline_change(acting(cast.noa), second.id)
    page = noa.get(listed).content.decode()
    assert f"/changes/{first.id}/" in page
    assert "במקום התיקון מחכה לחתימות" in page
    decline_change(acting(cast.noa), first.id)
    assert "/changes/" not in noa.get(listed).content.decode().split("<main")[1]


def test_why_it_cannot_be_signed_is_said(cast: Cast, project: Project) -> None:
    told: dict[str, Any] = {"title": "Less", "milestone": stage(project, 2).id}
    first, second = (
        propose_change(acting(cast.alon), project.id, amount=Decimal(-200_000), **told) for _ in range(2)
    )
    noa = signed_in(cast.noa)
    for client in (signed_in(cast.alon), noa):
        send(client, f"/changes/{first.id}/sign/", version=1)
    page = noa.get(f"/changes/{second.id}/").content.decode()
    assert "At most \u2066₪100,000\u2069 can be deducted" in page
    assert "Sign the change" not in page


def test_nothing_is_offered_where_nothing_can_be_changed(cast: Cast, project: Project) -> None:
    for position in (1, 2, 3):
        signed_off(cast, stage(project, position))
    page = signed_in(cast.noa).get(f"/projects/{project.id}/changes/propose/").content.decode()
    assert "No milestone can be changed now" in page


def test_a_date_is_previewed_and_sent(cast: Cast, project: Project) -> None:
    alon = signed_in(cast.alon)
    frame = stage(project, 2)
    address = f"/milestones/{frame.id}/reschedule/"
    assert "No date was agreed yet" in alon.get(address).content.decode()
    end = TODAY() + timedelta(days=9)
    says = {"cause": "weather", "agreed_end": end.strftime("%d/%m/%Y"), "reason": "Rain"}
    seen = send(alon, address, **says, do="see").content.decode()
    assert "This is what the homeowners will get" in seen
    assert "What happened: The weather." in seen
    assert not Reschedule.objects.exists()
    done = send(alon, address, **says, do="send").content.decode()
    assert "Announced in time" in done
    assert stage(project, 2).agreed_end == end
    again = alon.get(address).content.decode()
    assert "9 days left. This is the time to say" in again
    late = send(alon, address, **says, do="send")
    assert late.status_code == 400
    assert "This is the date that stands already" in late.content.decode()
