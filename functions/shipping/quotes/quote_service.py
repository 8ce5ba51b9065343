"""Shipping quotes: what each installed courier asks for these lines to this address, as signed tickets. Nothing is stored."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Protocol

from functions.shipping.installed_couriers import InstalledCouriers
from functions.shipping.parcels.goods_needs import Unsaid, unsaid
from functions.shipping.parcels.parcel_facts import ParcelFacts, parcels
from functions.shipping.quotes.address_needs import missing
from functions.shipping.quotes.quote import AddressIncomplete, OnSale, Quote, QuotedRate, QuoteRequest
from functions.shipping.quotes.quote_ticket import LIFETIME, QuoteTickets
from functions.shipping.quotes.rate_conversion import ConvertedRate, converted
from functions.shipping.quotes.rate_reasons import ComparedRate, rate_reasons
from functions.shipping.quotes.rate_requests import LONGEST_CALL, Consignment, QuotingCourier, request_rates
from monsoon_plugin.clock import rfc3339
from shared.api.caller import Caller
from shared.errors import FieldError, NotFound, Unavailable
from shared.trade.fx import Rates


class Store(Protocol):
    """What quoting reads."""

    def on_sale(self, offer_ids: Sequence[str], tenant: str, counters: Sequence[tuple[str, str]]) -> OnSale:
        """The facts of those offers that are on sale, and the tenant's counters by (installation, month), in one call."""
        ...


class QuoteService:
    """Asks couriers and signs what they say."""

    def __init__(
        self, store: Store, couriers: InstalledCouriers, *, tickets: QuoteTickets, rates: Callable[[], Rates],
        within: timedelta = LONGEST_CALL, demands_safety: bool = False,
    ) -> None:  # fmt: skip
        """`within`: how long couriers may take; `rates` answers the present day's exchange rates, NO_RATES if there are none;
        `demands_safety`: whether nothing goes to the EU whose supplier has not answered for its safety.
        """
        self._store, self._couriers, self._tickets, self._rates, self._within = store, couriers, tickets, rates, within
        self._demands_safety = demands_safety
        self._clock = tickets.clock

    def quote(self, caller: Caller, storefront_id: str, request: QuoteRequest) -> Quote:
        """The rates of all enabled couriers that go there, the most preferred first.

        Raises NotFound (no courier is installed, or the storefront is not the caller's), UnknownOffer, NotSentThere and
        SafetyUnanswered, which name the line, Invalid for a postcode of another form, AddressIncomplete if every courier needs more of
        the address, and GoodsIncomplete if it is the goods of which every courier would have to be told more. Virtual goods alone need no
        courier: their only rate is for nothing.
        """
        tenant = caller.at_storefront(storefront_id)
        request.check_address()
        try:
            return self._by_couriers(caller.account_id, storefront_id, tenant, request)
        except (NotFound, AddressIncomplete):
            found = self._store.on_sale(list(request.quantities), tenant, ())
            if request.shipped(found.facts):
                raise
            return self._of_nothing(caller.account_id, storefront_id, request, found.facts)

    def _by_couriers(self, account_id: str, storefront_id: str, tenant: str, request: QuoteRequest) -> Quote:
        now, rates = self._clock(), cache(self._rates)  # one day's rates for the whole quote, and none are read where nothing is converted
        going, silent = self._couriers_for(tenant, request, rates)
        couriers, asked = _ready(going, request)
        counted = [(c.installation.id, rfc3339(now)[:7]) for c in couriers if c.capability.volume_tiers]
        found = self._store.on_sale(list(request.quantities), tenant, counted)
        request.check(found.facts)
        if self._demands_safety:
            request.check_safety(found.facts)
        if not (shipped := request.shipped(found.facts)):
            return self._of_nothing(account_id, storefront_id, request, found.facts)
        consignment = Consignment(parcels(shipped, found.facts), found.facts, request.address)
        couriers, lacking = _told_enough(couriers, consignment, request)
        if lacking and not (couriers or asked):
            raise request.goods_incomplete(one for found in lacking.values() for one in found)
        answers = request_rates(self._couriers, couriers, consignment, found.counts, self._within)
        offered = [r for courier, rate in answers.rates if (r := converted(courier, rate, request.currency, rates)) is not None]
        compared = [_compared(rate, consignment, found.counts, request.currency, rates) for rate in offered]
        reasons = rate_reasons(compared, request.currency)
        quoted = [
            QuotedRate(rate, why, self._tickets.issue(account_id, storefront_id, request, rate))
            for rate, why in zip(offered, reasons, strict=True)
        ]
        return Quote(
            request=request, rates=quoted, parcels=list(consignment.parcels), silent=[*silent, *answers.silent],
            expires_at=now + LIFETIME, asked=asked, lacking=lacking,
        )  # fmt: skip

    def _of_nothing(self, account_id: str, storefront_id: str, request: QuoteRequest, facts: Mapping[str, ParcelFacts]) -> Quote:
        """The quote of virtual goods alone. Raises Invalid and NotSentThere, which name the line."""
        request.check(facts)
        ticket = self._tickets.issue_for_nothing(account_id, storefront_id, request)
        return Quote(request=request, rates=[], parcels=[], silent=[], expires_at=self._clock() + LIFETIME, virtual_ticket=ticket)

    def _couriers_for(
        self, tenant: str, request: QuoteRequest, rates: Callable[[], Rates]
    ) -> tuple[list[QuotingCourier], list[str]]:  # fmt: skip
        """Those couriers that go there, at prices that are or become the wanted currency's; installations that do not even say that."""
        installations = self._couriers.preferred(tenant)
        if not installations:
            raise NotFound("no courier is installed at this storefront, or it is not yours")
        ready, silent = [], []
        for installation in installations:
            try:
                courier, ctx = self._couriers.plugin(installation), self._couriers.context(installation, self._clock() + self._within)
                capability = self._couriers.capability(installation)
            except Unavailable:
                silent.append(installation.id)
                continue
            currency = capability.currency(request.currency, rates) if capability.reaches(request.address.country) else None
            if currency is not None:
                ready.append(QuotingCourier(installation, courier, ctx, capability, currency))
        return ready, silent


