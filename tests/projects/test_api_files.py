"""Photos and documents over HTTP: taken in safely, and served to parties only."""

import hashlib
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projects.models import Attachment, Project
from tests.cast import Cast, draft, signed_in
from tests.programs import API, Program, picture, program

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def house(cast: Cast) -> Project:
    return draft(cast)


@pytest.fixture
def alon(cast: Cast) -> Program:
    return program(cast.alon)


def read(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def test_a_photo_goes_in_and_comes_out(cast: Cast, house: Project, alon: Program) -> None:
    sent = alon.upload(str(house.id), picture(), name="roof north.jpg")
    assert sent.status_code == 201
    photo = sent.json()
    assert (photo["kind"], photo["media_type"], photo["name"]) == ("photo", "image/jpeg", "roof north.jpg")
    assert alon.get(f"attachments/{photo['id']}/").json() == photo
    file = alon.get(photo["url"])
    content = read(file)
    assert hashlib.sha256(content).hexdigest() == photo["sha256"]
    assert Image.open(io.BytesIO(content)).size == (photo["width"], photo["height"]) == (64, 48)
    assert file.headers["Content-Type"] == "image/jpeg"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"].startswith("inline")
    assert read(alon.get(photo["thumbnail_url"]))[:3] == b"\xff\xd8\xff"


def test_a_browser_shows_it_with_its_session(cast: Cast, house: Project, alon: Program) -> None:
    photo = alon.upload(str(house.id), picture()).json()
    shown = signed_in(cast.noa).get(photo["url"], headers={"Accept": "image/avif,image/webp,image/*"})
    assert shown.status_code == 200
    assert read(shown)


def test_bytes_are_not_sent_twice(house: Project, alon: Program) -> None:
    photo = alon.upload(str(house.id), picture()).json()
    assert alon.get(photo["url"], If_None_Match=f'"{photo["sha256"]}"').status_code == 304


def test_a_stranger_gets_nothing(cast: Cast, house: Project, alon: Program) -> None:
    photo, dana = alon.upload(str(house.id), picture()).json(), program(cast.dana)
    for address in (f"attachments/{photo['id']}/", photo["url"], photo["thumbnail_url"]):
        assert dana.get(address).status_code == 404
    assert dana.upload(str(house.id), picture()).status_code == 404
    assert Program(cast.dana, "none").get(photo["url"]).status_code == 401


def test_a_document_is_downloaded_and_has_no_thumbnail(house: Project, alon: Program) -> None:
    document = alon.upload(str(house.id), PDF, name="lab results.pdf").json()
    assert (document["kind"], document["thumbnail_url"]) == ("document", None)
    file = alon.get(document["url"])
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert read(file) == PDF
    assert alon.get(f"attachments/{document['id']}/thumbnail/").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "empty.jpg", 422, "broken"),
        (b"MZ\x90\x00", "setup.exe", 415, "unknown_type"),
        (b"<svg onload=alert(1)>", "drawing.svg", 415, "unknown_type"),
        (picture(), "contract.pdf", 415, "type_mismatch"),
        (picture()[:200], "half.jpg", 422, "broken"),
    ],
)
def test_what_is_no_photo_is_not_taken(
    house: Project, alon: Program, content: bytes, name: str, status: int, code: str
) -> None:
    answer = alon.upload(str(house.id), content, name=name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"]["file"]
    assert not Attachment.objects.exists()


def test_what_is_far_too_large_is_not_even_read(house: Project, alon: Program) -> None:
    answer = alon.client.post(
        f"{API}attachments/",
        b"--x--",
        content_type="multipart/form-data; boundary=x",
        headers={"Authorization": f"Bearer {alon.secret}", "Content-Length": str(26 * 1024 * 1024)},
        CONTENT_LENGTH=str(26 * 1024 * 1024),
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"project", "file"}),
        ({"project": "nonsense"}, {"project", "file"}),
        ({"file": "just text"}, {"project", "file"}),
        ({"project": "x", "surprise": "y"}, {"project", "file", "surprise"}),
    ],
)
def test_forms_that_make_no_sense(alon: Program, fields: dict[str, str], wrong: set[str]) -> None:
    headers = {"Authorization": f"Bearer {alon.secret}"}
    answer = alon.client.post(f"{API}attachments/", fields, headers=headers)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == wrong


def test_a_broken_form_is_a_problem(alon: Program) -> None:
    answer = alon.client.post(
        f"{API}attachments/",
        b"no boundary here",
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {alon.secret}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_names_are_only_names(house: Project, alon: Program) -> None:
    file = SimpleUploadedFile("../../etc/pass\x00wd.jpg", picture(), "image/jpeg")
    answer = alon.client.post(
        f"{API}attachments/",
        {"project": str(house.id), "file": file},
        headers={"Authorization": f"Bearer {alon.secret}"},
    )
    assert answer.status_code == 201
    assert "/" not in answer.json()["name"]
    assert read(alon.get(answer.json()["url"]))
