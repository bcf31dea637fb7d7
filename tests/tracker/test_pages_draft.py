"""Beginning a project on the pages: template or nothing, terms, people."""

import re
from uuid import uuid4

from django.urls import reverse

from projects.models import Party, Project
from tests.cast import (
    TODAY,
    Cast,
    active,
    draft,
    signed_in,
)
from tests.tracker.forms import form_key


def test_a_project_is_begun_from_a_template_and_the_other_side_invited(cast: Cast) -> None:
    client = signed_in(cast.dana)
    address = reverse("new_project_terms", args=["kitchen"])
    contract = {
        "once": form_key(client, address),
        "my_role": "homeowner",
        "name": "Levi kitchen",
        "contract_total": "95,000",
        "starts_on": "03/01/2027",
    }
    split = client.post(address, contract | {"do": "split"}).content.decode()
    assert "The plan pays ahead of the work" in split
    values = re.findall(r'name="(stage\d-\w+)" value="([^"]*)"', split)
    whole = contract | dict(values) | {"do": "create", "email": cast.alon.email}
    own = client.post(address, whole | {"email": cast.dana.email})
    assert own.status_code == 422
    assert "This is your own address" in own.content.decode()
    answers = [client.post(address, whole) for _press in range(2)]
    project = Project.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/projects/{project.id}/"}
    assert Party.objects.get(project=project, role="contractor").invited_email == cast.alon.email
    assert project.milestones.count() == 6
    assert "What is still missing" in client.get(f"/projects/{project.id}/").content.decode()


def test_a_project_is_begun_from_nothing_and_filled_by_hand(cast: Cast) -> None:
    client = signed_in(cast.alon)
    address = reverse("new_project_terms", args=["blank"])
    contract = {
        "once": uuid4(),
        "my_role": "contractor",
        "name": "Garden",
        "kind": "renovation",
        "contract_total": "10,000",
        "starts_on": "03/01/2027",
        "do": "create",
    }
    assert client.post(address, contract).status_code == 302
    project = Project.objects.get()
    terms = {
        "once": uuid4(),
        "title": "Paving",
        "value": "10,000",
        "amount": "10,000",
        "signers": ["homeowner"],
        "criteria": "No puddles\nLevel with the door",
    }
    assert client.post(reverse("milestone_add", args=[project.id]), terms).status_code == 303
    paving = project.milestones.get()
    assert [c.text for c in paving.criteria.all()] == ["No puddles", "Level with the door"]
    edit = reverse("milestone_edit", args=[paving.id])
    kept = terms | {"once": uuid4(), "version": paving.version, "title": "Paving and drains"}
    criteria = set(paving.criteria.values_list("id", flat=True))
    assert client.post(edit, kept).status_code == 303
    paving.refresh_from_db()
    assert paving.title == "Paving and drains"
    assert set(paving.criteria.values_list("id", flat=True)) == criteria, "what did not change is left alone"
    assert client.post(edit, kept).status_code == 303, "the same form again"
    assert client.post(edit, kept | {"title": "Another"}).status_code == 409


def test_the_terms_of_a_draft_change_with_their_policy(cast: Cast) -> None:
    project = draft(cast)
    client = signed_in(cast.noa)
    address = reverse("project_edit", args=[project.id])
    terms = {
        "once": form_key(client, address),
        "version": project.version,
        "name": project.name,
        "contract_total": "1,000,000",
        "deposit": "100,000",
        "retention_percent": "10",
        "vat_rate": "18",
        "starts_on": TODAY().strftime("%d/%m/%Y"),
        "homeowner_signers": "all",
        "front_loading_percent": "30",
    }
    too_much = client.post(address, terms)
    assert too_much.status_code == 422
    assert "This is higher than the rule allows." in too_much.content.decode()
    assert client.post(address, terms | {"front_loading_percent": "5"}).status_code == 303
    project.refresh_from_db()
    assert project.retention_percent == 10
    assert project.policy == {
        "homeowner_signers": "all",
        "evidence_required": False,
        "front_loading_percent": "5.00",
    }


def test_people_are_invited_join_are_confirmed_and_leave(cast: Cast) -> None:
    project = active(cast)
    contractor, homeowner, engineer = signed_in(cast.alon), signed_in(cast.noa), signed_in(cast.eran)
    people = reverse("people", args=[project.id])
    invitation = {"email": cast.eran.email, "role": "supervisor", "signs": "on"}
    sent = {"once": form_key(contractor, people)} | invitation
    assert contractor.post(people, sent).status_code == 303
    part = Party.objects.get(role="supervisor")
    assert project.name in engineer.get(reverse("invitations")).content.decode()
    for _press in range(2):
        joined = engineer.post(reverse("accept", args=[part.id]), {"once": sent["once"]})
        assert joined["Location"] == f"/projects/{project.id}/"
    assert homeowner.post(reverse("party_confirm", args=[part.id]), {"once": uuid4()}).status_code == 303
    part.refresh_from_db()
    assert part.may_sign
    assert homeowner.post(reverse("party_end", args=[part.id]), {"once": uuid4()})["Location"] == people
    assert engineer.get(f"/projects/{project.id}/").status_code == 404


def test_a_second_invitation_to_an_address_is_refused_beside_the_address(cast: Cast) -> None:
    project = active(cast)
    people = reverse("people", args=[project.id])
    sent = {"once": uuid4(), "email": cast.alon.email, "role": "observer"}
    response = signed_in(cast.noa).post(people, sent)
    assert response.status_code == 409
    assert 'id="id_email_error"' in response.content.decode()
