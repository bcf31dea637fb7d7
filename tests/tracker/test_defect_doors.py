"""Inspections and defects through the API and on the pages."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from milestones.actions import fix_defect, report_defect
from milestones.models import Defect, Inspection, Milestone
from projects.form_kit import LONGEST_LINE
from projects.models import Project
from tests.cast import TODAY, Cast, acting, active, signed_in, stage, submitted
from tests.programs import picture, program
from tests.tracker.forms import form_key


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def sent(client: Client, address: str, **said: Any) -> Any:
    return client.post(address, {"once": form_key(client, address)} | said)


# --- The API


def test_a_program_inspects(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    body = {"percent": "25", "note": "Piles"}
    said = program(cast.michal).post(f"milestones/{first.id}/inspections/", body)
    assert said.status_code == 201
    assert (said.json()["role"], said.json()["percent"]) == ("engineer", "25.00")
    noa = program(cast.noa)
    read = noa.get(f"milestones/{first.id}/").json()
    assert (read["verified_percent"], read["reported_percent"], read["defects_open"]) == ("25.00", "0.00", 0)
    assert noa.get(f"projects/{project.id}/exposure/").json()["earned"] == "100000.00"


def test_a_program_follows_a_defect_to_its_repair(cast: Cast) -> None:
    project = active(cast)
    noa, alon = program(cast.noa), program(cast.alon)
    address = f"milestones/{stage(project, 1).id}/defects/"
    body = {"title": "Damp", "blocking": True, "fix_by": TODAY(), "estimated_cost": "900.00"}
    found = noa.post(address, body)
    assert found.status_code == 201, found.content
    defect = found.json()
    assert defect["estimated_cost"] == "900.00"
    assert (defect["state"], defect["withheld"], defect["number"]) == ("open", "0.00", 1)
    assert [d["id"] for d in noa.get(address).json()["results"]] == [defect["id"]]
    assert noa.get(f"milestones/{stage(project, 1).id}/").json()["defects_open"] == 1
    assert code(noa.post(f"defects/{defect['id']}/fixed/")) == (403, "not_your_role")
    fixed = alon.post(f"defects/{defect['id']}/fixed/", {"note": "Dried"})
    assert [(e["kind"], e["note"]) for e in fixed.json()["events"]] == [("fixed", "Dried")]
    assert noa.post(f"defects/{defect['id']}/reopen/").json()["state"] == "open"
    alon.post(f"defects/{defect['id']}/fixed/")
    assert noa.post(f"defects/{defect['id']}/verify/").json()["state"] == "verified"
    again = noa.post(f"defects/{defect['id']}/reopen/", {"fix_by": TODAY()}).json()
    assert (again["number"], again["reopens"], again["state"]) == (2, defect["id"], "open")
    assert code(program(cast.dana).get(address)) == (404, "not_found")


def test_a_sign_off_withholds_and_a_return_names_defects(cast: Cast) -> None:
    project = active(cast)
    third = submitted(cast, stage(project, 3))
    noa, alon = program(cast.noa), program(cast.alon)
    back = {"version": third.version, "reason": "Damp"}
    assert code(noa.post(f"milestones/{third.id}/return/", back)) == (400, "nothing_unmet")
    back |= {"defects": [{"title": "Damp wall", "blocking": True, "fix_by": TODAY()}]}
    assert noa.post(f"milestones/{third.id}/return/", back).json()["state"] == "in_progress"
    submit = {"criteria_met": [c.id for c in third.criteria.all()]}
    assert code(alon.post(f"milestones/{third.id}/submit/", submit)) == (409, "blocking_defects")
    fix_defect(acting(cast.alon), Defect.objects.get().id)
    version = alon.post(f"milestones/{third.id}/submit/", submit).json()["version"]
    minor = [{"title": "Scratch", "withheld": "190000.01", "fix_by": TODAY()}]
    approval = {"version": version, "minor_defects": minor}
    assert code(noa.post(f"milestones/{third.id}/sign-off/", approval)) == (409, "blocking_defects")
    noa.post(f"defects/{Defect.objects.get().id}/verify/")
    refused = noa.post(f"milestones/{third.id}/sign-off/", approval)
    assert code(refused) == (409, "withheld_above_payment")
    minor[0]["withheld"] = "40000.00"
    assert noa.post(f"milestones/{third.id}/sign-off/", approval).json()["state"] == "signed_off"
    lines = noa.get(f"projects/{project.id}/schedule/").json()["results"]
    line = next(line for line in lines if line["line"] == str(third.id))
    assert (line["full"], line["withheld"], line["payable"]) == ("190000.00", "40000.00", "150000.00")


# --- The pages


def test_a_defect_on_the_pages(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    address = reverse("defect_add", args=[first.id])
    assert noa.post(address, {"once": uuid4()}).status_code == 422
    photo = SimpleUploadedFile("wall.jpg", picture(), "image/jpeg")
    answer = sent(noa, address, title="A damp wall", place="Bath", blocking="on", evidence=photo)
    assert (answer.status_code, answer["Location"]) == (303, f"/milestones/{first.id}/#defect-1")
    defect = Defect.objects.get()
    assert defect.exhibits.count() == 1
    page = noa.get(f"/milestones/{first.id}/").content.decode()
    assert "A damp wall" in page
    assert reverse("defect_verify", args=[defect.id]) in page
    assert reverse("defect_fixed", args=[defect.id]) not in page
    assert sent(alon, reverse("defect_fixed", args=[defect.id]), note="Dried").status_code == 303
    assert "Defect 1 is marked as fixed" in noa.get(reverse("project", args=[project.id])).content.decode()
    listed = noa.get(reverse("defects", args=[project.id])).content.decode()
    assert "Fixed, waiting to be verified" in listed
    assert "Foundations" in listed
    assert sent(noa, reverse("defect_reopen", args=[defect.id]), note="Damp").status_code == 303
    assert noa.post(reverse("defect_verify", args=[defect.id]), {"once": uuid4()}).status_code == 303
    answer = sent(noa, reverse("defect_reopen", args=[defect.id]), fix_by="01/02/2030")
    assert answer["Location"].endswith("#defect-2")
    assert Defect.objects.get(number=2).fix_by is not None


def test_an_inspection_on_the_pages(cast: Cast) -> None:
    first = stage(active(cast), 1)
    michal, address = signed_in(cast.michal), reverse("inspect", args=[first.id])
    assert sent(michal, address, percent="35", note="The north side is bare").status_code == 303
    assert Inspection.objects.get().role == "engineer"
    assert "The north side is bare" in michal.get(f"/milestones/{first.id}/").content.decode()


def test_a_return_writes_a_defect_down(cast: Cast) -> None:
    first = submitted(cast, stage(active(cast), 1))
    noa, address = signed_in(cast.noa), reverse("return", args=[first.id])
    said = {"version": first.version, "reason": "The socket sits 12 cm too low"}
    assert "or name a defect" in sent(noa, address, **said).content.decode()
    answer = sent(noa, address, **said, title="Low socket", place="Hall", blocking="on")
    assert answer.status_code == 303
    defect = Defect.objects.get()
    assert (defect.title, defect.place, defect.blocking) == ("Low socket", "Hall", True)
    assert defect.decision_id is not None


def test_a_defect_without_a_name_is_called_by_what_was_seen(cast: Cast) -> None:
    first = submitted(cast, stage(active(cast), 1))
    noa, address = signed_in(cast.noa), reverse("return", args=[first.id])
    said = {"version": first.version, "reason": "The socket sits\n12 cm too low. " + "Look! " * 60}
    assert sent(noa, address, **said, place="Hall").status_code == 303
    title = Defect.objects.get().title
    assert title.startswith("The socket sits 12 cm too low.")
    assert len(title) == LONGEST_LINE


def test_an_approval_withholds_on_its_page(cast: Cast) -> None:
    third = submitted(cast, stage(active(cast), 3))
    noa, address = signed_in(cast.noa), reverse("approve", args=[third.id])
    said = {"version": third.version, "withheld_2": "5,000"}
    assert "what is wrong, and where" in sent(noa, address, **said).content.decode()
    page = sent(noa, address, **said | {"withheld_2": "500,000"}, title_2="Scratch")
    assert page.status_code == 409
    assert "190,000" in page.content.decode()
    answer = sent(noa, address, **said, title_2="Scratch", fix_by_2="01/02/2030")
    assert answer.status_code == 303
    assert Defect.objects.get().withheld == 5_000
    assert "5,000" in noa.get(answer["Location"]).content.decode()


def test_what_a_blocking_defect_holds_up_is_said(cast: Cast) -> None:
    first: Milestone = submitted(cast, stage(active(cast), 1))
    project: Project = first.project
    defect = report_defect(acting(cast.noa), first.id, title="Crack", blocking=True)
    noa = signed_in(cast.noa)
    page = noa.get(f"/milestones/{first.id}/").content.decode()
    assert "nobody can approve" in page
    assert reverse("approve", args=[first.id]) not in page
    assert sent(noa, reverse("approve", args=[first.id]), version=first.version).status_code == 409
    assert noa.get(reverse("defects", args=[project.id])).status_code == 200
    assert str(defect.id) in page
