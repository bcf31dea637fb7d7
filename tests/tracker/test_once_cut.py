"""The connection to the database cut at the COMMIT, through pages and API, over a real wire.

Whatever became of the COMMIT: whoever sent is told what is known, and sending again has one effect and the
answer that the first would have got.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import unescape
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, close_old_connections
from django.urls import reverse

from milestones.models import Evidence, ProgressEntry
from payments.actions import record_payment
from payments.models import Payment
from projects.kernel import OutcomeUnknown
from projects.models import Attachment, JournalEntry, Obligation, Project
from projects.once import Answer, OnceKey
from tests.cast import TODAY, Cast, acting, active, draft, signed_in, stage
from tests.conftest import use
from tests.programs import Program, picture, program
from tests.wire import Wire, wire_to
from tracker.cluster import Cluster

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CUTS = pytest.mark.parametrize("cut", ["before", "after"])


@pytest.fixture
def wire(cluster: Cluster, database: str) -> Iterator[Wire]:
    """The application reaches its database over a wire from now on."""
    url = cluster.app_url(database)
    with wire_to(url) as wire:
        use(wire.address_of(url))
        yield wire
        use(url)


End = Callable[[], None]


@pytest.fixture
def end_connections(connect: Callable[..., Any]) -> End:
    """A way to end all the application's connections, as when the database restarts."""

    def end() -> None:
        killer = connect("superuser")
        killer.autocommit = True
        killer.cursor().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename LIKE '%_app'"
        )

    return end


def payment_form(**more: Any) -> dict[str, Any]:
    day = TODAY().strftime("%d/%m/%Y")
    return {"once": str(uuid4()), "amount": "1,000", "paid_on": day, "method": "cash"} | more


def record(by: Program, project: Project, key: str | None = "k") -> Any:
    body = {"amount": "500.00", "paid_on": TODAY(), "method": "cash"}
    headers = {"Idempotency_Key": key} if key else {}
    return by.post(f"projects/{project.id}/payments/", body, **headers)


def counts() -> tuple[int, int, int]:
    return Payment.objects.count(), JournalEntry.objects.count(), Obligation.objects.count()


def hidden(page: str) -> dict[str, str]:
    """What the page's own button would send."""
    return {name: unescape(value) for name, value in FIELD.findall(page)}


@CUTS
def test_a_page_says_what_is_known_and_sends_again(cast: Cast, wire: Wire, cut: str) -> None:
    project = active(cast)
    client, address = signed_in(cast.noa), reverse("record", args=[project.id])
    payments, entries, owed = counts()
    wire.plan = [cut]
    told = client.post(address, payment_form(reason='<b>"Cash"</b>'))
    page = told.content.decode()
    assert (told.status_code, told["Retry-After"]) == (503, "5")
    assert "We do not know yet whether it was saved" in page
    assert f'action="{address}"' in page
    assert Payment.objects.count() == payments + (cut == "after")
    sent = hidden(page)
    assert sent["reason"] == '<b>"Cash"</b>'
    again = client.post(address, sent)
    assert (again.status_code, again["Location"]) == (303, reverse("payments", args=[project.id]))
    assert counts() == (payments + 1, entries + 1, owed + 2)
    assert client.post(address, sent)["Location"] == again["Location"]
    assert counts() == (payments + 1, entries + 1, owed + 2)


def test_a_page_says_it_in_hebrew(cast: Cast, wire: Wire) -> None:
    client = signed_in(cast.noa, "he")
    address = reverse("record", args=[active(cast).id])
    wire.plan = ["after"]
    page = client.post(address, payment_form()).content.decode()
    assert 'dir="rtl"' in page
    assert "לא ידוע" in page
    assert "We do not know" not in page


@CUTS
def test_a_program_is_told_to_send_again(cast: Cast, wire: Wire, cut: str) -> None:
    project, noa = active(cast), program(cast.noa)
    wire.plan = [cut]
    told = record(noa, project)
    assert (told.status_code, told.json()["code"], told["Retry-After"]) == (503, "outcome_unknown", "5")
    assert told["Content-Type"] == "application/problem+json"
    assert Payment.objects.count() == (cut == "after")
    again = record(noa, project)
    assert (again.status_code, again.json()["amount"]) == (201, "500.00")
    assert ("Idempotency-Replayed" in again) == (cut == "after")
    assert record(noa, project).json() == again.json()
    assert Payment.objects.count() == 1


