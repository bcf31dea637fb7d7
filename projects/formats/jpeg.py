"""JPEG: segments with a marker and a length; picture data follows the start of a scan, up to the next marker.

What follows the end mark is left out without complaint: phones put a second picture or a short film there.
"""

import re
import struct
from collections.abc import Iterator

from projects.formats.common import MAX_PARTS, BadFile, Outline, Part, check_metadata, check_size

# A progressive JPEG has about ten scans, and every one of them costs a pass over the whole picture.
MAX_SCANS = 64

_SCAN, _END = 0xDA, 0xD9
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: all that cameras and phones write
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_TABLES = {0xC4, 0xDB, 0xDD}
_PICTURE = {_SCAN, _END, *_FRAMES, *_TABLES}
_METADATA = {0xE0: b"JFIF\0", 0xE1: b"Exif\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
_MARKER_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def outline(data: bytes) -> Outline:
    """Walk over a JPEG; see `projects.formats.outline_of`."""
    sizes: list[tuple[int, int]] = []
    parts: list[Part] = [data[:2]]
    scans = metadata = 0
    for marker, segment in _segments(data):
        if marker in _OTHER_FRAMES:
            raise BadFile("unknown_type")
        if marker in _FRAMES:
            sizes.append(_frame_size(segment[4:]))
        scans += marker == _SCAN
        if _is_metadata(marker, segment):
            metadata += len(segment)
        elif marker not in _PICTURE:
            continue
        parts.append(segment)
    check_metadata(metadata)
    if len(sizes) != 1 or not 1 <= scans <= MAX_SCANS:
        raise BadFile("broken")
    return Outline(*sizes[0], parts)


def _is_metadata(marker: int, segment: memoryview) -> bool:
    """Whether the decoder needs this metadata, for the colours or for which side is up."""
    name = _METADATA.get(marker)
    return name is not None and segment[4 : 4 + len(name)] == name


def _segments(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """(marker, whole segment) up to the end mark; the segment of a scan holds its picture data."""
    view = memoryview(data)
    position = 2
    for _count in range(MAX_PARTS):
        found = _MARKER.match(data, position)
        if found is None:
            break
        marker, start = found[1][0], found.end() - 2
        if marker == _END:
            yield marker, view[start : start + 2]
            return
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        position = start + 2 + length
        if length < 2 or position > len(data):
            break
        if marker == _SCAN:
            position = _end_of_scan(data, position)
        yield marker, view[start:position]
    raise BadFile("broken")


def _end_of_scan(data: bytes, position: int) -> int:
    found = _MARKER_AFTER_SCAN.search(data, position)
    if found is None:
        raise BadFile("broken")
    return found.start()


def _frame_size(body: memoryview) -> tuple[int, int]:
    """Width and height of a frame with 8 bits a channel, in grey or three colours; four would be CMYK."""
    if len(body) < 6:
        raise BadFile("broken")
    precision, height, width, channels = struct.unpack(">BHHB", body[:6])
    if precision != 8 or channels not in {1, 3}:
        raise BadFile("unknown_type")
    check_size(width, height)
    return width, height
