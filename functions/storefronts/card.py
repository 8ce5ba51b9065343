"""A card: the little that a listing shows of a product, and the detail that only the product's own page shows."""

from dataclasses import dataclass
from typing import Self

from shared.messages import OfferPublished
from shared.money import Money
from shared.product import Size, Text, Tier, Value


@dataclass(frozen=True, slots=True)
class Card:
    """One product, for every storefront alike; its price is the supplier's."""

    product_id: str
    offer_id: str
    supplier_id: str
    version: int
    category: str
    cost: Money
    titles: dict[str, str]
    picture: str | None

    @classmethod
    def of(cls, message: OfferPublished) -> Self:
        product = message.product
        titles = {language: text.title for language, text in product.texts.items()}
        picture = product.pictures[0] if product.pictures else None
        return cls(
            message.product_id,
            message.offer_id,
            message.supplier_id,
            message.version,
            product.category,
            product.price.money,
            titles,
            picture,
        )

    @property
    def path(self) -> str:
        """Where it stands in the listings: `hg-3-2-/prd_…`, so that all that lies below `hg-3` begins with `hg-3-`."""
        return f"{self.category}-/{self.product_id}"

    def title(self, language: str) -> tuple[str, str]:
        """The language and the title in `language`, else in its base language, else in English, else the first there is."""
        for tag in (language, language.split("-")[0], "en"):
            if tag in self.titles:
                return tag, self.titles[tag]
        return next(iter(self.titles.items()))


class Detail(Value):
    """What a product's own page shows besides its card."""

    texts: dict[str, Text]
    pictures: list[str]
    tiers: list[Tier]
    weight: int
    size: Size
    origin: str

    @classmethod
    def of(cls, message: OfferPublished) -> Self:
        product = message.product
        return cls(
            texts=product.texts,
            pictures=product.pictures,
            tiers=product.tiers,
            weight=product.weight,
            size=product.size,
            origin=product.origin,
        )
