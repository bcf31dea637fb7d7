"""Scenes under the sky: foundations, steel, the frame, the roof."""

from tracker.drawings.canvas import (
    HEIGHT,
    SHADOW,
    SKY_LOW,
    WIDTH,
    YELLOW,
    Canvas,
    Ground,
    Point,
    box,
    ground_from,
    mixed,
    rgb,
    smooth,
    toned,
)

SKY_HIGH, CLOUD = rgb("5f93cb"), rgb("f4f6f7")
FAR_HILL, NEAR_HILL = rgb("9dae86"), rgb("82955f")
SOIL_FAR, SOIL_NEAR, SOIL_DARK = rgb("c2a273"), rgb("93713f"), rgb("5d4526")
CONCRETE, CONCRETE_SHADE = rgb("bdb8ad"), rgb("8f897e")
RUST, TIMBER = rgb("8a5134"), rgb("cda468")
BITUMEN, BITUMEN_NEAR = rgb("4a4a4c"), rgb("2b2b2d")
WATER_FAR, WATER_NEAR = rgb("bccdd9"), rgb("587286")


def sky(canvas: Canvas, horizon: float) -> None:
    """Sky with a few clouds, and two lines of hills."""
    canvas.fade(0, 0, WIDTH, horizon + 4, SKY_HIGH, SKY_LOW)
    for _ in range(3):
        x, y = canvas.dice.uniform(0, WIDTH), canvas.dice.uniform(40, horizon * 0.55)
        hump = canvas.dice.uniform(-40, 40)
        canvas.soft(
            [
                (x - 170, y),
                (x + hump - 70, y - 12),
                (x + hump, y - 50),
                (x + hump + 80, y - 14),
                (x + 170, y),
            ],
            CLOUD,
            0.95,
            24,
        )
    for colour, rise in ((FAR_HILL, 58), (NEAR_HILL, 34)):
        tops = [(x, horizon - rise * canvas.dice.uniform(0.45, 1)) for x in range(-160, WIDTH + 321, 160)]
        canvas.shape([*smooth(tops), (WIDTH, horizon + 4), (0, horizon + 4)], colour)


def foundations(canvas: Canvas) -> None:
    """Rows of cast piles with their steel standing out, in a levelled pit."""
    horizon = 300 + canvas.sway(20)
    sky(canvas, horizon)
    canvas.fade(0, horizon, WIDTH, HEIGHT - horizon, SOIL_FAR, SOIL_NEAR)
    canvas.shape(
        [(0, horizon), (WIDTH, horizon), (WIDTH, horizon + 86), (0, horizon + 60)], toned(SOIL_NEAR, 0.8)
    )
    ground = ground_from(horizon - 20)
    for _ in range(60):
        x, y = ground(canvas.dice.uniform(-3, 3), canvas.dice.uniform(1, 5))
        canvas.disc(x, y, canvas.dice.uniform(3, 12), toned(SOIL_NEAR, canvas.dice.uniform(0.75, 1.15)), 0.4)
    shift = canvas.sway(0.15)
    for z in (4.4, 3.1, 2.2, 1.55):
        for column in (-1.5, -0.5, 0.5, 1.5):
            pile(canvas, ground(column * 1.15 + shift, z), 200 / z)
        canvas.line([ground(-4, z * 0.97), ground(4, z * 0.97)], rgb("d9d2c2"), 2)


def pile(canvas: Canvas, foot: Point, size: float) -> None:
    """A round concrete head with eight bars and two rings, `size` wide."""
    x, y = foot
    canvas.soft(box(x - size * 0.2, y - size * 0.1, size * 1.3, size * 0.34), SHADOW, 0.5, size * 0.12)
    canvas.disc(x, y, size * 0.62, SOIL_DARK, 0.42)
    canvas.disc(x, y - size * 0.05, size * 0.5, CONCRETE_SHADE, 0.42)
    canvas.disc(x, y - size * 0.09, size * 0.5, CONCRETE, 0.42)
    for angle in (-0.95, -0.6, -0.2, 0.2, 0.6, 0.95):
        across = x + size * 0.34 * angle
        for side in (-1, 1):
            at = y - size * 0.09 + side * size * 0.14 * (1 - angle**2) ** 0.5
            canvas.tube([(across, at), (across + canvas.sway(2), at - size * 1.05)], RUST, size * 0.035)
    for height in (0.4, 0.75):
        ring = [
            (x - size * 0.33, y - size * height),
            (x, y - size * (height - 0.1)),
            (x + size * 0.33, y - size * height),
        ]
        canvas.line(smooth([ring[0], *ring, ring[-1]]), toned(RUST, 0.8), size * 0.025)


