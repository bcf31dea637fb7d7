"""HEIC, as iPhones send it: taken like any photo, and refused before decoding where its boxes lie.

photo.heic is a drawing of 320 x 240, to be turned by a quarter, with a place, a device and a time.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from projects.files import receive
from projects.formats.common import BadFile
from tests.projects.hostile import upload

PHOTO = Path(__file__).with_name("photo.heic").read_bytes()
SIZE = (320).to_bytes(4) + (240).to_bytes(4)


def refusal(content: bytes, name: str = "IMG_0001.HEIC", content_type: str = "image/heic") -> str:
    with pytest.raises(BadFile) as refused:
        receive(upload(content, name, content_type))
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "content_type"), [("IMG_0001.HEIC", "image/heic"), ("a.heif", "image/heif"), ("b", "")]
)
def test_it_becomes_a_jpeg_turned_upright_without_place_or_device(name: str, content_type: str) -> None:
    photo = receive(upload(PHOTO, name, content_type))
    assert (photo.media_type, photo.width, photo.height) == ("image/jpeg", 240, 320)
    assert photo.taken_at == datetime(2026, 11, 22, 6, 29, tzinfo=UTC)
    assert b"Exif" in PHOTO
    assert b"Exif" not in photo.content
    assert photo.thumbnail is not None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PHOTO[:300], "broken"),
        (PHOTO[:-1], "broken"),
        (PHOTO + b"\0", "broken"),
        (PHOTO[:24], "broken"),
        (PHOTO.replace(b"ispe", b"free"), "broken"),
        (PHOTO.replace(b"ipco", b"free"), "broken"),
        (PHOTO.replace(SIZE, bytes(8)), "broken"),
        (PHOTO.replace(SIZE, (50_000).to_bytes(4) + (50_000).to_bytes(4)), "too_many_pixels"),
        (PHOTO.replace(b"ftypheic", b"ftypavif"), "unknown_type"),
        (PHOTO.replace(b"ftypheic", b"ftyphevc"), "unknown_type"),
    ],
)
def test_what_its_boxes_say_is_judged_before_decoding(
    content: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.files._DECODER", "/nowhere/decode.py")
    assert content != PHOTO
    assert refusal(content) == code


def test_a_jpeg_that_calls_itself_heic_is_a_mismatch() -> None:
    assert refusal(PHOTO, "photo.jpg", "image/jpeg") == "type_mismatch"


def test_a_picture_of_nonsense_is_broken() -> None:
    start = PHOTO.index(b"mdat") + 4
    assert refusal(PHOTO[:start] + bytes(len(PHOTO) - start)) == "broken"


def test_it_is_turned_once_and_the_right_way() -> None:
    """Orientation 6: what was the bottom, the ground of the drawing, comes to lie at the left."""
    photo = receive(upload(PHOTO, "a.heic", "image/heic"))
    picture = Image.open(io.BytesIO(photo.content)).convert("L")
    ground, sky = picture.getpixel((5, 160)), picture.getpixel((235, 160))
    assert ground < 130 < 180 < sky
