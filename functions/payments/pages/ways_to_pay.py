"""The ways to pay an order by a page without script, of all that its merchant has installed, the most preferred first."""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.payments.operation_runner import Plugins
from functions.payments.provider_routing import RoutingRequest
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Capability, Limit, Page
from shared.errors import Invalid, Unavailable
from shared.pages.interface_language import Interface
from shared.providers.installation import Installation


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    installation_id: str
    plugin: str
    method: str
    page: Page
    names: dict[str, str]
    """The provider's, by language."""
    test: bool
    """No real money moves by it."""
    limit: Limit | None = None
    """What it takes, where the order's amount is beyond that."""
    silent: bool = False
    """Its plug-in lies elsewhere and does not say now what it can do."""

    @property
    def open(self) -> bool:
        return self.limit is None and not self.silent

    def name(self, interface: Interface) -> str:
        return self.names.get(interface) or self.names.get("en") or self.plugin


def ways_to_pay(plugins: Plugins, request: RoutingRequest) -> list[Way]:
    """Those that the order fits, and those that its amount alone keeps out, which say what they take."""
    return [way for installation in plugins.preferred(request.tenant) for way in _ways(plugins, installation, request)]


def chosen_way(plugins: Plugins, request: RoutingRequest, installation_id: str, method: str) -> Way:
    """Raises Invalid for one that is not open for the order, or not any more."""
    for way in ways_to_pay(plugins, request):
        if (way.installation_id, way.method) == (installation_id, method) and way.open:
            return way
    raise Invalid.field("/method", "this way to pay is not open for this order any more: choose another")


def _ways(plugins: Plugins, installation: Installation, request: RoutingRequest) -> Iterator[Way]:
    names = dict(plugins.plugin(installation).manifest.name)
    test, about = plugins.is_test(installation), {"installation_id": installation.id, "plugin": installation.plugin, "names": names}
    try:
        can: Capability = plugins.capability(installation)
    except Unavailable:
        yield Way(**about, method="", page="nothing", test=test, silent=True)  # type: ignore[arg-type]
        return
    limit = _kept_out_by(can, request.amount)
    for method in (method for method in can.methods if method in can.pages):
        if _would_fit(can, request, method) and installation.conditions.allow(request.amount, request.country):
            yield Way(**about, method=method, page=can.pages[method], test=test, limit=limit)  # type: ignore[arg-type]


def _would_fit(can: Capability, request: RoutingRequest, method: str) -> bool:
    """Whether the order fits by all but its amount."""
    within = _limit(can, request.amount.currency)
    amount = min(max(request.amount.amount, within.least), within.most)
    asked = RoutingRequest(
        request.tenant, Money(amount, request.amount.currency), request.country, method, requires_shipping=request.requires_shipping
    )  # fmt: skip
    return asked.fits(can)


def _kept_out_by(can: Capability, amount: Money) -> Limit | None:
    limit = _limit(can, amount.currency)
    return None if limit.least <= amount.amount <= limit.most else limit


def _limit(can: Capability, currency: str) -> Limit:
    return can.limits.get(currency) or Limit(least=can.min_amount, most=can.max_amount)
