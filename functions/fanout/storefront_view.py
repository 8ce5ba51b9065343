"""What one storefront sees of a change: the change feed and webhooks both tell it from here.

A site may hear of a product twice, late and out of order. It keeps what has the greatest `sequence`, and is then level with the
hub, because each of the three things that a sequence is made of only ever rises, and each rise is told after it was written
(`docs/decisions/0009-sequence.md`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from functions.fanout.earlier_costs import Costs, at_costs
from functions.fanout.product_change import ProductChange, moment_of
from monsoon_plugin.money import Money
from shared.bounds.kept import kept
from shared.goods.stock_mode import backorder_days
from shared.goods.trade_item import ids_of
from shared.pictures.addresses import blur_url, jpeg_url, srcset
from shared.pictures.product_pictures import ProductPicture
from shared.trade.fx import Rates
from shared.trade.product import Product
from shared.trade.selling_rule import Facts, Rule, Sale
from shared.variants.announced import Announced, announced, asked_alike
from shared.variants.offered import Offered, cheapest_of, offers_of
from shared.variants.variant_stock import VariantStock
from shared.variants.variant_things import ids_of as ids_of_variants

SHOWN_ALIKE = {"texts", "category", "tags", "ships_to", "weight", "size", "hs_code", "origin", "pictures", "gtin", "options",
               "brand", "mpn", "condition", "item_group", "categories", "attributes", "safety",
               "order_quantity", "handling_days", "unit_measure", "requires_shipping"}  # fmt: skip
"""What of a product every storefront shows alike. The supplier's price and code, and its number of units, are not told."""

UNSAID = {name: Product.model_fields[name].default for name in ("options", "condition", "categories", "attributes", "requires_shipping")}
"""What is left out where it is this, as it was before it could be anything else."""
ITS_OWN = ("gtin", "mpn")
"""What a variant has by itself or not at all."""
OF_VARIANTS = ("weight", "size", "gtin", "mpn", "pictures", "unit_measure", "requires_shipping")
"""What a variant may have otherwise than its product."""

MOST_TOLD = 100
"""Pictures of a product whose addresses are told: more would not fit beside the longest texts."""

Prices = tuple[tuple[int, Money], ...]
"""What a unit costs, from how many on."""


@dataclass(frozen=True, slots=True)
class Told:
    """What of a product differs from storefront to storefront: prices, of each variant too; and which offer the first are of."""

    prices: Prices = ()
    variants: tuple[Prices, ...] = ()
    offer_id: str = ""
    reductions: tuple[Announced | None, ...] = ()
    """What the price is compared with, and then each variant's; nothing where none is reduced."""

    @property
    def reduction(self) -> Announced | None:
        return self.reductions[0] if self.reductions else None

    @property
    def variants_reductions(self) -> tuple[Announced | None, ...]:
        return self.reductions[1:] or (None,) * len(self.variants)


