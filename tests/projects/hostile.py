"""Files made by hand for the tests of uploads: honest ones, and ones that no honest program writes."""

import io
import random
import struct
import zlib
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
ZIP = b"PK\x05\x06" + bytes(18)


def upload(content: bytes, name: str = "photo.jpg", content_type: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48), seed: int = 1) -> Image.Image:
    """Soft blotches of colour: photo-like, and different for each seed."""
    blotches = Image.frombytes("RGB", (8, 6), random.Random(seed).randbytes(8 * 6 * 3))
    return blotches.resize(size, Image.Resampling.BICUBIC).convert(mode)


def encoded(image: Image.Image, file_format: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def camera_exif(taken_at: str = "", offset: str = "", orientation: int = 1) -> bytes:
    """What a phone writes about a photo: which side is up, when, and exactly where."""
    exif = Image.Exif()
    exif[0x0110] = "Tattletale 12 Pro"
    exif[0x0112] = orientation
    exif[0x8769] = {0x9003: taken_at, 0x9011: offset}
    exif[0x8825] = {1: "N", 2: (32.0, 34.0, 12.5), 3: "E", 4: (34.0, 57.0, 7.25)}
    return exif.tobytes()


def swapped_profile() -> bytes:
    """A colour profile that calls red green and green red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for place in range(132, 132 + 12 * struct.unpack(">I", profile[128:132])[0], 12):
        name = bytes(profile[place : place + 4])
        profile[place : place + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(profile)


# --- JPEG


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def with_frame_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The same JPEG claiming another size."""
    frame = jpeg.index(b"\xff\xc0")
    return jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]


def markers_of(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its first scan."""
    found, position = [], 2
    while not found or found[-1] != 0xDA:
        found.append(jpeg[position + 1])
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
    return found


# --- PNG


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png(header: bytes, pixels: bytes, *chunks: bytes) -> bytes:
    return b"".join([PNG_SIGNATURE, header, *chunks, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def with_chunks(whole: bytes, *chunks: bytes) -> bytes:
    """A PNG with more chunks after its header."""
    return whole[:33] + b"".join(chunks) + whole[33:]


@cache
def packed_zeros(count: int) -> bytes:
    """A zlib stream of zeros, a thousandth of their size."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1_000_000)) for _ in range(count // 1_000_000)]
    return b"".join([*parts, packer.flush()])


def png_bomb(side: int) -> bytes:
    """A whole black and white PNG of side x side pixels in a few kilobytes; a byte a pixel when decoded."""
    rows = side * (1 + (side + 7) // 8)
    return png(png_header(side, side, depth=1, colour=0), packed_zeros(rows + 1_000_000))


# --- WebP


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def canvas(width: int, height: int, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)
