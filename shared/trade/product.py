"""What a product is, wherever it travels: in an upload, in an event, in the catalog."""

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from monsoon_plugin.money import Amount
from monsoon_plugin.value import Value

LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$"
LanguageTag = Annotated[str, StringConstraints(pattern=LANGUAGE)]
"""A language tag of BCP 47: language, script and region (`zh`, `zh-Hant`, `en-GB`)."""
CategoryId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-\d{1,4}){0,9}$")]
"""An id of Shopify's product taxonomy without its prefix: `hg-3-2` lies below `hg-3` lies below `hg`."""

Tag = Annotated[str, StringConstraints(pattern=r"^[^\s,;|#A-Z]{1,40}$")]
"""One word in small letters, of any script."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Picture = Annotated[str, StringConstraints(max_length=64)]
"""A picture's id."""


class Text(Value):
    """What people read of a product, in one language."""

    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)


class Tier(Value):
    """A business buyer's price from a quantity on."""

    min_quantity: int = Field(ge=2, le=1_000_000)
    price: Amount


class Size(Value):
    """The packed unit, in millimetres."""

    length: int = Field(ge=1, le=10_000)
    width: int = Field(ge=1, le=10_000)
    height: int = Field(ge=1, le=10_000)


class Product(Value):
    """A supplier's product with its offer. Prices are what the supplier asks; storefronts add their own margin."""

    sku: str = Field(min_length=1, max_length=64, description="the supplier's own code, unique among its products")
    texts: dict[LanguageTag, Text] = Field(min_length=1, max_length=20, description="by BCP 47 language tag")
    category: CategoryId = Field(examples=["hg-3-2"])
    price: Amount = Field(description="what the supplier asks for one unit")
    tiers: Annotated[list[Tier], Field(max_length=10)] = Field(default=[], description="prices for business buyers")
    stock: int = Field(
        ge=0, le=10_000_000, description="units, as you counted them last: each upload is a new count, which replaces what was left"
    )
    weight: int = Field(ge=1, le=1_000_000, description="grams, packed")
    size: Size
    hs_code: str = Field(pattern=r"^\d{6}(\d{2}){0,2}$", description="Harmonized System, 6, 8 or 10 digits")
    origin: str = Field(pattern=r"^[A-Z]{2}$", description="country of origin, ISO 3166-1 alpha-2")
    tags: list[Tag] = Field(default=[], max_length=20, description="the supplier's own words to group by", examples=[["gift", "silk"]])
    ships_to: list[Country] = Field(default=[], max_length=250, description="where it may be sent; empty: everywhere")
    pictures: list[Picture] = Field(default=[], max_length=12, description="ids from POST /v1/pictures")
    gtin: str | None = Field(default=None, pattern=r"^\d{8}(\d{4,6})?$")

    @field_validator("tiers")
    @classmethod
    def _rising(cls, tiers: list[Tier]) -> list[Tier]:
        if [t.min_quantity for t in tiers] != sorted({t.min_quantity for t in tiers}):
            raise ValueError("list tiers by rising, different min_quantity")
        return tiers

    def text(self, language: str) -> Text:
        """The text in `language`, else in its base language, else in English, else the first there is."""
        for tag in (language, language.split("-")[0], "en"):
            if tag in self.texts:
                return self.texts[tag]
        return next(iter(self.texts.values()))
