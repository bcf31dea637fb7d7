"""What an upload is refused for before anything decodes it."""

import random
import struct
import time
import tracemalloc

import pytest
from PIL import Image

from projects.files import MAX_BYTES, receive
from projects.formats import media_type_of, outline_of
from projects.formats.common import BadFile
from tests.projects import hostile
from tests.projects.hostile import chunk, encoded, picture, png_header, riff, riff_chunk, segment, upload

JPEG = encoded(picture())
PNG = encoded(picture(), "PNG")
WEBP = encoded(picture(), "WEBP")


@pytest.fixture(autouse=True)
def _no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is refused here must be refused before decoding: there is nothing that could decode."""
    monkeypatch.setattr("projects.files._DECODER", "/nowhere/decode.py")


def refusal(content: bytes, name: str = "photo.jpg", content_type: str = "") -> str:
    with pytest.raises(BadFile) as refused:
        receive(upload(content, name, content_type))
    return refused.value.code


def test_an_honest_photo_passes_its_outline() -> None:
    for content in (JPEG, PNG, WEBP):
        outline = outline_of(content, media_type_of(content))
        assert (outline.width, outline.height) == (64, 48)


def test_one_byte_over_the_limit_is_too_large() -> None:
    photo = JPEG + bytes(MAX_BYTES + 1 - len(JPEG))
    assert len(photo) == MAX_BYTES + 1
    assert refusal(photo) == "too_large"


def test_no_more_is_read_than_one_byte_over_the_limit() -> None:
    endless = upload(JPEG + bytes(MAX_BYTES + 1000))
    endless.size = 1000  # a size that lies
    with pytest.raises(BadFile, match="too_large"):
        receive(endless)
    assert endless.tell() == MAX_BYTES + 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (encoded(picture(), "GIF"), "moving.gif"),
        (encoded(picture(), "BMP"), "old.bmp"),
        (encoded(picture(), "TIFF"), "scan.tiff"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"),
        (b"\0\0\0\x18ftypavif", "photo.avif"),
        (b"MZ\x90\0", "photo.jpg"),
        (b"%PDF-9.9\n%%EOF", "plan.pdf"),
    ],
)
def test_other_kinds_of_file_are_unknown(content: bytes, name: str) -> None:
    assert refusal(content, name) == "unknown_type"


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PNG, "photo.jpg", ""),
        (JPEG, "photo.html", ""),
        (JPEG, "photo.jpg.exe", "image/jpeg"),
        (JPEG, "photo.jpg", "image/png"),
        (JPEG, "photo.jpg", "text/html"),
        (hostile.PDF, "photo.jpg", ""),
        (hostile.PDF, "plan.pdf", "image/jpeg"),
        (WEBP, "plan.pdf", "image/webp"),
    ],
)
def test_a_name_or_type_that_lies_is_a_mismatch(content: bytes, name: str, content_type: str) -> None:
    assert refusal(content, name, content_type) == "type_mismatch"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (JPEG + b"PK\x03\x04 an archive" + hostile.ZIP, "photo.jpg"),
        (hostile.with_segments(JPEG, segment(0xFE, hostile.PDF)), "photo.jpg"),
        (hostile.with_chunks(PNG, chunk(b"tEXt", b"Comment\0" + hostile.PDF)), "photo.png"),
        (hostile.PDF[:-6] + hostile.ZIP + b"\n%%EOF\n", "plan.pdf"),
    ],
)
def test_a_file_of_two_natures_is_a_mismatch(content: bytes, name: str) -> None:
    assert refusal(content, name) == "type_mismatch"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (hostile.with_frame_size(JPEG, 10_000, 5_001), "photo.jpg"),
        (hostile.with_frame_size(JPEG, 65_000, 1), "photo.jpg"),
        (hostile.with_chunks(hostile.PNG_SIGNATURE + png_header(2**31, 2**31)), "photo.png"),
        (hostile.png(png_header(7_072, 7_072), b""), "photo.png"),
        (riff(hostile.canvas(2**24, 2**24)), "photo.webp"),
        (riff(riff_chunk(b"VP8L", b"\x2f" + struct.pack("<I", 0x0FFFFFFF))), "photo.webp"),
    ],
)
def test_more_than_fifty_megapixels_are_too_many(content: bytes, name: str) -> None:
    assert refusal(content, name) == "too_many_pixels"


def test_a_bomb_costs_neither_memory_nor_time() -> None:
    bomb = hostile.png_bomb(30_000)
    assert len(bomb) < 200_000
    file = upload(bomb, "photo.png")
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadFile, match="too_many_pixels"):
        receive(file)
    seconds, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
    assert seconds < 0.5


def moving_png() -> bytes:
    return encoded(picture(), "PNG", save_all=True, append_images=[picture(seed=2)])


def moving_webp() -> bytes:
    return encoded(picture(), "WEBP", save_all=True, append_images=[picture(seed=2)])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (moving_png(), "photo.png"),
        (moving_webp(), "photo.webp"),
        (riff(hostile.canvas(64, 48, flags=2)), "photo.webp"),
        (riff(hostile.canvas(64, 48), riff_chunk(b"ANIM", bytes(6)), WEBP[12:]), "photo.webp"),
        (encoded(picture("CMYK")), "photo.jpg"),
        (JPEG.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"), "photo.jpg"),  # 12 bits a channel
        (JPEG.replace(b"\xff\xc0", b"\xff\xc9"), "photo.jpg"),  # arithmetic coding
        (encoded(Image.new("I;16", (8, 8)), "PNG"), "photo.png"),
        (hostile.png(png_header(8, 8, depth=16), b""), "photo.png"),
        (encoded(picture("P"), "PNG", transparency=0), "photo.png"),
    ],
)
def test_kinds_of_photo_that_are_not_taken(content: bytes, name: str) -> None:
    assert refusal(content, name) == "unknown_type"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "photo.jpg"),
        (JPEG[:-2], "photo.jpg"),
        (JPEG[:200], "photo.jpg"),
        (JPEG[:3], "photo.jpg"),
        (hostile.with_frame_size(JPEG, 0, 48), "photo.jpg"),
        (hostile.with_frame_size(JPEG, 64, 0), "photo.jpg"),
        (hostile.with_segments(JPEG, segment(0xC0, b"\x08\0\x08\0\x08\x01\x01\x11\0")), "photo.jpg"),
        (JPEG[:2] + b"\xff\xd9", "photo.jpg"),
        (PNG[:-12], "photo.png"),
        (PNG[:40], "photo.png"),
        (PNG[:8], "photo.png"),
        (PNG + b"<?php system($_GET[0]); ?>", "photo.png"),
        (PNG[:60] + b"\0\0\0\0" + PNG[64:], "photo.png"),
        (hostile.with_chunks(PNG, chunk(b"CgBI", b"\0\0\0\0")), "photo.png"),
        (hostile.png(png_header(0, 8), b""), "photo.png"),
        (hostile.png(png_header(8, 8, depth=5), b""), "photo.png"),
        (WEBP[:-2], "photo.webp"),
        (WEBP[:12], "photo.webp"),
        (WEBP + b"trailing", "photo.webp"),
        (WEBP + riff_chunk(b"TEST", b"beyond the end"), "photo.webp"),
        (riff(), "photo.webp"),
        (riff(hostile.canvas(64, 48)), "photo.webp"),
        (riff(hostile.canvas(640, 480), WEBP[12:]), "photo.webp"),
        (riff(WEBP[12:], WEBP[12:]), "photo.webp"),
        (riff(riff_chunk(b"VP8 ", bytes(10))), "photo.webp"),
        (riff(riff_chunk(b"VP8X", b"")), "photo.webp"),
        (hostile.PDF[:-6], "plan.pdf"),
        (hostile.PDF + b"<script>alert(1)</script>", "plan.pdf"),
    ],
)
def test_cut_off_or_contradictory_files_are_broken(content: bytes, name: str) -> None:
    assert refusal(content, name) == "broken"


@pytest.mark.parametrize(
    "packed",
    [
        chunk(b"iCCP", b"profile\0\0" + hostile.packed_zeros(50_000_000)),
        chunk(b"zTXt", b"Comment\0\0" + hostile.packed_zeros(50_000_000)),
        chunk(b"iTXt", b"Comment\0\1\0en\0\0" + hostile.packed_zeros(50_000_000)),
        chunk(b"tEXt", b"Comment\0" + b"x" * 1_000_001),
        chunk(b"eXIf", bytes(1_000_001)),
        b"".join([chunk(b"zTXt", b"Comment\0\0" + hostile.packed_zeros(600_000 * 2))] * 2),
        chunk(b"zTXt", b"Comment\0\0no zlib at all"),
    ],
    ids=["profile", "packed text", "international text", "plain text", "exif", "together", "nonsense"],
)
def test_png_metadata_beyond_reason_is_broken(packed: bytes) -> None:
    file = upload(hostile.with_chunks(PNG, packed), "photo.png")
    tracemalloc.start()
    with pytest.raises(BadFile, match="broken"):
        receive(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_jpeg_and_webp_metadata_beyond_reason_is_broken() -> None:
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(65_000))
    assert refusal(hostile.with_segments(JPEG, *[profile] * 16)) == "broken"
    exif = riff_chunk(b"EXIF", bytes(1_000_001))
    assert refusal(riff(hostile.canvas(64, 48, flags=8), WEBP[12:], exif), "photo.webp") == "broken"


def test_more_parts_or_scans_than_any_photo_has_are_broken() -> None:
    assert refusal(hostile.with_segments(JPEG, segment(0xFE, b"") * 20_001)) == "broken"
    assert refusal(hostile.with_chunks(PNG, chunk(b"teSt", b"") * 20_001), "photo.png") == "broken"
    assert refusal(riff(riff_chunk(b"TEST", b"") * 20_001), "photo.webp") == "broken"
    scan = JPEG[JPEG.index(b"\xff\xda") : -2]
    assert refusal(JPEG[:-2] + scan * 64 + b"\xff\xd9") == "broken"


def test_nothing_but_the_picture_and_its_colours_reaches_the_decoder() -> None:
    second_picture = segment(0xE2, b"MPF\0" + bytes(40))
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")
    dressed = hostile.with_segments(JPEG, second_picture, xmp, segment(0xFE, b"comment")) + JPEG
    assert b"".join(outline_of(dressed, "image/jpeg").parts) == JPEG

    texts = chunk(b"zTXt", b"Comment\0\0" + hostile.packed_zeros(10_000)), chunk(b"prVt", bytes(2_000_000))
    assert b"".join(outline_of(hostile.with_chunks(PNG, *texts), "image/png").parts) == PNG

    dressed = riff(hostile.canvas(64, 48, flags=4), WEBP[12:], riff_chunk(b"XMP ", b"<x:xmpmeta/>"))
    bare = riff(hostile.canvas(64, 48), WEBP[12:])
    assert b"".join(outline_of(dressed, "image/webp").parts) == bare


@pytest.mark.parametrize(("content", "name"), [(JPEG, "x.jpg"), (PNG, "x.png"), (WEBP, "x.webp")])
def test_random_damage_is_refused_or_let_through_but_never_raises_anything_else(
    content: bytes, name: str
) -> None:
    dice = random.Random(7)
    codes = set()
    for _ in range(400):
        damaged = bytearray(content)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(12, len(damaged))] = dice.randrange(256)
        damaged = damaged[: dice.randint(12, len(damaged))] if dice.random() < 0.2 else damaged
        try:
            outline_of(bytes(damaged), media_type_of(bytes(damaged)))
        except BadFile as refused:
            codes.add(refused.code)
    assert "broken" in codes
    assert codes <= {"broken", "unknown_type", "too_many_pixels"}
