"""Decodes one photo in a process of its own, so that a hostile one can take down nothing else.

A program, run by its path and importing nothing of the house: `python -I decode.py JPEG < photo > answer`.
The answer is one line of JSON, then the photo as a JPEG without any metadata, then its thumbnail; or the
line "null" when the photo cannot be decoded.
"""

import io
import json
import resource
import sys
import warnings
from typing import BinaryIO

from pi_heif import register_heif_opener
from PIL import Image, ImageCms
from PIL.Image import Resampling, Transpose

# Imported by name, so that Pillow does not go and load its forty other formats. The last two are for the EXIF
# and the second pictures of a JPEG; met in a photo, it would be too late to load them.
from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401 # isort: skip
from PIL import MpoImagePlugin, TiffImagePlugin  # noqa: F401 # isort: skip

MAX_PIXELS = 50_000_000
PHOTO_SIDE, PHOTO_QUALITY = 2560, 85
THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 480, 80

CPU_SECONDS = 15
# A transparent WebP of 50 megapixels takes 900 MB for a moment, the most of all that is let through.
ADDRESS_SPACE_BYTES = 1_100_000_000
OUTPUT_BYTES = 32_000_000

EXIF_IFD = 0x8769
ORIENTATION, TAKEN_AT, TAKEN_AT_OFFSET = 0x0112, 0x9003, 0x9011
# EXIF orientation -> what turns the picture upright. 1 is upright already.
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def confine(*, needs_threads: bool = False) -> None:
    """Take away from this process what decoding never needs, before it sees the photo.

    Linux counts threads as processes: a decoder that works in threads keeps the right to start both.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    Image.preinit()  # reads files, and from here on nothing is opened any more, neither file nor connection
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if not needs_threads:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def decode(photo: BinaryIO, file_format: str) -> tuple[dict[str, object], bytes, bytes]:
    """(facts, photo, thumbnail) of a file that must be of the one format named."""
    if file_format == "HEIF":
        register_heif_opener(thumbnails=False, decode_threads=1)
    with Image.open(photo, formats=[file_format]) as source:
        small = shrunk(source)
    exif = exif_of(small)
    picture = in_srgb(on_white(small), small.info.get("icc_profile"))
    turn = UPRIGHT.get(exif.get(ORIENTATION, 1))
    if turn is not None:
        picture = picture.transpose(turn)
    thumbnail = picture.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Resampling.BICUBIC)
    facts = taken_at(exif) | {"size": picture.size, "thumbnail_size": thumbnail.size}
    return facts, jpeg_of(picture, PHOTO_QUALITY), jpeg_of(thumbnail, THUMBNAIL_QUALITY)


def exif_of(picture: Image.Image) -> Image.Exif:
    """The EXIF block; an empty one where it is missing or beyond understanding."""
    exif = Image.Exif()
    try:
        exif.load(picture.info.get("exif", b""))
        dict(exif)  # reads every field, so that nonsense shows now
    except Exception:  # Pillow raises half a dozen kinds on nonsense, and none is worth losing the photo
        return Image.Exif()
    return exif


def taken_at(exif: Image.Exif) -> dict[str, object]:
    """When the camera says it took the photo, in its own words; the caller judges them."""
    try:
        camera = exif.get_ifd(EXIF_IFD)
    except Exception:  # as in exif_of
        camera = {}
    said = {"taken_at": camera.get(TAKEN_AT), "offset": camera.get(TAKEN_AT_OFFSET)}
    return {name: text[:40] if isinstance(text, str) else "" for name, text in said.items()}


def shrunk(source: Image.Image) -> Image.Image:
    """The decoded picture with its longest side at most PHOTO_SIDE, decoding no more of a JPEG than that."""
    picture = source.convert("RGB") if source.mode == "P" else source
    picture = picture.convert("L") if picture.mode == "1" else picture
    picture.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Resampling.BICUBIC)
    picture.load()
    return picture


def on_white(picture: Image.Image) -> Image.Image:
    """Without transparency: what shows through is white, as it would be on paper."""
    if picture.mode not in {"LA", "RGBA"}:
        return picture
    opaque = Image.new(picture.mode[:-1], picture.size, "white")
    opaque.paste(picture.convert(opaque.mode), mask=picture.getchannel("A"))
    return opaque


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB; a colour profile that does not fit the picture is as good as none."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError):
            pass
    return picture.convert("RGB")


def jpeg_of(picture: Image.Image, quality: int) -> bytes:
    """The pixels alone as a JPEG: what Pillow remembers about their origin stays behind."""
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def main() -> None:
    file_format = sys.argv[1]
    confine(needs_threads=file_format == "HEIF")
    try:
        facts, photo, thumbnail = decode(sys.stdin.buffer, file_format)
    except Exception as error:
        print(f"photo not decoded: {error!r}"[:300], file=sys.stderr)
        sys.stdout.write("null\n")
        return
    facts["photo_bytes"] = len(photo)
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + photo + thumbnail)


if __name__ == "__main__":
    main()
