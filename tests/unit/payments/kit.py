"""What the tests of payments share: an operation runner on a table in moto, keys in memory, a merchant who installs plug-ins."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.payments.lifecycle.payment import Payment
from functions.payments.operation_runner import OperationRunner
from functions.payments.payment_service import PaymentService
from functions.payments.payment_start import Start
from functions.payments.payment_store import PaymentStore
from functions.payments.reconciliation.reconcile import reconcile_due
from monsoon_plugin.money import Amount
from monsoon_plugin.plugin import Mode
from shared.api.idempotency import Idempotency
from shared.api.ticket_contents import PayableOrder
from shared.messages import Message
from shared.optimistic_retry import AT_ONCE
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.places import Places
from shared.providers.registry import Registry
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


class Recorded(PaymentStore):
    """Remembers what was told."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.told: list[Message] = []

    def save(self, payment: Payment, event: Message | None, now: datetime) -> bool:
        kept = super().save(payment, event, now)
        if kept and event:
            self.told.append(event)
        return kept


@dataclass
class Shop:
    """A storefront and its payments."""

    table: str
    stripe_at: str = ""
    clock: FakeClock = field(default_factory=FakeClock)
    registry: Registry[Any] = field(default_factory=lambda: Registry.locked("payment"))
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    """Makes this shop's payment ids its own, for a stand-in that all tests share."""
    tenant: str = TENANT

    def __post_init__(self) -> None:
        self.store = Recorded(self.table)
        self.installations: Installations[Any] = Installations(
            self.registry, InstallationStore(self.table), Credentials(FakeKeys()), self.clock, Places(bases={"stripe": self.stripe_at})
        )
        self.runner = OperationRunner(self.installations, self.store, self.clock, lambda: timedelta(days=1), AT_ONCE)
        self.payments = PaymentService(self.runner)

    def install(self, plugin: str, config: dict[str, Any], rank: int = 100, mode: Mode = "test", **more: Any) -> Installation:
        key = idempotent(f"{self.tenant}{plugin}{rank}")
        return self.installations.install(self.tenant, plugin, config, mode=mode, rank=rank, idempotency=key, **more)

    def pay(
        self,
        order_id: str = "ord_1",
        amount: int = 1250,
        currency: str = "EUR",
        key: str = "k1",
        digest: str = "f",
        *,
        country: str = "",
        requires_shipping: bool = True,
        **more: Any,
    ) -> Payment:
        due = Amount(amount=amount, currency=currency)
        account_id, _, storefront_id = self.tenant.partition("#")
        order = PayableOrder(
            account_id=account_id, storefront_id=storefront_id, order_id=order_id, amount=due, country=country,
            requires_shipping=requires_shipping,
        )  # fmt: skip
        return self.payments.start(Start(tenant=self.tenant, order=order, **more), idempotent(self.run + key, digest))

    def swept(self) -> None:
        """What follows by itself within a while."""
        self.clock.tick(minutes=20)
        reconcile_due(self.runner, list(self.store.due_for_lookup(self.clock(), 100)))

    def reread(self, payment: Payment) -> Payment:
        return self.payments.find(self.tenant, payment.order_id, payment.id)
