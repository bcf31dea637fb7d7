"""The pages, as a browser without JavaScript meets them."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from milestones.models import Decision, Milestone, ProgressEntry
from payments.models import Payment
from projects.models import JournalEntry, Party, Project
from tests.cast import (
    TODAY,
    Cast,
    active,
    draft,
    signed_in,
    signed_off,
    stage,
    submitted,
)
from tracker.drawings import draw

HEBREW = re.compile("[א-ת]")
ONCE = re.compile(r'name="once" value="([0-9a-f-]+)"')


def form_key(client: Client, address: str) -> str:
    """The key of the form that a page shows."""
    found = ONCE.search(client.get(address).content.decode())
    assert found, address
    return found.group(1)


def addresses(project: Project) -> list[str]:
    """Every page of a project and of its first milestone that is read."""
    of_project = ["project", "people", "payments", "journal", "record", "release"]
    of_milestone = ["milestone", "approve", "return"]
    first = stage(project, 1)
    return [
        *(reverse(name, args=[project.id]) for name in of_project),
        *(reverse(name, args=[first.id]) for name in of_milestone),
    ]


@pytest.mark.parametrize("language", ["he", "en"])
def test_every_page_speaks_the_readers_language(cast: Cast, language: str) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    client = signed_in(cast.noa, language)
    for address in [*addresses(project), "/", "/profile/", "/projects/new/", "/projects/new/house/"]:
        response = client.get(address)
        page = response.content.decode()
        direction = "rtl" if language == "he" else "ltr"
        assert response.status_code == 200, address
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert page.count("<h1") == 1, address
        assert bool(HEBREW.search(page.replace("עברית", "").replace("עב", ""))) == (language == "he"), address


def test_reading_signs_nothing(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    before = JournalEntry.objects.count()
    for person in (cast.noa, cast.alon, cast.michal):
        for address in addresses(project):
            signed_in(person).get(address)
    assert JournalEntry.objects.count() == before


def test_to_a_stranger_nothing_is_there(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    stranger = signed_in(cast.dana)
    assert {stranger.get(address).status_code for address in addresses(project)} == {404}
    assert b"Almog" not in stranger.get("/").content


# --- Signing


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
    assert b"Choose at least one item" in response.content
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


# --- Money


def test_a_release_pays_what_is_payable_and_no_more(cast: Cast) -> None:
    project = active(cast)
    first = signed_off(cast, stage(project, 1))
    address = f"{reverse('release', args=[project.id])}?line={first.id}"
    client = signed_in(cast.noa)
    page = client.get(address).content.decode()
    assert 'value="380,000"' in page
    sent = {
        "once": form_key(client, address),
        "line": str(first.id),
        "amount": "380,000.01",
        "paid_on": TODAY().strftime("%d/%m/%Y"),
        "method": "bank_transfer",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 409
    assert 'value="380,000.01"' in refused.content.decode()
    assert not Payment.objects.exists()
    twice = [client.post(address, sent | {"amount": "380,000"}) for _press in range(2)]
    assert [answer.status_code for answer in twice] == [303, 303]
    assert [payment.amount for payment in Payment.objects.all()] == [Decimal("380000.00")]


def test_a_locked_line_shows_what_would_open_it(cast: Cast) -> None:
    project = active(cast)
    line = stage(project, 2).id
    page = signed_in(cast.noa).get(f"{reverse('release', args=[project.id])}?line={line}").content.decode()
    assert "This payment is locked" in page
    assert 'name="amount"' not in page


def test_money_that_moved_is_recorded_and_shown_as_early(cast: Cast) -> None:
    project = active(cast)
    client = signed_in(cast.noa)
    address = reverse("record", args=[project.id])
    sent = {
        "once": form_key(client, address),
        "amount": "48,000",
        "paid_on": TODAY().strftime("%d/%m/%Y"),
        "method": "cash",
        "line": str(stage(project, 1).id),
        "reason": "Cash flow",
    }
    wrong = client.post(address, sent | {"amount": "48.000", "paid_on": "31/02/2026"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count('aria-invalid="true"') == 2
    assert client.post(address, sent).status_code == 303
    page = client.get(reverse("payments", args=[project.id])).content.decode()
    assert "Paid outside the schedule" in page
    assert "Cash flow" in page


def test_a_payment_is_confirmed_taken_back_and_consented_to(cast: Cast) -> None:
    project = active(cast)
    client, contractor = signed_in(cast.noa), signed_in(cast.alon)
    day = TODAY().strftime("%d/%m/%Y")
    sent = {"once": uuid4(), "amount": "1,000", "paid_on": day, "method": "cash"}
    client.post(reverse("record", args=[project.id]), sent)
    payment = Payment.objects.get()
    confirmed = contractor.post(reverse("confirm", args=[payment.id]), {"once": uuid4(), "received_on": day})
    assert confirmed.status_code == 303
    asked = {"once": uuid4(), "amount": "400", "why": "wrong_record"}
    assert client.post(reverse("reverse", args=[payment.id]), asked).status_code == 303
    reversal = payment.reversals.get()
    page = contractor.get(reverse("payments", args=[project.id])).content.decode()
    assert reverse("answer_reversal", args=[reversal.id]) in page
    answer = {"once": uuid4(), "consents": "yes"}
    assert contractor.post(reverse("answer_reversal", args=[reversal.id]), answer).status_code == 303
    assert "₪600" in client.get(reverse("payments", args=[project.id])).content.decode()


# --- Work


def test_progress_is_logged_with_several_photos_at_once(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    address = reverse("log", args=[first.id])
    client = signed_in(cast.alon)
    criterion = str(first.criteria.all()[1].id)
    sent = {"once": form_key(client, address), "percent": "40", "criterion": criterion, "note": "Rebar is in"}
    for _press in range(2):
        photos = [SimpleUploadedFile(f"{n}.jpg", draw("rebar", n), "image/jpeg") for n in (1, 2)]
        assert client.post(address, sent | {"evidence": photos}).status_code == 303
    assert ProgressEntry.objects.count() == 1
    assert first.evidence.count() == 2
    again = client.get(address).content.decode()
    assert re.search(f'value="{criterion}"[^>]*checked', again), "the criterion used last is chosen already"
    shown = first.evidence.all()[0].attachment
    thumbnail = client.get(reverse("thumbnail", args=[shown.id]))
    thumbnail.close()
    assert thumbnail["Content-Type"] == "image/jpeg"
    assert thumbnail["X-Content-Type-Options"] == "nosniff"
    assert "private" in thumbnail["Cache-Control"]
    assert signed_in(cast.dana).get(reverse("attachment", args=[shown.id])).status_code == 404


def test_a_file_that_is_not_taken_is_named_and_nothing_is_logged(cast: Cast) -> None:
    project = active(cast)
    address = reverse("log", args=[stage(project, 1).id])
    lie = SimpleUploadedFile("wall.jpg", b"<html>not a photo</html>", "image/jpeg")
    response = signed_in(cast.alon).post(address, {"once": uuid4(), "percent": "40", "evidence": lie})
    assert response.status_code == 422
    assert "wall.jpg" in response.content.decode()
    assert not ProgressEntry.objects.exists()


def test_a_document_is_saved_and_never_shown_in_place(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    paper = SimpleUploadedFile(
        "lab.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "application/pdf"
    )
    client = signed_in(cast.alon)
    sent = {"once": uuid4(), "percent": "40", "evidence": paper}
    assert client.post(reverse("log", args=[first.id]), sent).status_code == 303
    document = first.evidence.get().attachment
    response = client.get(reverse("attachment", args=[document.id]))
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="lab.pdf"'
    assert client.get(reverse("thumbnail", args=[document.id])).status_code == 404


def test_the_contractor_submits_and_withdraws(cast: Cast) -> None:
    project = active(cast)
    first = stage(project, 1)
    client = signed_in(cast.alon)
    address = reverse("submit", args=[first.id])
    criteria = [str(c.id) for c in first.criteria.all()]
    short = client.post(address, {"once": uuid4(), "criteria_met": criteria[:1]})
    assert short.status_code == 409
    assert "Mark every criterion as met" in short.content.decode()
    submitted(cast, first)
    withdrawn = client.post(reverse("withdraw", args=[first.id]), {"once": uuid4()})
    assert withdrawn.status_code == 303
    assert stage(project, 1).state == Milestone.State.IN_PROGRESS


# --- Beginning, and the draft


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
    assert own.status_code == 200
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


def test_the_journal_is_read_in_both_languages_and_checked(cast: Cast) -> None:
    project = active(cast)
    submitted(cast, stage(project, 1))
    address = reverse("journal", args=[project.id])
    english = signed_in(cast.noa).get(address).content.decode()
    hebrew = signed_in(cast.noa, "he").get(address).content.decode()
    assert "<b><bdi>Alon Example</bdi></b> submitted <bdi>Foundations</bdi> for sign-off, round 1" in english
    assert "<b><bdi>Alon Example</bdi></b>: הגשת השלב <bdi>Foundations</bdi> לאישור, סבב 1" in hebrew
    assert "The journal is intact" in english
    work = signed_in(cast.noa).get(f"{address}?show=work").content.decode()
    assert "submitted" in work
    assert "created the project" not in work


def test_peoples_own_words_stay_words(cast: Cast) -> None:
    project = active(cast, name="<script>alert(1)</script>")
    for address in ["/", *addresses(project)]:
        assert b"<script>alert" not in signed_in(cast.noa).get(address).content, address
