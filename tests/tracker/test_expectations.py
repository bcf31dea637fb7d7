"""Expectations through the doors: programs, pages, the journal's sentences, and what waits for whom."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from milestones.models import Expectation
from projects.models import Project
from tests.cast import Cast, confirmed, draft, expected, signed, signed_in, signed_off, stage
from tests.post import deliver, forget_letters, letters_about
from tests.programs import program
from tests.tracker.forms import form_key

HOPE = {"goal": "The attic stays warm", "measure": "18 degrees in January"}


@pytest.fixture
def project(cast: Cast) -> Project:
    return draft(cast)


def test_programs_state_answer_and_judge(cast: Cast, project: Project) -> None:
    noa, alon = program(cast.noa), program(cast.alon)
    first = str(stage(project, 1).id)
    made = noa.post(f"projects/{project.id}/expectations/", HOPE | {"milestones": [first]}).json()
    assert (made["state"], made["by_role"], made["milestones"]) == ("open", "homeowner", [first])
    at = f"expectations/{made['id']}/"
    missing = noa.post(f"projects/{project.id}/agree/", {"version": _version(project)}).json()
    assert missing["missing"] == [{"code": "expectation_unconfirmed", "about": "1"}]
    countered = alon.post(f"{at}counter/", {"version": 1, "counter": "With thicker walls", "cost": "9000.00"})
    assert (countered.json()["state"], countered.json()["cost"]) == ("countered", "9000.00")
    changed = noa.patch(at, {"version": 1, "measure": "16 degrees in January"}).json()
    assert (changed["state"], changed["version"], changed["cost"]) == ("open", 2, None)
    assert alon.post(f"{at}confirm/", {"version": 1}).json()["code"] == "changed_since_read"
    assert alon.post(f"{at}confirm/", {"version": 2}).json()["state"] == "confirmed"
    signed_off(cast, stage(signed(cast, project), 1))
    assert noa.get(at).json()["ready_to_judge"]
    judged = noa.post(f"{at}judge/", {"met": False, "note": "14 degrees"}).json()
    assert (judged["judgement"]["met"], judged["ready_to_judge"]) == (False, False)
    listed = noa.get(f"projects/{project.id}/expectations/").json()["results"]
    assert [row["id"] for row in listed] == [made["id"]]


@pytest.mark.parametrize(
    ("body", "field", "problem"),
    [
        ({"goal": "", "measure": "It is seen"}, "goal", "blank"),
        ({"goal": "Warm"}, "measure", "required"),
        ({"goal": "W" * 501, "measure": "It is seen"}, "goal", "max_length"),
        (HOPE | {"milestones": [str(uuid4())]}, "milestones", "unknown_milestone"),
        (HOPE | {"state": "confirmed"}, "state", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_body_is_said(
    cast: Cast, project: Project, body: Any, field: str, problem: str
) -> None:
    answer = program(cast.noa).post(f"projects/{project.id}/expectations/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][field][0]["code"] == problem


def test_one_that_was_removed_is_not_there_and_its_key_is_answered_again(
    cast: Cast, project: Project
) -> None:
    noa, at = program(cast.noa), f"expectations/{expected(cast.noa, project).id}/"
    for _ in range(2):
        assert noa.delete(at, Idempotency_Key="once").status_code == 204
    assert noa.delete(at).status_code == 404
    assert program(cast.alon).delete(at, Idempotency_Key="once").status_code == 404


def test_a_cost_is_above_nothing(cast: Cast, project: Project) -> None:
    at = f"expectations/{expected(cast.noa, project).id}/counter/"
    answer = program(cast.alon).post(at, {"version": 1, "counter": "No", "cost": "0.00"})
    assert answer.json()["errors"]["cost"][0]["code"] == "min_value"


def _version(project: Project) -> int:
    return Project.objects.get(pk=project.pk).version


def read(client: Client, name: str, *ids: Any) -> str:
    return client.get(reverse(name, args=ids)).content.decode()


def send(client: Client, name: str, pk: Any, **said: Any) -> Any:
    address = reverse(name, args=[pk])
    return client.post(address, said | {"once": form_key(client, address)})


def test_people_agree_in_a_few_pages(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    first = str(stage(project, 1).id)
    assert send(noa, "expectation_add", project.id, **HOPE, milestones=[first]).status_code == 303
    hope = Expectation.objects.get()
    draft_page = read(alon, "project", project.id)
    assert "Expectation 1 is not confirmed yet." in draft_page
    assert "Expectations wait for your answer" in draft_page
    said = {"version": 1, "counter": "With thicker walls", "cost": "9,000"}
    assert send(alon, "expectation_counter", hope.id, **said).status_code == 303
    assert "The contractor answered an expectation" in read(noa, "project", project.id)
    page = read(noa, "expectations", project.id)
    assert "With thicker walls" in page
    accept = {"once": uuid4(), "version": 1}
    assert noa.post(reverse("expectation_accept", args=[hope.id]), accept).status_code == 303
    assert "Agreed instead, as the contractor proposed:" in read(alon, "agree", project.id)
    assert "The attic stays warm" in read(noa, "journal", project.id)
    signed_off(cast, stage(signed(cast, project), 1))
    assert "Say whether what you expected was met" in read(noa, "project", project.id)
    assert "Was it met?" in read(noa, "milestone", stage(project, 1).id)
    assert send(noa, "expectation_judge", hope.id, met="no", note="14 degrees").status_code == 303
    for client in (noa, alon):
        assert "14 degrees" in read(client, "milestone", stage(project, 1).id)
    assert "Not met" in read(alon, "journal", project.id)


def test_a_form_says_what_is_missing_beside_its_field(cast: Cast, project: Project) -> None:
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    promise = expected(cast.alon, project)
    for client, name, pk, said, field in (
        (noa, "expectation_add", project.id, {"goal": "Warm"}, "measure"),
        (noa, "expectation_edit", promise.id, {"version": 1, "goal": "", "measure": "Seen"}, "goal"),
        (alon, "expectation_confirm", promise.id, {"version": 1}, "doer"),
        (alon, "expectation_counter", promise.id, {"version": 1, "doer": "Moshe"}, "counter"),
    ):
        answer = send(client, name, pk, **said)
        assert answer.status_code == 422, name
        assert f'id="id_{field}_error"' in answer.content.decode(), name


def test_what_was_not_met_is_said_beside_the_note(cast: Cast, project: Project) -> None:
    hope = confirmed(cast, expected(cast.noa, project, 1))
    signed_off(cast, stage(signed(cast, project), 1))
    answer = send(signed_in(cast.noa), "expectation_judge", hope.id, met="no")
    assert answer.status_code == 400
    assert 'id="id_note_error"' in answer.content.decode()


def test_a_stale_page_tells_what_happened(cast: Cast, project: Project) -> None:
    hope, alon = expected(cast.noa, project), signed_in(cast.alon)
    key = form_key(alon, reverse("expectation_confirm", args=[hope.id]))
    send(signed_in(cast.noa), "expectation_edit", hope.id, version=1, **HOPE)
    answer = alon.post(reverse("expectation_confirm", args=[hope.id]), {"once": key, "version": 1})
    assert answer.status_code == 409
    assert "changed an expectation" in answer.content.decode()


def test_the_homeowners_read_of_a_counter_and_nobody_when_it_is_over(cast: Cast, project: Project) -> None:
    forget_letters()
    hope = expected(cast.noa, project)
    counter = {"version": 1, "counter": "With thicker walls", "cost": "9,000"}
    send(signed_in(cast.alon), "expectation_counter", hope.id, **counter)
    deliver()
    letters = letters_about("Expectation 1 is not realistic as stated")
    assert set(letters) == {"noa"}
    assert "With thicker walls" in letters["noa"].text
    assert "9,000" in letters["noa"].text
    assert f"/projects/{project.id}/expectations/" in letters["noa"].text
    forget_letters()
    other = expected(cast.noa, project)
    send(signed_in(cast.alon), "expectation_counter", other.id, **counter)
    send(signed_in(cast.noa), "expectation_edit", other.id, version=1, **HOPE)
    deliver()
    assert letters_about("Expectation 2 is not realistic as stated") == {}


def test_hebrew_reads_right_to_left(cast: Cast, project: Project) -> None:
    expected(cast.noa, project)
    page = read(signed_in(cast.noa, "he"), "expectations", project.id)
    assert "מה סיכמנו, במילים שלכם" in page
    assert 'dir="rtl"' in page
