"""An offer as orders must know it: what it costs, how it is called, and where it is sent."""

from collections.abc import Mapping
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict

from monsoon_plugin.money import Amount, Money
from shared.goods.order_quantity import OrderQuantity
from shared.goods.stock_mode import StockMode
from shared.trade.product import Tier
from shared.trade.selling_rule import Facts
from shared.variants.offered import Offered, titled


class Offer(BaseModel):
    """The facts of a supplier's offer that pricing and selection read."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    product_id: str
    supplier_id: str
    category: str
    """The main one, by which a storefront prices."""
    categories: tuple[str, ...] = ()
    titles: Mapping[str, str]
    """By BCP 47 language tag."""
    price: Amount
    tiers: tuple[Tier, ...] = ()
    tags: tuple[str, ...] = ()
    ships_to: tuple[str, ...] = ()
    """Countries (ISO 3166-1 alpha-2); empty: everywhere."""
    choice: tuple[str, ...] = ()
    """A variant's values of its product's options."""
    lowest: Amount | None = None
    """The lowest price of all the product's variants, where that is another: storefronts' rules choose products by it."""

    stock_mode: StockMode | None = None
    order_quantity: OrderQuantity | None = None
    requires_shipping: bool = True

    @classmethod
    def of(cls, product_id: str, supplier_id: str, offered: Offered) -> Self:
        product = offered.product
        titles = {tag: text.title for tag, text in product.texts.items()}
        return cls(product_id=product_id, supplier_id=supplier_id, category=product.category, titles=titles,
                   categories=tuple(product.categories), price=product.price, tiers=tuple(product.tiers), tags=tuple(product.tags),
                   ships_to=tuple(product.ships_to), choice=offered.choice,
                   lowest=None if offered.lowest == product.price else offered.lowest, stock_mode=product.stock_mode,
                   order_quantity=product.order_quantity, requires_shipping=product.requires_shipping)  # fmt: skip

    @cached_property
    def facts(self) -> Facts:
        """What a storefront's rule looks at."""
        return Facts.of_replica(
            self.product_id, self.supplier_id, category=self.category, cost=(self.lowest or self.price).money, tags=self.tags,
            ships_to=self.ships_to, titles=self.titles.values(), categories=self.categories,
        )  # fmt: skip

    def goes_to(self, country: str) -> bool:
        return not self.ships_to or country in self.ships_to

    def title(self, language: str) -> str:
        """The title in `language`, else in its base language, else in English, else the first there is; with the variant's values."""
        tags = (language, language.split("-")[0], "en")
        return titled(next((self.titles[tag] for tag in tags if tag in self.titles), next(iter(self.titles.values()))), self.choice)

    def cost(self, quantity: int, business: bool) -> Money:
        """What the supplier asks for one of `quantity` units, in `price`'s currency; tiers are for businesses."""
        reached = [t.price for t in self.tiers if t.min_quantity <= quantity and t.price.currency == self.price.currency]
        return (reached[-1] if business and reached else self.price).money
