"""A courier's price in the currency that the shopper pays, by the European Central Bank's rates of the day, rounded up. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.shipping.quotes.rate_requests import QuotingCourier
from monsoon_plugin.courier import Rate
from monsoon_plugin.money import MAX_AMOUNT, Money
from shared.bounds.fields import MAX_ID
from shared.trade.fx import Rates


@dataclass(frozen=True, slots=True)
class ConvertedRate:
    """What a courier asks, and what that is in the wanted currency."""

    courier: QuotingCourier
    rate: Rate
    price: int
    """Minor units of the wanted currency."""
    own_price: Money | None = None
    """The courier's, where it charges in another currency."""
    day: str = ""
    """Of the rates that it was converted by."""


def converted(courier: QuotingCourier, rate: Rate, wanted: str, rates: Callable[[], Rates]) -> ConvertedRate | None:
    """None for a price that no amount in the wanted currency can hold, or in a currency that the day's rates do not know.

    None, too, for an id too long for the ticket that would have to carry it.
    """
    if not 0 <= rate.price <= MAX_AMOUNT or len(rate.id) > MAX_ID:
        return None
    currency = rate.currency or courier.currency
    if currency == wanted:
        return ConvertedRate(courier, rate, rate.price)
    if not (rates().knows(currency) and rates().knows(wanted)):
        return None
    own = Money(rate.price, currency)
    price = rates().convert(own, wanted)
    if price.amount > MAX_AMOUNT:
        return None
    return ConvertedRate(courier, rate, price.amount, own, rates().day)
