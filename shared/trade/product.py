"""What a product is, wherever it travels: in an upload, in an event, in the catalog."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from monsoon_plugin.money import Amount
from monsoon_plugin.value import Value
from shared.errors import Flaw
from shared.goods.attributes import Attributes
from shared.goods.identity import Brand, Condition, Gtin, ItemGroup, ListingStatus, Mpn, Sku
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import Safety
from shared.goods.stock_mode import StockMode, is_there
from shared.goods.texts import Bullets, DescriptionHtml, LanguageTag
from shared.goods.told_apart import check_variants
from shared.goods.unit_measure import UnitMeasure
from shared.variants.sale import Sale, sale_flaw

CategoryId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-\d{1,4}){0,9}$")]
"""An id of Shopify's product taxonomy without its prefix: `hg-3-2` lies below `hg-3` lies below `hg`."""

Tag = Annotated[str, StringConstraints(pattern=r"^[^\s,;|#A-Z]{1,40}$")]
"""One word in small letters, of any script."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Picture = Annotated[str, StringConstraints(max_length=64)]
"""A picture's id."""
AltText = Annotated[str, StringConstraints(min_length=1, max_length=250)]
"""What a picture shows, in words, for whoever cannot see it."""
MOST_OWN_PICTURES, MOST_ALT_TEXTS = 12, 50
"""A product's own pictures, and each variant's; pictures that have words of their own."""


class Text(Value):
    """What people read of a product, in one language."""

    title: str = Field(min_length=1, max_length=500)
    description: str = Field(default="", max_length=5000)
    bullets: Bullets | None = Field(default=None, description="what matters most of it, a line each")
    description_html: DescriptionHtml | None = Field(
        default=None,
        description="the same with paragraphs, lists, tables and stress; other tags, and all attributes, are taken out",
    )


class Tier(Value):
    """A business buyer's price from a quantity on."""

    min_quantity: int = Field(ge=2, le=1_000_000)
    price: Amount


def rising(tiers: list[Tier]) -> list[Tier]:
    """`tiers`, if each begins at more units than the one before. Raises ValueError."""
    if [t.min_quantity for t in tiers] != sorted({t.min_quantity for t in tiers}):
        raise Flaw("list tiers by rising, different min_quantity", "阶梯价请按起订数量从小到大排列，且数量各不相同")
    return tiers


Tiers = Annotated[list[Tier], Field(max_length=10), AfterValidator(rising)]


class Size(Value):
    """The packed unit, in millimetres."""

    length: int = Field(ge=1, le=10_000)
    width: int = Field(ge=1, le=10_000)
    height: int = Field(ge=1, le=10_000)


MOST_OPTIONS, MOST_VARIANTS = 3, 250
StockUnits = Annotated[int, Field(ge=0, le=10_000_000)]
OptionName = Annotated[str, StringConstraints(min_length=1, max_length=40)]
OptionValue = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Option(Value):
    """In what variants differ."""

    name: OptionName = Field(examples=["colour"])
    names: dict[LanguageTag, OptionName] = Field(default={}, max_length=20, description="as shoppers read it, by BCP 47 language tag")


def _beside(price: Amount | None, said: Amount | Sale | None) -> Amount | Sale | None:
    """What is said beside a price, if it can be. Raises ValueError."""
    sale, compare_at = (said, None) if isinstance(said, Sale) else (None, said)
    if price and (flaw := sale_flaw(price, sale, compare_at)):
        raise flaw
    return said


class Variant(Value):
    """One of the things that a product is sold as. What it does not say is as the product says it, but for its stock and its GTIN: the
    product's GTIN is that of the variant with the product's sku, and of no other."""

    sku: Sku = Field(description="your own code; where it is the product's, this variant keeps the offer that the product had")
    options: dict[OptionName, OptionValue] = Field(
        min_length=1, max_length=MOST_OPTIONS, description="its value of each option", examples=[{"colour": "red", "size": "M"}]
    )
    stock: StockUnits = Field(description="units, as you counted them last")
    price: Amount | None = Field(default=None, description="the product's if absent, and then with the product's tiers")
    tiers: Tiers = Field(default=[], description="its own, instead of the product's")
    weight: int | None = Field(default=None, ge=1, le=1_000_000, description="grams, packed")
    size: Size | None = None
    gtin: Gtin | None = None
    mpn: Mpn | None = Field(default=None, description="the manufacturer's part number")
    pictures: list[Picture] = Field(default=[], max_length=MOST_OWN_PICTURES, description="instead of the product's")
    stock_mode: StockMode | None = Field(default=None, description="the product's if absent")
    unit_measure: UnitMeasure | None = Field(default=None, description="the product's if absent")
    requires_shipping: bool | None = Field(default=None, description="the product's if absent")
    compare_at: Amount | None = Field(default=None, description="the product's if it has no price of its own, and is absent")
    sale: Sale | None = Field(default=None, description="the product's if it has no price of its own, and is absent")

    @field_validator("compare_at", "sale")
    @classmethod
    def _reduced(cls, said: Amount | Sale | None, info: ValidationInfo) -> Amount | Sale | None:
        return _beside(info.data.get("price"), said)


