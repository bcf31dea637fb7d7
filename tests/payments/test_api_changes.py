"""Change orders and moved dates over the API: the names are the contract."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from projects.models import Project
from tests.cast import TODAY, Cast, active, signed_in, signed_off, stage

JSON = "application/json"


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{address}", body, content_type=JSON)


def test_a_change_from_proposal_to_force(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    frame = stage(project, 2)
    told = {"title": "No beam", "reason": "It holds", "milestone": str(frame.id), "amount": "-50000.00"}
    made = post(alon, f"projects/{project.id}/changes/", **told, version=frame.version)
    assert made.status_code == 201
    change = made.json()
    assert change | told == change
    assert (change["state"], change["version"], change["value"]) == ("proposed", 1, "-50000.00")
    assert (change["days"], change["signatures"], change["by_role"]) == (0, [], "contractor")

    address = f"changes/{change['id']}/"
    signed = post(alon, f"{address}sign/", version=1).json()
    assert [s["name"] for s in signed["signatures"]] == ["Alon Example"]
    assert post(noa, f"{address}sign/", version=9).json()["code"] == "changed_since_read"
    assert post(noa, f"{address}sign/", version=1).json()["state"] == "in_force"
    assert noa.get(f"/api/v1/projects/{project.id}/").json()["contract_total"] == "950000.00"
    assert noa.get(f"/api/v1/milestones/{frame.id}/").json()["amount"] == "250000.00"
    listed = noa.get(f"/api/v1/projects/{project.id}/changes/").json()["results"]
    assert [(row["id"], row["state"], row["version"]) for row in listed] == [(change["id"], "in_force", 1)]
    assert post(noa, f"{address}decline/").json()["code"] == "change_has_ended"


def test_a_milestone_is_added_and_another_declined(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    told = {"title": "Pergola", "amount": "80000.00", "criteria": ["It stands"], "signers": ["homeowner"]}
    change = post(noa, f"projects/{project.id}/changes/", **told).json()
    assert (change["kind"], change["milestone"]) == ("add_milestone", None)
    for client in (noa, alon):
        change = post(client, f"changes/{change['id']}/sign/", version=change["version"]).json()
    added = noa.get(f"/api/v1/milestones/{change['milestone']}/").json()
    assert (added["position"], added["title"], added["value"]) == (4, "Pergola", "80000.00")
    other = post(alon, f"projects/{project.id}/changes/", **told).json()
    assert other["version"] == 2
    assert post(noa, f"changes/{other['id']}/decline/", reason="No").json()["state"] == "declined"


def test_a_defect_is_settled_by_a_deduction(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    third = signed_off(cast, stage(project, 3))
    defect = post(noa, f"milestones/{third.id}/defects/", title="A scratch").json()
    told = {"title": "A scratch", "defect": defect["id"], "amount": "-500.00"}
    address = f"projects/{project.id}/changes/"
    assert post(noa, address, **told | {"amount": "500.00"}).json()["code"] == "no_deduction"
    elsewhere = post(noa, address, **told, milestone=str(stage(project, 1).id))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "unknown_defect")
    change = post(noa, address, **told).json()
    assert (change["kind"], change["milestone"]) == ("settle_defect", str(third.id))
    assert change | told == change
    for client in (noa, alon):
        change = post(client, f"changes/{change['id']}/sign/", version=change["version"]).json()
    assert change["state"] == "in_force"
    after = noa.get(f"/api/v1/milestones/{third.id}/").json()
    assert (after["state"], after["amount"], after["defects_open"]) == ("signed_off", "199500.00", 0)
    (shown,) = noa.get(f"/api/v1/milestones/{third.id}/defects/").json()["results"]
    assert (shown["state"], [e["kind"] for e in shown["events"]]) == ("settled", ["settled"])
    assert post(noa, f"defects/{defect['id']}/verify/").json()["code"] == "defect_is_settled"


def test_what_a_proposal_may_not_say(cast: Cast, project: Project) -> None:
    noa = signed_in(cast.noa)
    frame = str(stage(project, 2).id)
    address = f"projects/{project.id}/changes/"
    unread = post(noa, address, title="x", amount="1.00", milestone=frame, version=7)
    assert (unread.status_code, unread.json()["code"]) == (409, "changed_since_read")
    differs = post(noa, address, title="x", amount="1.00", value="2.00", milestone=frame)
    assert differs.json()["errors"]["value"][0]["code"] == "value_differs"
    below = post(noa, address, title="x", amount="-300000.01", milestone=frame)
    assert (below.status_code, below.json()["code"]) == (409, "below_zero")
    assert post(noa, address, title="x", amount="1.00", days=99999, milestone=frame).status_code == 400


def test_a_date_is_moved(cast: Cast, project: Project) -> None:
    alon, noa = signed_in(cast.alon), signed_in(cast.noa)
    address = f"milestones/{stage(project, 2).id}/reschedule/"
    end = (TODAY() + timedelta(days=9)).isoformat()
    assert post(alon, address, agreed_end=end).json()["code"] == "reason_for_date"
    moved = post(alon, address, agreed_end=end, reason="The windows come later")
    assert moved.status_code == 200
    assert moved.json()["agreed_end"] == end
    assert post(noa, address, agreed_end=end, reason="x").json()["code"] == "not_your_role"
