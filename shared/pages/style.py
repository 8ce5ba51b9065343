"""What a shop's owner chooses of its pages' style beside their accent: each a few words, none of which can make a page unreadable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Letters = Literal["sans", "serif", "rounded"]
Density = Literal["airy", "normal", "dense"]
Corners = Literal["square", "soft", "round"]
Ground = Literal["white", "warm", "cool"]
KINDS: Mapping[str, tuple[str, ...]] = {
    name: get_args(kind) for name, kind in (("letters", Letters), ("density", Density), ("corners", Corners), ("ground", Ground))
}  # fmt: skip
"""No word is of two kinds, so that words alone say a style."""

CJK_SERIF = '"Songti SC","Noto Serif CJK SC","Source Han Serif SC",SimSun,serif'
LETTERS: Mapping[Letters, str] = {
    "serif": f'ui-serif,"Iowan Old Style",Charter,Georgia,"Noto Serif",{CJK_SERIF}',
    "rounded": 'ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Nunito,Quicksand,"Yuanti SC",system-ui,sans-serif',
}
"""Of what a reader's device has: no page loads a font."""
DENSITIES: Mapping[Density, Mapping[str, str]] = {
    "airy": {"gap": "24px", "rows": "36px", "phone": "1", "some": "2", "many": "3", "beside": "2"},
    "dense": {"gap": "10px", "rows": "12px", "phone": "3", "some": "5", "many": "6", "beside": "5"},
}
"""Spaces, and how many products stand side by side: on a phone, a tablet, a large screen, and there beside what narrows a list."""
CORNERS: Mapping[Corners, Mapping[str, str]] = {
    "square": {"radius": "0", "edge": "0"}, "round": {"radius": "22px", "edge": "99px"},
}  # fmt: skip
Shades = Mapping[str, str]
GROUNDS: Mapping[Ground, tuple[Shades, Shades]] = {
    "white": (
        {"ground": "#ffffff", "soft": "#f6f5f1", "line": "#dcdad3", "text": "#1d1f22", "muted": "#5b6067"},
        {"ground": "#131518", "soft": "#1c1f23", "line": "#34383e", "text": "#eceae5", "muted": "#a9adb3"},
    ),
    "warm": (
        {"ground": "#fdfaf4", "soft": "#f4eee2", "line": "#e2d9c8", "text": "#2a2320", "muted": "#665c52"},
        {"ground": "#181512", "soft": "#221e1a", "line": "#3d3630", "text": "#f0e9df", "muted": "#b5aa9c"},
    ),
    "cool": (
        {"ground": "#f9fbfd", "soft": "#ecf0f5", "line": "#d5dce5", "text": "#18202b", "muted": "#54606e"},
        {"ground": "#0f141b", "soft": "#18202a", "line": "#303b48", "text": "#e8edf3", "muted": "#a3aebb"},
    ),
}
"""Light and dark. The soft one is behind pictures and lists; text is read on both (a test counts the contrast)."""


@dataclass(frozen=True, slots=True)
class Style:
    """As every page is where nobody chose. What is chosen is written behind the style sheet, and nothing of what is not."""

    letters: Letters = "sans"
    density: Density = "normal"
    corners: Corners = "soft"
    ground: Ground = "white"

    @classmethod
    def of(cls, words: str) -> "Style":
        """Of what `words` answered; a word that is none here, of another release's, says nothing."""
        found: dict[str, Any] = {name: word for name, kind in KINDS.items() for word in words.split() if word in kind}
        return cls(**found)

    @property
    def words(self) -> str:
        """What was chosen, to be carried to other services: `serif square warm`; empty where nothing was."""
        return " ".join(getattr(self, name) for name in KINDS if getattr(self, name) != getattr(PLAIN, name))

    @property
    def shades(self) -> tuple[Shades, Shades]:
        return GROUNDS[self.ground]

    @property
    def tokens(self) -> dict[str, str]:
        """Of CSS, light."""
        font = {"font": LETTERS[self.letters]} if self.letters in LETTERS else {}
        own = self.shades[0] if self.ground != "white" else {}
        return {**font, **DENSITIES.get(self.density, {}), **CORNERS.get(self.corners, {}), **own}

    @property
    def dark_tokens(self) -> Mapping[str, str]:
        return self.shades[1] if self.ground != "white" else {}


PLAIN = Style()
