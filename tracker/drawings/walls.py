"""Scenes at a wall: blocks, pipes, the cabinet, plaster."""

from math import cos, radians, sin

from tracker.drawings.canvas import (
    HEIGHT,
    SHADOW,
    SKY_LOW,
    WIDTH,
    YELLOW,
    Canvas,
    Point,
    box,
    rgb,
    smooth,
    toned,
)

BLOCK, JOINT = rgb("b7b0a2"), rgb("8d8678")
FLOOR_FAR, FLOOR_NEAR = rgb("8b8275"), rgb("61594d")
PLASTER_LIT, PLASTER_DIM = rgb("e4ded2"), rgb("c4bdaf")
RED, BLUE, GREEN, ORANGE, BRASS = rgb("c03a2f"), rgb("2f66b3"), rgb("3f8a5a"), rgb("d5803a"), rgb("c79a3f")
STEEL, WHITE = rgb("aeb4b8"), rgb("f1eee8")


def blocks(canvas: Canvas, floor: float) -> None:
    """A wall of concrete blocks down to a rough floor."""
    canvas.shape(box(0, 0, WIDTH, floor), JOINT)
    shift = canvas.dice.uniform(0, 150)
    for row in range(int(floor // 92) + 1):
        for column in range(-1, 8):
            x, tone = column * 190 + (row % 2) * 95 - shift + 60, canvas.dice.uniform(0.92, 1.07)
            canvas.block(x, floor - 92 * (row + 1) + 3, 185, 87, toned(BLOCK, tone))
    rough_floor(canvas, floor)


def rough_floor(canvas: Canvas, top: float) -> None:
    canvas.fade(0, top, WIDTH, HEIGHT - top, FLOOR_FAR, FLOOR_NEAR)
    canvas.soft(box(0, top - 4, WIDTH, 14), SHADOW, 0.55, 12)


def block_wall(canvas: Canvas) -> None:
    """A partition with a door opening, its lintel cast, the width marked."""
    floor, x = 820 + canvas.sway(15), 420 + canvas.sway(110)
    blocks(canvas, floor)
    canvas.fade(x, 250, 360, floor - 250, rgb("f1ece0"), rgb("cfc6b5"))
    canvas.shape([(x, floor), (x + 360, floor), (x + 330, floor - 70), (x + 30, floor - 70)], rgb("b5ab9a"))
    canvas.shape([(x, 250), (x + 46, 290), (x + 46, floor - 70), (x, floor)], rgb("9b9384"))
    canvas.shape(box(x + 190, 360, 96, 130), SKY_LOW)
    canvas.shape(box(x - 90, 176, 540, 76), rgb("c9c4b9"))
    canvas.shape(box(x - 90, 240, 540, 12), rgb("8f897d"))
    for side in (x - 4, x + 360):
        canvas.line([(side, 560), (side, 600)], RED, 5)
    canvas.line([(x + 6, 580), (x + 354, 580)], RED, 4)
    canvas.text(x + 180, 552, "90", 46, RED)
    block_pile(canvas, x + 410 if x < 420 else x - 390, floor + 30)


def block_pile(canvas: Canvas, x: float, floor: float) -> None:
    """Blocks left over, stacked on the floor before the wall."""
    canvas.soft(box(x - 10, floor - 20, 370, 40), SHADOW, 0.6, 16)
    for row in range(3):
        for column in range(3 - row):
            left, top = x + column * 116 + row * 58 + canvas.sway(5), floor - 62 * (row + 1)
            canvas.block(left, top, 112, 60, toned(BLOCK, 0.86))
            canvas.block(left, top, 112, 12, toned(BLOCK, 1.12))
            for hole in (16, 62):
                canvas.block(left + hole, top + 22, 34, 26, toned(BLOCK, 0.5))


def pipes(canvas: Canvas) -> None:
    """Water pipes on the wall under pressure, the gauge at six bar."""
    floor, x = 880, 640 + canvas.sway(120)
    blocks(canvas, floor)
    for colour, lift in ((BLUE, 0), (RED, 96)):
        y = 640 + lift
        canvas.soft(box(-10, y + 12, 1300, 40), SHADOW, 0.45, 12)
        canvas.tube([(-20, y), (1300, y)], colour, 40)
        for clip in (150, 420, 860, 1130):
            canvas.block(clip, y - 30, 26, 60, STEEL, 5)
            canvas.block(clip + 18, y - 30, 8, 60, toned(STEEL, 0.7), 3)
    for side, colour, foot in ((-300, BLUE, 640), (-220, RED, 736)):
        canvas.tube([(x + side, -20), (x + side, foot)], colour, 40)
        canvas.block(x + side - 30, foot - 34, 60, 66, BRASS, 8)
    canvas.tube([(x, 640), (x, 430)], BRASS, 46)
    canvas.block(x - 40, 608, 80, 64, BRASS, 8)
    canvas.block(x - 34, 500, 68, 40, toned(BRASS, 0.85), 6)
    gauge(canvas, x, 300, 190)


def gauge(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """A round pressure gauge from 0 to 10 bar, showing 6."""
    canvas.soft([at(x + 16, y + 26, radius, angle) for angle in range(0, 360, 15)], SHADOW, 0.55, 26)
    for share, colour in ((1, rgb("2b3138")), (0.93, rgb("596169")), (0.88, WHITE)):
        canvas.disc(x, y, radius * share, colour)
    for bar in range(0, 101, 5):
        angle = 135 + bar * 2.7
        inner = 0.68 if bar % 10 == 0 else 0.76
        canvas.line([at(x, y, radius * inner, angle), at(x, y, radius * 0.82, angle)], rgb("23282d"), 4)
        if bar % 20 == 0:
            canvas.text(*at(x, y, radius * 0.53, angle), str(bar // 10), radius * 0.16, rgb("23282d"))
    canvas.text(x, y + radius * 0.62, "bar", radius * 0.15, rgb("23282d"))
    canvas.line([at(x, y, radius * -0.2, 135 + 60 * 2.7), at(x, y, radius * 0.74, 135 + 60 * 2.7)], RED, 7)
    canvas.disc(x, y, radius * 0.09, rgb("23282d"))


def at(x: float, y: float, radius: float, degrees: float) -> Point:
    """The point of a circle at an angle, clockwise from the right."""
    return x + radius * cos(radians(degrees)), y + radius * sin(radians(degrees))


def cabinet(canvas: Canvas) -> None:
    """The electrical cabinet in the wall: conduits from above, breakers in two rows, wires between."""
    blocks(canvas, 890)
    x, y = 330 + canvas.sway(60), 330
    canvas.soft(box(x - 20, y - 10, 640, 500), SHADOW, 0.5, 26)
    colours = [ORANGE, BLUE, GREEN, ORANGE, GREEN, BLUE, ORANGE, BLUE, GREEN, ORANGE]
    for number, colour in enumerate(colours):
        across = x + 60 + number * 53
        path = [
            (across + canvas.sway(26), -20),
            (across + canvas.sway(22), 160),
            (across, 300),
            (across, y + 40),
        ]
        canvas.tube(smooth(smooth([path[0], *path, path[-1]])), colour, 34)
    canvas.block(x, y, 600, 470, rgb("d9d9d5"), 8)
    canvas.block(x + 26, y + 26, 548, 418, rgb("3c4147"), 4)
    for number, colour in enumerate(colours):
        across = x + 60 + number * 53
        canvas.tube([(across, y + 10), (across, y + 56)], colour, 34)
        for strand, tint in ((-8, rgb("7a4a2c")), (0, BLUE), (8, rgb("c9c04a"))):
            bend = [(across + strand, y + 52), (across + strand, y + 84), (across + strand * 1.4, y + 140)]
            canvas.line(smooth([bend[0], *bend, bend[-1]]), tint, 5)
    for row in (y + 130, y + 290):
        canvas.block(x + 44, row + 42, 512, 16, STEEL)
        for number in range(11):
            breaker(canvas, x + 50 + number * 46, row)


def breaker(canvas: Canvas, x: float, y: float) -> None:
    canvas.block(x, y, 42, 104, WHITE, 4)
    canvas.block(x, y + 30, 42, 44, rgb("dcd9d2"))
    canvas.block(x + 11, y + 38, 20, 26, rgb("2f6f4d") if canvas.dice.random() < 0.9 else rgb("33383d"), 3)


def plaster(canvas: Canvas) -> None:
    """A plastered wall and window, a two-metre rule standing against the wall."""
    canvas.fade(0, 0, WIDTH, 850, PLASTER_LIT, PLASTER_DIM)
    for _ in range(12):
        x, y = canvas.dice.uniform(0, WIDTH), canvas.dice.uniform(0, 800)
        canvas.soft(box(x - 120, y - 8, 240, 16), rgb("f4efe6"), 0.4, 16)
    rough_floor(canvas, 850)
    window(canvas, 800 + canvas.sway(60))
    x, lean = 380 + canvas.sway(110), canvas.sway(16)
    foot, head = (x, 872), (x + lean, 96)
    canvas.soft([(x + 18, 860), (head[0] + 14, 110), (head[0] + 66, 120), (x + 84, 866)], SHADOW, 0.45, 14)
    canvas.tube([foot, head], STEEL, 62)
    canvas.line([foot, head], rgb("dfe3e5"), 5)
    for share in (0.16, 0.52, 0.88):
        along, high = foot[0] + lean * share, foot[1] - 776 * share
        canvas.block(along - 20, high - 44, 40, 88, YELLOW, 8)
        canvas.block(along - 13, high - 30, 26, 60, rgb("b9d66a"), 11)
        canvas.block(along - 9, high - 9 + lean / 4, 18, 18, rgb("edf6c8"), 8)


def window(canvas: Canvas, x: float) -> None:
    """A window opening with its sill, the light falling to the floor."""
    canvas.block(x, 130, 330, 330, rgb("b3ab9c"))
    canvas.fade(x + 34, 130, 296, 296, rgb("9fc0de"), rgb("e2ebf0"))
    canvas.shape(
        [(x + 34, 360), (x + 130, 330), (x + 240, 352), (x + 330, 326), (x + 330, 426), (x + 34, 426)],
        rgb("93a578"),
    )
    canvas.shape(box(x - 22, 456, 380, 22), rgb("efeae0"))
    canvas.soft(box(x - 20, 480, 376, 12), SHADOW, 0.4, 10)
    canvas.soft([(x - 380, 880), (x - 60, 880), (x - 220, HEIGHT), (x - 620, HEIGHT)], rgb("f4ead2"), 0.5, 30)
