"""Providers of payments that the demo's shops do not use, played by the stand-ins of their plug-ins' trials."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from conformance.standins.prism.serve import serving
from functions.payments.plugins.adyen import trial as adyen
from functions.payments.plugins.adyen.standin import Adyen
from functions.payments.plugins.alipay import trial as alipay
from functions.payments.plugins.paypal import trial as paypal
from functions.payments.plugins.paypal.standin import PayPal
from functions.payments.plugins.wechat_pay import trial as wechat_pay
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView, State
from monsoon_plugin.testing import PaymentTrial

SCANNED: dict[str, PaymentTrial] = {"alipay": alipay.TRIAL, "wechat_pay": wechat_pay.TRIAL}
"""They show a code for a telephone. Their stand-ins are Node's, around libraries of npm."""


@dataclass
class StandIns:
    """Those that a hub may ask, with what their own console would do. Prism holds them to their documents where the kit tries them."""

    bases: dict[str, str] = field(default_factory=dict)
    """Plug-in → address: the template's ProviderBases."""
    missing: dict[str, str] = field(default_factory=dict)
    """Plug-in → why its stand-in cannot be had on this machine."""
    paypal: PayPal = field(default_factory=PayPal)
    adyen: Adyen = field(default_factory=Adyen)

    @contextmanager
    def serving(self) -> Iterator["StandIns"]:
        with ExitStack() as several:
            for name, answer in (("paypal", self.paypal.answer), ("adyen", self.adyen.answer)):
                self.bases[name] = several.enter_context(serving(answer))
            for name, trial in SCANNED.items():
                try:
                    self.bases[name] = several.enter_context(trial.start())
                except RuntimeError as reason:
                    self.missing[name] = str(reason)
            yield self

    def scanned(self, plugin: str, payment: Mapping[str, Any]) -> int:
        """Somebody scans the code of a payment and pays in the provider's app. Answers how often it was charged in all."""
        amount = Money(payment["amount"]["amount"], payment["amount"]["currency"])
        view = PaymentView(provider_ref=payment["id"], state=State.REQUIRES_ACTION, amount=amount)
        SCANNED[plugin].pay(self.bases[plugin], view)
        return SCANNED[plugin].charges(self.bases[plugin], payment["id"])

    def tell(self, hook: str) -> None:
        """Let Adyen's notices go out: by them alone it says what came of a payment."""
        while self.adyen.notices:
            told = Request(hook, self.adyen.notices.pop(0), {"Content-Type": "application/json"})
            urlopen(told, timeout=30).close()


CONFIGS: dict[str, dict[str, Any]] = {
    "paypal": {**paypal.TRIAL.config, "currencies": ["GBP"]},
    "adyen": {**adyen.TRIAL.config, "currencies": ["GBP"]},
    "alipay": {**alipay.TRIAL.config, "methods": ["precreate"]},
    "wechat_pay": dict(wechat_pay.TRIAL.config),
}