def rebar(canvas: Canvas) -> None:
    """Two layers of steel tied over the formwork of a slab, the day before casting."""
    horizon = 270 + canvas.sway(20)
    sky(canvas, horizon)
    canvas.fade(0, horizon, WIDTH, HEIGHT - horizon, toned(TIMBER, 1.05), toned(TIMBER, 0.8))
    ground, turn = ground_from(horizon - 30), canvas.sway(0.25)
    for x in range(-14, 15, 2):
        canvas.line([ground(x + turn, 9), ground(x + turn, 0.9)], toned(TIMBER, 0.66), 3)
    canvas.shape(box(0, horizon - 34, WIDTH, 62), toned(TIMBER, 0.9))
    canvas.shape(box(0, horizon + 16, WIDTH, 12), toned(TIMBER, 0.55))
    depths = [0.95 * 1.17**step for step in range(14)]
    for lift, tone in ((0.0, 0.62), (0.07, 1.0)):
        for x in range(-26, 27):
            path = [raised(ground, x * 0.36 + turn, z, lift) for z in (8.2, 0.9)]
            canvas.tube(path, toned(RUST, tone), 8)
        for z in depths:
            path = [raised(ground, x, z * (1 + lift), lift) for x in (-10.0, 10.0)]
            canvas.tube(path, toned(RUST, tone), 17 / z)
    for z in depths[1:9:2]:
        for across in (-1.1, 0.35, 1.4):
            left, low = ground(across + turn, z * 1.06)
            canvas.block(left, low - 26 / z, 44 / z, 26 / z, rgb("b9b6ae"), 4 / z)


def raised(ground: Ground, x: float, z: float, by: float) -> Point:
    """A point above the ground by a part of the half width."""
    across, down = ground(x, z)
    return across, down - by * WIDTH / 2 / z


def frame(canvas: Canvas) -> None:
    """Two storeys of columns and slabs; the upper slab still stands on its props."""
    horizon = 700 + canvas.sway(20)
    sky(canvas, horizon)
    canvas.fade(0, horizon, WIDTH, HEIGHT - horizon, SOIL_FAR, SOIL_NEAR)
    left, top = 170 + canvas.sway(40), 190
    canvas.soft(box(left - 20, horizon + 60, 980, 50), SHADOW, 0.55, 30)
    for floor in (0, 1):
        slab, foot = top + floor * 280, top + floor * 280 + 280
        canvas.shape(box(left + 40, slab, 860, foot - slab), toned(CONCRETE_SHADE, 0.62))
        canvas.shape(box(left + 250, slab + 60, 190, 150), SKY_LOW)
        canvas.shape(box(left + 560, slab + 60, 190, 150), SKY_LOW)
        for x in (20, 236, 452, 668, 884):
            canvas.shape(box(left + x, slab, 44, foot - slab), CONCRETE)
            canvas.shape(box(left + x + 32, slab, 12, foot - slab), CONCRETE_SHADE)
        if not floor:
            props(canvas, left, slab + 44, foot)
    for y in (top, top + 280, top + 560):
        canvas.shape(box(left - 16, y, 976, 44), toned(CONCRETE, 1.06))
        canvas.shape(box(left - 16, y + 32, 976, 12), CONCRETE_SHADE)
    for x in range(40, 940, 27):
        if x % 216 < 90:
            canvas.tube([(left + x, top), (left + x + canvas.sway(2), top - 74)], RUST, 6)
    canvas.shape([(0, 912), (280, 858), (430, 880), (560, HEIGHT), (0, HEIGHT)], toned(SOIL_NEAR, 0.82))


def props(canvas: Canvas, left: float, top: float, foot: float) -> None:
    """Yellow beams on red steel props, holding up the slab above."""
    canvas.shape(box(left + 4, top, 936, 16), YELLOW)
    canvas.shape(box(left + 4, top + 11, 936, 5), toned(YELLOW, 0.65))
    for x in range(70, 900, 72):
        canvas.tube([(left + x, top + 14), (left + x, foot)], rgb("b6483a"), 9)
        canvas.line([(left + x - 12, foot - 128), (left + x + 12, foot - 128)], rgb("6b2a22"), 6)


