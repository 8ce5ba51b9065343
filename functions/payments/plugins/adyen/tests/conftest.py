"""Adyen's stand-in behind Prism, a proxy before it, and what a call of the plug-in needs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from conformance.proxy import Proxy
from functions.payments.plugins.adyen.plugin import Adyen as Plugin
from functions.payments.plugins.adyen.plugin import AdyenConfig
from functions.payments.plugins.adyen.standin import ACCOUNT, API_KEY, HMAC_KEY, Adyen, pay, standin
from functions.payments.plugins.adyen.trial import TRIAL
from monsoon_plugin.clock import utc_now
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView, StartPayment, WebhookResult
from monsoon_plugin.plugin import Ctx, RawWebhook
from shared.ids import derived_id, new_id
from tests.conftest import absent

CONFIG = {"api_key": API_KEY, "merchant_account": ACCOUNT, "hmac_key": HMAC_KEY, "currencies": ["EUR", "JPY", "KWD"]}
MONEY = Money(1250, "EUR")


@pytest.fixture(scope="session")
def adyen() -> Adyen:
    return Adyen()


@pytest.fixture(scope="session")
def place(adyen: Adyen) -> Iterator[str]:
    try:
        with standin(adyen) as address:
            yield address
    except RuntimeError as error:
        absent(str(error))


def context(address: str, *, mode: Any = "test", **config: Any) -> Ctx[AdyenConfig]:
    model = AdyenConfig.model_validate(CONFIG | config)
    return Ctx(config=model, base_url=address, deadline=utc_now() + timedelta(seconds=3), now=utc_now(), mode=mode, local=True)


class Shop:
    """A merchant with the plug-in, whose calls pass the proxy."""

    def __init__(self, proxy: Proxy, adyen: Adyen, **config: Any) -> None:
        self.proxy, self.adyen, self.plugin, self._config = proxy, adyen, Plugin(), config

    @property
    def ctx(self) -> Ctx[AdyenConfig]:
        return context(self.proxy.address, **self._config)

    def order(self, amount: Money = MONEY) -> StartPayment:
        payment, order = (new_id(kind, utc_now()) for kind in ("pay", "ord"))
        key = derived_id("op", payment, "start")
        return StartPayment(
            payment_id=payment,
            order_id=order,
            tenant="acc#sf",
            op_key=key,
            amount=amount,
            return_url="https://shop.example/back",
            country="DE",
            description="Mugs",
        )

    def paid(self, request: StartPayment) -> PaymentView:
        """As Adyen's notice tells it."""
        pay(self.proxy.target, self.plugin.start(self.ctx, request).provider_ref)
        return self.view()

    def told(self, notice: bytes | None = None) -> WebhookResult:
        """What the last notice says, or `notice`."""
        found = self.plugin.webhook(self.ctx, RawWebhook(notice or self.adyen.notices[-1], {}))
        assert found is not None
        return found

    def view(self) -> PaymentView:
        view = self.told().view
        assert view is not None
        return view


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
def shop(proxy: Proxy, adyen: Adyen) -> Shop:
    return Shop(proxy, adyen)


@pytest.fixture
def manual(proxy: Proxy, adyen: Adyen) -> Shop:
    return Shop(proxy, adyen, capture="manual")
