"""What an upload becomes: the photo and thumbnail made of it, its time, and the decoder that made them."""

import hashlib
import io
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageOps

from projects import decode, files
from projects.files import Received, receive
from projects.formats.common import BadFile
from projects.refusals import Refused
from tests.projects import hostile
from tests.projects.hostile import camera_exif, encoded, picture, upload

JERUSALEM = ZoneInfo("Asia/Jerusalem")


def received(content: bytes, name: str = "photo.jpg") -> Received:
    return receive(upload(content, name), zone=JERUSALEM)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"])


def colour_at(content: bytes, x: int, y: int) -> tuple[int, ...]:
    return opened(content).convert("RGB").getpixel((x, y))


def is_close(colour: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(colour, expected, strict=True))


# --- What a photo becomes


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_with_a_thumbnail(file_format: str) -> None:
    photo = received(encoded(picture(size=(1200, 900)), file_format), f"photo.{file_format.lower()}")
    assert (photo.kind, photo.media_type) == ("photo", "image/jpeg")
    assert photo.sha256 == hashlib.sha256(photo.content).hexdigest()
    assert photo.size == len(photo.content)
    assert opened(photo.content).size == (photo.width, photo.height) == (1200, 900)
    small = photo.thumbnail
    assert opened(small.content).size == (small.width, small.height) == (480, 360)


@pytest.mark.parametrize(
    ("size", "kept", "thumbnail"),
    [
        ((4000, 3000), (2560, 1920), (480, 360)),
        ((1500, 3000), (1280, 2560), (240, 480)),
        ((40, 30), (40, 30), (40, 30)),
        ((9000, 1), (2560, 1), (480, 1)),
    ],
)
def test_the_longest_side_is_bounded(size, kept, thumbnail) -> None:
    photo = received(encoded(picture(size=size)))
    assert (photo.width, photo.height) == kept
    assert (photo.thumbnail.width, photo.thumbnail.height) == thumbnail


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_of_place_device_and_comments(file_format: str) -> None:
    exif = camera_exif("2026:11:22 08:29:00")
    assert b"Tattletale" in exif
    content = encoded(picture(size=(600, 400)), file_format, exif=exif, comment=b"in the yard", dpi=(72, 72))
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)  # the place is in the upload
    photo = received(content, f"photo.{file_format.lower()}")
    for kept in (photo.content, photo.thumbnail.content):
        assert set(hostile.markers_of(kept)) == {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
        assert not opened(kept).getexif()
        assert b"Tattletale" not in kept
        assert b"in the yard" not in kept


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_is_turned_upright(orientation: int) -> None:
    content = encoded(picture(size=(60, 40)), quality=95, exif=camera_exif(orientation=orientation))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    photo = received(content)
    assert (photo.width, photo.height) == upright.size
    for place in ((8, 8), (30, 8), (8, 30), (31, 31)):
        assert is_close(colour_at(photo.content, *place), upright.getpixel(place))


def test_colours_are_brought_to_srgb() -> None:
    red = Image.new("RGB", (64, 64), (200, 20, 20))
    assert is_close(colour_at(received(encoded(red)).content, 32, 32), (200, 20, 20))
    swapped = received(encoded(red, icc_profile=hostile.swapped_profile()))
    assert colour_at(swapped.content, 32, 32)[1] > 180
    nonsense = received(encoded(red, icc_profile=b"no profile" * 50))
    assert is_close(colour_at(nonsense.content, 32, 32), (200, 20, 20))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_ordinary_kind_of_png_is_taken(mode: str) -> None:
    photo = received(encoded(picture(mode, size=(200, 100)), "PNG"), "photo.png")
    assert (photo.width, photo.height) == (200, 100)


@pytest.mark.parametrize("mode", ["1", "P"])
def test_what_has_few_colours_is_shrunk_smoothly(mode: str) -> None:
    stripes = Image.frombytes("1", (5120, 64), b"\x55" * (5120 * 64 // 8)).convert(mode)
    shrunk = received(encoded(stripes, "PNG"), "photo.png")
    assert is_close(colour_at(shrunk.content, 1280, 16), (128, 128, 128))


def test_what_is_transparent_becomes_white() -> None:
    glass = encoded(Image.new("RGBA", (64, 64), (200, 20, 20, 0)), "PNG")
    assert is_close(colour_at(received(glass, "x.png").content, 32, 32), (255, 255, 255))


def test_the_film_behind_a_phones_photo_is_cut_off() -> None:
    photo = encoded(picture())
    film = b"\0\0\0\x18ftypmp42" + bytes(5000)
    assert received(photo + film).sha256 == received(photo).sha256


# --- When it was taken


@pytest.mark.parametrize(
    ("said", "offset", "moment"),
    [
        ("2026:11:22 08:29:00", "+01:00", datetime(2026, 11, 22, 7, 29, tzinfo=UTC)),
        ("2026:11:22 08:29:00", "", datetime(2026, 11, 22, 6, 29, tzinfo=UTC)),
        ("2026:07:22 08:29:00", "", datetime(2026, 7, 22, 5, 29, tzinfo=UTC)),
        ("2026:07:22 08:29:00", "nonsense", datetime(2026, 7, 22, 5, 29, tzinfo=UTC)),
        ("0000:00:00 00:00:00", "", None),
        ("0001:01:01 00:00:00", "+14:00", None),
        ("yesterday", "", None),
        ("", "", None),
    ],
)
def test_the_cameras_time_is_read(said: str, offset: str, moment: datetime | None) -> None:
    assert received(encoded(picture(), exif=camera_exif(said, offset))).taken_at == moment


def test_exif_beyond_understanding_loses_only_the_time() -> None:
    exif = b"Exif\0\0MM\0\x2a\xff\xff\xff\xff" + bytes(range(256))
    assert received(encoded(picture(), exif=exif)).taken_at is None


# --- Documents


def test_a_pdf_stays_as_it_is() -> None:
    document = received(hostile.PDF, "plan.PDF")
    assert (document.kind, document.media_type, document.content) == (
        "document",
        "application/pdf",
        hostile.PDF,
    )
    assert document.thumbnail is document.width is document.height is document.taken_at is None


# --- The decoder


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (hostile.png(hostile.png_header(64, 64), b"no zlib"), "photo.png"),
        (hostile.png(hostile.png_header(640, 480), hostile.packed_zeros(1_000_000)[:100]), "photo.png"),
        (hostile.png(hostile.png_header(64, 64, colour=3), b""), "photo.png"),
        (hostile.riff(hostile.riff_chunk(b"VP8L", b"\x2f\x3f\xc0\x0b\0")), "photo.webp"),
        (b"\xff\xd8\xff\xc0\0\x0b\x08\0\x30\0\x40\x01\x01\x11\0\xff\xda\0\2\xff\xd9", "photo.jpg"),
    ],
)
def test_what_looks_right_but_cannot_be_decoded_is_broken(content: bytes, name: str) -> None:
    with pytest.raises(BadFile, match="broken"):
        received(content, name)


def test_a_decoder_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "DECODE_TIMEOUT_SECONDS", 0.01)
    with pytest.raises(BadFile, match="broken"):
        received(encoded(picture()))


