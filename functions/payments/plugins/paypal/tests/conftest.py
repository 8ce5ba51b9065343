"""PayPal's stand-in behind Prism, a proxy before it, and what a call of the plug-in needs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from conformance.proxy import Proxy
from functions.payments.plugins.paypal.plugin import PayPal as Plugin
from functions.payments.plugins.paypal.plugin import PayPalConfig
from functions.payments.plugins.paypal.standin import CLIENT_ID, SECRET, PayPal, approve, standin
from functions.payments.plugins.paypal.trial import TRIAL, WEBHOOK_ID
from monsoon_plugin.clock import utc_now
from monsoon_plugin.money import Money
from monsoon_plugin.payment import ConfirmationData, PaymentView, StartPayment
from monsoon_plugin.plugin import Ctx
from shared.ids import derived_id, new_id
from tests.conftest import absent
from tests.plugins.paying import amend

CONFIG = {"client_id": CLIENT_ID, "client_secret": SECRET, "webhook_id": WEBHOOK_ID, "currencies": ["EUR", "JPY", "HUF"]}
MONEY = Money(1250, "EUR")


@pytest.fixture(scope="session")
def paypal() -> PayPal:
    return PayPal()


@pytest.fixture(scope="session")
def place(paypal: PayPal) -> Iterator[str]:
    try:
        with standin(paypal) as address:
            yield address
    except RuntimeError as error:
        absent(str(error))


class Shop:
    """A merchant with the plug-in, whose calls pass the proxy."""

    def __init__(self, proxy: Proxy, **config: Any) -> None:
        self.proxy, self.plugin, self.config = proxy, Plugin(), PayPalConfig.model_validate(CONFIG | config)

    @property
    def ctx(self) -> Ctx[PayPalConfig]:
        return Ctx(config=self.config, base_url=self.proxy.address, deadline=utc_now() + timedelta(seconds=3), now=utc_now(), local=True)

    def order(self, amount: Money = MONEY, description: str = "Two mugs") -> StartPayment:
        payment, order = (new_id(kind, utc_now()) for kind in ("pay", "ord"))
        key = derived_id("op", payment, "start")
        return StartPayment(
            payment_id=payment,
            order_id=order,
            tenant="acc#sf",
            op_key=key,
            amount=amount,
            return_url="https://shop.example/back",
            description=description,
        )

    def approved(self, request: StartPayment) -> PaymentView:
        view = self.plugin.start(self.ctx, request)
        approve(self.proxy.target, view.provider_ref)
        return view

    def paid(self, request: StartPayment) -> PaymentView:
        view = self.approved(request)
        return self.plugin.confirm(self.ctx, amend(request, view, "confirm"), ConfirmationData())

    def fetched(self, view: PaymentView) -> PaymentView:
        found = self.plugin.fetch(self.ctx, "", view.provider_ref, utc_now())
        assert found is not None
        return found


@pytest.fixture(scope="session")
def _proxy(place: str) -> Iterator[Proxy]:
    with Proxy(place, TRIAL.changes) as between:
        yield between


@pytest.fixture
def proxy(_proxy: Proxy) -> Iterator[Proxy]:
    """Without a fault, and with nothing sent yet."""
    _proxy.sent.clear()
    yield _proxy
    _proxy.heal()


@pytest.fixture
def shop(proxy: Proxy) -> Shop:
    return Shop(proxy)


@pytest.fixture
def manual(proxy: Proxy) -> Shop:
    return Shop(proxy, capture="manual")
