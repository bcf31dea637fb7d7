"""The demonstration's photos: always the same, small, and good enough to be uploaded like any other."""

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageStat

from projects.files import receive
from tracker.drawings import SCENES, draw

# Where the mark stands: its dark label, and in it the white letters.
MARK = (30, 884, 286, 930)


@pytest.fixture(scope="module")
def gallery() -> dict[str, bytes]:
    return {scene: draw(scene, 1) for scene in SCENES}


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


@pytest.mark.parametrize("scene", SCENES)
def test_a_drawing_is_a_small_jpeg_of_one_size(gallery: dict[str, bytes], scene: str) -> None:
    assert opened(gallery[scene]).size == (1280, 960)
    assert 30_000 < len(gallery[scene]) < 200_000


@pytest.mark.parametrize("scene", SCENES)
def test_a_seed_always_gives_the_same_drawing(gallery: dict[str, bytes], scene: str) -> None:
    assert draw(scene, 1) == gallery[scene]
    assert draw(scene, 2) != gallery[scene]


@pytest.mark.parametrize("scene", SCENES)
def test_every_part_of_the_sheet_is_drawn_on(gallery: dict[str, bytes], scene: str) -> None:
    """Paper left bare would be black; nothing that is painted comes near it over a whole square."""
    squares = opened(gallery[scene]).convert("L").reduce(20)
    assert squares.getextrema()[0] > 6
    assert ImageStat.Stat(squares).stddev[0] > 10


@pytest.mark.parametrize("scene", SCENES)
def test_a_drawing_says_that_it_is_one(gallery: dict[str, bytes], scene: str) -> None:
    """The same letters stand in the corner of every drawing, white on dark."""
    letters = opened(gallery[scene]).convert("L").crop(MARK).point(lambda value: 255 * (value > 200))
    first = opened(gallery[SCENES[0]]).convert("L").crop(MARK).point(lambda value: 255 * (value > 200))
    assert 0.06 < ImageStat.Stat(letters).mean[0] / 255 < 0.3
    assert ImageStat.Stat(ImageChops.difference(letters, first)).mean[0] / 255 < 0.02
    for part in ((0, 0, 140, 46), (140, 0, 256, 46)):  # the English word, and the Hebrew one
        assert letters.crop(part).getextrema() == (0, 255)


def test_there_is_no_drawing_of_what_nobody_drew() -> None:
    with pytest.raises(KeyError):
        draw("swimming pool", 1)


def test_thirty_drawings_take_a_few_seconds_at_most() -> None:
    began = time.process_time()
    for seed in range(30):
        draw(SCENES[seed % len(SCENES)], seed)
    assert time.process_time() - began < 6


def test_a_drawing_can_be_uploaded() -> None:
    content = draw("tiles", 1)
    photo = receive(SimpleUploadedFile("drawing-tiles.jpg", content, "image/jpeg"))
    assert (photo.width, photo.height) == (1280, 960)
