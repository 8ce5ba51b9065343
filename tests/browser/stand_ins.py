"""Providers of payments that the demo's shops do not use, played by the stand-ins of their plug-ins' trials."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from conformance.standins.prism.serve import serving
from functions.payments.plugins.adyen import trial as adyen
from functions.payments.plugins.adyen.standin import Adyen
from functions.payments.plugins.paypal import trial as paypal
from functions.payments.plugins.paypal.standin import PayPal


@dataclass
class StandIns:
    """Those that a hub may ask, with what their own console would do. Prism holds them to their documents where the kit tries them."""

    bases: dict[str, str] = field(default_factory=dict)
    """Plug-in → address: the template's ProviderBases."""
    paypal: PayPal = field(default_factory=PayPal)
    adyen: Adyen = field(default_factory=Adyen)

    @contextmanager
    def serving(self) -> Iterator["StandIns"]:
        with serving(self.paypal.answer) as at_paypal, serving(self.adyen.answer) as at_adyen:
            self.bases = {"paypal": at_paypal, "adyen": at_adyen}
            yield self

    def tell(self, hook: str) -> None:
        """Let Adyen's notices go out: by them alone it says what came of a payment."""
        while self.adyen.notices:
            told = Request(hook, self.adyen.notices.pop(0), {"Content-Type": "application/json"})
            urlopen(told, timeout=30).close()


CONFIGS: dict[str, dict[str, Any]] = {
    "paypal": {**paypal.TRIAL.config, "currencies": ["GBP"]},
    "adyen": {**adyen.TRIAL.config, "currencies": ["GBP"]},
}
