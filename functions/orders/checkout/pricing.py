"""Prices are ours: what a shopper pays is computed from the supplier's offer and the storefront's rule, never read from the request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from functions.orders.checkout.basket import Basket
from functions.orders.checkout.checkout_snapshot import CheckoutSnapshot
from functions.orders.checkout.storefront import Storefront
from functions.orders.checkout.suspended_suppliers import SuspendedSupplier
from functions.orders.inventory.offer import Offer
from functions.orders.inventory.shortage import not_sellable
from functions.orders.inventory.stock_item import StockItem
from monsoon_plugin.money import MAX_AMOUNT, Amount, Money
from shared.errors import FieldError, Invalid
from shared.goods.order_quantity import quantity_flaw
from shared.order_messages import OrderLine
from shared.trade.fx import NO_RATES, Rates
from shared.trade.selling_rule import NotSoldIn, Rule, Sale


@dataclass(frozen=True, slots=True)
class PricedBasket:
    """A basket's lines in one currency; `rates_day` is that of the rates that some were converted at, None if none was."""

    lines: tuple[OrderLine, ...]
    currency: str
    rates_day: str | None


def price_basket(
    basket: Basket, storefront: Storefront, snapshot: CheckoutSnapshot, rates: Callable[[], Rates], quoted_at: datetime | None = None
) -> PricedBasket:
    """The basket's lines at this storefront's prices, converted at the day's rates, which are read only if a line needs them.

    `quoted_at`: when its shipping was quoted; what was on sale then is sold so.

    A consumer pays the rule's price over the supplier's; a business the rule's price over the tier that its quantity reaches.
    Raises SuspendedStorefront, Closed, SuspendedSupplier, NotSellable; Invalid naming a currency that the storefront does not sell
    in, or a line that is not sold here, in such a quantity, not sent there, or has no price in the order's currency.
    """
    storefront.check_open()
    _check_suppliers(basket, snapshot)
    _check_quantities(basket, snapshot)
    day = cache(rates)
    lines: list[OrderLine] = []
    currency = ""
    for i, (offer_id, quantity) in enumerate(basket.quantities.items()):
        offer = _on_sale(i, snapshot.stock.get(offer_id), storefront.rule, basket.country)
        currency = currency or _currency(storefront.rule, offer, basket.currency)
        asked = offer.cost(quantity, basket.buyer.type == "business", quoted_at)
        used = NO_RATES if asked.currency == currency else day()
        sale = _sale(i, storefront.rule, offer, asked, rates=used, currency=currency)
        lines.append(
            OrderLine(offer_id=offer_id, product_id=offer.product_id, supplier_id=offer.supplier_id, quantity=quantity,
                      title=offer.title(basket.language), unit_price=sale.price.amount, unit_cost=sale.cost.amount,
                      supplier_price=None if asked.currency == currency else Amount.of(asked),
                      compare_at=_compared(storefront.rule, offer, asked, sale, rates=used),
                      requires_shipping=offer.requires_shipping)
        )  # fmt: skip
    return PricedBasket(tuple(lines), currency, day().day if any(line.supplier_price for line in lines) else None)


def _check_suppliers(basket: Basket, snapshot: CheckoutSnapshot) -> None:
    errors = []
    for i, offer_id in enumerate(basket.quantities):
        item = snapshot.stock.get(offer_id)
        if item and item.offer and item.offer.supplier_id in snapshot.suspended:
            errors.append(FieldError(f"/lines/{i}/offer_id", "its supplier is suspended: take it out of the order"))
    if errors:
        raise SuspendedSupplier("; ".join(f"{error.pointer}: {error.detail}" for error in errors), errors)


def _check_quantities(basket: Basket, snapshot: CheckoutSnapshot) -> None:
    held = ((i, n, snapshot.stock.get(offer_id)) for i, (offer_id, n) in enumerate(basket.quantities.items()))
    flaws = ((i, quantity_flaw(n, item.offer.order_quantity)) for i, n, item in held if item and item.offer)
    if errors := [FieldError(f"/lines/{i}/quantity", flaw) for i, flaw in flaws if flaw]:
        raise Invalid("; ".join(f"{error.pointer}: {error.detail}" for error in errors), errors)


def _on_sale(i: int, item: StockItem | None, rule: Rule, country: str) -> Offer:
    offer = item.offer if item else None
    if item is None or offer is None or not rule.wants(offer.facts):
        raise Invalid.field(f"/lines/{i}/offer_id", "this storefront sells no such offer")
    if not item.sellable:
        raise not_sellable(i)
    if not offer.goes_to(country):
        raise Invalid.field(f"/lines/{i}/offer_id", f"not sent to {country}: take it out of the order")
    return offer


def _currency(rule: Rule, first: Offer, wished: str | None) -> str:
    try:
        return rule.currency(first.price.currency, wished)
    except NotSoldIn as refusal:
        raise Invalid.field("/currency", f"{refusal}: order in that") from refusal


def _sale(i: int, rule: Rule, offer: Offer, asked: Money, *, rates: Rates, currency: str) -> Sale:
    try:
        sale = rule.price(asked, offer.category, rates, currency)
    except NotSoldIn as refusal:
        detail = f"{refusal}; an order has one currency, {currency} here: order it apart"
        raise Invalid.field(f"/lines/{i}/offer_id", detail) from refusal
    if sale is None:
        raise Invalid.field(f"/lines/{i}/offer_id", _unpriced(asked, rates, currency))
    return sale


def _compared(rule: Rule, offer: Offer, asked: Money, sale: Sale, *, rates: Rates) -> int | None:
    """What the shopper was shown beside the price, in its currency; None where nothing was."""
    compared = offer.compared(asked)
    dearer = rule.price(compared, offer.category, rates, sale.price.currency) if compared else None
    return dearer.price.amount if dearer and dearer.price.amount > sale.price.amount else None


def _unpriced(asked: Money, rates: Rates, currency: str) -> str:
    if asked.currency == currency or (rates.knows(asked.currency) and rates.knows(currency)):
        return f"one unit costs more than the {MAX_AMOUNT} minor units of {currency} that an amount may have: take it out"
    return f"no exchange rate is known from {asked.currency} to {currency} today: take it out, or order in {asked.currency}"


def check_total(total: int) -> None:
    """Raises Invalid for a total that no single amount may reach."""
    if total > MAX_AMOUNT:
        raise Invalid.field("/lines", f"an order's total is at most {MAX_AMOUNT} minor units: split the order")