@dataclass(frozen=True)
class ParsedChange:
    """A change, read once for all storefronts that look at it."""

    change: ProductChange

    @cached_property
    def product(self) -> Product | None:
        """None while it is not on sale."""
        return kept(Product, self.change.product) if self.change.product else None

    @cached_property
    def offers(self) -> list[Offered]:
        """What the product is sold as; empty while it is not on sale."""
        return offers_of(self.change.offer_id, self.change.product_id, self.product, self.change.priced) if self.product else []

    @cached_property
    def cheapest(self) -> Offered | None:
        """What the product's own price is that of."""
        return cheapest_of(self.offers) if self.offers else None

    @property
    def product_has_variants(self) -> bool:
        return self.product is not None and bool(self.product.variants)

    @property
    def offer_id(self) -> str:
        return self.cheapest.offer_id if self.cheapest else self.change.offer_id

    @cached_property
    def stock(self) -> list[bool]:
        """Of each offer, whether it is in stock."""
        if self.product and not self.product.variants and self.change.variant_stock is None:
            return [self.change.in_stock]
        told = self._stock_told
        return [told.of(each.offer_id, each.product.is_there) for each in self.offers]

    @cached_property
    def variants_alike(self) -> list[dict[str, Any]]:
        """Of each variant, what every storefront shows alike: what is the product's is left out, but for a GTIN, which none has of it."""
        product = self.product
        if product is None or not product.variants:
            return []
        names = [option.name for option in product.options]
        alike = []
        things = ids_of_variants(self.change.words, self.offers, product, self.change.trade_item or "")
        for offered, left, items in zip(self.offers, self.stock, things, strict=True):
            own = {name: getattr(offered.product, name) for name in OF_VARIANTS}
            said = {n for n, v in own.items() if v is not None and (n in ITS_OWN or v != getattr(product, n))}
            told = offered.product.model_dump(mode="json", include=said)
            choice = dict(zip(names, offered.choice, strict=True))
            if days := self._awaited(offered):
                told["backorder_days"] = days
            alike.append({"offer_id": offered.offer_id, "options": choice, "in_stock": left, **told, **_known_as(items)})
        return alike

    def _awaited(self, offered: Offered) -> int:
        """Within how many days what is ordered beyond its stock can be sent; 0 if nothing may be, or as much as may be is."""
        return 0 if self._stock_told.is_full(offered.offer_id) else backorder_days(offered.product.stock_mode) or 0

    @cached_property
    def _stock_told(self) -> VariantStock:
        return self.change.stock

    @cached_property
    def facts(self) -> Facts | None:
        cost = self.offers[0].lowest.money if self.product else None
        return Facts.of(self.change.product_id, self.change.supplier_id, self.product, cost) if self.product else None

    def at_costs(self, states: Iterable[Costs]) -> "list[ParsedChange]":
        """The change as it would be if the product cost what it did in these states of before."""
        if self.product is None:
            return []
        products = (at_costs(self.product, costs) for costs in states)
        return [ParsedChange(replace(self.change, product=product.model_dump_json(exclude_defaults=True))) for product in products]

    @cached_property
    def shown_alike(self) -> Mapping[str, Any]:
        """What every storefront that sells the product shows alike; empty while it is not on sale."""
        if self.product is None:
            return {}
        shown = SHOWN_ALIKE - {name for name in UNSAID if getattr(self.product, name) == UNSAID[name]}
        alike = self.product.model_dump(mode="json", include=shown, exclude_none=True)
        items = ids_of(self.change.product_id, self.product, self.change.trade_item or "", named=self.change.named)
        if days := max(map(self._awaited, self.offers), default=0):
            alike["backorder_days"] = days
        known = alike | {"supplier_id": self.change.supplier_id, "in_stock": any(self.stock)} | _known_as(items)
        return known | _shown(self.product, self.change)


def _shown(product: Product, change: ProductChange) -> dict[str, Any]:
    """Those of its pictures that are shown, with their addresses; `placeholder` where it names some, and none is."""
    several = [_picture(each, product.alt_texts.get(each.picture_id), change.media_url) for each in change.pictures[:MOST_TOLD]]
    if several:
        return {"shown": several}
    return {"placeholder": True} if product.all_pictures else {}


def _picture(shown: ProductPicture, alt: dict[str, str] | None, media_url: str) -> dict[str, Any]:
    told = {"picture_id": shown.picture_id, "width": shown.width, "height": shown.height, "colour": shown.colour}
    addresses = {"srcset": srcset(shown, media_url), "jpeg": jpeg_url(shown.content, media_url)}
    return told | addresses | ({"blur": blur_url(shown.blur)} if shown.blur else {}) | ({"alt": alt} if alt else {})


def _known_as(items: Sequence[str]) -> dict[str, Any]:
    """Its thing by the surest id, and by all where there are several."""
    several = {"trade_items": list(items)} if len(items) > 1 else {}
    return {"trade_item": items[0], **several} if items else {}


