"""A page that was overtaken tells what happened since it was opened, and keeps what was written on it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from milestones.actions import log_progress, withdraw_submission
from projects.actions import edit_project
from tests.cast import Cast, acting, active, draft, signed_in, stage, submitted
from tests.tracker.test_lost_forms import hidden


@pytest.mark.parametrize(
    ("language", "heading", "deed"),
    [
        ("en", "What happened since you opened the page", "withdrew the submission of"),
        ("he", "מה קרה מאז שהדף נפתח", "ביטול ההגשה של השלב"),
    ],
)
def test_a_return_that_came_too_late_says_who_did_what(
    cast: Cast, language: str, heading: str, deed: str
) -> None:
    project = active(cast)
    other = submitted(cast, stage(project, 2))
    waiting = submitted(cast, stage(project, 3))
    client = signed_in(cast.noa, language)
    address = reverse("return", args=[waiting.id])
    sent = hidden(client, address) | {"reason": "A stain in the corner"}
    withdraw_submission(acting(cast.alon), waiting.id)
    withdraw_submission(acting(cast.alon), other.id)
    sent["unmet_criteria"] = str(waiting.criteria.first().id)
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert heading in page
    assert page.count(deed) == 1, "only what is about this milestone"
    assert cast.alon.full_name in page
    assert "A stain in the corner" in page
    submitted(cast, waiting)
    assert "A stain in the corner" in client.get(address).content.decode(), "it stands in the form again"


def test_a_signature_under_an_old_version_brings_its_note_along(cast: Cast) -> None:
    waiting = submitted(cast, stage(active(cast), 3))
    client = signed_in(cast.noa)
    address = reverse("approve", args=[waiting.id])
    sent = hidden(client, address) | {"note": "Level and dry"}
    withdraw_submission(acting(cast.alon), waiting.id)
    submitted(cast, waiting)
    page = client.post(address, sent).content.decode()
    assert page.index("submitted") < page.index("withdrew"), "newest first"
    again = client.get(address).content.decode()
    assert "Level and dry" in again
    assert client.post(address, sent | hidden(client, address)).status_code == 303


def test_terms_that_were_overtaken_are_shown_and_not_filled_in_again(cast: Cast) -> None:
    project = draft(cast)
    client = signed_in(cast.noa)
    address = reverse("project_edit", args=[project.id])
    sent = hidden(client, address) | {
        "name": "The house on the hill",
        "contract_total": "1000000",
        "deposit": "100,000",
        "retention_percent": "5",
        "vat_rate": "18",
        "starts_on": project.starts_on.strftime("%d/%m/%Y"),
        "homeowner_signers": "one",
    }
    edit_project(acting(cast.alon), project.id, version=project.version, retention_percent=Decimal(10))
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed the terms" in page
    assert "The house on the hill" in page
    assert "1,000,000" not in page, "what does not differ need not be copied"
    assert "The house on the hill" not in client.get(address).content.decode()


def test_a_report_on_what_was_submitted_meanwhile_is_told_so(cast: Cast) -> None:
    first = stage(active(cast), 1)
    client = signed_in(cast.alon)
    address = reverse("log", args=[first.id])
    sent = hidden(client, address) | {"percent": "40", "note": "Rebar is in", "criterion": ""}
    submitted(cast, first)
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "waits for signatures" in answer.content.decode()
    assert "Rebar is in" in answer.content.decode()


def test_what_happened_before_the_page_was_opened_is_not_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.stale.READING", timedelta(0))
    first = stage(active(cast), 1)
    log_progress(acting(cast.alon), first.id, percent=Decimal(10))
    client = signed_in(cast.alon)
    address = reverse("log", args=[first.id])
    sent = hidden(client, address) | {"percent": "40", "criterion": ""}
    submitted(cast, first)
    page = client.post(address, sent).content.decode()
    assert "reported 100%" in page
    assert "reported 10%" not in page
