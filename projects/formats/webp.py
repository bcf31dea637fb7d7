"""WebP: a RIFF file with either one picture chunk alone, or a canvas (VP8X), one picture and companions."""

import struct
from collections.abc import Callable, Iterator

from projects.formats.common import MAX_PARTS, BadFile, Outline, Part, check_metadata, check_size

_CANVAS = b"VP8X"
_METADATA = {b"ICCP", b"EXIF"}
_MOVING = {b"ANIM", b"ANMF"}
_MOVING_FLAG, _XMP_FLAG = 0x02, 0x04


def outline(data: bytes) -> Outline:
    """Walk over a WebP; see `projects.formats.outline_of`."""
    sizes: dict[bytes, tuple[int, int]] = {}
    parts: list[Part] = []
    metadata = 0
    for kind, chunk in _chunks(data):
        if kind in _MOVING:
            raise BadFile("unknown_type")
        if kind in sizes:
            raise BadFile("broken")
        if kind in _SIZES:
            sizes[kind] = _SIZES[kind](chunk[8:])
            check_size(*sizes[kind])
        metadata += len(chunk) if kind in _METADATA else 0
        parts += _kept(kind, chunk)
    check_metadata(metadata)
    width, height = _agreed_size(sizes)
    length = 4 + sum(len(part) for part in parts)
    return Outline(width, height, [b"RIFF", length.to_bytes(4, "little"), b"WEBP", *parts])


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """(kind, whole chunk) of each chunk; together they fill the file, each padded to an even length."""
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        raise BadFile("broken")
    view = memoryview(data)
    position = 12
    for _count in range(MAX_PARTS):
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        end = position + 8 + size + size % 2
        if end > len(data):
            break
        yield data[position : position + 4], view[position:end]
        position = end
        if position == len(data):
            return
    raise BadFile("broken")


def _kept(kind: bytes, chunk: memoryview) -> list[Part]:
    """The chunk as the decoder gets it: XMP is left out, so the canvas must not announce it either."""
    if kind == _CANVAS:
        return [chunk[:8], bytes([chunk[8] & ~_XMP_FLAG]), chunk[9:]]
    return [chunk] if kind in {b"ALPH", *_METADATA, *_SIZES} else []


def _agreed_size(sizes: dict[bytes, tuple[int, int]]) -> tuple[int, int]:
    """The size of the one picture, which a canvas before it must repeat."""
    kinds = list(sizes)
    pictures = kinds[1:] if kinds[:1] == [_CANVAS] else kinds
    if len(pictures) != 1 or pictures == [_CANVAS] or len(set(sizes.values())) != 1:
        raise BadFile("broken")
    return sizes[pictures[0]]


def _canvas_size(body: memoryview) -> tuple[int, int]:
    if len(body) != 10:
        raise BadFile("broken")
    if body[0] & _MOVING_FLAG:
        raise BadFile("unknown_type")
    return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1


def _lossy_size(body: memoryview) -> tuple[int, int]:
    """The size in a key frame of VP8; the upper two bits of each side are a hint for scaling."""
    if len(body) < 10 or body[0] & 1 or bytes(body[3:6]) != b"\x9d\x01\x2a":
        raise BadFile("broken")
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _lossless_size(body: memoryview) -> tuple[int, int]:
    if len(body) < 5 or body[0] != 0x2F:
        raise BadFile("broken")
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_SIZES: dict[bytes, Callable[[memoryview], tuple[int, int]]] = {
    _CANVAS: _canvas_size,
    b"VP8 ": _lossy_size,
    b"VP8L": _lossless_size,
}
