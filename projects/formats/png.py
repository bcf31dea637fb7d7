"""PNG: chunks of length, kind, body and checksum, from IHDR to IEND, and nothing after it."""

import struct
import zlib
from collections.abc import Iterator

from projects.formats.common import (
    MAX_METADATA_BYTES,
    MAX_PARTS,
    BadFile,
    Outline,
    Part,
    check_metadata,
    check_size,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"iCCP", b"eXIf"}
_METADATA = {b"iCCP", b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
_MOVING = {b"acTL", b"fcTL", b"fdAT"}
_PALETTE = 3
# Colour type -> bits a channel that PNG knows. 16 bits are a kind not taken.
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, _PALETTE: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}


def outline(data: bytes) -> Outline:
    """Walk over a PNG; see `projects.formats.outline_of`."""
    width, height, colour = _header(data)
    parts: list[Part] = [SIGNATURE]
    metadata = 0
    for kind, body, chunk in _chunks(data):
        if kind in _MOVING or (kind == b"tRNS" and colour == _PALETTE):
            raise BadFile("unknown_type")
        if kind in _METADATA:
            metadata += len(body)
            check_metadata(metadata)
            metadata += _unpacked_size(kind, body, MAX_METADATA_BYTES - metadata)
            check_metadata(metadata)
        if kind in _KEPT:
            parts.append(chunk)
        elif kind[:1].isupper():  # by its name the picture cannot be understood without it
            raise BadFile("broken")
    return Outline(width, height, parts)


def _header(data: bytes) -> tuple[int, int, int]:
    """Width, height and colour type. Read first, so that an impossible size costs no further look."""
    if data[12:16] != b"IHDR" or len(data) < 26:
        raise BadFile("broken")
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    if depth not in _DEPTHS.get(colour, set()):
        raise BadFile("broken")
    check_size(width, height)
    if depth == 16:
        raise BadFile("unknown_type")
    return width, height, colour


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, memoryview]]:
    """(kind, body, whole chunk) of each chunk, checksums proven; the last one, IEND, ends the file."""
    view = memoryview(data)
    position = len(SIGNATURE)
    for _count in range(MAX_PARTS):
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            break
        if zlib.crc32(view[position + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            break
        kind = data[position + 4 : position + 8]
        yield kind, view[position + 8 : end - 4], view[position:end]
        if kind == b"IEND" and end == len(data):
            return
        position = end
    raise BadFile("broken")


def _unpacked_size(kind: bytes, body: memoryview, room: int) -> int:
    """Bytes that a packed colour profile or text unpacks to, counted no further than one beyond `room`."""
    try:
        return len(zlib.decompressobj().decompress(_packed(kind, bytes(body)), room + 1))
    except zlib.error:
        raise BadFile("broken") from None


def _packed(kind: bytes, body: bytes) -> bytes:
    """The zlib stream in a metadata chunk; empty where there is none."""
    _keyword, _nul, rest = body.partition(b"\0")
    if kind in {b"iCCP", b"zTXt"}:
        return rest[1:]
    if kind == b"iTXt" and rest[:1] == b"\1":
        return rest[2:].split(b"\0", 2)[-1]
    return b""
