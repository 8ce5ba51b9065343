"""Shipping quotes: what each installed courier asks for these lines to this address, as signed tickets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from functions.shipping.installed_couriers import Couriers
from functions.shipping.parcels.parcel_facts import ParcelFacts, parcels
from functions.shipping.quotes.rate_reasons import Priced, Reason, reasons
from functions.shipping.quotes.rate_requests import CALL, Counter, Wanted, asked
from functions.shipping.tracking.shipment_views import Converted, QuotesView, RateView, WantQuotes
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Rate
from monsoon_plugin.money import MAX_AMOUNT, Amount, Money
from shared.api.caller import Caller
from shared.api.ticket_contents import SHIPPING_QUOTE, ShippingQuote, address_digest
from shared.api.tickets import Tickets
from shared.errors import FieldError, Invalid, NotFound, Unavailable
from shared.order_messages import ShippingChoice
from shared.trade.fx import Rates

LIFETIME = timedelta(minutes=30)


class UnknownOffer(Invalid):
    code, title = "offer-not-on-sale", "An offer of these lines is not on sale"


class NotSentThere(Invalid):
    code, title = "offer-not-sent-there", "An offer of these lines is not sent to this country"


class Store(Protocol):
    """What quoting reads."""

    def on_sale(self, offer_ids: Sequence[str], tenant: str, counters: Sequence[tuple[str, str]]) -> "OnSale":
        """The facts of those offers that are on sale, and the tenant's counters by (installation, month), in one call."""
        ...


@dataclass(frozen=True, slots=True)
class OnSale:
    """What one read brought."""

    facts: Mapping[str, ParcelFacts]
    counts: Mapping[str, int]
    """Installation id → shipments of the month."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a courier asks, and what that is in the wanted currency."""

    counter: Counter
    rate: Rate
    price: int
    converted: Converted | None


class Quoting:
    """Asks couriers and signs what they say."""

    def __init__(
        self, store: Store, couriers: Couriers, tickets: Tickets, now: Clock, rates: Callable[[], Rates], *, within: timedelta = CALL
    ) -> None:
        """`within`: how long couriers may take; `rates` answers the present day's exchange rates, NO_RATES if there are none."""
        self._store, self._couriers, self._tickets, self._now, self._rates = store, couriers, tickets, now, rates
        self._within = within

    def quote(self, caller: Caller, storefront_id: str, wanted: WantQuotes) -> QuotesView:
        """The rates of all enabled couriers that go there, the most preferred first. Nothing is stored.

        Raises NotFound (no courier is installed, or the storefront is not the caller's), UnknownOffer and NotSentThere, which
        name the line.
        """
        tenant, now = caller.at_storefront(storefront_id), self._now()
        rates = cache(self._rates)  # one day's for the whole quote, and none are read where nothing is converted
        quantities = wanted.quantities()
        counters, silent = self._counters(tenant, wanted, now, rates)
        month = rfc3339(now)[:7]
        counted = [(c.installation.id, month) for c in counters if c.capability.volume_tiers]
        found = self._store.on_sale(list(quantities), tenant, counted)
        _check(wanted, found.facts)
        shall = Wanted(parcels(quantities, found.facts), found.facts, wanted.address)
        answers = asked(self._couriers, counters, shall, found.counts, self._within)
        quoted = [quoted for counter, rate in answers.rates if (quoted := _converted(counter, rate, wanted.currency, rates)) is not None]
        priced = [_priced(one, shall, found.counts, wanted.currency, rates) for one in quoted]
        why = reasons(priced, wanted.currency)
        views = [self._view(caller.account_id, storefront_id, wanted, one, said) for one, said in zip(quoted, why, strict=True)]
        return QuotesView.of(views, list(shall.parcels), [*silent, *answers.silent], now + LIFETIME)

    def _counters(self, tenant: str, wanted: WantQuotes, now: datetime, rates: Callable[[], Rates]) -> tuple[list[Counter], list[str]]:
        """Those couriers that go there, at prices that are or become the wanted currency's; installations that do not even say that."""
        installations = self._couriers.preferred(tenant)
        if not installations:
            raise NotFound("no courier is installed at this storefront, or it is not yours")
        counters, silent = [], []
        for installation in installations:
            courier, ctx = self._couriers.plugin(installation), self._couriers.context(installation, now + self._within)
            try:
                capability = self._couriers.capability(installation)
            except Unavailable:
                silent.append(installation.id)
                continue
            currency = capability.currency(wanted.currency, rates) if capability.reaches(wanted.address.country) else None
            if currency is not None:
                counters.append(Counter(installation, courier, ctx, capability, currency))
        return counters, silent

    def _view(self, account_id: str, storefront_id: str, wanted: WantQuotes, quoted: Quoted, why: list[Reason]) -> RateView:
        counter, rate = quoted.counter, quoted.rate
        choice = ShippingChoice(
            installation_id=counter.installation.id, plugin=counter.installation.plugin, rate_id=rate.id,
            service=rate.service, price=quoted.price,
        )  # fmt: skip
        quote = ShippingQuote(
            account_id=account_id, storefront_id=storefront_id, quantities=wanted.quantities(),
            address=address_digest(wanted.address), currency=wanted.currency, choice=choice,
        )  # fmt: skip
        ticket = self._tickets.issue(SHIPPING_QUOTE, quote, self._now(), LIFETIME)
        return RateView(
            installation_id=choice.installation_id, plugin=choice.plugin, rate_id=choice.rate_id, service=choice.service,
            carrier=rate.carrier, price=Amount(amount=choice.price, currency=wanted.currency), converted=quoted.converted,
            days=rate.days, pickup=counter.capability.pickup, cheapest=why[0].code == "cheapest", why=why, ticket=ticket,
        )  # fmt: skip


