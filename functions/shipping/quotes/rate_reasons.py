"""Why a rate is dear or cheap, and when another of the storefront's couriers would be cheaper: codes and numbers, in words too. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from monsoon_plugin.money import Money

Code = Literal["cheapest", "dearer", "fastest", "volume_tier", "cheaper_from"]
MOST = 100_000
"""Shipments a month, up to which a break-even is looked for."""
WORDS: dict[Code, dict[str, str]] = {
    "cheapest": {"en": "the cheapest; the next one costs {amount} more", "zh": "价格最低；其次的贵 {amount}"},
    "dearer": {"en": "{amount} more than the cheapest", "zh": "比最低价贵 {amount}"},
    "fastest": {"en": "the fastest: at the latest after {days} days", "zh": "最快：最迟 {days} 天送达"},
    "volume_tier": {
        "en": "{amount} less than without the {shipments} shipments of this month",
        "zh": "因本月已发 {shipments} 单，便宜 {amount}",
    },
    "cheaper_from": {
        "en": "from {shipments} shipments a month on, it would cost {amount} less than the cheapest does now",
        "zh": "每月达到 {shipments} 单后，将比目前最低价便宜 {amount}",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RateReason:
    """One thing to know of a rate."""

    code: Code
    amount: int | None
    """Minor units of the quote's currency."""
    shipments: int | None
    """Of a month."""
    days: int | None
    words: Mapping[str, str]
    """By BCP 47 language tag."""


@dataclass(frozen=True, slots=True)
class ComparedRate:
    """A rate as shopping compares it."""

    price: int
    """Minor units of the quote's currency, as is what `price_after` answers."""
    days: int
    """Until it is there at the latest."""
    shipments: int = 0
    """Of the month, so far."""
    price_after: Callable[[int], int | None] | None = None
    """Its price after so many shipments of the month; None: it cannot be computed."""


def rate_reasons(rates: Sequence[ComparedRate], currency: str) -> list[list[RateReason]]:
    """What to say of each rate, in their order. Of equal ones the first is the cheapest, and the fastest."""
    if not rates:
        return []
    cheapest = min(range(len(rates)), key=lambda i: rates[i].price)
    fastest = min(range(len(rates)), key=lambda i: (rates[i].days, rates[i].price))
    least = rates[cheapest].price
    said = []
    for i, rate in enumerate(rates):
        found = [_against(rates, i, cheapest, currency)]
        if i == fastest and len(rates) > 1:
            found.append(_reason("fastest", currency, days=rate.days))
        found += _tiers(rate, least, currency)
        said.append(found)
    return said


def _against(rates: Sequence[ComparedRate], i: int, cheapest: int, currency: str) -> RateReason:
    least = rates[cheapest].price
    if i != cheapest:
        return _reason("dearer", currency, amount=rates[i].price - least)
    others = [rate.price for j, rate in enumerate(rates) if j != i]
    return _reason("cheapest", currency, amount=min(others, default=least) - least)


def _tiers(rate: ComparedRate, least: int, currency: str) -> list[RateReason]:
    """What its volume tiers save already, and from how many shipments on they would beat what is the cheapest now."""
    if rate.price_after is None:
        return []
    found = []
    first = rate.price_after(0)
    if first is not None and first > rate.price:
        found.append(_reason("volume_tier", currency, amount=first - rate.price, shipments=rate.shipments))
    even = break_even(rate, least)
    if even is not None:
        found.append(_reason("cheaper_from", currency, amount=least - even[1], shipments=even[0]))
    return found


def break_even(rate: ComparedRate, least: int) -> tuple[int, int] | None:
    """The fewest shipments of a month, and the price then, at which the rate costs less than `least`; None up to MOST.

    Prices of a tariff with tiers fall with the shipments, so halving finds it: 17 times at most.
    """
    if rate.price_after is None:
        return None
    low, high = rate.shipments, MOST
    price = rate.price_after(high)
    if price is None or price >= least:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = rate.price_after(middle)
        if found is not None and found < least:
            high, price = middle, found
        else:
            low = middle
    return high, price


def _reason(code: Code, currency: str, *, amount: int | None = None, shipments: int | None = None, days: int | None = None) -> RateReason:
    shown = {"amount": str(Money(amount or 0, currency)), "shipments": shipments, "days": days}
    words = {language: text.format(**shown) for language, text in WORDS[code].items()}
    return RateReason(code=code, amount=amount, shipments=shipments, days=days, words=words)
