"""HEIC, what iPhones take: boxes of ISO media that fill the file, with the pictures' sizes among them.

Positions inside the file are written in its own tables, so nothing can be left out: it goes on whole.
"""

from collections.abc import Iterator

from projects.formats.common import MAX_PARTS, BadFile, Outline, check_size

# One still picture in HEVC, of 8 or 10 bits; a moving one names other brands first.
STILL = {b"heic", b"heix", b"mif1"}
PICTURES = {b"heic", b"heix"}
# The way to the sizes, and how many bytes of its own each box on it has before its parts.
_SIZES_IN = [(b"meta", 4), (b"iprp", 0), (b"ipco", 0)]


def outline(data: bytes) -> Outline:
    """Walk over a HEIC; see `projects.formats.outline_of`. The size is that of its largest picture."""
    boxes = list(_boxes(memoryview(data)))
    _check_brand(*boxes[0])
    for kind, own in _SIZES_IN:
        boxes = list(_boxes(_only(kind, boxes)[own:]))
    sizes = [_size(body) for kind, body in boxes if kind == b"ispe"]
    if not sizes:
        raise BadFile("broken")
    for size in sizes:
        check_size(*size)
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Outline(width, height, [data])


def _boxes(view: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """(kind, body) of each box; together they fill the view. A length of 1 says that 8 bytes of it follow."""
    position = 0
    for _count in range(MAX_PARTS):
        head, length = 8, int.from_bytes(view[position : position + 4])
        if length == 1:
            head, length = 16, int.from_bytes(view[position + 8 : position + 16])
        elif length == 0:  # up to the end
            length = len(view) - position
        if length < head or position + length > len(view):
            break
        yield bytes(view[position + 4 : position + 8]), view[position + head : position + length]
        position += length
        if position == len(view):
            return
    raise BadFile("broken")


def _check_brand(kind: bytes, body: memoryview) -> None:
    """The file begins by saying that it is one still picture of a kind that we decode."""
    brands = [bytes(body[i : i + 4]) for i in range(8, len(body), 4)]
    if kind != b"ftyp" or len(body) < 8:
        raise BadFile("broken")
    if bytes(body[:4]) not in STILL or not PICTURES & {bytes(body[:4]), *brands}:
        raise BadFile("unknown_type")


def _only(kind: bytes, boxes: list[tuple[bytes, memoryview]]) -> memoryview:
    found = [body for its_kind, body in boxes if its_kind == kind]
    if len(found) != 1:
        raise BadFile("broken")
    return found[0]


def _size(body: memoryview) -> tuple[int, int]:
    if len(body) != 12:
        raise BadFile("broken")
    return int.from_bytes(body[4:8]), int.from_bytes(body[8:12])
