"""Shipping quotes: what each installed courier asks for these lines to this address, as signed tickets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from functions.shipping.fulfilment import Courier
from functions.shipping.parcel import Parcel, ParcelFacts, parcels
from functions.shipping.port import Capability, Rate, RateRequest
from functions.shipping.views import Converted, QuotesView, RateView, WantQuotes
from shared.caller import Caller
from shared.clock import Clock, rfc3339
from shared.errors import FieldError, Invalid, NotFound
from shared.fx import Rates
from shared.messages import ShippingChoice
from shared.money import MAX_AMOUNT, Amount, Money
from shared.providers.desk import Installations
from shared.providers.installation import Installation
from shared.providers.plugin import Ctx, PluginError
from shared.quotes import SHIPPING_QUOTE, ShippingQuote, address_digest
from shared.tickets import Tickets

LIFETIME = timedelta(minutes=30)
CALL = timedelta(seconds=5)
"""How long a courier may take to say its rates."""


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
class Counter:
    """One installation, ready to be asked."""

    installation: Installation
    courier: Courier
    ctx: Ctx[Any]
    capability: Capability
    currency: str
    """Of its prices: the wanted one wherever it charges in that."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a courier asks, and what that is in the wanted currency."""

    counter: Counter
    rate: Rate
    price: int
    converted: Converted | None


class Quoting:
    """Asks couriers and signs what they say."""

    def __init__(self, store: Store, couriers: Installations[Courier], tickets: Tickets, now: Clock, rates: Callable[[], Rates]) -> None:
        """`rates` answers the present day's exchange rates, NO_RATES if there are none."""
        self._store, self._couriers, self._tickets, self._now, self._rates = store, couriers, tickets, now, rates

    def quote(self, caller: Caller, storefront_id: str, wanted: WantQuotes) -> QuotesView:
        """The rates of all enabled couriers that go there, the most preferred first. Nothing is stored.

        Raises NotFound (no courier is installed, or the storefront is not the caller's), UnknownOffer and NotSentThere, which
        name the line.
        """
        tenant, now = caller.at_storefront(storefront_id), self._now()
        rates = cache(self._rates)  # one day's for the whole quote, and none are read where nothing is converted
        quantities = wanted.quantities()
        counters = self._counters(tenant, wanted, now, rates)
        month = rfc3339(now)[:7]
        counted = [(c.installation.id, month) for c in counters if c.capability.volume_tiers]
        found = self._store.on_sale(list(quantities), tenant, counted)
        _check(wanted, found.facts)
        packed = parcels(quantities, found.facts)
        answers, silent = self._ask(counters, wanted, packed, found.counts)
        quoted = [quoted for counter, rate in answers if (quoted := _converted(counter, rate, wanted.currency, rates)) is not None]
        views = [self._view(caller.account_id, storefront_id, wanted, one) for one in quoted]
        return QuotesView.of(views, packed, silent, now + LIFETIME)

    def _counters(self, tenant: str, wanted: WantQuotes, now: datetime, rates: Callable[[], Rates]) -> list[Counter]:
        """Those couriers that go there, at prices that are or become the wanted currency's."""
        installations = self._couriers.preferred(tenant)
        if not installations:
            raise NotFound("no courier is installed at this storefront, or it is not yours")
        counters = []
        for installation in installations:
            courier, ctx = self._couriers.plugin(installation), self._couriers.context(installation, now + CALL)
            capability = courier.capability(ctx.config)
            currency = capability.currency(wanted.currency, rates) if capability.reaches(wanted.address.country) else None
            if currency is not None:
                counters.append(Counter(installation, courier, ctx, capability, currency))
        return counters

    def _ask(
        self, counters: Sequence[Counter], wanted: WantQuotes, packed: Sequence[Parcel], counts: Mapping[str, int]
    ) -> tuple[list[tuple[Counter, Rate]], list[str]]:
        """Each courier's rates, and the ids of the installations that gave no answer."""
        rates: list[tuple[Counter, Rate]] = []
        silent = []
        for counter in counters:
            so_far = counts.get(counter.installation.id, 0)
            try:
                answer = counter.courier.rates(counter.ctx, RateRequest(packed, wanted.address, counter.currency, so_far))
            except PluginError:
                silent.append(counter.installation.id)
            else:
                rates += [(counter, rate) for rate in answer]
        return rates, silent

    def _view(self, account_id: str, storefront_id: str, wanted: WantQuotes, quoted: Quoted) -> RateView:
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
        pickup = counter.capability.pickup
        return RateView.of(choice, wanted.currency, rate.days, converted=quoted.converted, pickup=pickup, ticket=ticket)


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
    """None for a price that no amount in the wanted currency can hold."""
    if counter.currency == wanted:
        return Quoted(counter, rate, rate.price, None)
    price = rates().convert(Money(rate.price, counter.currency), wanted)
    if price.amount > MAX_AMOUNT:
        return None
    own = Amount(amount=rate.price, currency=counter.currency)
    return Quoted(counter, rate, price.amount, Converted(price=own, day=rates().day))
