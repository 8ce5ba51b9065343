"""Prices are ours: what a shopper pays is computed from the supplier's offer and the storefront's rule, never read from the request."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from functions.orders.offer import Offer, Shelf
from functions.orders.order import Buyer
from shared.address import Address
from shared.errors import Conflict, FieldError, Invalid
from shared.messages import OrderLine, ShippingChoice
from shared.money import MAX_AMOUNT, Amount
from shared.quotes import ShippingQuote, address_digest
from shared.selection import PriceRule, Selection


class NotSellable(Conflict):
    code, title = "not-sellable", "An offer has been recalled and is not on sale any more"


class OutOfStock(Conflict):
    code, title = "out-of-stock", "Fewer units are left than the order wants"


class Closed(Conflict):
    code, title = "storefront-closed", "This storefront does not take orders at present"


class Storefront(BaseModel):
    """What a storefront sells and at which price, as it last told."""

    model_config = ConfigDict(frozen=True)
    open: bool
    selection: Selection
    price_rule: PriceRule


class Basket(BaseModel):
    """What a shopper wants, and where to. `quantities`: offer id → units, in the order of the request's lines."""

    model_config = ConfigDict(frozen=True)
    quantities: Mapping[str, int]
    buyer: Buyer
    address: Address
    shipping_ticket: str
    language: str
    pay_within: timedelta


def priced(basket: Basket, storefront: Storefront, shelves: Mapping[str, Shelf]) -> tuple[list[OrderLine], str]:
    """The basket's lines at this storefront's prices, and their currency.

    A consumer pays the rule's price over the supplier's; a business the rule's price over the tier that its quantity reaches.
    Raises Closed, NotSellable, and Invalid naming a line that is not sold here, or not in the first line's currency.
    """
    if not storefront.open:
        raise Closed
    lines: list[OrderLine] = []
    currency = ""
    for i, (offer_id, quantity) in enumerate(basket.quantities.items()):
        offer = _on_sale(i, shelves.get(offer_id), storefront.selection)
        currency = currency or offer.price.currency
        if offer.price.currency != currency:
            raise Invalid.field(f"/lines/{i}/offer_id", f"sold in {offer.price.currency}; an order has one currency, {currency} here")
        cost = Amount(amount=offer.cost(quantity, basket.buyer.type == "business"), currency=currency)
        price = storefront.price_rule.price(cost.money)
        lines.append(
            OrderLine(offer_id=offer_id, product_id=offer.product_id, supplier_id=offer.supplier_id, quantity=quantity,
                      title=offer.title(basket.language), unit_price=price.amount, unit_cost=cost.amount)
        )  # fmt: skip
    return lines, currency


def _on_sale(i: int, shelf: Shelf | None, selection: Selection) -> Offer:
    offer = shelf.offer if shelf else None
    if shelf is None or offer is None or not wanted(selection, offer):
        raise Invalid.field(f"/lines/{i}/offer_id", "this storefront sells no such offer")
    if not shelf.sellable:
        raise not_sellable(i)
    return offer


def wanted(selection: Selection, offer: Offer) -> bool:
    """Whether the storefront's selection holds the offer's product."""
    return selection.wants(offer.product_id, offer.category, offer.supplier_id, offer.price.money, offer.titles.values())


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