@dataclass(frozen=True)
class SiteView:
    """By what a storefront's sites see the catalog: its rule in one version, with one day's rates."""

    storefront_id: str
    account_id: str
    version: int
    """The storefront's when its rule became this one; it is given to no other rule."""
    rule: Rule
    rates: Rates

    @cached_property
    def day(self) -> str:
        """The rates' day, where the rule may convert; it counts for nothing elsewhere."""
        return self.rates.day if self.rule.price_rule.currencies else ""

    def sale(self, parsed: ParsedChange) -> Sale | None:
        """The product as this storefront sells it; None if it does not."""
        return self.rule.sale(parsed.facts, self.rates) if parsed.facts else None

    def prices(self, parsed: ParsedChange) -> Prices:
        """What a unit costs from how many on: from 1, and from each of the supplier's tiers. Empty if the product is not sold here.

        Of a product with variants: what the cheapest costs.
        """
        return self._prices(parsed.cheapest.product) if parsed.cheapest and self.sale(parsed) else ()

    def variant_prices(self, parsed: ParsedChange) -> tuple[Prices, ...]:
        """The same of each variant, empty of one that has no price here; nothing of a product without."""
        return tuple(self._prices(each.product) for each in parsed.offers) if parsed.product_has_variants else ()

    def told(self, parsed: ParsedChange) -> Told:
        """All that this storefront's sites are told otherwise than others'; nothing where the product is not sold here."""
        prices = self.prices(parsed)
        return Told(prices, self.variant_prices(parsed), parsed.offer_id, self._reductions(parsed)) if prices else Told()

    def _reductions(self, parsed: ParsedChange) -> tuple[Announced | None, ...]:
        if parsed.cheapest is None or not any(each.reduced for each in parsed.offers):
            return ()
        known = asked_alike(self.rule, moment_of(parsed.change.at))
        return tuple(self._reduction(each, known) for each in (parsed.cheapest, *(parsed.offers if parsed.product_has_variants else ())))

    def _reduction(self, offered: Offered, known: bool) -> Announced | None:
        one = offered.product
        sale = self.rule.price(one.price.money, one.category, self.rates)
        if sale is None:
            return None
        asked: Callable[[Money], Sale | None] = lambda cost: self.rule.price(cost, one.category, self.rates)  # noqa: E731
        return announced(offered.reduced, one.price.currency, sale.price, asked, known=known)

    def _prices(self, product: Product) -> Prices:
        sale = self.rule.price(product.price.money, product.category, self.rates)
        if sale is None:
            return ()
        tiers = ((tier.min_quantity, self.rule.price(tier.price.money, product.category, self.rates)) for tier in product.tiers)
        return ((1, sale.price), *((quantity, tier.price) for quantity, tier in tiers if tier))

    def sequence(self, change: ProductChange) -> str:
        """Texts of one product and storefront that sort as their states came to be."""
        return f"{self.version:010d}.{self.day.replace('-', ''):0>8}.{change.revision:012d}"


def wanted_before(parsed: ParsedChange, views: Iterable[SiteView]) -> bool:
    """Whether any of these earlier views would have shown the product as it is now."""
    return parsed.facts is not None and any(view.rule.wants(parsed.facts) for view in views)


def entry(parsed: ParsedChange, view: SiteView, known: Told | None = None) -> dict[str, Any]:
    """The change as its storefront sees it: an upsert with the storefront's own prices, or a removal. `known`: `view.told(parsed)`, if
    whoever asks has it."""
    change, mine_told = parsed.change, known or view.told(parsed)
    told = {"product_id": change.product_id, "offer_id": parsed.offer_id, "sequence": view.sequence(change)}
    prices, product = mine_told.prices, parsed.product
    if not prices or product is None:
        return {"type": "removal", **told}
    unit, mine = prices[0][1], _priced(prices) | _reduced(mine_told.reduction)
    if unit.currency != product.price.currency:
        mine["currency_day"] = view.day
    if product.variants:
        each = zip(parsed.variants_alike, mine_told.variants, mine_told.variants_reductions, strict=True)
        mine["variants"] = [{**alike, **_priced(variant), **_reduced(reduction)} for alike, variant, reduction in each if variant]
    return {"type": "upsert", **told, "product": {**parsed.shown_alike, **mine}}


def _priced(prices: Prices) -> dict[str, Any]:
    (_, unit), *rest = prices
    return {"price": _amount(unit), "tiers": [{"min_quantity": n, "price": _amount(price)} for n, price in rest]}


def _reduced(reduction: Announced | None) -> dict[str, Any]:
    return {"reduction": reduction.told()} if reduction else {}


def _amount(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}
