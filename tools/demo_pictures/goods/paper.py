"""What is written on and with, and what keeps a place."""

from tools.demo_pictures.canvas import Canvas, Colour, curved, darker, lighter

CREAM, BRASS = "#f7f0df", "#c79a4b"


def notebook(c: Canvas, colour: Colour, *, at: tuple[float, float] = (50, 50), ribbon: Colour = "#a4432f") -> None:
    x, y = at
    c.box(x - 20, y - 26, x + 24, y + 32, darker(colour, 0.3), round_=2)
    c.box(x - 20, y - 28, x + 22.5, y + 30, CREAM, round_=1)
    c.box(x - 22, y - 29, x + 21, y + 29, colour, round_=2)
    c.box(x - 22, y - 29, x - 16, y + 29, darker(colour, 0.12), round_=2)
    c.box(x - 9, y - 17, x + 14, y - 6, CREAM, round_=0.8)
    c.line([(x - 5, y - 13), (x + 10, y - 13)], 0.8, darker(CREAM, 0.4))
    c.line([(x - 5, y - 10), (x + 6, y - 10)], 0.8, darker(CREAM, 0.4))
    c.box(x + 7, y + 28, x + 9.5, y + 37, ribbon, round_=0.2)


def dotted(c: Canvas, colour: Colour) -> None:
    _sheet(c)
    for n in range(77):
        c.disc(56 + n % 7 * 4.6, 26 + n // 7 * 4.6, 0.45, "#b9ae99")
    notebook(c, colour, at=(36, 48), ribbon="#3d5a80")


def _sheet(c: Canvas) -> None:
    c.box(50, 20, 90, 80, darker(CREAM, 0.12), round_=1)
    c.box(49, 19, 89, 78, CREAM, round_=1)


def pocket_books(c: Canvas, colours: tuple[Colour, ...]) -> None:
    for n, colour in enumerate(colours):
        x, y = 18 + n * 16, 22 + n * 8
        c.box(x + 1.4, y + 1.6, x + 33.4, y + 49.6, darker(colour, 0.45), round_=3)
        c.box(x, y, x + 32, y + 48, colour, round_=3)
        for stitch in range(6):
            c.line([(x + 2.2, y + 5 + stitch * 7.4), (x + 2.2, y + 8.4 + stitch * 7.4)], 0.6, CREAM)


def planner(c: Canvas, colour: Colour) -> None:
    c.box(8, 24, 92, 82, darker(colour, 0.1), round_=2)
    for left in (11, 50.5):
        c.box(left, 22, left + 38.5, 79, CREAM, round_=1.5)
        for day in range(4):
            top = 27 + day * 13
            c.line([(left + 4, top), (left + 34, top)], 0.7, darker(CREAM, 0.25))
            c.box(left + 4, top + 2, left + 9, top + 5, colour, round_=0.6)
            c.line([(left + 12, top + 6), (left + 24 + day * 19 % 9, top + 6)], 0.8, "#8a93a6")
    c.box(49.4, 22, 50.6, 79, darker(CREAM, 0.2), round_=0)


def pen(c: Canvas, barrel: Colour, nib: Colour, *, short: bool = False) -> None:
    """Lying, from the lower left to the upper right."""
    _written(c)
    start, end = (24, 78), (66 if short else 80, 36 if short else 22)
    c.line([(start[0] + 3, start[1] + 4), (end[0] + 3, end[1] + 4)], 5, "#d9cdb9")
    c.line([start, end], 7, barrel)
    c.line([(start[0] + 1, start[1] - 3), (end[0] - 2, end[1])], 1.4, lighter(barrel, 0.4))
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    c.line([(middle[0] - 1, middle[1] + 1), (middle[0] + 1, middle[1] - 1)], 7.4, nib)
    c.shape([(26.6, 80.6), (21.4, 75.4), (12.5, 89.5)], nib)
    c.line([(14, 88), (21, 81)], 0.5, darker(nib, 0.5))
    c.line([(end[0] - 2, end[1] - 3), (middle[0] + 6, middle[1] - 11)], 1.4, nib)


def _written(c: Canvas) -> None:
    c.box(14, 12, 78, 92, "#fbf7ec", round_=1)
    for y in range(22, 60, 9):
        c.line(curved([(22 + n * 4, y + (1.6 if n % 2 else -1.6)) for n in range(5 + y % 5)]), 0.9, "#33415c")


def leather_bookmark(c: Canvas, colour: Colour) -> None:
    _page(c)
    c.box(43, 14, 57, 72, colour, round_=1)
    for n in range(5):
        c.line([(44.5 + n * 2.8, 72), (44.5 + n * 2.8, 79)], 1.6, darker(colour, 0.1))
    c.line([(50, 24), (50, 62)], 0.8, lighter(colour, 0.45))
    for n in range(7):
        y, wide = 28 + n * 4.6, 4.8 - n * 0.25
        c.line([(50 - wide, y), (50, y + 3.4)], 0.9, lighter(colour, 0.45))
        c.line([(50 + wide, y), (50, y + 3.4)], 0.9, lighter(colour, 0.45))


def _page(c: Canvas) -> None:
    c.box(22, 10, 79, 90, darker(CREAM, 0.14), round_=1)
    c.box(20, 8, 77, 88, CREAM, round_=1)
    for y in range(16, 84, 6):
        c.line([(27, y), (70 - y % 4 * 3, y)], 0.7, "#cfc4ae")


def brass_clip(c: Canvas, colour: Colour) -> None:
    _page(c)
    c.bow(64, 16, 7, 7, ends=(180, 360), thick=1.8, colour=colour)
    c.line([(57.9, 16), (57.9, 52)], 1.8, colour)
    c.line([(70.1, 16), (70.1, 44)], 1.8, darker(colour, 0.15))
    c.bow(64, 44, 7, 7, ends=(0, 180), thick=1.8, colour=colour)
    c.disc(64, 51, 3.4, lighter(colour, 0.2))