class Product(Value):
    """A supplier's product with its offer. Prices are what the supplier asks; storefronts add their own margin."""

    sku: Sku = Field(description="the supplier's own code, unique among its products")
    texts: dict[LanguageTag, Text] = Field(min_length=1, max_length=20, description="by BCP 47 language tag")
    category: CategoryId = Field(examples=["hg-3-2"])
    categories: list[CategoryId] = Field(
        default=[], max_length=5, description="others that it belongs to; `category` is the main one, by which storefronts price"
    )
    price: Amount = Field(description="what the supplier asks for one unit")
    tiers: Tiers = Field(default=[], description="prices for business buyers")
    stock: StockUnits = Field(description="units, as you counted them last: each upload is a new count, which replaces what was left")
    weight: int | None = Field(
        default=None, ge=1, le=1_000_000, description="grams, packed; most couriers take nothing of which nobody said it"
    )
    size: Size | None = Field(default=None, description="most couriers take nothing of which nobody said it")
    hs_code: str | None = Field(
        default=None,
        pattern=r"^\d{6}(\d{2}){0,2}$",
        description="Harmonized System, 6, 8 or 10 digits; without it nothing crosses a border",
    )
    origin: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$", description="country of origin, ISO 3166-1 alpha-2; without it nothing crosses a border"
    )
    tags: list[Tag] = Field(default=[], max_length=20, description="the supplier's own words to group by", examples=[["gift", "silk"]])
    ships_to: list[Country] = Field(default=[], max_length=250, description="where it may be sent; empty: everywhere")
    pictures: list[Picture] = Field(default=[], max_length=MOST_OWN_PICTURES, description="ids from POST /v1/pictures, the main one first")
    alt_texts: dict[Picture, Annotated[dict[LanguageTag, AltText], Field(min_length=1, max_length=20)]] = Field(
        default={}, max_length=MOST_ALT_TEXTS,
        description="what its pictures show, for people who cannot see them: picture id → language tag → words. "
        "Absent: the title, with the variant's options",
    )  # fmt: skip
    requires_picture: bool = Field(
        default=False, description="true: it waits until one of its pictures is shown; false: it is on sale without until then"
    )
    gtin: Gtin | None = None
    brand: Brand | None = Field(default=None, description="the maker's name, as it stands on the thing", examples=["StarTech.com"])
    mpn: Mpn | None = Field(default=None, description="the manufacturer's part number")
    condition: Condition = "new"
    status: ListingStatus = Field(
        default="active",
        description="active: on sale once audit agrees; draft: kept, not audited, not on sale; archived: off sale again",
    )
    safety: Safety | None = Field(default=None, description="asked for by EU law of what is sold to people there")
    item_group: ItemGroup | None = Field(default=None, description="a code that your products share which differ in little")
    attributes: Attributes = Field(default=[], description="what it is like: of the taxonomy's list, or your own")
    stock_mode: StockMode | None = Field(default=None, description="whether more is sold than was counted; absent: not")
    order_quantity: OrderQuantity | None = Field(default=None, description="in which quantities it is ordered; absent: in any")
    handling_days: int | None = Field(default=None, ge=0, le=60, description="days until it is sent, from the order on")
    unit_measure: UnitMeasure | None = Field(default=None, description="how much is in a unit; listings then say what 1 l, 1 kg … costs")
    requires_shipping: bool = Field(
        default=True,
        description="false: virtual or downloadable; it travels in no parcel, and weight, size, HS code and origin count for nothing",
    )
    compare_at: Amount | None = Field(
        default=None, description="what the price is compared with: a list price, or what was asked before; more than the price"
    )
    sale: Sale | None = Field(default=None, description="what is asked instead of the price for a time; the price is then shown beside it")
    options: list[Option] = Field(default=[], max_length=MOST_OPTIONS, description="in what its variants differ")
    variants: list[Variant] = Field(
        default=[], max_length=MOST_VARIANTS, validate_default=True,
        description="what it is sold as; then `stock` is theirs, and what they do not say is as here",
    )  # fmt: skip

    @field_validator("compare_at", "sale")
    @classmethod
    def _reduced(cls, said: Amount | Sale | None, info: ValidationInfo) -> Amount | Sale | None:
        return _beside(info.data.get("price"), said)

    @field_validator("variants")
    @classmethod
    def _apart(cls, variants: list[Variant], info: ValidationInfo) -> list[Variant]:
        if variants or info.data.get("options"):
            check_variants(variants, info.data)
        return variants

    @property
    def lowest(self) -> Amount:
        """The lowest price that it is sold for without a sale, its supplier's own; the first variant's of several with that price."""
        return min((v.price or self.price for v in self.variants), key=lambda price: price.amount, default=self.price)

    @property
    def highest(self) -> Amount:
        return max((v.price or self.price for v in self.variants), key=lambda price: price.amount, default=self.price)

    @property
    def units(self) -> int:
        """Its stock: all its variants'."""
        return sum(variant.stock for variant in self.variants) if self.variants else self.stock

    @property
    def is_there(self) -> bool:
        """Whether it, or any of its variants, is in stock, as far as its supplier says."""
        each = ((variant.stock, variant.stock_mode or self.stock_mode) for variant in self.variants)
        return any(is_there(*one) for one in each) if self.variants else is_there(self.stock, self.stock_mode)

    @property
    def all_pictures(self) -> set[str]:
        """Its own and its variants'."""
        return {*self.pictures, *(picture for variant in self.variants for picture in variant.pictures)}

    def text(self, language: str) -> Text:
        """The text in `language`, else in its base language, else in English, else the first there is."""
        for tag in (language, language.split("-")[0], "en"):
            if tag in self.texts:
                return self.texts[tag]
        return next(iter(self.texts.values()))
