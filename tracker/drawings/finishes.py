"""Scenes of the last stages: tiles, the kitchen, a delivery."""

from tracker.drawings.canvas import (
    HEIGHT,
    SHADOW,
    WIDTH,
    YELLOW,
    Canvas,
    Colour,
    box,
    ground_from,
    rgb,
    toned,
)
from tracker.drawings.walls import JOINT, PLASTER_DIM, PLASTER_LIT, RED, WHITE

CARTON, BIRCH = rgb("c99f6c"), rgb("e2cda5")


def tiles(canvas: Canvas) -> None:
    """A tiled floor half grouted, the wall begun, a stack of tiles and a spirit level."""
    horizon = 330 + canvas.sway(20)
    canvas.fade(0, 0, WIDTH, horizon, PLASTER_LIT, PLASTER_DIM)
    for row in range(2):
        for column in range(9 - row * 4):
            tone = canvas.dice.uniform(0.96, 1.03)
            canvas.block(column * 150 - 30, horizon - 98 * (row + 1), 146, 94, toned(rgb("b9c4c6"), tone))
    canvas.fade(0, horizon, WIDTH, HEIGHT - horizon, rgb("8d867b"), rgb("6f685e"))
    ground, turn = ground_from(horizon - 130), canvas.sway(0.2)
    for row in range(12):
        near, far = 0.86 + row * 0.42, 0.86 + row * 0.42 + 0.408
        for column in range(-12 - row, 13 + row):
            left, right = column * 0.56 + turn, column * 0.56 + turn + 0.548
            corners = [ground(left, near), ground(right, near), ground(right, far), ground(left, far)]
            canvas.shape(corners, toned(rgb("d5cec1"), canvas.dice.uniform(0.94, 1.04)))
    canvas.shape(box(0, horizon - 8, WIDTH, 12), rgb("8d867b"))
    canvas.soft([(420, 560), (900, 520), (1100, 700), (560, 780)], rgb("f7f1e4"), 0.4, 50)
    stack(canvas, 900 + canvas.sway(70), 540)
    level(canvas, 230 + canvas.sway(90), 720 + canvas.sway(30))


def level(canvas: Canvas, x: float, y: float) -> None:
    """A yellow spirit level lying on the floor."""
    canvas.soft([(x, y + 34), (x + 330, y + 4), (x + 340, y + 26), (x, y + 58)], SHADOW, 0.6, 12)
    canvas.shape([(x, y), (x + 330, y - 26), (x + 330, y + 6), (x, y + 36)], YELLOW)
    canvas.shape([(x, y - 12), (x + 322, y - 37), (x + 330, y - 26), (x, y)], toned(YELLOW, 1.2))
    canvas.shape([(x + 130, y - 6), (x + 190, y - 11), (x + 190, y + 9), (x + 130, y + 15)], rgb("b9d66a"))
    canvas.shape([(x + 152, y - 7), (x + 168, y - 8), (x + 168, y + 10), (x + 152, y + 12)], rgb("edf6c8"))


def stack(canvas: Canvas, x: float, y: float) -> None:
    """A pile of tiles seen from its corner."""
    canvas.soft(
        [(x - 160, y + 190), (x + 40, y + 150), (x + 260, y + 170), (x + 60, y + 262)], SHADOW, 0.6, 22
    )
    canvas.shape(
        [(x - 150, y), (x + 240, y), (x + 240, y + 186), (x + 40, y + 248), (x - 150, y + 192)], JOINT
    )
    for layer in range(8):
        top = y + 168 - layer * 24
        left = [(x - 150, top), (x + 40, top + 56), (x + 40, top + 76), (x - 150, top + 20)]
        canvas.shape(left, rgb("d6cfc2"))
        right = [(x + 40, top + 56), (x + 240, top - 4), (x + 240, top + 16), (x + 40, top + 76)]
        canvas.shape(right, rgb("b0a899"))
    canvas.shape([(x - 150, y), (x + 50, y - 52), (x + 240, y - 4), (x + 40, y + 56)], rgb("e6e0d4"))


def kitchen(canvas: Canvas) -> None:
    """Cabinet carcasses on the workshop bench: shelves in, fronts not yet."""
    canvas.fade(0, 0, WIDTH, 720, rgb("d6cebf"), rgb("bfb5a2"))
    for x in range(70, 1280, 190):
        clamp(canvas, x + canvas.sway(20), 76, 130 + canvas.sway(30))
    canvas.shape(box(0, 56, WIDTH, 22), rgb("9c8a6d"))
    canvas.soft(box(0, 76, WIDTH, 8), SHADOW, 0.35, 8)
    canvas.fade(0, 720, WIDTH, HEIGHT - 720, rgb("b98f5b"), rgb("7f5f39"))
    canvas.shape(box(0, 712, WIDTH, 20), rgb("d0aa77"))
    shift = canvas.sway(40)
    canvas.soft(box(120 + shift, 700, 1040, 44), SHADOW, 0.6, 18)
    for x, width, high, shelves in ((110, 330, 500, 2), (460, 400, 330, 1), (880, 290, 500, 3)):
        carcass(canvas, x + shift, 712 - high, width, high, shelves)


