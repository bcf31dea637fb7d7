"""Forms that are sent again, as people do it: Back, corrections, a slow connection, an old tab, photos."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from milestones.actions import sign_agreement
from milestones.models import Evidence, ProgressEntry
from payments.models import Payment
from people.ids import new_id
from projects import clock
from projects.models import ApiToken, Attachment, Obligation, Once, Project
from projects.tidying import ANSWERS_KEPT_FOR, tidy
from tests.attacks.test_kernel import wait_for_waiting
from tests.cast import TODAY, Cast, acting, active, draft, signed_in, stage
from tests.programs import picture
from tests.tracker.forms import form_key


@pytest.fixture
def project(cast: Cast) -> Project:
    return active(cast)


@pytest.fixture
def noa(cast: Cast) -> Client:
    return signed_in(cast.noa)


def recorded(once: object = None, amount: str = "100", **more: Any) -> dict[str, Any]:
    day = TODAY().strftime("%d/%m/%Y")
    return {"once": once or uuid4(), "amount": amount, "paid_on": day, "method": "cash"} | more


def amounts() -> list[int]:
    return sorted(int(payment.amount) for payment in Payment.objects.all())


def test_back_and_another_amount_records_nothing_more(project: Project, noa: Client) -> None:
    """Was it a correction, or a second payment? Only the person knows, so they are asked for a new form."""
    address = reverse("record", args=[project.id])
    once = form_key(noa, address)
    assert noa.post(address, recorded(once)).status_code == 303
    told = noa.post(address, recorded(once, "1,000"), headers={"Referer": f"http://testserver{address}"})
    page = told.content.decode()
    assert told.status_code == 409
    assert "This form was sent before, with something else in it" in page
    assert f'href="http://testserver{address}"' in page
    assert amounts() == [100]
    assert noa.post(address, recorded(form_key(noa, address), "1,000")).status_code == 303
    assert amounts() == [100, 1000]


def test_a_correction_after_a_refusal_is_the_same_form(project: Project, noa: Client) -> None:
    address, once = reverse("record", args=[project.id]), uuid4()
    assert noa.post(address, recorded(once, "100", paid_on="31/12/2099")).status_code == 400
    assert noa.post(address, recorded(once, "100.-")).status_code == 422
    assert not Once.objects.exists()
    assert noa.post(address, recorded(once, "1,000")).status_code == 303
    assert amounts() == [1000]


def test_who_sent_twice_is_told_so(project: Project, noa: Client) -> None:
    address, sent = reverse("record", args=[project.id]), recorded()
    noa.post(address, sent)
    page = noa.post(address, sent, follow=True).content.decode()
    assert "Recorded in the journal." in page
    assert "This form came more than once and was taken once." in page


def test_the_same_key_in_another_hand_is_another_form(cast: Cast, project: Project, noa: Client) -> None:
    address, sent = reverse("record", args=[project.id]), recorded()
    assert noa.post(address, sent).status_code == 303
    assert signed_in(cast.alon).post(address, sent).status_code == 303
    assert amounts() == [100, 100]


def test_the_same_key_on_another_page_is_refused(cast: Cast, noa: Client) -> None:
    sent = recorded()
    here, there = (reverse("record", args=[active(cast).id]) for _ in range(2))
    assert noa.post(here, sent).status_code == 303
    assert noa.post(there, sent).status_code == 409
    assert amounts() == [100]


@pytest.mark.parametrize("once", ["", "x", "0" * 31, "\x00", " "])
def test_a_form_without_a_key_is_not_taken(project: Project, noa: Client, once: str) -> None:
    told = noa.post(reverse("record", args=[project.id]), recorded() | {"once": once})
    assert told.status_code == 422
    assert amounts() == []


def test_a_form_in_an_old_tab_is_not_taken(project: Project, noa: Client) -> None:
    """It may have been answered, and the answer forgotten since."""
    address = reverse("record", args=[project.id])
    young, old = (aged(ANSWERS_KEPT_FOR + shift) for shift in (timedelta(minutes=-1), timedelta(seconds=1)))
    assert noa.post(address, recorded(young)).status_code == 303
    told = noa.post(address, recorded(old))
    assert (told.status_code, amounts()) == (409, [100])
    assert "opened over a week ago" in told.content.decode()


def test_an_answer_outlives_its_form(project: Project, noa: Client, connect: Callable[..., Any]) -> None:
    """A form that was sent as soon as it was opened, and comes again before a week is over, and after."""
    address, minute = reverse("record", args=[project.id]), timedelta(minutes=1)
    sent = recorded(aged(ANSWERS_KEPT_FOR - minute))
    assert noa.post(address, sent).status_code == 303
    age_answers(connect, ANSWERS_KEPT_FOR - minute)
    tidy()
    assert noa.post(address, sent).status_code == 303
    age_answers(connect, 2 * minute)
    tidy()
    assert not Once.objects.exists()
    with clock.set_to(clock.now() + 2 * minute):
        assert noa.post(address, sent).status_code == 409
    assert amounts() == [100]


def age_answers(connect: Callable[..., Any], by: timedelta) -> None:
    """As if they had been kept so much longer; no answer is dated by the application."""
    with connect("superuser") as superuser:
        superuser.cursor().execute("UPDATE projects_once SET created_at = created_at - %s", [by])


def aged(age: timedelta) -> UUID:
    """The key of a form that was opened so long ago."""
    return UUID(int=new_id().int - (int(age.total_seconds() * 1000) << 80))


def test_a_request_whose_twin_still_runs_is_told_to_wait(
    cast: Cast, project: Project, noa: Client, connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin holds the key in its open transaction; once it is over, the request is done or answered."""
    monkeypatch.setattr("projects.kernel.LOCK_WAIT", "200ms")
    address, sent = reverse("record", args=[project.id]), recorded()
    twin = connect()
    twin.cursor().execute(
        "INSERT INTO projects_once (user_id, key, fingerprint, status, created_at)"
        " VALUES (%s, %s, '', 0, now())",
        [str(cast.noa.id), f"page:{sent['once']}"],
    )
    told = noa.post(address, sent)
    assert (told.status_code, told["Retry-After"]) == (503, "5")
    assert "still being worked on" in told.content.decode()
    twin.rollback()
    assert noa.post(address, sent).status_code == 303
    assert amounts() == [100]


