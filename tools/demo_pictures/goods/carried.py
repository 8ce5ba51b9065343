"""What is carried along: lunch, tea, rain cover, shopping."""

import math

from tools.demo_pictures.canvas import Canvas, Colour, curved, darker, lighter
from tools.demo_pictures.goods.cloth import Pattern, cloth
from tools.demo_pictures.goods.wood import grain

CEDAR = "#c98f5c"


def cedar_bento(c: Canvas) -> None:
    c.shadow(50, 76, 38)
    c.box(13, 48, 87, 76, darker(CEDAR, 0.12), round_=14)
    c.oval(50, 48, 37, 16, CEDAR)
    c.oval(50, 48, 33, 13, darker(CEDAR, 0.25))
    c.oval(41, 48, 22, 11, "#fbf8ef")
    c.disc(38, 47, 3.2, "#c8383a")
    c.oval(67, 45, 9, 6, "#f2b134")
    c.oval(66, 53, 9, 4, "#6a994e")
    grain(c, (17, 58, 83, 74), CEDAR)
    c.box(57, 56, 61, 76, darker(CEDAR, 0.3), round_=0.5)


def two_tiers(c: Canvas, colour: Colour, lid: Colour) -> None:
    c.shadow(50, 80, 33)
    for top in (60, 40):
        c.box(19, top, 81, top + 19, colour, round_=4)
        c.box(66, top, 81, top + 19, darker(colour, 0.1), round_=4)
        c.box(19, top + 1.4, 81, top + 2.6, darker(colour, 0.18), round_=0.4)
    c.box(17, 32, 83, 42, lid, round_=4)
    c.box(44, 29, 56, 80, "#c9604f", round_=1)


def steel_box(c: Canvas, colour: Colour) -> None:
    c.shadow(50, 76, 38)
    c.box(15, 46, 85, 75, colour, round_=6)
    c.box(66, 46, 85, 75, darker(colour, 0.14), round_=6)
    c.box(13, 40, 87, 49, lighter(colour, 0.25), round_=4)
    c.box(22, 54, 26, 70, lighter(colour, 0.6), round_=2)
    for x in (29, 64):
        c.box(x, 42, x + 7, 58, darker(colour, 0.35), round_=1.4)


def chopsticks(c: Canvas, wood: Colour, tips: Colour, pairs: int) -> None:
    for n in range(pairs):
        for x in (50 + (n - (pairs - 1) / 2) * 14 - 2.4, 50 + (n - (pairs - 1) / 2) * 14 + 2.4):
            c.line([(x + 0.8, 15), (x + 0.9, 86)], 2.6, "#d8cbb6")
            c.shape([(x - 1.8, 13), (x + 1.8, 13), (x + 0.7, 86), (x - 0.7, 86)], wood)
            c.shape([(x - 1.8, 13), (x + 1.8, 13), (x + 1.4, 30), (x - 1.4, 30)], tips)


def cased_chopsticks(c: Canvas, lacquer: Colour, gold: Colour) -> None:
    c.box(24, 14, 48, 90, darker(CEDAR, 0.3), round_=3)
    c.box(23, 12, 47, 88, CEDAR, round_=3)
    c.box(26, 15, 44, 85, darker(CEDAR, 0.28), round_=2)
    for x in (31, 39):
        c.shape([(x - 2, 17), (x + 2, 17), (x + 0.7, 83), (x - 0.7, 83)], lacquer)
        c.box(x - 2, 22, x + 2, 24, gold, round_=0.3)
        c.box(x - 1.9, 27, x + 1.9, 28, gold, round_=0.3)
    c.box(55, 14, 77, 90, darker(CEDAR, 0.34), round_=3)
    c.box(54, 12, 76, 88, lighter(CEDAR, 0.12), round_=3)
    c.line([(65, 20), (65, 80)], 0.6, darker(CEDAR, 0.12))
    c.oval(65, 22, 5, 2, darker(CEDAR, 0.2))


def bottle(c: Canvas, colour: Colour, cap: Colour, *, whales: bool = False) -> None:
    c.shadow(50, 86, 18)
    c.box(42, 14, 58, 25, cap, round_=2.5)
    c.box(53, 14, 58, 25, darker(cap, 0.2), round_=2.5)
    c.turned(50, [(8, 25), (9, 27), (14.6, 33), (15, 45), (15, 80), (13, 86)], colour)
    c.box(41, 24, 59, 26.4, "#d6d8da", round_=0.8)
    for y in (46, 60, 74) if whales else ():
        _whale(c, 46 + y % 4, y)


