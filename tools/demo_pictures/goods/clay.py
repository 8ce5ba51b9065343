"""What a potter makes."""

from tools.demo_pictures.canvas import Canvas, Colour, curved, darker, lighter, mixed

LEAF = "#5f8a5a"


def mug(c: Canvas, colour: Colour, mark: Colour, kind: str) -> None:
    """`kind`: carved, waves, specks, or lid for a travel mug."""
    c.shadow(50, 78, 27)
    c.bow(70, 55, 14, 13, ends=(-95, 95), thick=5, colour=darker(colour, 0.1))
    c.turned(50, [(22, 34), (23, 50), (21, 70), (16, 78), (15, 79)], colour)
    c.oval(50, 34, 22, 4, lighter(colour, 0.35))
    c.oval(50, 34.6, 20, 3.1, darker(colour, 0.35))
    MARKS[kind](c, colour, mark)


def _carved(c: Canvas, colour: Colour, mark: Colour) -> None:
    for n in range(6):
        x = 34 + n * 6.4
        c.line(curved([(x, 44), (x - 2, 54), (x + 1, 66)]), 0.9, mark)


def _waves(c: Canvas, colour: Colour, mark: Colour) -> None:
    for y in (46, 54, 62):
        c.line(curved([(29 + n * 6, y + (2.4 if n % 2 else -2.4)) for n in range(8)]), 2.2, mark)


def _specks(c: Canvas, colour: Colour, mark: Colour) -> None:
    for n in range(34):
        c.disc(31 + n * 23 % 37, 41 + n * 11 % 31, 0.45 + n % 3 * 0.22, mark)
    c.turned(50, [(19.3, 73.5), (16, 78), (15, 79)], "#cdb08a")


def _lid(c: Canvas, colour: Colour, mark: Colour) -> None:
    c.box(27, 29, 73, 35.5, mark, round_=3)
    c.box(42, 25.5, 58, 30, darker(mark), round_=2)
    c.box(28.5, 50, 71, 60, mark, round_=0.5)


MARKS = {"carved": _carved, "waves": _waves, "specks": _specks, "lid": _lid}


def teapot(c: Canvas, colour: Colour, handle: str) -> None:
    """`handle`: side, or bow for one of bamboo above it."""
    c.shadow(50, 77, 27)
    if handle == "bow":
        c.bow(50, 42, 22, 25, ends=(180, 360), thick=3.2, colour="#b98d4f")
    else:
        c.bow(27, 57, 10, 11, ends=(70, 290), thick=4, colour=darker(colour, 0.08))
    spout = curved([(70, 62), (79, 56), (82, 45), (86, 43)])
    c.line(spout, 5, darker(colour, 0.14))
    c.turned(50, [(11, 42), (22, 50), (25, 60), (20, 72), (13, 77)], colour)
    c.turned(50, [(3, 35), (3.6, 37), (9, 39), (13, 42.5)], lighter(colour, 0.12))
    c.disc(50, 33.5, 2.8, darker(colour, 0.1))


def tea_set(c: Canvas, colour: Colour, mark: Colour) -> None:
    teapot(c, colour, "side")
    _blossom(c, 46, 60, mark)
    _blossom(c, 57, 66, mark)
    for x in (14, 33, 67, 86):
        c.shadow(x, 88.5, 8)
        c.turned(x, [(7, 79), (6.4, 84), (3.6, 88.5)], colour)
        c.oval(x, 79, 7, 1.6, "#b9854c")


def _blossom(c: Canvas, x: float, y: float, colour: Colour) -> None:
    for dx, dy in ((0, -2.4), (2.3, -0.7), (1.4, 2), (-1.4, 2), (-2.3, -0.7)):
        c.disc(x + dx, y + dy, 1.7, colour)
    c.disc(x, y, 1.1, "#f2c14e")


def branch(c: Canvas, x: float, y: float, mark: Colour) -> None:
    """That stands in a vase whose mouth is at (x, y)."""
    stem = curved([(x, y), (x - 3, y - 12), (x + 4, y - 22), (x + 13, y - 28)])
    c.line(stem, 1.1, "#7a5a3c")
    c.line(curved([(x - 2.4, y - 13), (x - 9, y - 17), (x - 12, y - 23)]), 0.9, "#7a5a3c")
    for dx, dy in ((13, -28), (6, -24), (-12, -23), (0, -17), (-7, -16)):
        _blossom(c, x + dx, y + dy, mark)


def moon_vase(c: Canvas, colour: Colour, mark: Colour) -> None:
    c.shadow(50, 81, 21)
    branch(c, 50, 42, mark)
    c.turned(50, [(5, 41), (5, 45), (20, 53), (24, 64), (18, 76), (10, 81)], colour)


def tall_vase(c: Canvas, colour: Colour, mark: Colour) -> None:
    c.shadow(50, 86, 16)
    for dx, dy in ((-8, 0), (0, -6), (8, -1)):
        c.line([(50, 24), (50 + dx * 1.3, 9 + dy)], 1, "#a58a5a")
        c.oval(50 + dx * 1.35, 8 + dy, 1.6, 4, "#d9bf86")
    c.turned(50, [(7, 22), (6, 27), (15, 37), (17, 50), (12, 72), (10, 86)], colour)
    c.turned(50, [(7, 22), (6, 27), (15, 37), (16.6, 43)], mark)
    for x, y in ((38, 52), (44, 58), (50, 49), (56, 61), (61, 53)):
        c.line([(x, 40), (x, y)], 3.4, mark)


def bud_vases(c: Canvas, colours: tuple[Colour, ...]) -> None:
    for x, high, colour in zip((27, 50, 73), (50, 42, 54), colours, strict=True):
        c.shadow(x, 80, 10)
        c.line(curved([(x, high), (x + 1.5, high - 9), (x - 1, high - 17)]), 0.9, LEAF)
        c.disc(x - 1, high - 18, 2.8, mixed(colour, "#e27d60", 0.75))
        c.turned(x, [(2.6, high), (2.6, high + 8), (9, 64), (8, 76), (5, 80)], colour)


def planter(c: Canvas, colour: Colour, *, hanging: bool = False) -> None:
    _plant(c, 50, 48)
    if hanging:
        for x in (31, 69):
            c.line([(x, 48), (50, 6)], 0.9, "#cbb48d")
        c.bow(50, 6, 2.6, 2.6, ends=(0, 360), thick=1, colour="#b8873b")
    else:
        c.shadow(50, 83, 25)
        c.box(29, 78.5, 71, 82.5, darker(colour, 0.08), round_=2)
    c.turned(50, [(21, 47), (20, 55), (17, 72), (14, 79)], colour)
    c.turned(50, [(22, 46), (22, 51)], lighter(colour, 0.1))


def _plant(c: Canvas, x: float, y: float) -> None:
    for n, (dx, dy) in enumerate(((-19, -14), (19, -15), (-11, -25), (11, -26), (0, -31), (-5, -15), (6, -17))):
        tip, side = (x + dx, y + dy), (dy * 0.16, -dx * 0.16)
        middle = (x + dx * 0.55, y + dy * 0.6)
        leaf = [(x, y + 2), (middle[0] - side[0], middle[1] - side[1]), tip, (middle[0] + side[0], middle[1] + side[1])]
        c.shape(curved(leaf, closed=True), (LEAF, "#6f9c63", "#4e774c")[n % 3])
