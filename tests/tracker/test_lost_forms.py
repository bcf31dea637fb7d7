"""What was written is not lost: with the session, with an old CSRF token, for want of a proof."""

import re
import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from milestones.models import Decision
from payments.models import Payment
from people.models import User
from tests.cast import TODAY, Cast, active, draft, signed_in, stage, submitted

HIDDEN = re.compile(r'<input type="hidden" name="(once|version|writer|csrfmiddlewaretoken)" value="([^"]*)"')
AGAIN = {"en": "What you wrote stands here again", "he": "מה שכתבתם מופיע כאן שוב"}


def hidden(client: Client, address: str) -> dict[str, str]:
    """What the form of a page carries besides what is typed."""
    return dict(HIDDEN.findall(client.get(address).content.decode()))


def lose_session(client: Client) -> None:
    client.session.flush()


def sign_in_again(client: Client, user: User) -> None:
    """In the same browser: the session of before the sign-in goes on, as it does with allauth."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def record_form(client: Client, address: str) -> dict[str, Any]:
    return hidden(client, address) | {
        "amount": "48000",
        "paid_on": TODAY().strftime("%d/%m/%Y"),
        "method": "cash",
        "reason": "Paid on the roof",
    }


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_form_sent_after_the_session_ended_stands_there_again(cast: Cast, language: str) -> None:
    client = signed_in(cast.noa, language)
    address = reverse("record", args=[active(cast).id])
    sent = record_form(client, address)
    lose_session(client)
    answer = client.post(address, sent)
    assert answer["Location"] == f"{reverse('account_login')}?next={address}"
    sign_in_again(client, cast.noa)
    page = client.get(address).content.decode()
    assert AGAIN[language] in page
    assert 'value="48,000"' in page
    assert "Paid on the roof" in page
    assert re.search(r'value="cash"[^>]*selected', page)
    assert not Payment.objects.exists()
    new = dict(HIDDEN.findall(page))
    assert new["once"] != sent["once"]
    assert client.post(address, sent | new).status_code == 303
    assert "Paid on the roof" not in client.get(address).content.decode(), "sent, so it is no draft any more"


def test_it_waits_while_its_writer_signs_in_with_a_password(cast: Cast) -> None:
    client = signed_in(cast.noa)
    address = reverse("record", args=[active(cast).id])
    sent = record_form(client, address)
    cast.noa.set_password("cedar-lintel-plumb-7")
    cast.noa.save()
    lose_session(client)
    door = client.post(address, sent)["Location"]
    assert client.session.get_expiry_age() == 3600
    given = {"login": cast.noa.email, "password": "cedar-lintel-plumb-7"}
    entered = client.post(door, given)
    assert entered["Location"] == address
    assert client.session.get_expiry_age() > 24 * 3600
    assert "Paid on the roof" in client.get(address).content.decode()


def test_it_is_shown_to_nobody_else_in_the_same_browser(cast: Cast) -> None:
    client = signed_in(cast.noa)
    address = reverse("record", args=[active(cast).id])
    sent = record_form(client, address)
    lose_session(client)
    client.post(address, sent)
    sign_in_again(client, cast.alon)
    assert "Paid on the roof" not in client.get(address).content.decode()
    sign_in_again(client, cast.noa)
    assert "Paid on the roof" not in client.get(address).content.decode()


def test_nothing_is_kept_for_who_is_not_named_and_nothing_for_long(cast: Cast) -> None:
    address = reverse("record", args=[active(cast).id])
    stranger = Client()
    stranger.post(address, {"once": uuid4(), "reason": "Planted", "writer": f"{cast.noa.pk}:guess"})
    assert not stranger.session.keys(), "no row for whoever asks"
    client = signed_in(cast.noa)
    sent = record_form(client, address)
    lose_session(client)
    client.post(address, sent)
    kept = client.session
    drafts = kept["drafts"]
    drafts[f"{address}?"]["at"] = time.time() - 3601
    kept["drafts"] = drafts
    kept.save()
    sign_in_again(client, cast.noa)
    assert "Paid on the roof" not in client.get(address).content.decode()


def test_one_may_begin_with_an_empty_form(cast: Cast) -> None:
    client = signed_in(cast.noa)
    address = reverse("record", args=[active(cast).id])
    sent = record_form(client, address)
    lose_session(client)
    client.post(address, sent)
    sign_in_again(client, cast.noa)
    assert "?afresh" in client.get(address).content.decode()
    assert "Paid on the roof" not in client.get(f"{address}?afresh").content.decode()
    assert "Paid on the roof" not in client.get(address).content.decode()


def test_an_old_csrf_token_leads_back_to_what_was_written(cast: Cast) -> None:
    address = reverse("record", args=[active(cast).id])
    client = signed_in(cast.noa)
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    sent = record_form(checked, address) | {"csrfmiddlewaretoken": "a" * 64}
    answer = checked.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "Paid on the roof" in checked.get(address).content.decode()
    planted = checked.post(address, sent | {"writer": "", "reason": "Planted"})
    assert planted.status_code == 403
    assert "Planted" not in checked.get(address).content.decode()


def test_a_note_is_not_lost_when_the_signature_needs_a_proof(cast: Cast) -> None:
    waiting = submitted(cast, stage(active(cast), 3))
    address = reverse("approve", args=[waiting.id])
    client = signed_in(cast.noa)
    sent = hidden(client, address) | {"note": "Level and dry"}
    now, before = client.session, client.session["account_authentication_methods"]
    now["account_authentication_methods"] = []
    now.save()
    assert reverse("account_reauthenticate") in client.post(address, sent)["Location"]
    now = client.session
    now["account_authentication_methods"] = before
    now.save()
    page = client.get(address).content.decode()
    assert "Level and dry" in page
    assert not Decision.objects.exists()


def test_terms_that_were_restored_do_not_undo_what_others_changed(cast: Cast) -> None:
    """They are still about the version that was read."""
    milestone = stage(draft(cast), 1)
    address = reverse("milestone_edit", args=[milestone.id])
    noa, alon = signed_in(cast.noa), signed_in(cast.alon)
    typed = {"title": "Deeper foundations", "value": "400,000", "amount": "400,000", "signers": "homeowner"}
    sent = hidden(noa, address) | typed | {"criteria": "Dry"}
    lose_session(noa)
    noa.post(address, sent)
    assert alon.post(address, hidden(alon, address) | typed | {"criteria": "Wet"}).status_code == 303
    sign_in_again(noa, cast.noa)
    page = noa.get(address).content.decode()
    assert "Deeper foundations" in page
    overtaken = noa.post(address, sent | dict(HIDDEN.findall(page)))
    assert overtaken.status_code == 409


def test_the_amounts_of_a_new_project_come_back_and_begin_nothing(cast: Cast) -> None:
    client = signed_in(cast.dana)
    address = reverse("new_project_terms", args=["kitchen"])
    contract = {
        "my_role": "homeowner",
        "name": "Levi kitchen",
        "contract_total": "95000",
        "starts_on": "03/01/2027",
    }
    split = client.post(address, hidden(client, address) | contract | {"do": "split"}).content.decode()
    rows = dict(re.findall(r'name="(stage\d-\w+)" value="([^"]*)"', split))
    whole = dict(HIDDEN.findall(split)) | contract | rows | {"stage1-title": "Drawings by hand"}
    lose_session(client)
    client.post(address, whole | {"do": "create", "email": "maker@example.com"})
    sign_in_again(client, cast.dana)
    page = client.get(address)
    assert page.status_code == 200
    assert "Drawings by hand" in page.content.decode()
    assert "maker@example.com" in page.content.decode()
    assert AGAIN["en"] in page.content.decode()
