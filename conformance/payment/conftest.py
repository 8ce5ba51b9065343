"""What the payment checks share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.payment.shop import Shop
from conformance.proxy import Proxy
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.payment import OperationKind, State
from monsoon_plugin.testing import PaymentTrial


@pytest.fixture
def shop(plugin: Any, trial: PaymentTrial, standin: str) -> Shop:
    """A storefront that pays by the plug-in, at its stand-in."""
    return Shop(plugin, trial, standin, standin)


@pytest.fixture
def online(shop: Shop) -> Shop:
    """The same; the check does not apply to a plug-in that calls nobody."""
    if not shop.online:
        pytest.skip("it calls nobody")
    return shop


@pytest.fixture
def through(online: Shop, proxy: Proxy) -> Iterator[Shop]:
    """The same, through the proxy."""
    shop = Shop(online.plugin, online.trial, proxy.address, online.standin)
    proxy.sent.clear()
    yield shop
    proxy.heal()


@pytest.fixture
def by_hand(shop: Shop, trial: PaymentTrial) -> Shop:
    """A storefront whose payments are authorized first."""
    if shop.capability.captures in ("by_hand", "on_delivery"):
        return shop
    if trial.manual is None:
        pytest.skip("it captures at once")
    return Shop(shop.plugin, trial, shop.address, shop.standin, trial.manual)


@pytest.fixture
def by_hand_through(by_hand: Shop, proxy: Proxy) -> Shop:
    """The same, through the proxy."""
    return Shop(by_hand.plugin, by_hand.trial, proxy.address, by_hand.standin, by_hand.changes)


@pytest.fixture
def needs(shop: Shop) -> Callable[[OperationKind], None]:
    """`needs(REFUND)` skips the check for a plug-in that does not offer it."""

    def check(kind: OperationKind) -> None:
        if kind not in shop.capability.operations:
            pytest.skip(f"it offers no {kind}")

    return check


@pytest.fixture
def captured(shop: Shop) -> Payment:
    """An order that was paid at the shop."""
    payment = shop.captured()
    assert payment.state is State.CAPTURED
    return payment
