"""What is sawn, planed and turned, and lamps."""

from tools.demo_pictures.canvas import Canvas, Colour, curved, darker, lighter, mixed

OAK, WALNUT, BEECH, ASH, MAPLE = "#c99a5f", "#7d5236", "#dcb381", "#e0c59a", "#ecd3a8"


def grain(c: Canvas, box: tuple[float, float, float, float], wood: Colour) -> None:
    left, top, right, bottom = box
    for n in range(4):
        y = top + (bottom - top) * (n + 0.7) / 4.6
        c.line(curved([(left + 3, y), (left + (right - left) * 0.4, y + 1.6), (right - 3 - n * 2, y - 0.6)]), 0.6, darker(wood, 0.16))


def end_grain(c: Canvas) -> None:
    c.shadow(50, 78, 38)
    c.box(14, 27, 86, 79, darker(OAK, 0.3), round_=3)
    c.box(14, 24, 86, 75, OAK, round_=3)
    for n in range(40):
        x, y = 16 + n % 8 * 8.6, 26 + n // 8 * 9.6
        c.box(x, y, x + 8, y + 9, mixed(OAK, WALNUT, n * 7 % 11 / 22), round_=0.4)
        c.bow(x + 4, y + 9, 3.4, 5, ends=(190, 350), thick=0.5, colour=darker(OAK, 0.3))


def serving_board(c: Canvas) -> None:
    c.line([(50, 80), (50, 90)], 10, darker(WALNUT, 0.15))
    c.box(27, 12, 73, 82, darker(WALNUT, 0.4), round_=9)
    c.box(27, 10, 73, 79, WALNUT, round_=9)
    c.line([(50, 79), (50, 88)], 9, WALNUT)
    c.disc(50, 88, 2, "#efe6da")
    grain(c, (27, 14, 73, 76), WALNUT)


def breakfast_boards(c: Canvas) -> None:
    for dx, dy, wood in ((8, -8, darker(BEECH, 0.08)), (-6, 8, BEECH)):
        c.box(20 + dx, 28 + dy, 80 + dx, 68 + dy, darker(wood, 0.3), round_=4)
        c.box(20 + dx, 26 + dy, 80 + dx, 65.5 + dy, wood, round_=4)
        grain(c, (20 + dx, 28 + dy, 80 + dx, 64 + dy), wood)
    c.oval(38, 54, 13, 8.5, "#b97f43")
    c.oval(38, 53, 11, 6.8, "#f0d9a8")
    c.oval(61, 56, 5, 6, "#fbf4e4")
    c.oval(61, 54, 3.4, 3.6, "#f2b134")


def organiser(c: Canvas) -> None:
    c.shadow(50, 78, 38)
    for x, high, colour in ((28, 26, "#3d5a80"), (35, 20, "#e07a5f"), (42, 30, "#81b29a")):
        c.box(x - 1.6, high, x + 1.6, 60, colour, round_=0.6)
        c.shape([(x - 1.6, high), (x + 1.6, high), (x, high - 5)], "#f3dfbf")
    c.box(20, 45, 50, 77, darker(ASH, 0.08), round_=1.5)
    c.box(50, 60, 82, 77, ASH, round_=1.5)
    c.box(53, 57, 79, 62, "#fdfaf1", round_=0.5)
    grain(c, (20, 47, 50, 76), ASH)
    grain(c, (50, 62, 82, 76), ASH)


def pencil_cube(c: Canvas) -> None:
    c.shadow(50, 80, 26)
    for x, high, colour in ((40, 20, "#e07a5f"), (50, 12, "#3d5a80"), (59, 24, "#f2cc8f")):
        c.box(x - 2, high, x + 2, 50, colour, round_=0.6)
        c.shape([(x - 2, high), (x + 2, high), (x, high - 6)], "#f3dfbf")
    c.shape([(26, 46), (74, 46), (70, 40), (30, 40)], lighter(MAPLE, 0.3))
    c.box(26, 46, 74, 80, MAPLE, round_=1.5)
    c.shape([(62, 46), (74, 46), (74, 80), (62, 80)], darker(MAPLE, 0.1))
    grain(c, (26, 48, 74, 79), MAPLE)


def felt_tray(c: Canvas, colour: Colour) -> None:
    c.shadow(50, 76, 38)
    c.box(14, 34, 86, 76, darker(colour, 0.22), round_=4)
    for left, right in ((18, 46), (49, 65), (68, 82)):
        c.box(left, 38, right, 72, colour, round_=3)
    c.line([(23, 66), (41, 44)], 2.4, "#c79a4b")
    c.box(53, 44, 61, 52, "#e07a5f", round_=1)
    c.box(53, 56, 61, 66, "#f2cc8f", round_=1)
    c.disc(75, 47, 4, "#81b29a")
    c.disc(75, 60, 4, "#3d5a80")
    for n in range(18):
        c.line([(17 + n * 3.8, 35.6), (18.8 + n * 3.8, 35.6)], 0.6, lighter(colour, 0.5))


def arm_lamp(c: Canvas) -> None:
    c.shape([(63, 40), (81, 36), (96, 86), (46, 86)], "#f6efd6")
    c.shadow(34, 84, 19)
    c.line([(34, 80), (24, 48)], 3.4, ASH)
    c.line([(24, 48), (58, 22)], 3.4, darker(ASH, 0.06))
    c.disc(24, 48, 3.4, "#4a4e58")
    c.shape(curved([(54, 20), (62, 14), (82, 32), (64, 42)], closed=True), "#4a4e58")
    c.oval(72, 38, 9, 4.4, "#ffe9ad")
    c.turned(34, [(17, 80), (17, 84)], "#4a4e58")


def dome_lamp(c: Canvas, colour: Colour) -> None:
    c.shape([(24, 46), (76, 46), (90, 86), (10, 86)], "#fbf0d3")
    c.shadow(50, 84, 20)
    c.box(48.6, 40, 51.4, 80, "#b8873b", round_=1)
    c.turned(50, [(4, 22), (16, 26), (25, 38), (28, 46)], colour)
    c.oval(50, 46, 28, 4.4, "#ffeab3")
    c.turned(50, [(13, 80), (15, 84)], "#b8873b")