def _check(wanted: WantQuotes, facts: Mapping[str, ParcelFacts]) -> None:
    """Raises UnknownOffer and NotSentThere."""
    unknown = [i for i, line in enumerate(wanted.lines) if line.offer_id not in facts]
    if unknown:
        raise UnknownOffer(errors=[FieldError(f"/lines/{i}/offer_id", "this offer is not on sale") for i in unknown])
    country = wanted.address.country
    kept = [i for i, line in enumerate(wanted.lines) if not facts[line.offer_id].goes_to(country)]
    if kept:
        raise NotSentThere(errors=[FieldError(f"/lines/{i}/offer_id", f"not sent to {country}: leave it out") for i in kept])


def _converted(counter: Counter, rate: Rate, wanted: str, rates: Callable[[], Rates]) -> Quoted | None:
    """None for a price that no amount in the wanted currency can hold, or in a currency that the day's rates do not know."""
    currency = rate.currency or counter.currency
    if currency == wanted:
        return Quoted(counter, rate, rate.price, None)
    if not (rates().knows(currency) and rates().knows(wanted)):
        return None
    price = rates().convert(Money(rate.price, currency), wanted)
    if price.amount > MAX_AMOUNT:
        return None
    own = Amount(amount=rate.price, currency=currency)
    return Quoted(counter, rate, price.amount, Converted(price=own, day=rates().day))


def _priced(quoted: Quoted, shall: Wanted, counts: Mapping[str, int], currency: str, rates: Callable[[], Rates]) -> Priced:
    """The rate as it is compared; a tariff with tiers can say what it would ask at any volume, for it calls nobody."""
    counter, so_far = quoted.counter, counts.get(quoted.counter.installation.id, 0)

    def at(shipments: int) -> int | None:
        request = shall.request(counter, shipments)
        same = (r for r in counter.courier.rates(counter.ctx, request) if r.id == quoted.rate.id) if request else iter(())
        found = next(same, None)
        then = found and _converted(counter, found, currency, rates)
        return then.price if then else None

    tiered = counter.capability.volume_tiers and counter.computes
    return Priced(quoted.price, quoted.rate.days[1], so_far, at if tiered else None)
