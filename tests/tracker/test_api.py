"""Projects whole: begun from nothing or from a template, edited while a draft; and who one is."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from milestones.models import Milestone
from projects.models import Project
from tests.cast import TODAY, Cast, active, draft, stage
from tests.programs import Program, program

TERMS = {"my_role": "homeowner", "name": "Kitchen", "contract_total": "95000.00", "starts_on": "2026-11-01"}


@pytest.fixture
def noa(cast: Cast) -> Program:
    return program(cast.noa)


def begun(by: Program, **terms: Any) -> dict[str, Any]:
    answer = by.post("projects/", TERMS | terms)
    assert answer.status_code == 201, answer.content
    return answer.json()


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_project_from_a_template_is_a_whole_contract(noa: Program) -> None:
    project = begun(noa, template="kitchen")
    assert (project["kind"], project["vat_rate"], project["state"]) == ("custom_furniture", "18.00", "draft")
    stages = noa.get(f"projects/{project['id']}/milestones/").json()["results"]
    assert sum(Decimal(s["value"]) for s in stages) == sum(Decimal(s["amount"]) for s in stages) == 95000
    assert (stages[0]["title"], stages[0]["amount"]) == ("Signed order and deposit", "61750.00")
    assert stages[0]["agreed_end"] == stages[0]["planned_end"] == "2026-11-03"
    test = noa.get(f"projects/{project['id']}/stress-test/").json()
    assert (test["is_front_loaded"], test["worst_gap_amount"]) == (True, "57000.00")
    assert test["at_payment"] == stages[0]["id"]
    proposed = sum(Decimal(a["amount"]) for a in test["proposed"]["amounts"])
    assert proposed + Decimal(test["proposed"]["deposit"]) == 95000


def test_the_template_speaks_the_readers_language(noa: Program) -> None:
    noa.language = "he"
    project = begun(noa, template="kitchen")
    titles = Milestone.objects.filter(project=project["id"]).values_list("title", flat=True)
    assert "הזמנה חתומה ומקדמה" in titles
    assert [t["key"] for t in noa.get("templates/").json()["results"]] == ["house", "renovation", "kitchen"]


def test_what_is_given_goes_before_what_the_template_says(noa: Program) -> None:
    project = begun(noa, template="house", retention_percent="7.50", deposit="5000.00", kind="renovation")
    assert (project["kind"], project["retention_percent"]) == ("renovation", "7.50")
    assert begun(noa, template="house")["retention_percent"] == "5.00"


def test_a_template_and_milestones_are_one_too_many(noa: Program) -> None:
    answer = noa.post("projects/", TERMS | {"template": "house", "milestones": []})
    assert answer.json()["errors"]["template"][0]["code"] == "template_or_milestones"


def test_a_project_without_a_template_says_its_kind(noa: Program) -> None:
    answer = noa.post("projects/", TERMS)
    assert answer.json()["errors"] == {"kind": [{"code": "required", "detail": "This is needed."}]}


def test_a_contractor_begins_a_project_too(cast: Cast) -> None:
    alon = program(cast.alon)
    project = begun(alon, my_role="contractor", kind="custom_furniture")
    assert project["my_role"] == "contractor"
    homeowner = {"email": cast.noa.email, "role": "homeowner"}
    assert alon.post(f"projects/{project['id']}/parties/", homeowner).status_code == 201
    second = {"email": cast.uri.email, "role": "homeowner"}
    answer = alon.post(f"projects/{project['id']}/parties/", second)
    assert code(answer) == (403, "homeowners_invite_homeowners")


def test_wrong_sums_may_stand_in_a_draft_and_are_named_at_signing(noa: Program) -> None:
    stages = [{"title": "", "value": "1.00", "amount": "2.00"}]
    project = begun(noa, kind="renovation", milestones=stages)
    answer = noa.post(f"projects/{project['id']}/agree/", {"version": 1})
    assert code(answer) == (409, "agreement_incomplete")
    assert {gap["code"] for gap in answer.json()["missing"]} == {
        "values_do_not_add_up",
        "amounts_do_not_add_up",
        "no_title",
        "no_criteria",
        "no_signers",
        "nobody_signs_as",
    }


def test_terms_are_edited_from_the_version_that_was_read(noa: Program) -> None:
    project = begun(noa, template="kitchen")
    address = f"projects/{project['id']}/"
    edited = noa.patch(address, {"version": 1, "name": "The kitchen", "vat_rate": "17"}).json()
    assert (edited["name"], edited["vat_rate"], edited["version"]) == ("The kitchen", "17.00", 2)
    assert code(noa.patch(address, {"version": 1, "name": "Again"})) == (409, "changed_since_read")
    answer = noa.patch(address, {"version": 2})
    assert answer.json()["errors"]["non_field_errors"][0]["code"] == "nothing_to_change"
    answer = noa.patch(address, {"version": 2, "deposit": "95000.01"})
    assert answer.json()["errors"]["deposit"][0]["code"] == "above_the_total"
    assert noa.patch(address, {"version": 2, "state": "active"}).status_code == 400


def test_the_deposit_is_judged_with_the_total_that_stands(noa: Program) -> None:
    project = begun(noa, template="kitchen", deposit="9000.00")
    address = f"projects/{project['id']}/"
    answer = noa.patch(address, {"version": 1, "contract_total": "8000.00"})
    assert answer.json()["errors"]["deposit"][0]["code"] == "above_the_total"
    both = {"version": 1, "contract_total": "8000.00", "deposit": "800.00"}
    assert noa.patch(address, both).status_code == 200


def test_a_policy_is_edited_key_by_key(noa: Program) -> None:
    project = begun(noa, template="kitchen", policy={"deposit_cap_percent": "20"})
    address = f"projects/{project['id']}/"
    policy = noa.patch(address, {"version": 1, "policy": {"watch_percent": "0.5"}}).json()["policy"]
    assert (policy["deposit_cap_percent"], policy["watch_percent"]) == ("20", "0.5")
    assert policy["evidence_required"] is True
    answer = noa.patch(address, {"version": 2, "policy": {"watch_least": "5000", "ahead_least": "500"}})
    assert answer.json()["errors"] == {
        "policy.watch_least": [
            {"code": "out_of_order", "detail": "A lower level cannot reach above a higher one."}
        ]
    }


def test_a_milestone_is_edited_from_the_version_that_was_read(cast: Cast, noa: Program) -> None:
    project = draft(cast)
    address = f"milestones/{stage(project, 1).id}/"
    dates = {"planned_start": "2026-12-01", "planned_end": "2026-12-31"}
    edited = noa.patch(address, {"version": 1, "title": "Piles", "criteria": ["One"], **dates}).json()
    assert (edited["title"], edited["version"], edited["agreed_end"]) == ("Piles", 2, "2026-12-31")
    assert [criterion["text"] for criterion in edited["criteria"]] == ["One"]
    assert code(noa.patch(address, {"version": 1, "title": "x"})) == (409, "changed_since_read")
    answer = noa.patch(address, {"version": 2, "planned_end": "2026-11-30"})
    assert answer.json()["errors"]["planned_end"][0]["code"] == "ends_before_it_starts"
    assert Project.objects.get(pk=project.pk).version == project.version + 1


def test_what_is_signed_is_closed(cast: Cast, noa: Program) -> None:
    project = active(cast)
    house = f"projects/{project.id}/"
    assert code(noa.patch(house, {"version": 3, "name": "x"})) == (409, "project_not_draft")
    added = noa.post(house + "milestones/", {"title": "x", "value": "1", "amount": "1"})
    assert code(added) == (409, "project_not_draft")
    milestone = {"version": 1, "title": "x"}
    assert code(noa.patch(f"milestones/{stage(project, 1).id}/", milestone)) == (409, "project_not_draft")
    assert code(noa.post(house + "agree/", {"version": 3})) == (409, "agreement_is_signed")


def test_who_signed_this_version_is_seen_and_an_edit_voids_it(cast: Cast, noa: Program) -> None:
    project = draft(cast)
    house = f"projects/{project.id}/"
    signed = noa.post(house + "agree/", {"version": project.version}).json()
    parties = {p["name"]: p["id"] for p in noa.get(house + "parties/").json()["results"]}
    assert signed["signed_by"] == [parties["Noa Example"]]
    assert noa.patch(house, {"version": project.version, "name": "x"}).json()["signed_by"] == []


def test_a_part_is_ended_and_not_removed(cast: Cast, noa: Program) -> None:
    project = draft(cast)
    house = f"projects/{project.id}/"
    (engineer,) = [p for p in noa.get(house + "parties/").json()["results"] if p["role"] == "engineer"]
    assert noa.delete(f"parties/{engineer['id']}/").status_code == 204
    assert noa.get(f"parties/{engineer['id']}/").json()["left_at"]
    assert program(cast.michal).get(house).status_code == 404


def test_an_invitation_is_declined(cast: Cast, noa: Program) -> None:
    project, eran = draft(cast), program(cast.eran)
    body = {"email": "ERAN@example.com", "role": "supervisor"}
    invited = noa.post(f"projects/{project.id}/parties/", body).json()
    assert invited["name"] == "eran@example.com"
    (invitation,) = eran.get("invitations/").json()["results"]
    assert invitation == {
        "id": invited["id"],
        "project_name": project.name,
        "role": "supervisor",
        "invited_by": "Noa Example",
    }
    assert program(cast.dana).post(f"invitations/{invited['id']}/decline/").status_code == 404
    assert eran.post(f"invitations/{invited['id']}/decline/").json()["declined_at"]
    assert eran.get("invitations/").json()["results"] == []


def test_me(cast: Cast, noa: Program) -> None:
    project = draft(cast)
    me = noa.get("me/").json()
    assert me["user"] == {"id": str(cast.noa.pk), "name": "Noa Example", "email": "noa@example.com"}
    assert me["language"] == "en"
    expected = {"id": str(project.id), "name": project.name, "state": "draft"}
    assert me["projects"] == [expected | {"role": "homeowner", "may_sign": True}]


def test_figures_of_today(cast: Cast, noa: Program) -> None:
    start = TODAY() - timedelta(days=10)
    end = date.fromordinal(start.toordinal() + 20)
    stages = [
        {
            "title": "All",
            "value": "1000000.00",
            "amount": "900000.00",
            "signers": ["homeowner", "engineer"],
            "planned_start": start,
            "planned_end": end,
        }
    ]
    project = active(cast, stages)
    figures = noa.get(f"projects/{project.id}/exposure/").json()
    assert figures["as_of"] == TODAY().isoformat()
    assert (figures["planned"], figures["spi"], figures["days_late"]) == ("500000.00", "0.00", 10)
    assert (figures["contract_total"], figures["unlocked"]) == ("1000000.00", "100000.00")
    history = noa.get(f"projects/{project.id}/exposure/history/").json()
    assert [point["planned"] for point in history["plan"]] == ["0.00", "1000000.00"]
