"""What the walks over JPEG, HEIC, PNG and WebP share: the refusal, the result and the limits."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.refusals import Refused, register_refusals

MAX_PIXELS = 50_000_000
MAX_SIDE = 32_000
# Real files have at most some thousand parts; millions of tiny ones would only keep the server counting.
MAX_PARTS = 20_000
# Colour profile, EXIF and texts together, unpacked. The largest honest profiles are about half of this.
MAX_METADATA_BYTES = 1_000_000

Part = bytes | memoryview

register_refusals(
    {
        "too_large": (413, _("The file is larger than 25 MB. Send a smaller one.")),
        "unknown_type": (
            415,
            _(
                "Photos can be ordinary JPEG, HEIC, PNG or WebP files, and documents PDF."
                " Save it as one of these."
            ),
        ),
        "type_mismatch": (
            415,
            _("The file is not what its name says. Save it again as a JPEG photo or as a PDF."),
        ),
        "too_many_pixels": (
            422,
            _("The photo has more than 50 megapixels. Take it at an ordinary size, or make it smaller."),
        ),
        "broken": (422, _("The file cannot be read. It may have been cut off on the way: send it again.")),
    }
)


class BadFile(Refused):
    """An uploaded file that is not taken.

    Codes: `too_large`, `unknown_type`, `type_mismatch`, `too_many_pixels`, `broken`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code, field="file")


@dataclass(frozen=True)
class Outline:
    """A photo before decoding: its size in pixels as its header says, and the parts worth decoding."""

    width: int
    height: int
    parts: list[Part]


def check_size(width: int, height: int) -> None:
    """Refuse a picture of no pixels (`broken`) or of more than can be decoded (`too_many_pixels`)."""
    if not width or not height:
        raise BadFile("broken")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise BadFile("too_many_pixels")


def check_metadata(size: int) -> None:
    """Refuse (`broken`) more metadata, in bytes, than an honest photo brings."""
    if size > MAX_METADATA_BYTES:
        raise BadFile("broken")
