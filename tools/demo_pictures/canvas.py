"""A square to draw flat goods on: 100 by 100, from the top left, whatever its pixels are. The same calls make the same picture."""

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

SIDE, FINER = 800, 2
"""Pixels of a picture, and how many times as many it is drawn with: edges are smooth once it is made smaller."""
STEPS = 12
"""Of a curve between two of its points."""

Point = tuple[float, float]
Colour = str


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a `share` of `other`, 0 to 1."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darker(colour: Colour, share: float = 0.18) -> Colour:
    return mixed(colour, "#2b2016", share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    return mixed(colour, "#ffffff", share)


def curved(points: Sequence[Point], *, closed: bool = False) -> list[Point]:
    """A curve through all points (Catmull and Rom's)."""
    n = len(points)
    ends = range(n if closed else n - 1)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[min(max(i, 0), n - 1)]

    found = [_between(at(i - 1), at(i), at(i + 1), at(i + 2), step / STEPS) for i in ends for step in range(STEPS)]
    return found if closed else [*found, points[-1]]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def one(k: int) -> float:
        slope, bend = c[k] - a[k], 2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]
        return 0.5 * (2 * b[k] + slope * t + bend * t * t + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t**3)

    return one(0), one(1)


class Canvas:
    """A ground with a table on it; what is drawn later lies above."""

    def __init__(self, ground: Colour, *, table: float = 72) -> None:
        side = SIDE * FINER
        self._image = Image.new("RGB", (side, side), ground)
        self._draw, self._scale = ImageDraw.Draw(self._image), side / 100
        if table < 100:
            self._draw.rectangle((0, table * self._scale, side, side), fill=darker(ground, 0.07))

    @property
    def picture(self) -> Image.Image:
        return self._image.resize((SIDE, SIDE), Image.Resampling.BOX)

    def oval(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """Around (x, y); `wide` and `high` are half of it."""
        self._draw.ellipse(self._scaled((x - wide, y - high), (x + wide, y + high)), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.oval(x, y, radius, radius, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, *, round_: float = 1.5) -> None:
        self._draw.rounded_rectangle(self._scaled((left, top), (right, bottom)), round_ * self._scale, fill=colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon(self._scaled(*points), fill=colour)

    def line(self, points: Sequence[Point], thick: float, colour: Colour) -> None:
        """With round ends and joints."""
        self._draw.line(self._scaled(*points), fill=colour, width=round(thick * self._scale), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, thick / 2, colour)

    def bow(self, x: float, y: float, wide: float, high: float, *, ends: tuple[float, float], thick: float, colour: Colour) -> None:
        """A part of an oval's edge, between two angles: 0 is right, 90 is down."""
        self._draw.arc(self._scaled((x - wide, y - high), (x + wide, y + high)), *ends, fill=colour, width=round(thick * self._scale))

    def shadow(self, x: float, y: float, wide: float) -> None:
        """On the table, below what stands there."""
        spot = self._image.getpixel((min(round(x * self._scale), self._image.width - 1), round(min(y, 99) * self._scale)))
        self.oval(x, y, wide, wide * 0.11, darker(f"#{bytes(spot).hex()}", 0.16))  # type: ignore[arg-type]

    def turned(self, x: float, profile: Sequence[Point], colour: Colour, *, lit: float = 0.16) -> None:
        """What a wheel or a lathe makes: (half of its width, height) from its top down, round, with light from the left."""
        half = curved(profile)
        self.shape([(x - wide, y) for wide, y in half] + [(x + wide, y) for wide, y in reversed(half)], colour)
        self.shape([(x + wide, y) for wide, y in half] + [(x + wide * 0.45, y) for wide, y in reversed(half)], darker(colour, lit))
        self.shape([(x - wide * 0.78, y) for wide, y in half] + [(x - wide * 0.6, y) for wide, y in reversed(half)], lighter(colour, lit))

    def only_within(self, other: "Canvas", points: Sequence[Point]) -> None:
        """What `other` shows, where it is within a shape: a pattern on a cloth."""
        mask = Image.new("L", self._image.size)
        ImageDraw.Draw(mask).polygon(self._scaled(*points), fill=255)
        self._image.paste(other._image, mask=mask)
        self._draw = ImageDraw.Draw(self._image)

    def shaded(self, points: Sequence[Point], share: float = 0.12) -> None:
        """A shape in shade: what is there stays to be seen."""
        mask = Image.new("L", self._image.size)
        ImageDraw.Draw(mask).polygon(self._scaled(*points), fill=round(255 * share))
        self._image.paste(ImageChops.constant(mask, 30).convert("RGB"), mask=mask)
        self._draw = ImageDraw.Draw(self._image)

    def _scaled(self, *points: Point) -> list[tuple[float, float]]:
        return [(x * self._scale, y * self._scale) for x, y in points]
