"""How a shop looks: one of three presets, what its owner changes of it, a logo and a large picture."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from monsoon_plugin.value import Value
from shared.goods.texts import LanguageTag
from shared.pages.style import Corners, Density, Ground, Letters, Style
from shared.pictures.shown_picture import Colour, ContentId, Side

Preset = Literal["plain", "paper", "market"]
PRESETS: Mapping[Preset, Style] = {
    "plain": Style(),
    "paper": Style(letters="serif", corners="square", ground="warm"),
    "market": Style(letters="rounded", density="dense", corners="round", ground="cool"),
}
AltText = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ShopPicture(Value):
    """A picture that the hub serves, by its content: whatever is written here, no page loads one from elsewhere."""

    content: ContentId = Field(
        description="what stands before the size in its address, as `shown` of GET /v1/pictures/{picture_id} tells it",
        examples=["img_3N6Q8R1T5V7W9X2Y4Z6A8B0C1D"],
    )
    width: Side = Field(description="pixels, as `shown` tells them; with the height it keeps the page from jumping")
    height: Side
    colour: Colour = Field(default="#f6f5f1", description="what it is on the whole, shown until it is there")
    alt: dict[LanguageTag, AltText] = Field(
        default={},
        max_length=20,
        description="what it shows, for people who cannot see it, by BCP 47 language tag; a logo is the shop's name",
    )

    def alt_in(self, language: str) -> str:
        return self.alt.get(language) or self.alt.get(language.split("-")[0]) or ""


class ShopLook(Value):
    """What is not said is the preset's."""

    preset: Preset = Field(
        default="plain", description="plain: clear and white; paper: serifs on warm ground; market: much at once, rounded, on cool ground"
    )
    letters: Letters | None = Field(default=None, description="of fonts that readers' devices have: no page loads one")
    density: Density | None = Field(default=None, description="how many products stand side by side, and how far apart")
    corners: Corners | None = None
    ground: Ground | None = Field(default=None, description="each has a light and a dark one; readers' devices choose")
    logo: ShopPicture | None = Field(default=None, description="stands in place of the name at the head of each page")
    hero: ShopPicture | None = Field(default=None, description="the large picture of the first page")

    @property
    def style(self) -> Style:
        preset = PRESETS[self.preset]
        return Style(
            letters=self.letters or preset.letters, density=self.density or preset.density, corners=self.corners or preset.corners,
            ground=self.ground or preset.ground,
        )  # fmt: skip
