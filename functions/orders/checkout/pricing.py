"""Prices are ours: what a shopper pays is computed from the supplier's offer and the storefront's rule, never read from the request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from functions.orders.checkout.storefront import Storefront
from functions.orders.checkout.suspended_suppliers import SuspendedSupplier
from functions.orders.inventory.stock_item import Offer, Shelf
from functions.orders.order import Buyer
from monsoon_plugin.address import Address
from monsoon_plugin.money import MAX_AMOUNT, Amount, Money
from shared.api.ticket_contents import ShippingQuote, address_digest
from shared.errors import Conflict, FieldError, Invalid
from shared.order_messages import OrderLine, ShippingChoice
from shared.trade.fx import Rates
from shared.trade.selling_rule import NO_RATES, NotSoldIn, Rule, Sale


class NotSellable(Conflict):
    code, title = "not-sellable", "An offer has been recalled and is not on sale any more"


class OutOfStock(Conflict):
    code, title = "out-of-stock", "Fewer units are left than the order wants"


@dataclass(frozen=True, slots=True)
class Counter:
    """What the desk sees when an order comes, as last heard: the storefront, the offers by their ids, and who is suspended."""

    storefront: Storefront | None
    shelves: Mapping[str, Shelf]
    suspended: Mapping[str, str] = field(default_factory=dict)
    """Supplier id → why."""


class Basket(BaseModel):
    """What a shopper wants, and where to. `quantities`: offer id → units, in the order of the request's lines."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    quantities: Mapping[str, int]
    buyer: Buyer
    address: Address
    shipping_ticket: str
    language: str
    pay_within: timedelta
    currency: str | None = None
    """What the shopper wants to pay in; None: what the storefront sells in by default."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket's lines in one currency; `rates_day` is that of the rates that some were converted at, None if none was."""

    lines: tuple[OrderLine, ...]
    currency: str
    rates_day: str | None


def priced(basket: Basket, storefront: Storefront, counter: Counter, rates: Callable[[], Rates]) -> Priced:
    """The basket's lines at this storefront's prices, converted at the day's rates, which are read only if a line needs them.

    A consumer pays the rule's price over the supplier's; a business the rule's price over the tier that its quantity reaches.
    Raises SuspendedStorefront, Closed, SuspendedSupplier, NotSellable; Invalid naming a currency that the storefront does not sell
    in, or a line that is not sold here, not sent there, or has no price in the order's currency.
    """
    storefront.check_open()
    _check_suppliers(basket, counter)
    day = cache(rates)
    lines: list[OrderLine] = []
    currency = ""
    for i, (offer_id, quantity) in enumerate(basket.quantities.items()):
        offer = _on_sale(i, counter.shelves.get(offer_id), storefront.rule, basket.address.country)
        currency = currency or _currency(storefront.rule, offer, basket.currency)
        asked = offer.cost(quantity, basket.buyer.type == "business")
        used = NO_RATES if asked.currency == currency else day()
        sale = _sale(i, storefront.rule, offer, asked, rates=used, currency=currency)
        lines.append(
            OrderLine(offer_id=offer_id, product_id=offer.product_id, supplier_id=offer.supplier_id, quantity=quantity,
                      title=offer.title(basket.language), unit_price=sale.price.amount, unit_cost=sale.cost.amount,
                      supplier_price=None if asked.currency == currency else Amount.of(asked))
        )  # fmt: skip
    return Priced(tuple(lines), currency, day().day if any(line.supplier_price for line in lines) else None)


def _check_suppliers(basket: Basket, counter: Counter) -> None:
    errors = []
    for i, offer_id in enumerate(basket.quantities):
        shelf = counter.shelves.get(offer_id)
        reason = counter.suspended.get(shelf.offer.supplier_id) if shelf and shelf.offer else None
        if reason is not None:
            errors.append(FieldError(f"/lines/{i}/offer_id", f"its supplier is suspended ({reason}): take it out of the order"))
    if errors:
        raise SuspendedSupplier("; ".join(f"{error.pointer}: {error.detail}" for error in errors), errors)


def _on_sale(i: int, shelf: Shelf | None, rule: Rule, country: str) -> Offer:
    offer = shelf.offer if shelf else None
    if shelf is None or offer is None or not rule.wants(offer.facts):
        raise Invalid.field(f"/lines/{i}/offer_id", "this storefront sells no such offer")
    if not shelf.sellable:
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


def _unpriced(asked: Money, rates: Rates, currency: str) -> str:
    if asked.currency == currency or (rates.knows(asked.currency) and rates.knows(currency)):
        return f"one unit costs more than the {MAX_AMOUNT} minor units of {currency} that an amount may have: take it out"
    return f"no exchange rate is known from {asked.currency} to {currency} today: take it out, or order in {asked.currency}"


def not_sellable(i: int) -> NotSellable:
    detail = "recalled: take it out of the order"
    return NotSellable(f"line {i}: {detail}", [FieldError(f"/lines/{i}/offer_id", detail)])


def short(basket: Basket, left: Mapping[str, int | None]) -> NotSellable | OutOfStock:
    """Why these offers could not be taken: `left` says how many units there are, None for an offer that is not for sale."""
    lines = [(i, offer_id) for i, offer_id in enumerate(basket.quantities) if offer_id in left]
    unsold = next((i for i, offer_id in lines if left[offer_id] is None), None)
    if unsold is not None:
        return not_sellable(unsold)
    errors = [FieldError(f"/lines/{i}/quantity", f"{left[offer_id]} left") for i, offer_id in lines]
    return OutOfStock("; ".join(f"{e.pointer}: {e.detail}" for e in errors), errors, left={o: left[o] for _, o in lines})


def shipping_of(quote: ShippingQuote, basket: Basket, account_id: str, storefront_id: str, currency: str) -> ShippingChoice:
    """The rate that the quote promises. Raises Invalid unless it was given for exactly this order."""
    same = {
        "storefront": (quote.account_id, quote.storefront_id) == (account_id, storefront_id),
        "lines": quote.quantities == dict(basket.quantities),
        "address": quote.address == address_digest(basket.address),
        "currency": quote.currency == currency,
    }
    unlike = [name for name, is_same in same.items() if not is_same]
    if unlike:
        raise Invalid.field("/shipping_ticket", f"it was given for another {' and another '.join(unlike)}: ask shipping for a new one")
    return quote.choice


def bounded(total: int) -> None:
    """Raises Invalid for a total that no single amount may reach."""
    if total > MAX_AMOUNT:
        raise Invalid.field("/lines", f"an order's total is at most {MAX_AMOUNT} minor units: split the order")
