"""A shipping table, and couriers whose secrets are sealed with a key of the tests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from functions.shipping.bootstrap import Services
from functions.shipping.documents.document_links import DocumentLinks
from functions.shipping.documents.shipment_documents import ShipmentDocuments
from functions.shipping.fulfilment.order_shipments import OrderShipments
from functions.shipping.fulfilment.recall_walk_store import RecallWalkStore
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipping_items import ShipmentItem
from functions.shipping.shipping_store import ShippingStore
from functions.shipping.tracking.shipment_reports import ShipmentReport
from monsoon_plugin.errors import PluginError
from shared.optimistic_retry import AT_ONCE
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.registry import Registry
from shared.trade.fx import NO_RATES
from tests.fakes import TICKETS, FakeClock, FakeObjects
from tests.unit.shipping.events import ORDER, TENANT, accepted, facts, key
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier

Make = Callable[..., Services]


def a_day() -> timedelta:
    """How long a function may still run that nobody stops."""
    return timedelta(days=1)


class FakeKeys:
    """A key service that wraps nothing."""

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        return b"k" * 32, b"wrapped"

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        return b"k" * 32


class FakeRegistry(Registry[Any]):
    """The plug-ins of the lock, and those that the test gives."""

    def __init__(self, **given: Any) -> None:
        locked = Registry[Any].locked("courier")
        super().__init__(dict.fromkeys((*locked.ids, *given), ""))
        self.locked_ones, self.given = locked, given

    def calls(self, plugin_id: str) -> bool:
        return bool(self.get(plugin_id).manifest.allowed_hosts)

    def remove(self, plugin_id: str) -> Any:
        """The plug-in, which is not offered any more."""
        self._entries = {known: "" for known in self.ids if known != plugin_id}
        return self.given.pop(plugin_id)

    def add(self, plugin_id: str, plugin: Any) -> None:
        """Offer a plug-in again."""
        self._entries = {**self._entries, plugin_id: ""}
        self.given[plugin_id] = plugin

    def get(self, plugin_id: str) -> Any:
        return self.given[plugin_id] if plugin_id in self.given else self.locked_ones.get(plugin_id)


@dataclass(frozen=True)
class FakeInstallations(Installations[Any]):
    """Installations whose breaker is a set of ids that the test fills; it remembers what it was told."""

    broken: set[str] = field(default_factory=set)
    heard: list[tuple[str, str]] = field(default_factory=list)

    def allow_call(self, installation: Installation) -> bool:
        return installation.id not in self.broken

    def record_outcome(self, installation: Installation, error: PluginError | None) -> None:
        self.heard.append((installation.id, error.kind if error else "ok"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(make_table: Any, clock: FakeClock) -> ShippingStore:
    return ShippingStore(make_table("shipping"), clock, AT_ONCE)


@pytest.fixture
def remote() -> FakeCourier:
    """A courier that calls out, known to the installations as `remote`."""
    return FakeCourier()


@pytest.fixture
def couriers(store: ShippingStore, clock: FakeClock, remote: FakeCourier) -> FakeInstallations:
    return FakeInstallations(FakeRegistry(remote=remote), InstallationStore("shipping-test"), Credentials(FakeKeys()), clock)


@pytest.fixture
def objects() -> FakeObjects:
    return FakeObjects()


@pytest.fixture
def services_of(store: ShippingStore, couriers: FakeInstallations, objects: FakeObjects, clock: FakeClock) -> Make:
    """Shipping's parts over those of the test, but for what is given instead."""

    def make(**given: Any) -> Services:
        parts: dict[str, Any] = {
            "clock": clock, "retry": AT_ONCE, "store": store, "installations": couriers, "tickets": TICKETS,
            "credentials": couriers.credentials, "objects": objects, "rates": lambda: NO_RATES, "walks": RecallWalkStore("shipping-test"),
            "demands_safety": False,
        }  # fmt: skip
        return Services(**(parts | given))

    return make


@pytest.fixture
def services(services_of: Make) -> Services:
    return services_of()


@pytest.fixture
def documents(services: Services) -> ShipmentDocuments:
    return services.documents


@pytest.fixture
def links(services: Services) -> DocumentLinks:
    return services.document_links


@pytest.fixture
def install(couriers: Installations[Any]) -> Any:
    def make(plugin: str, config: dict[str, Any], rank: int = 100, mode: Any = "live") -> str:
        return couriers.install(TENANT, plugin, config, mode=mode, rank=rank, idempotency=key(plugin, str(rank), str(config))).id

    return make


@pytest.fixture
def order(store: ShippingStore, services: Services, install: Any) -> Callable[..., Shipment]:
    """Confirm an order of one parcel by the remote courier, as the queue does; answers its shipment as it is stored."""
    store.keep_facts(facts(), 1)
    installation = install("remote", CONFIG)

    def confirm(time_left: Callable[[], timedelta] = a_day) -> Shipment:
        services.order_shipments(time_left).order_confirmed(accepted(installation, plugin="remote"))
        return the_shipment(store)

    return confirm


def the_shipment(store: Any) -> Shipment:
    (found,) = store.shipments(store.plan(TENANT, ORDER))
    return found


@pytest.fixture
def fulfilment(store: ShippingStore, services: Services) -> OrderShipments:
    store.keep_facts(facts(), 1)
    store.keep_facts(facts(offer_id="off_2", supplier="acc_s2"), 1)
    return services.order_shipments(a_day)


@pytest.fixture
def sweep(store: ShippingStore, services: Services, clock: FakeClock) -> Callable[..., Shipment]:
    """The next sweep, after a while; answers the order's shipment."""

    def run(**later: float) -> Shipment:
        clock.tick(**(later or {"seconds": 61}))
        services.sweep(a_day).run(store.due(clock(), 100))
        return the_shipment(store)

    return run


def parcels(store: Any) -> dict[str, Shipment]:
    """The order's, by supplier."""
    return {found.supplier_id: found for found in store.shipments(store.plan(TENANT, ORDER))}


def news(shipment: Shipment) -> dict[str, Any]:
    """The event of its last write; empty if it told nothing."""
    event = ShipmentItem.get(f"{shipment.supplier_id}#shipments", shipment.id).event
    return json.loads(event) if event else {}


def report(services: Services, shipment: Shipment, state: Any, text: str = "1") -> Shipment:
    return services.reports.record(shipment.supplier_id, shipment.id, ShipmentReport(state), key(text))