def clamp(canvas: Canvas, x: float, y: float, length: float) -> None:
    """A bar clamp hanging from the rail."""
    canvas.block(x, y, 9, length, rgb("7d838a"), 3)
    canvas.block(x - 4, y + 12, 46, 13, rgb("55606a"), 4)
    canvas.block(x - 4, y + length - 40, 46, 13, rgb("55606a"), 4)
    canvas.block(x + 30, y + length - 30, 12, 34, RED, 5)


def carcass(canvas: Canvas, x: float, y: float, width: float, high: float, shelves: int) -> None:
    """An open box of white board with birch edges: back, sides, bottom, holes for shelf pins, shelves."""
    canvas.block(x, y, width, high, BIRCH, 2)
    canvas.fade(x + 18, y + 18, width - 36, high - 36, rgb("b9b3a7"), rgb("d3cdc1"))
    front, back = box(x + 18, y + 18, width - 36, high - 36), box(x + 60, y + 52, width - 120, high - 100)
    for one, other, colour in ((0, 3, rgb("e9e5dc")), (1, 2, rgb("cfc9bd")), (3, 2, WHITE)):
        canvas.shape([front[one], back[one], back[other], front[other]], colour)
    for hole in range(int(high // 44) - 1):
        canvas.disc(x + 38, y + 62 + hole * 44, 3.4, rgb("8d867b"))
    right = x + width
    for number in range(1, shelves + 1):
        down = y + 18 + (high - 36) * number / (shelves + 1)
        canvas.shape(
            [(x + 18, down), (x + 60, down - 16), (right - 60, down - 16), (right - 18, down)], WHITE
        )
        canvas.shape(box(x + 18, down, width - 36, 15), BIRCH)
        canvas.soft(box(x + 26, down + 16, width - 52, 14), SHADOW, 0.4, 10)


def boxes(canvas: Canvas) -> None:
    """Cartons delivered and stacked in the empty room, each with its label."""
    canvas.fade(0, 0, WIDTH, 650, PLASTER_LIT, PLASTER_DIM)
    canvas.fade(0, 650, WIDTH, HEIGHT - 650, rgb("c9bfae"), rgb("9d9282"))
    canvas.shape(box(0, 632, WIDTH, 20), rgb("f3efe7"))
    shift = canvas.sway(50)
    canvas.soft(box(150 + shift, 800, 1000, 60), SHADOW, 0.55, 26)
    for x, y, width, high in (
        (170, 470, 330, 350),
        (515, 560, 360, 260),
        (890, 520, 270, 300),
        (200, 270, 280, 200),
        (540, 380, 310, 180),
    ):
        carton(
            canvas,
            x + shift + canvas.sway(10),
            y,
            width,
            high,
            toned(CARTON, canvas.dice.uniform(0.93, 1.05)),
        )


def carton(canvas: Canvas, x: float, y: float, width: float, high: float, colour: Colour) -> None:
    """A closed box with tape along the lid, an arrow for "this side up" and a label."""
    canvas.fade(x, y, width, high, colour, toned(colour, 0.86))
    lid = [(x, y), (x + 26, y - 34), (x + width + 10, y - 34), (x + width, y)]
    canvas.shape(lid, toned(colour, 1.13))
    side = [(x + width, y), (x + width + 10, y - 34), (x + width + 22, y + high - 36), (x + width, y + high)]
    canvas.shape(side, toned(colour, 0.68))
    middle = x + width / 2
    canvas.shape(box(middle - 20, y, 40, 62), toned(colour, 1.22))
    canvas.shape(
        [(middle - 20, y), (middle + 2, y - 34), (middle + 40, y - 34), (middle + 20, y)], toned(colour, 1.28)
    )
    canvas.block(x + 20, y + high - 96, 116, 72, WHITE, 4)
    for line in range(4):
        canvas.block(x + 32, y + high - 84 + line * 14, 92 - line % 2 * 36, 5, rgb("5b6167"))
    for arrow in (x + width - 86, x + width - 46):
        canvas.line([(arrow, y + high - 30), (arrow, y + high - 84)], toned(colour, 0.5), 6)
        head = [(arrow - 14, y + high - 68), (arrow, y + high - 86), (arrow + 14, y + high - 68)]
        canvas.line(head, toned(colour, 0.5), 6)
