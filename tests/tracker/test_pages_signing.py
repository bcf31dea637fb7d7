"""Signing on the pages: fresh proof, one effect, stale pages, and not yet."""

from uuid import uuid4

from django.test import Client
from django.urls import reverse

from milestones.models import Decision, Milestone
from projects.models import Project
from tests.cast import (
    Cast,
    active,
    draft,
    signed_in,
    stage,
    submitted,
)
from tests.tracker.forms import form_key


def test_a_signature_asks_for_a_fresh_proof_and_comes_back(cast: Cast) -> None:
    project = active(cast)
    first = submitted(cast, stage(project, 1))
    address = reverse("approve", args=[first.id])
    client = Client()
    client.force_login(cast.noa, backend="allauth.account.auth_backends.AuthenticationBackend")
    for response in (client.get(address), client.post(address, {"once": uuid4(), "version": first.version})):
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('account_reauthenticate')}?next={address}"
    assert not Decision.objects.exists()


def test_pressing_twice_signs_once(cast: Cast) -> None:
    project = active(cast)
    first = submitted(cast, stage(project, 1))
    address = reverse("approve", args=[first.id])
    client = signed_in(cast.noa)
    sent = {"once": form_key(client, address), "version": first.version}
    answers = [client.post(address, sent) for _press in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(303, f"/milestones/{first.id}/")] * 2
    assert Decision.objects.count() == 1


def test_a_page_that_is_out_of_date_signs_nothing_and_says_so(cast: Cast) -> None:
    project = active(cast)
    first = submitted(cast, stage(project, 1))
    address = reverse("approve", args=[first.id])
    sent = {"once": uuid4(), "version": first.version - 1}
    response = signed_in(cast.noa).post(address, sent, headers={"referer": f"http://testserver{address}"})
    assert response.status_code == 409
    assert f'href="http://testserver{address}"' in response.content.decode()
    assert not Decision.objects.exists()


def test_a_signature_that_comes_too_late_is_refused_on_its_page(cast: Cast) -> None:
    project = active(cast)
    first = submitted(cast, stage(project, 1))
    client, sent = signed_in(cast.noa), {"version": first.version}
    client.post(reverse("approve", args=[first.id]), sent | {"once": uuid4()})
    again = client.post(reverse("approve", args=[first.id]), sent | {"once": uuid4()})
    assert again.status_code == 409
    assert "You have decided in this round already." in again.content.decode()
    assert client.get(reverse("approve", args=[first.id])).status_code == 302


def test_the_last_signature_leads_to_the_payment_it_opened(cast: Cast) -> None:
    project = active(cast)
    third = submitted(cast, stage(project, 3))
    sent = {"once": uuid4(), "version": third.version}
    signed = signed_in(cast.noa).post(reverse("approve", args=[third.id]), sent)
    assert signed["Location"] == reverse("payments", args=[project.id])


def test_not_yet_names_what_is_unmet_and_keeps_the_words(cast: Cast) -> None:
    project = active(cast)
    first = submitted(cast, stage(project, 1))
    address = reverse("return", args=[first.id])
    client = signed_in(cast.noa)
    sent = {"once": uuid4(), "version": first.version, "reason": "The wall is not straight"}
    response = client.post(address, sent)
    assert response.status_code == 422
    assert b"The wall is not straight" in response.content
    assert b"Choose at least one criterion" in response.content
    unmet = str(first.criteria.all()[0].id)
    assert client.post(address, sent | {"unmet_criteria": [unmet]}).status_code == 303
    assert stage(project, 1).state == Milestone.State.IN_PROGRESS
    shown = signed_in(cast.alon).get(reverse("milestone", args=[first.id])).content.decode()
    assert "The wall is not straight" in shown


def test_both_sides_sign_the_agreement_on_its_page(cast: Cast) -> None:
    project = draft(cast)
    address = reverse("agree", args=[project.id])
    for person in (cast.noa, cast.alon):
        client = signed_in(person)
        sent = {"once": form_key(client, address), "version": project.version}
        assert client.post(address, sent).status_code == 303
    project.refresh_from_db()
    assert project.state == Project.State.ACTIVE
