"""A shipping table, and couriers whose secrets are sealed with a key of the tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_bytes
from typing import Any

import pytest

from functions.shipping.documents.shipment_documents import Papers
from functions.shipping.fulfilment.order_shipments import Fulfilment
from functions.shipping.labels.label_purchase import Buying
from functions.shipping.shipment import Shipment
from functions.shipping.shipping_store import ShippingStore
from monsoon_plugin.errors import PluginError
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.registry import Registry
from shared.trade.selling_rule import NO_RATES
from tests.fakes import TICKETS, FakeClock, FakeObjects
from tests.unit.shipping.events import ORDER, TENANT, accepted, facts, key
from tests.unit.shipping.fake_courier import CONFIG, Remote


class FakeKeys:
    """A key service that wraps nothing."""

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        return b"k" * 32, b"wrapped"

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        return b"k" * 32


@dataclass(frozen=True)
class Desk(Installations[Any]):
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
    return ShippingStore(make_table("shipping"), clock)


@pytest.fixture
def couriers(store: ShippingStore, clock: FakeClock) -> Installations[Any]:
    return Desk(Registry.locked("courier"), InstallationStore("shipping-test"), Credentials(FakeKeys()), clock)


@pytest.fixture
def objects() -> FakeObjects:
    return FakeObjects()


@pytest.fixture
def papers(objects: FakeObjects, couriers: Any, clock: FakeClock) -> Papers:
    return Papers(objects, couriers.credentials, TICKETS, clock, lambda: NO_RATES)


@pytest.fixture
def buying_of(store: Any, couriers: Any, papers: Papers, clock: FakeClock) -> Callable[..., Buying]:
    """Buying over other parts than the test's own."""

    def make(over: Any = None, desk: Any = None, kept: Any = None, remaining: timedelta = timedelta(days=1)) -> Buying:
        return Buying(over or store, desk or couriers, kept or papers, clock, lambda: remaining)

    return make


@pytest.fixture
def install(couriers: Installations[Any]) -> Any:
    def make(plugin: str, config: dict[str, Any], rank: int = 100) -> str:
        return couriers.install(TENANT, plugin, config, mode="test", rank=rank, idempotency=key(plugin, str(rank), str(config))).id

    return make


@pytest.fixture
def remote(couriers: Any, monkeypatch: Any) -> Remote:
    """A courier that calls out, known to the desk as `remote`."""
    courier = Remote()
    monkeypatch.setitem(couriers.registry._entries, "remote", "tests.unit.shipping.fake_courier:Remote")
    monkeypatch.setitem(couriers.registry._loaded, "remote", courier)
    return courier


@pytest.fixture
def order(store: Any, couriers: Any, clock: FakeClock, *, remote: Remote, install: Any, buying_of: Any) -> Callable[..., Shipment]:
    """Confirm an order of one parcel by the remote courier, as the queue does; answers its shipment as it is stored."""
    store.keep_facts(facts(), 1)
    installation = install("remote", CONFIG)

    def confirm(buying: Buying | None = None, over: Any = None) -> Shipment:
        worker = Fulfilment(over or store, couriers, buying or buying_of(), clock, lambda n: bytes(range(n)))
        worker.order_confirmed(accepted(installation, plugin="remote"))
        return the_shipment(store)

    return confirm


def the_shipment(store: Any) -> Shipment:
    (found,) = store.shipments(store.plan(TENANT, ORDER))
    return found


@pytest.fixture
def fulfilment(store: Any, couriers: Any, clock: FakeClock, buying_of: Any) -> Fulfilment:
    store.keep_facts(facts(), 1)
    store.keep_facts(facts(offer_id="off_2", supplier="acc_s2"), 1)
    return Fulfilment(store, couriers, buying_of(), clock, token_bytes)
