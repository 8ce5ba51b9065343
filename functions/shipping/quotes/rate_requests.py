"""InstalledCouriers asked for their rates at the same time, each within one span: one that hangs keeps nobody waiting beyond it."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from functions.shipping.installed_couriers import Courier, InstalledCouriers
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.goods_needs import BOXES
from functions.shipping.parcels.parcel_facts import ParcelFacts
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Capability, GoodsNeed, Parcel, Rate, RateRequest
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.api.trace import where
from shared.providers.installation import Installation

LONGEST_CALL = timedelta(seconds=5)
"""How long a courier may take to say its rates."""
SILENT = PluginError(ErrorKind.UNAVAILABLE, "no answer in time")
FAULT = PluginError(ErrorKind.PROTOCOL, "the courier's answer was not understood")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QuotingCourier:
    """One installation, ready to be asked for rates."""

    installation: Installation
    courier: Courier
    ctx: Ctx[Any]
    capability: Capability
    currency: str
    """Of its prices: the wanted one wherever it charges in that."""

    @property
    def computes(self) -> bool:
        """Whether it calls nobody."""
        return not self.courier.manifest.allowed_hosts

    @property
    def needs_of_goods(self) -> frozenset[GoodsNeed]:
        return frozenset(self.capability.needs_of_goods) | (frozenset() if self.computes else BOXES)


@dataclass(frozen=True, slots=True)
class Consignment:
    """What shall travel where."""

    parcels: Sequence[Parcel]
    facts: Mapping[str, ParcelFacts]
    address: Address

    def request(self, courier: QuotingCourier, shipments_this_month: int) -> RateRequest | None:
        """What to ask this courier; None if it cannot take a parcel of that weight in as many boxes as it allows."""
        parcels: list[Parcel] = list(self.parcels)
        if not courier.computes:
            boxed = [packed(parcel, self.facts, courier.capability) for parcel in parcels]
            parcels = [parcel for parcel in boxed if parcel is not None]
        if len(parcels) < len(self.parcels):
            return None
        return RateRequest(parcels, self.address, courier.currency, shipments_this_month)


@dataclass(frozen=True, slots=True)
class RateAnswers:
    rates: list[tuple[QuotingCourier, Rate]]
    """In the couriers' order."""
    silent: list[str]
    """Installations whose courier gave no answer, or is left alone because it kept failing."""


def request_rates(
    couriers: InstalledCouriers,
    asked: Sequence[QuotingCourier],
    consignment: Consignment,
    counts: Mapping[str, int],
    within: timedelta = LONGEST_CALL,
) -> RateAnswers:
    """Every courier's rates. Those that only compute are asked here, all others in threads, at most `within` long."""
    requests = {c.installation.id: consignment.request(c, counts.get(c.installation.id, 0)) for c in asked}
    taken = [(courier, request) for courier in asked if (request := requests[courier.installation.id]) is not None]
    called = _call_all([(c, request) for c, request in taken if not c.computes and couriers.allow_call(c.installation)], within)
    answers = RateAnswers([], [])
    for courier, request in taken:
        try:
            if courier.computes:
                rates = courier.courier.rates(courier.ctx, request)
            else:
                rates = _hear(couriers, courier, called.get(courier.installation.id))
        except PluginError:
            answers.silent.append(courier.installation.id)
        else:
            answers.rates.extend((courier, rate) for rate in rates)
    return answers


def _call_all(calling: Sequence[tuple[QuotingCourier, RateRequest]], within: timedelta) -> dict[str, "Future[Sequence[Rate]]"]:
    """The calls, each done or not after `within`. What is not done is left behind: its own time limit ends it."""
    if not calling:
        return {}
    threads = ThreadPoolExecutor(len(calling), thread_name_prefix="courier")
    futures = {courier.installation.id: threads.submit(courier.courier.rates, courier.ctx, request) for courier, request in calling}
    wait(futures.values(), within.total_seconds())
    threads.shutdown(wait=False, cancel_futures=True)
    return futures


def _hear(couriers: InstalledCouriers, courier: QuotingCourier, call: "Future[Sequence[Rate]] | None") -> Sequence[Rate]:
    """What a courier answered. Raises PluginError for one that did not, or that was left alone."""
    if call is None:
        raise SILENT
    try:
        if not call.done():
            raise SILENT
        rates = call.result()
    except PluginError as error:
        couriers.record_outcome(courier.installation, error)
        raise
    except Exception as error:  # one plug-in's fault must not keep the other couriers' rates back
        logger.error("the plug-in %s failed in rates: %s", courier.installation.plugin, where(error))
        couriers.record_outcome(courier.installation, FAULT)
        raise FAULT from None
    couriers.record_outcome(courier.installation, None)
    return rates
