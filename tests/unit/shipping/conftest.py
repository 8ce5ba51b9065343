"""A shipping table, and couriers whose secrets are sealed with a key of the tests."""

from collections.abc import Mapping
from typing import Any

import pytest

from functions.shipping.handler import REGISTRY
from functions.shipping.store import ShippingStore
from shared.providers.credentials import Credentials
from shared.providers.desk import Installations
from shared.providers.store import InstallationStore
from tests.fakes import FakeClock
from tests.unit.shipping.events import TENANT, key


class FakeKeys:
    """A key service that wraps nothing."""

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        return b"k" * 32, b"wrapped"

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        return b"k" * 32


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(make_table: Any, clock: FakeClock) -> ShippingStore:
    return ShippingStore(make_table("shipping"), clock)


@pytest.fixture
def couriers(store: ShippingStore, clock: FakeClock) -> Installations[Any]:
    return Installations(REGISTRY, InstallationStore("shipping-test"), Credentials(FakeKeys()), clock)


@pytest.fixture
def install(couriers: Installations[Any]) -> Any:
    def make(plugin: str, config: dict[str, Any], rank: int = 100) -> str:
        return couriers.install(TENANT, plugin, config, mode="test", rank=rank, idempotency=key(plugin, str(rank), str(config))).id

    return make
