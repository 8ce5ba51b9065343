"""An offer as orders must know it: what it costs, how it is called, and where it is sent."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict

from monsoon_plugin.money import Amount, Money
from shared.goods.order_quantity import OrderQuantity
from shared.goods.stock_mode import StockMode
from shared.trade.product import Tier
from shared.trade.selling_rule import Facts
from shared.variants.offered import Offered, titled
from shared.variants.sale import Sale


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
    sale: Sale | None = None
    """Whether it is on or not: what was on when a shipping quote was given is sold so for as long as that is good."""
    list_price: Amount | None = None
    """What is asked without its sale, where that is on."""
    compare_at: Amount | None = None
    """What its supplier compares the price with that is asked without a sale."""

    @classmethod
    def of(cls, product_id: str, supplier_id: str, offered: Offered) -> Self:
        product = offered.product
        titles = {tag: text.title for tag, text in product.texts.items()}
        return cls(product_id=product_id, supplier_id=supplier_id, category=product.category, titles=titles,
                   categories=tuple(product.categories), price=product.price, tiers=tuple(product.tiers), tags=tuple(product.tags),
                   ships_to=tuple(product.ships_to), choice=offered.choice,
                   lowest=None if offered.lowest == product.price else offered.lowest, stock_mode=product.stock_mode,
                   order_quantity=product.order_quantity, sale=product.sale, list_price=_list_price(offered),
                   compare_at=product.compare_at, requires_shipping=product.requires_shipping)  # fmt: skip

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

    def cost(self, quantity: int, business: bool, at: datetime | None = None) -> Money:
        """What the supplier asks for one of `quantity` units, in `price`'s currency; tiers are for businesses.

        `at`: when the shopper was quoted; what was on sale then costs no more.
        """
        reached = [t.price for t in self.tiers if t.min_quantity <= quantity and t.price.currency == self.price.currency]
        asked = (reached[-1] if business and reached else self.price).money
        promised = self.sale.price.money if self.sale and at and self.sale.is_on(at) else asked
        return min(asked, promised, key=lambda money: money.amount)

    def compared(self, cost: Money) -> Money | None:
        """What the price is compared with where the supplier asks `cost`; None if nothing is."""
        asked_without = (self.list_price or self.price).money
        if self.sale and cost.amount <= self.sale.price.amount:
            return asked_without
        return self.compare_at.money if self.compare_at and cost == asked_without else None


def _list_price(offered: Offered) -> Amount | None:
    """What is asked without the sale that is on; None if none is."""
    price, reduced = offered.product.price, offered.reduced
    on = offered.product.sale is not None and offered.product.sale.price == price
    return Amount(amount=reduced.compare_at, currency=price.currency) if on and reduced else None
