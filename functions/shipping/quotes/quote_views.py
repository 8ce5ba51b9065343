"""What a quote's request and answer carry."""

from typing import Self

from pydantic import Field

from functions.shipping.parcels.parcel_views import ParcelView
from functions.shipping.quotes.quote import Quote, QuotedRate, QuoteRequest
from functions.shipping.quotes.rate_reasons import Code, RateReason
from monsoon_plugin.address import Address
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import GoodsNeed
from monsoon_plugin.money import Amount, CurrencyCode
from shared.api.payload import Body, View
from shared.errors import Invalid
from shared.order_messages import SHIPS_NOTHING


class QuoteLine(Body):
    offer_id: str = Field(min_length=1, max_length=64)
    quantity: int = Field(ge=1, le=100_000)


class WantQuotes(Body):
    lines: list[QuoteLine] = Field(min_length=1, max_length=50)
    address: Address
    currency: CurrencyCode

    def request(self) -> QuoteRequest:
        """Raises Invalid for an offer that stands in two lines."""
        found: dict[str, int] = {}
        for i, line in enumerate(self.lines):
            if line.offer_id in found:
                raise Invalid.field(f"/lines/{i}/offer_id", "this offer has a line already: add up the quantities")
            found[line.offer_id] = line.quantity
        return QuoteRequest(found, self.address, self.currency)


class Reason(View):
    """One thing to know of a rate."""

    code: Code
    amount: int | None = Field(default=None, description="minor units of the quote's currency")
    shipments: int | None = Field(default=None, description="of a month")
    days: int | None = None
    words: dict[str, str] = Field(description="by BCP 47 language tag")

    @classmethod
    def of(cls, reason: RateReason) -> Self:
        r = reason
        return cls(code=r.code, amount=r.amount, shipments=r.shipments, days=r.days, words=dict(r.words))


class Converted(View):
    """A courier's price in its own currency."""

    price: Amount
    day: str = Field(description="of the European Central Bank's rates that it was converted by, rounded up")


class RateView(View):
    installation_id: str
    plugin: str
    rate_id: str
    service: str
    carrier: str = Field(description="who carries it, where the courier stands before several; else empty")
    price: Amount
    converted: Converted | None = Field(default=None, description="from what, if the courier charges in another currency")
    days: tuple[int, int] = Field(description="earliest and latest day of delivery, counted from dispatch")
    pickup: bool = Field(description="the shopper collects it")
    cheapest: bool
    why: list[Reason] = Field(description="the price's place among the others, the fastest, what volume saves or would save")
    ticket: str = Field(description="send it with the order; bound to these lines and this address")

    @classmethod
    def of(cls, quoted: QuotedRate, currency: str) -> Self:
        found = quoted.converted
        courier, rate, own = found.courier, found.rate, found.own_price
        return cls(
            installation_id=courier.installation.id, plugin=courier.installation.plugin, rate_id=rate.id, service=rate.service,
            carrier=rate.carrier, price=Amount(amount=found.price, currency=currency),
            converted=Converted(price=Amount(amount=own.amount, currency=own.currency), day=found.day) if own else None,
            days=rate.days, pickup=courier.capability.pickup, cheapest=quoted.reasons[0].code == "cheapest",
            why=[Reason.of(reason) for reason in quoted.reasons], ticket=quoted.ticket,
        )  # fmt: skip

    @classmethod
    def of_nothing(cls, ticket: str, currency: str) -> Self:
        """What virtual goods alone are offered: no courier, for nothing."""
        none = SHIPS_NOTHING
        return cls(
            installation_id=none.installation_id, plugin=none.plugin, rate_id=none.rate_id, service=none.service, carrier="",
            price=Amount(amount=0, currency=currency), days=(0, 0), pickup=False, cheapest=True, why=[], ticket=ticket,
        )  # fmt: skip


class AskedField(View):
    pointer: str = Field(examples=["/address/phone"])
    detail: str


class AskedView(View):
    """A courier that says its price once the address says more."""

    installation_id: str
    fields: list[AskedField]


class LackedGoods(View):
    offer_id: str
    field: GoodsNeed
    detail: str


class LackingView(View):
    """A courier that says its price once suppliers say more of their goods."""

    installation_id: str
    goods: list[LackedGoods]


class QuotesView(View):
    items: list[RateView] = Field(
        description="the storefront's preferred courier first; empty if none goes there. Of virtual goods alone one, `virtual`, for nothing"
    )
    parcels: list[ParcelView]
    silent: list[str] = Field(description="installations whose courier did not answer")
    expires_at: str
    asked: list[AskedView] = Field(description="couriers that go there once the address says more: ask the shopper, then quote again")
    lacking: list[LackingView] | None = Field(
        default=None, description="couriers that go there once a supplier says its goods' weight, size, HS code or origin; absent if none"
    )

    @classmethod
    def of(cls, quote: Quote) -> Self:
        currency = quote.request.currency
        rates = [RateView.of(rate, currency) for rate in quote.rates]
        rates += [RateView.of_nothing(quote.virtual_ticket, currency)] if quote.virtual_ticket else []
        parcels = [ParcelView.of(parcel) for parcel in quote.parcels]
        asked = [
            AskedView(installation_id=id_, fields=[AskedField(pointer=e.pointer, detail=e.detail) for e in errors])
            for id_, errors in quote.asked.items()
        ]
        return cls(
            items=rates,
            parcels=parcels,
            silent=list(quote.silent),
            expires_at=rfc3339(quote.expires_at),
            asked=asked,
            lacking=_lacking(quote),
        )


def _lacking(quote: Quote) -> list[LackingView] | None:
    return [
        LackingView(
            installation_id=installation_id,
            goods=[LackedGoods(offer_id=one.offer_id, field=one.need, detail=one.detail) for one in found],
        )
        for installation_id, found in quote.lacking.items()
    ] or None
