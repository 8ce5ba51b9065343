"""Which of a merchant's providers a payment is routed to, and which is asked next where one failed (failover).

In this order: the one that the shopper's side named; else those whose merchant's conditions allow currency, country and amount
(`Installations.preferred`), the lowest rank first, as far as their capability takes amount, country and method.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.operation_runner import Plugins
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Capability, State
from shared.errors import Conflict, Invalid, Unavailable
from shared.ids import derived_id
from shared.providers.installation import Installation

MOST_TRIED = 3
"""Providers that one start tries, one after another."""
NOTHING_DONE = frozenset({ErrorKind.UNAVAILABLE, ErrorKind.RATE_LIMITED, ErrorKind.CONFIG})
"""After these the provider holds nothing of the payment: another may be asked. Never after an answer that was lost."""


class NoProvider(Conflict):
    code, title = "no-provider", "No payment provider of this storefront takes this amount in this currency"


@dataclass(frozen=True, slots=True)
class RoutingRequest:
    """What is to be paid, and how, as far as the shopper's side says."""

    tenant: str
    amount: Money
    country: str = ""
    method: str = ""
    installation_id: str | None = None
    requires_shipping: bool = True
    """Whether a parcel comes of it, at whose delivery cash can be collected."""

    def fits(self, capability: Capability) -> bool:
        """Whether a plug-in with this capability takes it, as far as the order says."""
        collected = capability.captures == "on_delivery" and not self.requires_shipping
        return not collected and capability.fits(self.amount, self.country) and (not self.method or self.method in capability.methods)


def candidates(plugins: Plugins, request: RoutingRequest) -> list[Installation]:
    """The one that was named, else all that take it, the most preferred first, at most MOST_TRIED. Raises Invalid, NoProvider."""
    if request.installation_id is None:
        enabled = plugins.preferred(request.tenant, request.amount, request.country)
    else:
        enabled = [i for i in plugins.store.of(request.tenant) if i.enabled and i.id == request.installation_id]
        if not enabled:
            raise Invalid.field("/installation_id", "no enabled installation of this storefront has this id")
    found = list(_capable(plugins, request, enabled))
    if not found:
        raise NoProvider(f"none takes {request.amount}" + _how(request) + plugins.absent(request.tenant))
    return found


def _how(request: RoutingRequest) -> str:
    by = f" by {request.method}" if request.method else ""
    return by if request.requires_shipping else f"{by}: of virtual goods alone no parcel comes, at whose door cash is collected"


def _capable(plugins: Plugins, request: RoutingRequest, enabled: list[Installation]) -> Iterator[Installation]:
    """Those that take it; one elsewhere that does not say whether it does is passed by, unless it is the only one."""
    left = MOST_TRIED
    for installation in enabled:
        try:
            capability = plugins.capability(installation)
        except Unavailable:
            if len(enabled) == 1:
                raise
            continue
        if left and request.fits(capability):
            left -= 1
            yield installation


def payment_ids(first: str) -> list[str]:
    """The ids of the payments that one start may make, the first tried first: the same for the same Idempotency-Key."""
    return [first, *(derived_id("pay", first, str(n)) for n in range(1, MOST_TRIED))]


def failover_allowed(payment: Payment) -> bool:
    """Whether its provider certainly holds nothing of it, so that the next may be asked."""
    start = payment.operations[0]
    return payment.state is State.FAILED and start.phase is Phase.FAILED and start.error in NOTHING_DONE
