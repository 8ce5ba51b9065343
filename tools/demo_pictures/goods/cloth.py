"""What is woven, knitted and sewn."""

from collections.abc import Callable

from tools.demo_pictures.canvas import Canvas, Colour, Point, curved, darker, lighter

FOLDED = curved([(20, 36), (24, 33), (76, 33), (80, 36), (80, 68), (76, 72), (24, 72), (20, 68)], closed=True)
SQUARE = curved([(20, 22), (50, 25), (80, 22), (77, 50), (80, 78), (50, 75), (20, 78), (23, 50)], closed=True)


def check(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(-1, 11):
        c.box(n * 10 + 2, 0, n * 10 + 5, 100, one, round_=0)
        c.box(0, n * 10 + 3, 100, n * 10 + 6, other, round_=0)


def herringbone(c: Canvas, one: Colour, other: Colour) -> None:
    for column in range(13):
        up = 4 if column % 2 else -4
        for n in range(-1, 22):
            c.line([(column * 8, n * 5), (column * 8 + 8, n * 5 + up)], 1.3, one if n % 2 else other)


def flowers(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(30):
        x, y, colour = n * 37 % 97, n * 53 % 91, one if n % 2 else other
        for dx, dy in ((0, -3), (3, 0), (0, 3), (-3, 0)):
            c.disc(x + dx, y + dy, 2.2, colour)
        c.disc(x, y, 1.5, "#f4d35e")
        c.line([(x + 4, y + 4), (x + 7, y + 7)], 1, "#6a994e")


def tweed(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(520):
        x, y = n * 61 % 101, n * 29 % 99
        c.line([(x, y), (x + 1.8, y + 1.1)], 0.6, one if n % 3 else other)


def plain(c: Canvas, one: Colour, other: Colour) -> None:
    """Without a pattern."""


Pattern = Callable[[Canvas, Colour, Colour], None]


def cloth(c: Canvas, points: list[Point], colours: tuple[Colour, Colour, Colour], pattern: Pattern) -> None:
    ground, one, other = colours
    woven = Canvas(ground, table=100)
    pattern(woven, one, other)
    c.only_within(woven, points)


def scarf(c: Canvas, colours: tuple[Colour, Colour, Colour], pattern: Pattern) -> None:
    """Folded, with one end that hangs down in fringes."""
    c.shadow(50, 74, 34)
    cloth(c, FOLDED, colours, pattern)
    for n in range(9):
        c.line([(29 + n * 2.7, 84), (29 + n * 2.7, 90)], 1.1, darker(colours[0], 0.2))
    cloth(c, [(27, 36), (53, 36), (53, 84), (27, 84)], colours, pattern)
    c.shaded([(53, 36), (56, 36), (56, 72), (53, 72)], 0.3)
    c.line([(22, 58), (26.6, 58)], 0.6, darker(colours[0], 0.25))
    c.line([(56, 58), (79, 58)], 0.6, darker(colours[0], 0.25))


def silk_square(c: Canvas, colours: tuple[Colour, Colour, Colour]) -> None:
    c.shape([(x + 1.5, y + 2) for x, y in SQUARE], "#cdbfb0")
    cloth(c, SQUARE, (colours[1], colours[1], colours[1]), plain)
    cloth(c, [(50 + (x - 50) * 0.86, 50 + (y - 50) * 0.86) for x, y in SQUARE], colours, flowers)
    c.shaded([(20, 22), (50, 25), (47, 76), (20, 78)], 0.1)


def shawls(c: Canvas, colours: tuple[Colour, ...]) -> None:
    c.shadow(50, 79, 36)
    for n, colour in enumerate(reversed(colours)):
        top = 62 - n * 17
        c.box(17, top, 83, top + 16, colour, round_=8)
        c.box(17, top + 7.4, 78, top + 8.4, darker(colour, 0.2), round_=0.5)
        c.box(70, top, 83, top + 16, darker(colour, 0.1), round_=7)


def socks(c: Canvas, colour: Colour, bands: Colour, *, striped: bool) -> None:
    for dx, dy in ((13, 4), (-4, -2)):
        leg = [(34 + dx, 18 + dy), (54 + dx, 18 + dy), (54 + dx, 52 + dy)]
        foot = curved(
            [(54 + dx, 52 + dy), (64 + dx, 62 + dy), (67 + dx, 74 + dy), (56 + dx, 80 + dy), (42 + dx, 70 + dy), (34 + dx, 56 + dy)]
        )
        whole = [*leg, *foot, (34 + dx, 18 + dy)]
        c.shape([(x + 1.4, y + 1.8) for x, y in whole], "#d3c8b8")
        cloth(c, whole, (colour, bands, bands), _bands if striped else plain)
        c.box(32.6 + dx, 16 + dy, 55.4 + dx, 25 + dy, lighter(bands, 0.1), round_=2)
        for n in range(9):
            c.line([(34.6 + dx + n * 2.4, 17.4 + dy), (34.6 + dx + n * 2.4, 23.6 + dy)], 0.6, darker(bands, 0.15))


def _bands(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(12):
        c.box(0, n * 9, 100, n * 9 + 4, one, round_=0)


PILLOW = curved([(16, 20), (50, 26), (84, 20), (78, 50), (84, 80), (50, 75), (16, 80), (22, 50)], closed=True)


def pillow(c: Canvas, colours: tuple[Colour, Colour, Colour]) -> None:
    c.shadow(50, 82, 34)
    cloth(c, PILLOW, colours, tweed)
    c.shaded([(50, 26), (84, 20), (78, 50), (84, 80), (62, 76), (70, 50)], 0.14)
    c.line(curved([(17, 21), (50, 27), (83, 21)]), 0.7, darker(colours[0], 0.3))


def sewing_pattern(c: Canvas, ink: Colour) -> None:
    c.box(15, 13, 87, 89, "#d6cdbb", round_=1)
    c.box(13, 11, 85, 87, "#fdfaf1", round_=1)
    for n in range(14):
        for x, y in ((22 + n * 4, 22), (22 + n * 4, 76)):
            c.line([(x, y), (x + 2.2, y)], 0.9, ink)
        c.line([(22, 22 + n * 3.9), (22, 24.2 + n * 3.9)], 0.9, ink)
        c.line([(76, 22 + n * 3.9), (76, 24.2 + n * 3.9)], 0.9, ink)
    c.bow(49, 49, 15, 15, ends=(0, 360), thick=0.8, colour=ink)
    c.line([(49, 30), (49, 68)], 0.7, ink)
    c.line([(30, 49), (68, 49)], 0.7, ink)
    c.line([(60, 88), (90, 58)], 5, "#e0b84c")
    c.shape([(58, 86), (62, 90), (54, 94)], "#f0dfc0")
