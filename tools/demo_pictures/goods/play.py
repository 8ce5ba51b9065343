"""Toys, for people and for cats."""

import math

from tools.demo_pictures.canvas import Canvas, Colour, Point, curved, darker, lighter
from tools.demo_pictures.goods.cloth import cloth
from tools.demo_pictures.goods.wood import BEECH, MAPLE, OAK, grain

CUT = "#4a3a28"
BOARD = [(13.0, 15.0), (79.0, 15.0), (79.0, 74.0), (13.0, 74.0)]


def jigsaw(c: Canvas, scene: str) -> None:
    """`scene`: lake, rivers or farm; one piece lies beside it."""
    c.box(13, 15, 83, 79, darker(OAK, 0.25), round_=1)
    c.box(11, 13, 81, 76, OAK, round_=1)
    seen = Canvas(OAK, table=100)
    SCENES[scene](seen)
    c.only_within(seen, BOARD)
    cuts = 2 if scene == "farm" else 6
    for n in range(1, cuts):
        x, y = 13 + 66 * n / cuts, 15 + 59 * n / cuts
        c.line([(x, 15), (x, 74)], 0.5, CUT)
        c.line([(13, y), (79, y)], 0.5, CUT)
    _piece(c, 84, 84)


def _piece(c: Canvas, x: float, y: float) -> None:
    for dx, dy, colour in ((0.8, 1, darker(OAK, 0.3)), (0, 0, "#7fb3c8")):
        c.box(x - 7 + dx, y - 7 + dy, x + 7 + dx, y + 7 + dy, colour, round_=0.8)
        c.disc(x + dx, y - 8.4 + dy, 3, colour)
        c.disc(x - 8.4 + dx, y + dy, 3, colour)


def _lake(c: Canvas) -> None:
    c.box(13, 15, 79, 74, "#a9d3df", round_=0)
    for peak, foot, colour in ((28, 24, "#7d8fa3"), (52, 20, "#6a7d93"), (68, 28, "#8b9caf")):
        c.shape([(peak - 20 if peak > 40 else 13, 50), (peak, foot), (min(peak + 22, 79), 50)], colour)
        c.shape([(peak - 4, foot + 6), (peak, foot), (peak + 4, foot + 6), (peak, foot + 9)], "#ffffff")
    c.box(13, 49, 79, 62, "#4f8fae", round_=0)
    c.box(13, 61, 79, 74, "#6f9c5f", round_=0)
    for x in (18, 23, 66, 72, 76):
        c.shape([(x - 3.4, 66), (x, 50), (x + 3.4, 66)], "#3f6b4a")


def _rivers(c: Canvas) -> None:
    c.box(13, 15, 79, 74, "#e9dcb8", round_=0)
    for n, colour in enumerate(("#c9d8a4", "#dcc48f", "#b7cf9c")):
        c.oval(30 + n * 16, 34 + n * 9, 13, 10, colour)
    c.line(curved([(14, 24), (30, 34), (40, 52), (60, 58), (78, 70)]), 2.2, "#4f8fae")
    c.line(curved([(62, 16), (56, 32), (44, 44), (40, 52)]), 1.6, "#4f8fae")
    c.line(curved([(20, 73), (30, 60), (40, 53)]), 1.4, "#4f8fae")
    for x, y in ((30, 34), (60, 58), (40, 52)):
        c.disc(x, y, 1.7, "#b5442e")


def _farm(c: Canvas) -> None:
    c.box(13, 15, 79, 74, "#bfe0ea", round_=0)
    c.oval(40, 78, 52, 26, "#8abf6a")
    c.box(20, 32, 40, 52, "#c1553e", round_=0)
    c.shape([(17, 33), (30, 22), (43, 33)], "#8e3a2b")
    c.box(27, 40, 33, 52, "#f5e6c8", round_=0)
    c.oval(60, 56, 10, 6.5, "#ffffff")
    c.disc(69, 51, 3.6, "#39322c")
    for x in (54, 58, 63, 67):
        c.line([(x, 61), (x, 66)], 1.2, "#39322c")
    c.disc(70, 24, 5, "#f7c948")


SCENES = {"lake": _lake, "rivers": _rivers, "farm": _farm}