def roof(canvas: Canvas, horizon: float) -> Ground:
    """A flat roof of welded bitumen sheets inside its parapet."""
    sky(canvas, horizon - 40)
    canvas.fade(0, horizon, WIDTH, HEIGHT - horizon, BITUMEN, BITUMEN_NEAR)
    ground, turn = ground_from(horizon - 60), canvas.sway(0.3)
    for x in range(-9, 10):
        seam = [ground(x * 0.8 + turn, 9), ground(x * 0.8 + turn, 0.9)]
        canvas.line(seam, rgb("1f1f20"), 6)
        canvas.line([(across - 5, down) for across, down in seam], rgb("67676a"), 2)
    canvas.shape(box(0, horizon - 46, WIDTH, 74), rgb("d3ccbf"))
    canvas.shape(box(0, horizon - 46, WIDTH, 14), rgb("e6e1d7"))
    canvas.shape(
        [(0, horizon + 22), (WIDTH, horizon + 22), (WIDTH, horizon + 62), (0, horizon + 62)], rgb("3a3a3c")
    )
    canvas.soft(box(0, horizon + 50, WIDTH, 30), SHADOW, 0.6, 24)
    return ground


def membrane(canvas: Canvas) -> None:
    """The finished sheets, the last roll still lying there."""
    roof(canvas, 330 + canvas.sway(25))
    x, y = 720 + canvas.sway(160), 690 + canvas.sway(30)
    canvas.soft(box(x - 10, y + 60, 420, 60), SHADOW, 0.8, 26)
    canvas.tube([(x, y), (x + 360, y + 12)], rgb("4b4d51"), 120)
    canvas.disc(x + 360, y + 12, 60, rgb("2a2b2d"))
    for radius, tone in ((48, "595b5f"), (40, "303134"), (30, "5d5f63"), (20, "17181a")):
        canvas.disc(x + 360, y + 12, radius, rgb(tone))
    canvas.line([(x + 130, y - 60), (x + 134, y + 66)], rgb("d9d5cc"), 22)


def flood_test(canvas: Canvas) -> None:
    """Water standing on the roof between its walls, and a ruler that shows whether it sinks."""
    horizon = 300 + canvas.sway(20)
    ground = roof(canvas, horizon)
    water = horizon + 86
    canvas.fade(0, water, WIDTH, HEIGHT - water, WATER_FAR, WATER_NEAR)
    canvas.soft(box(0, water - 6, WIDTH, 60), rgb("8b918f"), 0.7, 26)
    for _ in range(46):
        x, y = ground(canvas.dice.uniform(-4, 4), canvas.dice.uniform(1.1, 3.6))
        if y > water + 20:
            length, tint = (y - water) * canvas.dice.uniform(0.15, 0.4), mixed(WATER_FAR, WATER_NEAR, 0.35)
            ripple = [(x - length, y), (x, y - length * 0.03), (x + length, y), (x, y + length * 0.03)]
            canvas.shape(smooth([*ripple, ripple[0]]), tint)
    ruler(canvas, 700 + canvas.sway(220), 730 + canvas.sway(30))


def ruler(canvas: Canvas, x: float, surface: float) -> None:
    """A yellow ruler standing in water up to its 12th centimetre, with its reflection."""
    canvas.soft(box(x, surface, 62, 190), rgb("a9964a"), 0.65, 12)
    canvas.block(x, surface - 470, 62, 474, YELLOW, 3)
    canvas.shape(box(x + 50, surface - 470, 12, 474), toned(YELLOW, 0.78))
    for step in range(46):
        y, long = surface - step * 10, step % 5 == 0
        canvas.line([(x, y), (x + (28 if long else 15), y)], rgb("2b2413"), 2.4)
        if step % 10 == 5:
            canvas.text(x + 42, y, str(12 + step // 5), 22, rgb("2b2413"))
    canvas.soft(box(x - 40, surface - 1, 142, 6), rgb("eef4f7"), 0.9, 5)
    canvas.line([(x - 30, surface), (x + 92, surface)], rgb("f3f8fa"), 3)
