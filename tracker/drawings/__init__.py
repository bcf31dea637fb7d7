"""Photos for the demonstration, drawn by the program and marked as drawings: no real site is shown.

`draw("tiles", 3)` is always the same picture; another seed is the same thing seen on another day.
"""

from functools import lru_cache

from tracker.drawings import finishes, outdoors, walls
from tracker.drawings.canvas import Canvas

_PAINTERS = {
    "foundations": outdoors.foundations,
    "rebar": outdoors.rebar,
    "frame": outdoors.frame,
    "membrane": outdoors.membrane,
    "flood_test": outdoors.flood_test,
    "block_wall": walls.block_wall,
    "pipes": walls.pipes,
    "cabinet": walls.cabinet,
    "plaster": walls.plaster,
    "tiles": finishes.tiles,
    "kitchen": finishes.kitchen,
    "boxes": finishes.boxes,
}
SCENES = tuple(_PAINTERS)


@lru_cache(maxsize=64)  # a story told again, on another day or to another reader, shows the same
def draw(scene: str, seed: int) -> bytes:
    """A JPEG of 1280 x 960 pixels showing one of SCENES. Raises KeyError for a scene there is not."""
    canvas = Canvas(f"{scene} {seed}")
    _PAINTERS[scene](canvas)
    return canvas.photo()
