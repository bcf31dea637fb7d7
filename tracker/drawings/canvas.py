"""Paper, pens and light for the drawings of the demonstration.

Shapes are drawn at twice the size and reduced, which smooths their edges; light, stains and grain come last.
"""

import io
import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1280, 960
_FINER = 2
_JPEG_QUALITY = 73
_DARKNESS = (20, 16, 10)

Point = tuple[float, float]
Colour = tuple[int, int, int]
Ground = Callable[[float, float], Point]


def rgb(code: str) -> Colour:
    """A colour from its "rrggbb"."""
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def toned(colour: Colour, by: float) -> Colour:
    """The colour darker (by < 1) or lighter (by > 1)."""
    red, green, blue = (min(255, round(part * by)) for part in colour)
    return red, green, blue


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A share (0 to 1) of the other colour in the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def box(x: float, y: float, width: float, height: float) -> list[Point]:
    """The corners of an upright rectangle."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def ground_from(horizon: float) -> Ground:
    """A level ground in perspective: (x, z) to a point; z = 1 is the lower edge, x = 1 half its width."""

    def point(x: float, z: float) -> Point:
        return WIDTH / 2 * (1 + x / z), horizon + (HEIGHT - horizon) / z

    return point


def smooth(path: Sequence[Point]) -> list[Point]:
    """The path with its corners cut off, and off again."""
    points = list(path)
    for _ in range(2):
        points = [
            ((1 - t) * x0 + t * x1, (1 - t) * y0 + t * y1)
            for (x0, y0), (x1, y1) in pairwise(points)
            for t in (0.25, 0.75)
        ]
    return points


SKY_LOW, YELLOW, SHADOW = rgb("cfdfec"), rgb("e3b62c"), rgb("1d1a16")


class Canvas:
    """A picture of WIDTH x HEIGHT units being drawn. Its `dice` are its own: a seed always gives the same."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)
        self._image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER))
        self._pen = ImageDraw.Draw(self._image)

    def sway(self, by: float) -> float:
        """A random distance of at most `by` either way."""
        return self.dice.uniform(-by, by)

    def fade(self, x: float, y: float, width: float, height: float, above: Colour, below: Colour) -> None:
        """Fill an upright rectangle, one colour passing into another on the way down."""
        strips = max(1, round(height / 6))
        for strip in range(strips):
            share = strip / strips
            colour = mixed(above, below, share)
            self.block(x, y + height * share, width, height / strips + 1, colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=colour)

    def block(
        self, x: float, y: float, width: float, height: float, colour: Colour, round_by: float = 0
    ) -> None:
        """An upright rectangle, its corners rounded."""
        corners = (x * _FINER, y * _FINER, (x + width) * _FINER, (y + height) * _FINER)
        if round_by:
            self._pen.rounded_rectangle(corners, radius=round_by * _FINER, fill=colour)
        else:
            self._pen.rectangle(corners, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1) -> None:
        """A circle, or with `flat` below 1 one that lies on the ground."""
        high = radius * flat
        corners = ((x - radius) * _FINER, (y - high) * _FINER, (x + radius) * _FINER, (y + high) * _FINER)
        self._pen.ellipse(corners, fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 2) -> None:
        path = [(x * _FINER, y * _FINER) for x, y in points]
        # A path of many points bends so little at each that its joints need no rounding.
        joint = "curve" if 2 < len(path) < 9 else None
        self._pen.line(path, fill=colour, width=max(1, round(width * _FINER)), joint=joint)

    def tube(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A pipe, cable or bar along a path: dark at its edge, with a streak of light."""
        for tone, share, aside in ((0.55, 1, 0), (0.85, 0.78, 0.04), (1.06, 0.46, 0.1), (1.35, 0.14, 0.18)):
            shift = width * aside
            self.line([(x - shift, y - shift) for x, y in points], toned(colour, tone), width * share)

    def soft(self, points: Sequence[Point], colour: Colour, strength: float, blur: float) -> None:
        """A shape without an edge: a shadow, a cloud, a gleam."""
        margin = blur * 2
        left, top = (max(0, min(side) - margin) for side in zip(*points, strict=True))
        right = min(WIDTH, max(x for x, _y in points) + margin)
        bottom = min(HEIGHT, max(y for _x, y in points) + margin)
        if left >= right or top >= bottom:
            return
        coarse = max(1.0, blur / 4)
        mask = Image.new("L", (round((right - left) / coarse) + 1, round((bottom - top) / coarse) + 1))
        path = [((x - left) / coarse, (y - top) / coarse) for x, y in points]
        ImageDraw.Draw(mask).polygon(path, fill=round(255 * strength))
        mask = mask.filter(ImageFilter.BoxBlur(blur / coarse)).filter(ImageFilter.BoxBlur(blur / coarse))
        size = round((right - left) * _FINER), round((bottom - top) * _FINER)
        mask = mask.resize(size, Image.Resampling.BILINEAR)
        self._image.paste(colour, (round(left * _FINER), round(top * _FINER)), mask)

    def text(self, x: float, y: float, words: str, size: float, colour: Colour) -> None:
        """Latin words or digits, centred on a point."""
        self._pen.text((x * _FINER, y * _FINER), words, colour, font(round(size * _FINER)), anchor="mm")

    def photo(self) -> bytes:
        """The finished picture as a JPEG: reduced, lit, grained, and marked as a drawing."""
        picture = self._image.reduce(_FINER)
        picture.paste(_DARKNESS, (0, 0), self._darkness())
        mark, place = _mark()
        picture.paste(mark, place, mark)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=_JPEG_QUALITY)
        return out.getvalue()

    def _darkness(self) -> Image.Image:
        """How much light is missing where: in stains, in fine grain, and in the corners."""
        size = WIDTH // 2, HEIGHT // 2
        stains = self._noise(14, 10).resize(size, Image.Resampling.BICUBIC)
        uneven = Image.blend(stains, self._noise(*size), 0.45)
        missing = Image.blend(uneven, _corners(), 0.86).point([max(0, value - 15) for value in range(256)])
        return missing.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)

    def _noise(self, width: int, height: int) -> Image.Image:
        return Image.frombytes("L", (width, height), self.dice.randbytes(width * height))


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes with Pillow, so that it is always there. It has no Hebrew."""
    return ImageFont.load_default(size)


@lru_cache
def _corners() -> Image.Image:
    """Nothing where the light falls, upper left of the centre, rising toward the corners; half size."""
    rings = Image.radial_gradient("L").resize((WIDTH * 5 // 8, HEIGHT * 5 // 8))
    seen = rings.crop((WIDTH // 12, HEIGHT // 12, WIDTH // 12 + WIDTH // 2, HEIGHT // 12 + HEIGHT // 2))
    return seen.point([max(0, round(82 * (value / 255) ** 1.8 - 14)) for value in range(256)])


# "ציור" as strokes, from left to right, on a square one unit high: (width, lines).
_HEBREW_MARK = (
    (0.62, (((0.03, 0.08), (0.36, 0.08), (0.5, 0.14), (0.54, 0.28), (0.54, 0.96)),)),
    (0.32, (((0.03, 0.08), (0.17, 0.08), (0.23, 0.16), (0.23, 0.96)),)),
    (0.32, (((0.03, 0.08), (0.17, 0.08), (0.23, 0.16), (0.23, 0.5)),)),
    (
        0.66,
        (
            ((0.06, 0.06), (0.6, 0.94), (0.03, 0.94)),
            ((0.58, 0.06), (0.56, 0.3), (0.36, 0.5)),
        ),
    ),
)


@lru_cache
def _mark() -> tuple[Image.Image, tuple[int, int]]:
    """The label "drawing / ציור" and its place in the lower left corner."""
    width, height, em = 268, 56, 27 * _FINER
    label = Image.new("RGBA", (width * _FINER, height * _FINER))
    pen = ImageDraw.Draw(label)
    pen.rounded_rectangle((0, 0, *(side - 1 for side in label.size)), 14 * _FINER, fill=(23, 33, 43, 190))
    pen.text((20 * _FINER, 28 * _FINER), "drawing /", "white", font(31 * _FINER), anchor="lm")
    x, y = 171 * _FINER, 14 * _FINER
    for letter_width, lines in _HEBREW_MARK:
        for line in lines:
            path = [(x + across * em, y + down * em) for across, down in line]
            pen.line(path, fill="white", width=round(0.11 * em), joint="curve")
        x += round(letter_width * em) + 3 * _FINER
    return label.reduce(_FINER), (24, HEIGHT - height - 24)
