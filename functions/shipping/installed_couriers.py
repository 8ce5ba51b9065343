"""How shipping's domain sees the installed couriers (shared.providers.installations), and one of them made ready for a call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.clock import Clock
from monsoon_plugin.courier import Capability, CourierPlugin
from monsoon_plugin.errors import PluginError
from monsoon_plugin.plugin import Config, Ctx
from shared.errors import Unavailable
from shared.providers.installation import Installation
from shared.providers.registry import NotOffered

Courier = CourierPlugin[Any]
LONGEST_CALL = timedelta(seconds=20)
"""How long a courier may take to sell or take back a label."""
LEAST_TIME = timedelta(seconds=5)
"""With less time left than this, no call is begun."""


class InstalledCouriers(Protocol):
    def get(self, tenant: str, installation_id: str) -> Installation: ...

    def is_test(self, installation: Installation) -> bool: ...

    def preferred(self, tenant: str) -> list[Installation]: ...

    def plugin(self, installation: Installation) -> Courier: ...

    def config(self, installation: Installation) -> Config: ...

    def capability(self, installation: Installation) -> Any: ...

    def context(self, installation: Installation, deadline: datetime) -> Ctx[Any]: ...

    def allow_call(self, installation: Installation) -> bool:
        """Whether it may be asked now; one that kept failing is left alone for a while."""
        ...

    def record_outcome(self, installation: Installation, error: PluginError | None) -> None:
        """What became of a call, for `allow_call`."""
        ...


class NoTimeLeft(Unavailable):
    """This process is about to be stopped; another has the time."""


class CourierSilent(NotOffered):
    """Its plug-in runs elsewhere and does not answer, not even what it can do: it is as absent as one that is not offered."""


@dataclass(frozen=True, slots=True)
class ReadyCourier:
    """One installation's courier, ready for one call."""

    installation: Installation
    courier: Courier
    ctx: Ctx[Any]
    capability: Capability


class CourierCalls:
    """Makes couriers ready for calls that end before this process does."""

    def __init__(self, couriers: InstalledCouriers, clock: Clock, time_left: Callable[[], timedelta]) -> None:
        self.couriers, self.clock, self.time_left = couriers, clock, time_left

    def of_shipment(self, shipment: Shipment) -> ReadyCourier:
        """The shipment's courier. Raises Unavailable if this process is about to be stopped."""
        return self.of_installation(shipment, shipment.choice.installation_id)

    def of_installation(self, shipment: Shipment, installation_id: str) -> ReadyCourier:
        """Another of the storefront's couriers than the shipment's, or the same. Raises NotFound, Unavailable."""
        return self.of(self.couriers.get(shipment.tenant, installation_id))

    def of(self, installation: Installation) -> ReadyCourier:
        """The installation's courier. Raises NoTimeLeft, NotOffered, CourierSilent."""
        if self.time_left() < LEAST_TIME:
            raise NoTimeLeft("no time is left to ask a courier")
        try:
            courier, can = self.couriers.plugin(installation), self.couriers.capability(installation)
        except NotOffered:
            raise
        except Unavailable as silent:
            raise CourierSilent(silent.detail) from silent
        ctx = self.couriers.context(installation, deadline(self.clock, courier, LONGEST_CALL, self.time_left()))
        return ReadyCourier(installation, courier, ctx, can)


def deadline(clock: Clock, courier: Courier, longest: timedelta, time_left: timedelta) -> datetime:
    """When a call must have ended: the plug-in's own limit, ours, or a second before this process is stopped."""
    return clock() + min(longest, courier.manifest.timeout, time_left - timedelta(seconds=1))
