"""What an uploaded file is, told from its outline alone: nothing in this folder decodes a picture.

Each walk steps over the parts of one format, checks that they add up, and keeps only those the decoder
needs. So the decoder never meets comments, preview pictures, further pictures, or what hides behind the end.
"""

import re

from projects.formats import heic, jpeg, png, webp
from projects.formats.common import BadFile, Outline

JPEG, HEIC, PNG, WEBP = "image/jpeg", "image/heic", "image/png", "image/webp"
PDF = "application/pdf"

_FIRST_BYTES = {
    JPEG: re.compile(rb"\xff\xd8\xff"),
    HEIC: re.compile(rb"....ftyp(heic|heix|mif1)", re.DOTALL),
    PNG: re.compile(re.escape(png.SIGNATURE)),
    WEBP: re.compile(rb"RIFF....WEBP", re.DOTALL),
    PDF: re.compile(rb"%PDF-[12]\.\d"),
}
_WALKS = {JPEG: jpeg.outline, HEIC: heic.outline, PNG: png.outline, WEBP: webp.outline}
# The record that closes a ZIP archive, with the disk numbers that every archive of today has.
_ARCHIVE_END = b"PK\x05\x06\0\0\0\0"
# An archive's end record is looked for in the last bytes: its own 22 and the longest comment.
_ARCHIVE_TAIL = 22 + 65_535


def media_type_of(data: bytes) -> str:
    """The media type by the file's first bytes. Raises BadFile: `unknown_type`."""
    for media_type, first_bytes in _FIRST_BYTES.items():
        if first_bytes.match(data):
            return media_type
    raise BadFile("unknown_type")


def check_single_nature(data: bytes, media_type: str) -> None:
    """Refuse a file that other programs would open as something else: as a ZIP archive, or as a PDF.

    An archive is read from its end and a PDF may begin anywhere in the first kilobyte, so either can share
    a file with a photo. Raises BadFile: `type_mismatch`.
    """
    is_archive = _ARCHIVE_END in data[-_ARCHIVE_TAIL:]
    is_hidden_pdf = media_type != PDF and b"%PDF-" in data[:1024]
    if is_archive or is_hidden_pdf:
        raise BadFile("type_mismatch")


def check_pdf(data: bytes) -> None:
    """A whole PDF ends with its end mark and nothing after it but white space. Raises BadFile: `broken`."""
    _before, mark, after = data[-1024:].rpartition(b"%%EOF")
    if not mark or after.strip(b"\0\t\n\f\r "):
        raise BadFile("broken")


def outline_of(data: bytes, media_type: str) -> Outline:
    """The outline of a JPEG, HEIC, PNG or WebP photo.

    Raises BadFile: `unknown_type` for kinds of photo that are not taken (moving, CMYK, 16 bits a channel,
    palette with transparency), `too_many_pixels`, or `broken`.
    """
    return _WALKS[media_type](data)