def _ready(going: Sequence[QuotingCourier], request: QuoteRequest) -> tuple[list[QuotingCourier], dict[str, list[FieldError]]]:
    """Those couriers whose needs the address meets, and what the others ask for. Raises AddressIncomplete if there are only others."""
    asked = {c.installation.id: lacking for c in going if (lacking := missing(request.address, c.capability.needs))}
    ready = [courier for courier in going if courier.installation.id not in asked]
    if asked and not ready:
        raise AddressIncomplete(errors=list({error.pointer: error for lacking in asked.values() for error in lacking}.values()))
    return ready, asked


def _told_enough(
    couriers: Sequence[QuotingCourier], consignment: Consignment, request: QuoteRequest
) -> tuple[list[QuotingCourier], dict[str, list[Unsaid]]]:
    """Those couriers who know of the goods what they need, and what the others lack."""
    facts, country = consignment.facts, request.address.country
    every = {c.installation.id: unsaid(consignment.parcels, facts, c.needs_of_goods, c.ctx.config, country) for c in couriers}
    lacking = {installation_id: found for installation_id, found in every.items() if found}
    return [courier for courier in couriers if courier.installation.id not in lacking], lacking


def _compared(
    rate: ConvertedRate, consignment: Consignment, counts: Mapping[str, int], currency: str, rates: Callable[[], Rates]
) -> ComparedRate:  # fmt: skip
    """The rate as it is compared; a tariff with tiers can say what it would ask at any volume, for it calls nobody."""
    courier, so_far = rate.courier, counts.get(rate.courier.installation.id, 0)

    def price_after(shipments: int) -> int | None:
        request = consignment.request(courier, shipments)
        same = (r for r in courier.courier.rates(courier.ctx, request) if r.id == rate.rate.id) if request else iter(())
        found = next(same, None)
        then = found and converted(courier, found, currency, rates)
        return then.price if then else None

    tiered = courier.capability.volume_tiers and courier.computes
    return ComparedRate(rate.price, rate.rate.days[1], so_far, price_after if tiered else None)