def morris(c: Canvas) -> None:
    c.box(16, 16, 86, 86, darker(BEECH, 0.3), round_=2)
    c.box(14, 13, 84, 83, BEECH, round_=2)
    for n in (6, 15, 24):
        edge = [(14 + n, 13 + n), (84 - n, 13 + n), (84 - n, 83 - n), (14 + n, 83 - n), (14 + n, 13 + n)]
        c.line(edge, 0.9, "#5b3b24")
    for a, b in (((49, 19), (49, 37)), ((49, 59), (49, 77)), ((20, 48), (38, 48)), ((60, 48), (78, 48))):
        c.line([a, b], 0.9, "#5b3b24")
    for n, (x, y) in enumerate(((20, 19), (49, 28), (78, 48), (38, 37), (29, 48), (60, 59), (49, 77))):
        c.disc(x + 0.5, y + 0.9, 4.2, darker(BEECH, 0.4))
        c.disc(x, y, 4.2, "#2f2a26" if n % 2 else "#f6efdf")


def tower(c: Canvas) -> None:
    c.shadow(50, 87, 22)
    for n in range(9):
        y, wood = 79 - n * 8, BEECH if n % 2 else MAPLE
        if n % 2:
            c.box(32, y, 68, y + 7.4, wood, round_=0.8)
            grain(c, (32, y, 68, y + 7), wood)
        else:
            for k in range(3):
                out = 5 if (n, k) == (4, 2) else 0
                c.box(32 + k * 12.2 + out, y, 43.6 + k * 12.2 + out, y + 7.4, darker(wood, 0.04 * k), round_=0.8)


def ball_track(c: Canvas) -> None:
    c.shadow(50, 76, 38)
    c.oval(50, 60, 38, 20, darker(MAPLE, 0.3))
    c.oval(50, 56, 38, 20, MAPLE)
    c.oval(50, 56, 30, 14.6, darker(MAPLE, 0.35))
    c.oval(50, 57, 29, 13.4, darker(MAPLE, 0.18))
    c.oval(50, 55, 15, 7, MAPLE)
    for x, y, colour in ((29, 58, "#d1495b"), (68, 52, "#2e86ab"), (55, 66, "#edae49")):
        c.disc(x, y, 5, colour)
        c.disc(x - 1.6, y - 1.8, 1.4, lighter(colour, 0.6))


def plush_fish(c: Canvas, colour: Colour, mark: Colour) -> None:
    c.shadow(48, 70, 30)
    c.shape(curved([(70, 50), (88, 36), (84, 50), (88, 66)], closed=True), mark)
    body = curved([(16, 50), (34, 33), (58, 37), (74, 50), (58, 64), (34, 67)], closed=True)
    cloth(c, body, (colour, mark, mark), _scales)
    c.disc(27, 47, 3.4, "#ffffff")
    c.disc(27.6, 47.4, 1.7, "#2b2016")
    c.line([(16, 52), (10, 60)], 0.7, "#8a7a5c")
    c.disc(9, 62, 4, "#e0b84c")
    c.line([(6.6, 63.4), (11.4, 63.4)], 0.7, "#7a5f1c")


def _scales(c: Canvas, one: Colour, other: Colour) -> None:
    for n in range(60):
        c.bow(38 + n % 10 * 5 + (n // 10 % 2) * 2.5, 34 + n // 10 * 6, 2.8, 3.2, ends=(270, 450), thick=0.7, colour=one)


def kite(c: Canvas, colour: Colour, mark: Colour) -> None:
    c.disc(18, 18, 9, "#ffffff")
    c.disc(28, 20, 7, "#ffffff")
    c.oval(80, 80, 14, 5, "#ffffff")
    six = [_turned(50, 44, 34, degrees) for degrees in (-90, -35, 35, 90, 145, 215)]
    c.line(curved([(50, 78), (44, 86), (56, 92), (48, 99)]), 0.9, "#8a7a5c")
    c.shape(six, colour)
    c.shape([six[0], six[1], six[2], six[3]], darker(colour, 0.05))
    for a, b in ((0, 3), (1, 4), (2, 5)):
        c.line([six[a], six[b]], 0.7, "#b98d4f")
    _crane(c, mark)


def _turned(x: float, y: float, radius: float, degrees: float) -> Point:
    return x + radius * 0.8 * math.cos(math.radians(degrees)), y + radius * math.sin(math.radians(degrees))


def _crane(c: Canvas, mark: Colour) -> None:
    c.shape(curved([(32, 40), (50, 48), (68, 32), (56, 54), (46, 56)], closed=True), "#2d3142")
    c.shape(curved([(44, 50), (58, 46), (62, 52), (50, 58)], closed=True), "#ffffff")
    c.line(curved([(58, 49), (62, 42), (60, 34), (64, 30)]), 2, "#2d3142")
    c.disc(64, 29.6, 1.8, mark)