def test_without_a_key_a_program_is_told_the_same_and_looks(cast: Cast, wire: Wire) -> None:
    project, noa = active(cast), program(cast.noa)
    wire.plan = ["after"]
    told = record(noa, project, key=None)
    assert told.json()["code"] == "outcome_unknown"
    assert len(noa.get(f"projects/{project.id}/payments/").json()["results"]) == 1


@CUTS
@pytest.mark.parametrize("at", [1, 2], ids=["at the photo", "at the report"])
def test_photos_are_kept_once_wherever_it_is_cut(cast: Cast, wire: Wire, at: int, cut: str) -> None:
    """A report is two acts: its photo, and the report. Either may be cut; a browser sends both again."""
    milestone = stage(active(cast), 1)
    client, address, key = signed_in(cast.alon), reverse("log", args=[milestone.id]), str(uuid4())

    def send() -> Any:
        photo = SimpleUploadedFile("site.jpg", picture(), "image/jpeg")
        return client.post(address, {"once": key, "percent": "40", "evidence": photo})

    wire.plan = [*["pass"] * (at - 1), cut]
    told = send()
    assert told.status_code == 503
    assert "send the form once more" in told.content.decode()
    assert [send().status_code, send().status_code] == [303, 303]
    made = Attachment.objects.count(), ProgressEntry.objects.count(), Evidence.objects.count()
    assert made == (1, 1, 1)


def test_a_new_project_is_begun_once_and_its_invitation_sent_once(cast: Cast, wire: Wire) -> None:
    """Cut after the project was begun, before the other side was invited."""
    address = reverse("new_project_terms", args=["blank"])
    contract = {
        "once": str(uuid4()),
        "my_role": "homeowner",
        "name": "Garden",
        "kind": "renovation",
        "contract_total": "10,000",
        "starts_on": "03/01/2027",
        "email": cast.alon.email,
        "do": "create",
    }
    client, wire.plan = signed_in(cast.noa), ["after"]
    assert client.post(address, contract).status_code == 503
    again = [client.post(address, contract) for _ in range(2)]
    project = Project.objects.get()
    assert [answer["Location"] for answer in again] == [reverse("project", args=[project.id])] * 2
    assert Obligation.objects.filter(kind="invitation_mail").count() == 1
    assert JournalEntry.objects.count() == 2


def test_what_is_lost_before_the_commit_is_said_to_be_undone(cast: Cast, end_connections: End) -> None:
    client, address = signed_in(cast.noa), reverse("record", args=[draft(cast).id])
    sent = payment_form()
    end_connections()
    told = client.post(address, sent)
    assert told.status_code == 503
    assert "Nothing was saved now" in told.content.decode()
    close_old_connections()  # as a server does before each request
    assert client.post(address, hidden(told.content.decode())).status_code == 303
    assert Payment.objects.count() == 1


def test_a_page_that_is_only_read_asks_to_try_again(cast: Cast, end_connections: End) -> None:
    client = signed_in(cast.noa)
    end_connections()
    told = client.get("/")
    assert told.status_code == 503
    assert 'href="/">Try again' in told.content.decode()
    close_old_connections()
    assert client.get("/").status_code == 200


def test_who_falls_silent_in_an_act_does_not_hold_its_project(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a network goes away without a word: the server ends the act, and others go on."""
    project = active(cast)
    told = {"amount": Decimal(1), "paid_on": TODAY(), "method": "cash"}
    monkeypatch.setattr("projects.kernel.SILENCE", "100ms")
    silent = OnceKey("k", "f", lambda _: sleep(0.5) or Answer(201, None))  # type: ignore[func-returns-value]
    with pytest.raises(OperationalError) as ended:
        record_payment.once(silent, acting(cast.noa), project.id, **told)
    assert not isinstance(ended.value, OutcomeUnknown)
    record_payment(acting(cast.alon), project.id, **told)
    assert Payment.objects.count() == 1