def test_a_request_waits_for_its_twin_and_gets_its_answer(
    project: Project, noa: Client, connect: Callable[..., Any]
) -> None:
    """The twin has the key and waits for the project; the second waits for the twin."""
    address, sent = reverse("record", args=[project.id]), recorded()
    holder = connect()
    holder.cursor().execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [str(project.id)])

    def send(client: Client) -> Any:
        try:
            return client.post(address, sent)
        finally:
            connections.close_all()

    twin = Client()
    twin.cookies = noa.cookies
    with ThreadPoolExecutor(2) as pool:
        sending = [pool.submit(send, client) for client in (noa, twin)]
        wait_for_waiting(2)
        holder.rollback()
        answers = [future.result() for future in sending]
    there = reverse("payments", args=[project.id])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, there)] * 2
    assert amounts() == [100]


# --- Photos


def log(by: Client, milestone_id: UUID, once: object, colours: str = "sienna", percent: str = "40") -> Any:
    photos = [SimpleUploadedFile(f"{c}.jpg", picture(c), "image/jpeg") for c in colours.split()]
    return by.post(
        reverse("log", args=[milestone_id]), {"once": once, "percent": percent, "evidence": photos}
    )


def shown() -> tuple[int, int, int]:
    return Attachment.objects.count(), ProgressEntry.objects.count(), Evidence.objects.count()


def test_photos_of_a_refused_report_are_kept_once(cast: Cast) -> None:
    """The files were stored, then the report was refused; sent again as it was, it shows the same files."""
    project = draft(cast)
    milestone, alon, once = stage(project, 1), signed_in(cast.alon), uuid4()
    assert [log(alon, milestone.id, once, "sienna navy").status_code for _ in range(2)] == [409, 409]
    assert shown() == (2, 0, 0)
    for signer in (cast.noa, cast.alon):
        sign_agreement(acting(signer), project.id, version=project.version)
    assert [log(alon, milestone.id, once, "sienna navy").status_code for _ in range(2)] == [303, 303]
    assert shown() == (2, 1, 2)


def test_a_photo_that_is_left_out_after_a_refusal_is_not_shown(cast: Cast, project: Project) -> None:
    milestone, alon, once = stage(project, 1), signed_in(cast.alon), uuid4()
    assert log(alon, milestone.id, once, "sienna navy", percent="400").status_code == 422
    assert log(alon, milestone.id, once, "navy").status_code == 303
    assert shown() == (1, 1, 1)


def test_other_photos_in_a_sent_form_are_refused_and_not_kept(cast: Cast, project: Project) -> None:
    milestone, alon, once = stage(project, 1), signed_in(cast.alon), uuid4()
    assert log(alon, milestone.id, once).status_code == 303
    assert log(alon, milestone.id, once, "navy").status_code == 409
    assert shown() == (1, 1, 1)


def test_the_same_photo_twice_in_one_form_is_one(cast: Cast, project: Project) -> None:
    assert log(signed_in(cast.alon), stage(project, 1).id, uuid4(), "navy navy").status_code == 303
    assert shown() == (1, 1, 1)


# --- What is no act on a project


def test_a_token_is_made_once_and_its_secret_shown_once(cast: Cast, noa: Client) -> None:
    sent = {"once": uuid4(), "name": "Export", "scopes": ["read"], "days": "30"}
    first = noa.post("/tokens/", sent).content.decode()
    again = noa.post("/tokens/", sent, follow=True).content.decode()
    assert "plumb_" in first
    assert "plumb_" not in again
    assert "If you did not see it, revoke the token." in again
    assert ApiToken.objects.count() == 1


def test_a_code_is_sent_once_for_one_press(cast: Cast, noa: Client) -> None:
    sent = {"once": uuid4(), "do": "send", "next": "/profile/"}
    answers = {noa.post("/proof/", sent)["Location"] for _ in range(3)}
    assert answers == {"/proof/?next=%2Fprofile%2F"}
    assert Obligation.objects.filter(kind="letter").count() == 1
    noa.post("/proof/", sent | {"once": uuid4()})
    assert Obligation.objects.filter(kind="letter").count() == 2
