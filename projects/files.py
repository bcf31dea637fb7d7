"""From what a person uploads to a safe stored file: received, stored under its hash, opened again.

docs/files.md says what is refused and why.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from io import BufferedReader
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from projects.formats import PDF, check_pdf, check_single_nature, media_type_of, outline_of
from projects.formats.common import BadFile, Part
from projects.refusals import Refused

MAX_BYTES = 25 * 1024 * 1024
# Several times what the largest photo takes on a busy machine; the decoder's own limit counts its work only.
DECODE_TIMEOUT_SECONDS = 45
TURN_TIMEOUT_SECONDS = 20

_DECODER = Path(__file__).with_name("decode.py")

PHOTO, DOCUMENT = "photo", "document"

_PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/heic": "HEIF", "image/png": "PNG", "image/webp": "WEBP"}
_TYPES_BY_ENDING = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
    ".heic": "image/heic",
    ".heif": "image/heic",
    ".png": "image/png",
    ".webp": "image/webp",
    ".pdf": PDF,
}
_OLD_NAMES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/heif": "image/heic",
    "image/x-png": "image/png",
}
_NO_CLAIM = {"", "application/octet-stream"}
# A decoder may take a gigabyte for a moment: two at a time in one process, the others wait.
_decoders = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Thumbnail:
    """A small JPEG of a photo, its size in pixels."""

    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Received:
    """A file that was looked at, made safe, and is ready to be stored.

    `sha256` and `size` (bytes) are those of `content`, which is what gets stored. `kind` is "photo" or
    "document"; a document has no width, height (pixels), time or thumbnail. `taken_at` is the camera's
    claim, aware; nobody vouches for it.
    """

    sha256: str
    kind: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    taken_at: datetime | None
    thumbnail: Thumbnail | None
    content: bytes = field(repr=False)


def receive(upload: UploadedFile, *, zone: tzinfo | None = None) -> Received:
    """Check an uploaded photo or PDF and make of it what is stored; nothing is stored yet.

    A photo is decoded in a process of its own, turned upright, shrunk, and encoded anew without metadata;
    a PDF stays as it is. `zone` is where a camera that names no offset is taken to have been: Django's
    current time zone unless given. Raises BadFile.
    """
    data = _read(upload)
    media_type = media_type_of(data)
    _check_claims(upload, media_type)
    check_single_nature(data, media_type)
    if media_type == PDF:
        check_pdf(data)
        return _received(DOCUMENT, PDF, data)
    parts = outline_of(data, media_type).parts
    return _decoded(parts, _PILLOW_FORMATS[media_type], zone or timezone.get_current_timezone())


def _read(upload: UploadedFile) -> bytes:
    """The upload's bytes, never more than one beyond the limit."""
    if upload.size is not None and upload.size > MAX_BYTES:
        raise BadFile("too_large")
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadFile("too_large")
    if not data:
        raise BadFile("broken")
    return data


def _check_claims(upload: UploadedFile, media_type: str) -> None:
    """The name's ending and the declared type, where given, must say what the bytes say."""
    ending = PurePath(upload.name or "").suffix.lower()
    declared = (upload.content_type or "").partition(";")[0].strip().lower()
    if ending and _TYPES_BY_ENDING.get(ending) != media_type:
        raise BadFile("type_mismatch")
    if declared not in _NO_CLAIM and _OLD_NAMES.get(declared, declared) != media_type:
        raise BadFile("type_mismatch")


def _received(
    kind: str,
    media_type: str,
    content: bytes,
    *,
    size: tuple[int, int] | None = None,
    taken_at: datetime | None = None,
    thumbnail: Thumbnail | None = None,
) -> Received:
    width, height = size or (None, None)
    sha256 = hashlib.sha256(content).hexdigest()
    return Received(sha256, kind, media_type, len(content), width, height, taken_at, thumbnail, content)


# --- Decoding


def _decoded(parts: list[Part], file_format: str, zone: tzinfo) -> Received:
    head, _newline, pictures = _run_decoder(parts, file_format).partition(b"\n")
    facts = json.loads(head)
    if facts is None:
        raise BadFile("broken")
    photo, small = pictures[: facts["photo_bytes"]], pictures[facts["photo_bytes"] :]
    return _received(
        PHOTO,
        "image/jpeg",
        photo,
        size=facts["size"],
        taken_at=moment_of(facts["taken_at"], facts["offset"], zone),
        thumbnail=Thumbnail(facts["thumbnail_size"][0], facts["thumbnail_size"][1], small),
    )


def _run_decoder(parts: list[Part], file_format: str) -> bytes:
    """The decoder's answer. It gets no environment and its output goes to a file, which its limits bound.

    Raises BadFile (`broken`) when it runs out of time or is killed over the photo.
    """
    command = [sys.executable, "-I", str(_DECODER), file_format]
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer, _turn():
        question.writelines(parts)
        question.seek(0)
        try:
            done = subprocess.run(
                command, stdin=question, stdout=answer, env={}, cwd="/", timeout=DECODE_TIMEOUT_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise BadFile("broken") from None
        if done.returncode < 0:
            raise BadFile("broken")
        done.check_returncode()  # anything else is our fault, not the photo's
        answer.seek(0)
        return answer.read()


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few places to decode. Raises Refused (`unavailable`) when none gets free in a while."""
    if not _decoders.acquire(timeout=TURN_TIMEOUT_SECONDS):
        raise Refused("unavailable")
    try:
        yield
    finally:
        _decoders.release()


def moment_of(text: str, offset: str, zone: tzinfo) -> datetime | None:
    """EXIF's time and offset ("2026:11:22 08:29:00", "+02:00") as a moment in UTC; None for nonsense."""
    try:
        local = datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        with suppress(ValueError):
            zone = datetime.strptime(offset.strip("\0 "), "%z").tzinfo or zone
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# --- The store


def store(received: Received) -> None:
    """Put the content and its thumbnail under FILES_ROOT, named by hash; nothing happens if they are there.

    The thumbnail goes first, so that a file that is there is there whole.
    """
    path, thumbnail_path = _paths(received.sha256)
    if is_intact(received.sha256) and (received.thumbnail is None or thumbnail_path.exists()):
        return
    if received.thumbnail is not None:
        _write(thumbnail_path, received.thumbnail.content)
    _write(path, received.content)


def open_file(sha256: str) -> BufferedReader:
    """The stored bytes, for reading. Raises FileNotFoundError, and ValueError for what is no hash."""
    return _paths(sha256)[0].open("rb")


def open_thumbnail(sha256: str) -> BufferedReader:
    """The thumbnail (JPEG) of the stored photo with this hash. Raises as `open_file`; a PDF has none."""
    return _paths(sha256)[1].open("rb")


def has_thumbnail(sha256: str) -> bool:
    """Whether a thumbnail is stored under this hash. Raises ValueError for what is no hash."""
    return _paths(sha256)[1].exists()


def is_intact(sha256: str) -> bool:
    """Whether the stored bytes are there and still have their hash."""
    try:
        with open_file(sha256) as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _paths(sha256: str) -> tuple[Path, Path]:
    """Where the file and its thumbnail are kept. Only a hash gets this far, so no path can be smuggled in."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 in lower-case hex")
    folder = Path(settings.FILES_ROOT) / sha256[:2]
    return folder / sha256, folder / f"{sha256}.thumbnail"


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or none: beside its place first, onto the disk, then moved there in one step."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    """Put a folder's list of names onto the disk, without which a new file may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
