"""What the tests of payments share: a till on a table in moto, keys in memory, a merchant who installs plug-ins."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from functions.payments.desk import Desk, Start
from functions.payments.handler import REGISTRY
from functions.payments.payment import Payment
from functions.payments.store import PaymentStore
from functions.payments.till import Till
from shared.idempotency import Idempotency
from shared.money import Amount
from shared.providers.credentials import Credentials
from shared.providers.desk import Installations
from shared.providers.installation import Installation
from shared.providers.places import Places
from shared.providers.registry import Registry
from shared.providers.store import InstallationStore
from shared.quotes import PayableOrder
from tests.fakes import FakeClock
from tests.unit.providers.fakes import FakeKeys

TENANT = "acc_1#sf_1"
IBAN = "DE89 3704 0044 0532 0130 00"
BANK = {"account_holder": "Ada Lovelace", "iban": IBAN}
SECRETS = ("sk_test_51topsecret", "whsec_alsoverysecret")
STRIPE = {
    "secret_key": SECRETS[0], "webhook_secret": SECRETS[1], "publishable_key": "pk_test_public", "currencies": ["EUR", "JPY", "USD"],
}  # fmt: skip


def idempotent(key: str, fingerprint: str = "f") -> Idempotency:
    return Idempotency(key, TENANT, fingerprint)


@dataclass
class Shop:
    """A storefront and its payments."""

    table: str
    stripe_at: str = ""
    clock: FakeClock = field(default_factory=FakeClock)
    registry: Registry[Any] = REGISTRY
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    """Makes this shop's payment ids its own, for a stand-in that all tests share."""

    def __post_init__(self) -> None:
        self.store = PaymentStore(self.table)
        self.installations: Installations[Any] = Installations(
            self.registry, InstallationStore(self.table), Credentials(FakeKeys()), self.clock, Places(bases={"stripe": self.stripe_at})
        )
        self.till = Till(self.installations, self.store, self.clock, lambda: timedelta(days=1))
        self.desk = Desk(self.till)

    def install(self, plugin: str, config: dict[str, Any], rank: int = 100) -> Installation:
        key = idempotent(f"{plugin}{rank}")
        return self.installations.install(TENANT, plugin, config, mode="test", rank=rank, idempotency=key)

    def pay(
        self, order_id: str = "ord_1", amount: int = 1250, currency: str = "EUR", key: str = "k1", digest: str = "f", **more: Any
    ) -> Payment:
        due = Amount(amount=amount, currency=currency)
        order = PayableOrder(account_id="acc_1", storefront_id="sf_1", order_id=order_id, amount=due)
        return self.desk.start(Start(TENANT, order, **more), idempotent(self.run + key, digest))

    def reread(self, payment: Payment) -> Payment:
        return self.desk.find(TENANT, payment.order_id, payment.id)