def test_a_missing_decoder_is_not_the_photos_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_DECODER", "/nowhere/decode.py")
    with pytest.raises(subprocess.CalledProcessError):
        received(encoded(picture()))


def test_who_waits_too_long_for_a_turn_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_decoders", threading.BoundedSemaphore(1))
    monkeypatch.setattr(files, "TURN_TIMEOUT_SECONDS", 0.01)
    with files._turn(), pytest.raises(Refused, match="unavailable"):
        received(encoded(picture()))
    assert received(encoded(picture())).kind == "photo", "the turn was given back"


def test_the_decoder_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tell = tmp_path / "tell.py"
    tell.write_text("import os; print(os.environ.get('SECRET_KEY'), os.getcwd())")
    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setattr(files, "_DECODER", tell)
    assert files._run_decoder([b""], "JPEG") == b"None /\n"


@pytest.mark.parametrize(
    "misdeed",
    [
        "bytearray(2_000_000_000)",
        "open('big', 'wb').write(bytes(2 * decode.OUTPUT_BYTES))",
        "decode.resource.setrlimit(decode.resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
        "open('/etc/hostname')",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['/bin/true'])",
        "if not os.fork(): os._exit(0)",
    ],
    ids=["memory", "output", "time", "files", "network", "programs", "processes"],
)
def test_the_decoder_is_confined(misdeed: str, tmp_path: Path) -> None:
    """As an ordinary user: root's processes are not counted by anybody."""
    drop = "if not os.getuid(): os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    program = (
        f"import os, socket, subprocess\nfrom projects import decode\ndecode.confine()\n{drop}\n{misdeed}"
    )
    root = Path(files.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r})\n{program}"],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert all(path.stat().st_size <= 32_000_000 for path in tmp_path.iterdir())


def test_the_decoder_itself_passes_no_comment_on() -> None:
    commented = encoded(picture(), comment=b"in the yard", exif=camera_exif())
    assert b"in the yard" in commented
    _facts, photo, thumbnail = decode.decode(io.BytesIO(commented), "JPEG")
    assert b"in the yard" not in photo + thumbnail


@pytest.mark.parametrize("side", [7_100, 30_000])
def test_the_decoder_itself_refuses_a_bomb_in_bounded_memory(tmp_path: Path, side: int) -> None:
    (tmp_path / "bomb.png").write_bytes(hostile.png_bomb(side))
    command = [sys.executable, "-I", str(files._DECODER), "PNG"]
    with (tmp_path / "bomb.png").open("rb") as bomb, (tmp_path / "answer").open("wb") as answer:
        child = subprocess.Popen(command, stdin=bomb, stdout=answer, stderr=subprocess.DEVNULL, env={})
        _pid, child.returncode, used = os.wait4(child.pid, 0)
    assert child.returncode == 0
    assert (tmp_path / "answer").read_bytes() == b"null\n"
    assert used.ru_maxrss < 400_000  # kilobytes; decoded it would be 900 MB


def test_many_photos_at_once_all_arrive() -> None:
    contents = [encoded(picture(size=(800, 600), seed=seed)) for seed in range(8)]
    with ThreadPoolExecutor(8) as threads:
        photos = list(threads.map(received, contents))
    assert len({photo.sha256 for photo in photos}) == 8
