"""Shipping quotes: what each installed courier asks for these lines to this address, as signed tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from functions.shipping.fulfilment import Courier
from functions.shipping.parcel import Parcel, ParcelFacts, parcels
from functions.shipping.port import Capability, Rate, RateRequest
from functions.shipping.views import QuotesView, RateView, WantQuotes
from shared.caller import Caller
from shared.clock import Clock, rfc3339
from shared.errors import FieldError, Invalid, NotFound
from shared.messages import ShippingChoice
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


class Quoting:
    """Asks couriers and signs what they say."""

    def __init__(self, store: Store, couriers: Installations[Courier], tickets: Tickets, now: Clock) -> None:
        self._store, self._couriers, self._tickets, self._now = store, couriers, tickets, now

    def quote(self, caller: Caller, storefront_id: str, wanted: WantQuotes) -> QuotesView:
        """The rates of all enabled couriers that go there, the most preferred first. Nothing is stored.

        Raises NotFound (no courier is installed, or the storefront is not the caller's) and UnknownOffer, which names the line.
        """
        tenant, now = caller.at_storefront(storefront_id), self._now()
        quantities = wanted.quantities()
        counters = self._counters(tenant, wanted, now)
        month = rfc3339(now)[:7]
        counted = [(c.installation.id, month) for c in counters if c.capability.volume_tiers]
        found = self._store.on_sale(list(quantities), tenant, counted)
        unknown = [i for i, line in enumerate(wanted.lines) if line.offer_id not in found.facts]
        if unknown:
            raise UnknownOffer(errors=[FieldError(f"/lines/{i}/offer_id", "this offer is not on sale") for i in unknown])
        packed = parcels(quantities, found.facts)
        rates, silent = self._ask(counters, wanted, packed, found.counts)
        quoted = [self._view(caller.account_id, storefront_id, wanted, counter, rate) for counter, rate in rates]
        return QuotesView.of(quoted, packed, silent, now + LIFETIME)

    def _counters(self, tenant: str, wanted: WantQuotes, now: datetime) -> list[Counter]:
        installations = self._couriers.preferred(tenant)
        if not installations:
            raise NotFound("no courier is installed at this storefront, or it is not yours")
        counters = []
        for installation in installations:
            courier, ctx = self._couriers.plugin(installation), self._couriers.context(installation, now + CALL)
            counters.append(Counter(installation, courier, ctx, courier.capability(ctx.config)))
        return [counter for counter in counters if counter.capability.reaches(wanted.address.country, wanted.currency)]

    def _ask(
        self, counters: Sequence[Counter], wanted: WantQuotes, packed: Sequence[Parcel], counts: Mapping[str, int]
    ) -> tuple[list[tuple[Counter, Rate]], list[str]]:
        """Each courier's rates, and the ids of the installations that gave no answer."""
        rates: list[tuple[Counter, Rate]] = []
        silent = []
        for counter in counters:
            so_far = counts.get(counter.installation.id, 0)
            try:
                answer = counter.courier.rates(counter.ctx, RateRequest(packed, wanted.address, wanted.currency, so_far))
            except PluginError:
                silent.append(counter.installation.id)
            else:
                rates += [(counter, rate) for rate in answer]
        return rates, silent

    def _view(self, account_id: str, storefront_id: str, wanted: WantQuotes, counter: Counter, rate: Rate) -> RateView:
        choice = ShippingChoice(
            installation_id=counter.installation.id, plugin=counter.installation.plugin, rate_id=rate.id,
            service=rate.service, price=rate.price,
        )  # fmt: skip
        quote = ShippingQuote(
            account_id=account_id, storefront_id=storefront_id, quantities=wanted.quantities(),
            address=address_digest(wanted.address), currency=wanted.currency, choice=choice,
        )  # fmt: skip
        ticket = self._tickets.issue(SHIPPING_QUOTE, quote, self._now(), LIFETIME)
        return RateView.of(choice, wanted.currency, rate.days, pickup=counter.capability.pickup, ticket=ticket)
