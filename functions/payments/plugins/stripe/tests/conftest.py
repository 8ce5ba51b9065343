"""localstripe, with the kit's proxy before it."""

from collections.abc import Callable, Iterator

import pytest

from conformance.proxy import Proxy
from functions.payments.plugins.stripe.trial import start
from monsoon_plugin.clock import utc_now
from tests.fakes import FakeClock
from tests.unit.payments.kit import STRIPE, Shop


@pytest.fixture(scope="session")
def localstripe() -> Iterator[str]:
    """Stripe's stand-in; answers its address."""
    with start() as address:
        yield address


@pytest.fixture
def proxy(localstripe: str) -> Iterator[Proxy]:
    """Between the plug-in and localstripe, without a fault."""
    with Proxy(localstripe) as between:
        yield between


@pytest.fixture
def shop(make_table: Callable[[str], str], proxy: Proxy) -> Shop:
    shop = Shop(make_table("payments"), proxy.address, FakeClock(utc_now()))
    shop.install("stripe", STRIPE)
    proxy.sent.clear()
    return shop


@pytest.fixture
def manual(make_table: Callable[[str], str], proxy: Proxy) -> Shop:
    shop = Shop(make_table("payments"), proxy.address, FakeClock(utc_now()))
    shop.install("stripe", STRIPE | {"capture": "manual"})
    return shop
