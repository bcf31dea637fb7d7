"""The form of a report: every way to a file has a label, and what is wrong with a file stands beside it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import Cast, active, signed_in, stage
from tests.tracker.test_lost_forms import hidden, lose_session, sign_in_again


def tag(page: str, field_id: str) -> str:
    """The input with an id, with all its attributes."""
    found = re.search(f'<input[^>]*id="{field_id}"[^>]*>', page)
    assert found
    return found.group()


@pytest.mark.parametrize(("language", "camera"), [("en", "Take a photo"), ("he", "צילום תמונה")])
def test_labels_open_the_camera_and_the_files(cast: Cast, language: str, camera: str) -> None:
    address = reverse("log", args=[stage(active(cast), 1).id])
    page = signed_in(cast.alon, language).get(address).content.decode()
    assert re.search(rf'<label class="shots__camera" for="id_camera">.*<span>{camera}</span>', page)
    assert 'capture="environment"' in tag(page, "id_camera")
    assert 'aria-describedby="id_evidence_helptext"' in tag(page, "id_evidence")
    assert 'data-most="26214400"' in page
    assert re.search(r'<script src="/static/files[^"]*\.js" defer>', page)


def test_a_file_that_was_not_taken_is_named_beside_its_field(cast: Cast) -> None:
    client = signed_in(cast.alon)
    address = reverse("log", args=[stage(active(cast), 1).id])
    sent = hidden(client, address) | {"percent": "40", "criterion": ""}
    answer = client.post(address, sent | {"evidence": [SimpleUploadedFile("notes.exe", b"MZ")]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_evidence_error"' in page
    assert "notes.exe" in page
    assert 'aria-invalid="true"' in tag(page, "id_evidence")
    assert "id_evidence_error" in tag(page, "id_evidence").partition("aria-describedby")[2]
    assert "have to be chosen again" in page


def test_a_report_comes_back_after_the_session_ended_without_its_photos(cast: Cast) -> None:
    client = signed_in(cast.alon)
    address = reverse("log", args=[stage(active(cast), 1).id])
    sent = hidden(client, address) | {"percent": "40", "criterion": "", "note": "Rebar is in"}
    lose_session(client)
    client.post(address, sent | {"evidence": [SimpleUploadedFile("a.jpg", b"...")]})
    sign_in_again(client, cast.alon)
    page = client.get(address).content.decode()
    assert "Rebar is in" in page
    assert 'value="40"' in page
    assert "have to be chosen again" in page
