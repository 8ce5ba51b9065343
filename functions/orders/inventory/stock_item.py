"""An offer as orders must know it: what it costs, what is left of it, and whether it may be sold at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict

from monsoon_plugin.money import Amount, Money
from shared.errors import Conflict
from shared.messages import OfferPublished
from shared.trade.product import Product, Tier
from shared.trade.selling_rule import Facts


class TooFew(Conflict):
    code, title = "too-few-units", "There are fewer units on hand than you take away"


class Offer(BaseModel):
    """The facts of a supplier's offer that pricing and selection read."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    product_id: str
    supplier_id: str
    category: str
    titles: Mapping[str, str]
    """By BCP 47 language tag."""
    price: Amount
    tiers: tuple[Tier, ...] = ()
    tags: tuple[str, ...] = ()
    ships_to: tuple[str, ...] = ()
    """Countries (ISO 3166-1 alpha-2); empty: everywhere."""

    @classmethod
    def of(cls, product_id: str, supplier_id: str, product: Product) -> Self:
        titles = {tag: text.title for tag, text in product.texts.items()}
        return cls(product_id=product_id, supplier_id=supplier_id, category=product.category, titles=titles,
                   price=product.price, tiers=tuple(product.tiers), tags=tuple(product.tags),
                   ships_to=tuple(product.ships_to))  # fmt: skip

    @cached_property
    def facts(self) -> Facts:
        """What a storefront's rule looks at."""
        return Facts.told(
            self.product_id, self.supplier_id, category=self.category, cost=self.price.money, tags=self.tags, ships_to=self.ships_to,
            titles=self.titles.values(),
        )  # fmt: skip

    def goes_to(self, country: str) -> bool:
        return not self.ships_to or country in self.ships_to

    def title(self, language: str) -> str:
        """The title in `language`, else in its base language, else in English, else the first there is."""
        tags = (language, language.split("-")[0], "en")
        return next((self.titles[tag] for tag in tags if tag in self.titles), next(iter(self.titles.values())))

    def cost(self, quantity: int, business: bool) -> Money:
        """What the supplier asks for one of `quantity` units, in `price`'s currency; tiers are for businesses."""
        reached = [t.price for t in self.tiers if t.min_quantity <= quantity and t.price.currency == self.price.currency]
        return (reached[-1] if business and reached else self.price).money


@dataclass(frozen=True, slots=True)
class Shelf:
    """An offer with its stock."""

    offer_id: str
    version: int
    """The catalog's, of the last publication or recall that was heard."""
    quantity: int
    """Units that may still be sold, never negative."""
    declared: int | None
    """The stock that the supplier's last publication declared; None if only a recall was heard so far."""
    sellable: bool
    offer: Offer | None
    reason: str = ""
    """Why it was recalled; empty while it is sellable."""

    @property
    def in_stock(self) -> bool:
        """Whether units are left; a recall does not change that."""
        return self.quantity > 0


def published(held: Shelf | None, message: OfferPublished) -> Shelf | None:
    """The shelf after a publication; None if it is older than what is held.

    The first publication stocks the shelf. A later one whose declared stock differs moves what is left by the difference, for
    units were sold since the supplier counted; it never goes below 0.
    """
    if held and held.version >= message.version:
        return None
    declared = message.product.stock
    quantity = declared if held is None or held.declared is None else max(0, held.quantity + declared - held.declared)
    offer = Offer.of(message.product_id, message.supplier_id, message.product)
    return Shelf(message.offer_id, message.version, quantity, declared, True, offer)


class Adjustment(BaseModel):
    """A supplier's own correction of what is on hand; it is also the record of its Idempotency-Key."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    supplier_id: str
    offer_id: str
    delta: int
    reason: str
    adjusted_at: str
    fingerprint: str
