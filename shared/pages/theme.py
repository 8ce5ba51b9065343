"""A shop's look: an accent that its owner chooses, made readable on light and on dark before any page shows it.

Contrast is WCAG 2.2's (1.4.3): (L1 + 0.05) / (L2 + 0.05) of relative luminances, at least 4.5 for text. An accent that has less on a
ground is moved towards black or white, in steps, until it has enough: no owner can make a page that nobody reads.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

from shared.pages.style import PLAIN, Style

ENOUGH = 4.5
LIGHT, DARK = (shades["soft"] for shades in PLAIN.shades)
"""The grounds of buttons and links: the darkest of the light ones, the lightest of the dark ones."""
DEFAULT_ACCENT = "#0f6b5c"
MOST_STYLES = 512
"""That are kept, of shops as different as their owners like."""
STEPS = 40


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 for the same colour, 21 for black on white."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str) -> str:
    """The colour, moved away from `ground` as far as it takes to be read on it."""
    end = 0 if luminance(ground) > 0.18 else 255
    for step in range(STEPS + 1):
        moved = [round(int(colour[at : at + 2], 16) + (end - int(colour[at : at + 2], 16)) * step / STEPS) for at in (1, 3, 5)]
        found = "#" + "".join(f"{channel:02x}" for channel in moved)
        if contrast(found, ground) >= ENOUGH:
            return found
    raise ValueError(f"nothing is read on {ground}")


def on(colour: str) -> str:
    """Black or white: what is read on `colour` the better."""
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, colour))


def icon(accent: str) -> str:
    """The address of a tab's picture, which is in it: a square of the accent. Without it a browser asks the host, in vain."""
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8' rx='2' fill='{accent}'/></svg>"
    return f"data:image/svg+xml,{quote(drawn)}"


@lru_cache(MOST_STYLES)
def css(accent: str = DEFAULT_ACCENT, style: Style = PLAIN) -> str:
    """A page's whole style, with the accent for light and for dark."""
    light, dark = (readable(accent, shades["soft"]) for shades in style.shades)
    by_day = {"accent": light, "on-accent": on(light), **style.tokens}
    by_night = {"accent": dark, "on-accent": on(dark), **style.dark_tokens}
    return f"{_written()}{_root(by_day)}@media(prefers-color-scheme:dark){{{_root(by_night)}}}"


def _root(tokens: Mapping[str, str]) -> str:
    return ":root{" + ";".join(f"--{name}:{value}" for name, value in tokens.items()) + "}"


@cache
def _written() -> str:
    """The style sheet without what only its authors read."""
    lines = Path(__file__).with_name("page.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("/*"))