def _whale(c: Canvas, x: float, y: float) -> None:
    c.shape(
        curved([(x - 6, y), (x - 2, y - 4), (x + 4, y - 2), (x + 8, y - 5), (x + 7, y + 1), (x + 2, y + 3.4), (x - 4, y + 3)], closed=True),
        "#2b4f81",
    )
    c.disc(x - 3.4, y - 0.4, 0.7, "#ffffff")


def umbrella(c: Canvas, colour: Colour, *, clear: bool = False) -> None:
    if clear:
        for n in range(9):
            c.line([(16 + n * 9 % 70, 62 + n * 13 % 20), (14.6 + n * 9 % 70, 67 + n * 13 % 20)], 0.8, "#8fb3c7")
    c.line([(50, 14), (50, 80)], 1.5, "#6b5a48")
    c.bow(54, 80, 4.8, 6, ends=(0, 180), thick=2.4, colour="#8b5e3c")
    top = [(12, 50), *curved([(14, 42), (28, 22), (50, 16), (72, 22), (86, 42)]), (88, 50)]
    hem = [point for n in range(4) for point in _hem(88 - n * 19)]
    c.shape([*top, *hem], lighter(colour, 0.35) if clear else colour)
    for x in (31, 69):
        c.line(curved([(50, 16), ((50 + x * 2) / 3, 28), (x, 49)]), 0.6, darker(colour, 0.2))
    if not clear:
        c.shape([(50, 16), *curved([(50, 16), (72, 22), (86, 42)]), *_hem(88), (50, 49)], darker(colour, 0.12))
    c.line([(50, 10), (50, 16)], 1.2, "#6b5a48")


def _hem(right: float) -> list[tuple[float, float]]:
    """A bow of cloth between two ribs, 19 wide."""
    return [(right - 9.5 + 9.5 * math.cos(math.pi * t / 8), 50 - 4.4 * math.sin(math.pi * t / 8)) for t in range(9)]


def tote(c: Canvas, colours: tuple[Colour, Colour, Colour], pattern: Pattern) -> None:
    c.shadow(50, 88, 30)
    c.bow(50, 36, 14, 22, ends=(180, 360), thick=3, colour=darker(colours[0], 0.15))
    cloth(c, [(24, 36), (76, 36), (79, 88), (21, 88)], colours, pattern)
    c.shaded([(64, 36), (76, 36), (79, 88), (68, 88)], 0.16)
    c.line([(24.6, 41), (75.4, 41)], 0.6, lighter(colours[0], 0.4))


def cherries(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(24):
        x, y = n * 41 % 97, n * 17 % 95
        c.line(curved([(x, y), (x + 2, y - 6), (x + 5, y - 8)]), 0.7, "#5f7a4a")
        c.disc(x, y, 2.6, one)
        c.disc(x + 5, y + 1.4, 2.6, other)


def dyed(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(9):
        c.disc(24 + n % 3 * 24 + n // 3 % 2 * 8, 48 + n // 3 * 16, 7, one)
        c.disc(24 + n % 3 * 24 + n // 3 % 2 * 8, 48 + n // 3 * 16, 4.4, other)


def basket(c: Canvas, colour: Colour) -> None:
    c.shadow(50, 84, 31)
    c.bow(50, 48, 28, 36, ends=(180, 360), thick=3.4, colour=darker(colour, 0.15))
    outline = [(18, 46), (82, 46), *curved([(82, 46), (79, 68), (68, 84)]), *curved([(32, 84), (21, 68), (18, 46)])]
    cloth(c, outline, (colour, darker(colour, 0.25), lighter(colour, 0.18)), _woven)
    c.box(16, 43, 84, 49, darker(colour, 0.12), round_=3)


def _woven(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(130):
        x, y = n % 13 * 8 + (n // 13 % 2) * 4, 44 + n // 13 * 4.4
        c.box(x, y, x + 6, y + 3.2, other, round_=1.4)
        c.line([(x + 6.8, y), (x + 6.8, y + 3)], 0.8, one)
