"""A storefront in memory that pays by the plug-in under trial, with the hub's own core around it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from conformance.memory import Alone, InstallationsKept, Keys, MovedClock, PaymentsKept
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import PROMISED, Payment
from functions.payments.operation_runner import ROOM, OperationRunner
from functions.payments.payment_service import PaymentService
from functions.payments.payment_start import Start
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import SPARE, reconcile, reconcile_due
from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import Amount, Money
from monsoon_plugin.payment import Capability, OperationKind, PaymentView, Shopper, State
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import About, PaymentTrial
from shared.api.idempotency import Idempotency
from shared.api.ticket_contents import PayableOrder
from shared.ids import new_id
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation
from shared.providers.installations import Installations
from shared.providers.places import Places

TENANT = "acc_kit#sf_kit"
HOOKS = "https://hub.example/v1/hooks/payments"
CALL = timedelta(seconds=3)
"""How long any call may take."""
SWEEPS, LATER = 4, timedelta(minutes=7)
"""Each sweep comes so much later: beyond GRACE, and when what is awaited is due."""
SHOPPER_DATA: Any = object()
"""The trial's own data."""


@dataclass
class Shop:
    plugin: Any
    trial: PaymentTrial
    address: str
    """Where the plug-in calls: the proxy, or the stand-in."""
    standin: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the config, instead of the trial's."""

    def __post_init__(self) -> None:
        self.clock, self.store, self.installed = MovedClock(), PaymentsKept(), InstallationsKept()
        places = Places(HOOKS, {self.plugin.manifest.id: self.address} if self.address else {}, True)
        self.installations: Installations[Any] = Installations(
            Alone(self.plugin), self.installed, Credentials(Keys()), self.clock, places
        )  # fmt: skip
        self.runner = OperationRunner(self.installations, self.store, self.clock, lambda: CALL + ROOM)
        self.payments = PaymentService(self.runner)
        self.installation = self.install()

    @property
    def config(self) -> dict[str, Any]:
        return {**self.trial.config, **self.changes}

    @property
    def online(self) -> bool:
        return bool(self.plugin.manifest.allowed_hosts)

    @property
    def capability(self) -> Capability:
        found: Capability = self.plugin.capability(self.installations.config(self.installation))
        return found

    def install(self, tenant: str = TENANT, **changes: Any) -> Installation:
        key = Idempotency(secrets.token_hex(8), tenant, "f")
        config = {name: value for name, value in {**self.config, **changes}.items() if value is not None}
        return self.installations.install(tenant, self.plugin.manifest.id, config, mode="test", rank=100, idempotency=key)

    def start(
        self, amount: Money | None = None, data: Any = SHOPPER_DATA, order_id: str = "", key: str = "", method: str = ""
    ) -> Payment:  # fmt: skip
        """Begin to pay a new order; `data` as the shopper's side gives it, and the way to pay, by default the trial's."""
        given = self.trial.data if data is SHOPPER_DATA else data
        order = PayableOrder(
            account_id="acc_kit", storefront_id="sf_kit", order_id=order_id or new_id("ord", self.clock(), secrets.token_bytes),
            amount=Amount.of(amount or self.trial.amount),
        )  # fmt: skip
        back = self.trial.return_url or ("https://shop.example/thanks" if method else None)
        wanted = Start(
            tenant=TENANT, order=order, data=given, return_url=back, method=method or self.trial.method, shopper=Shopper(ip="203.0.113.7")
        )
        return self.payments.start(wanted, Idempotency(key or secrets.token_hex(8), TENANT, "f"))

    def paid(self, amount: Money | None = None) -> Payment:
        """An order that the shopper has paid: captured, or promised where capturing is another step."""
        return self.acted(self.start(amount))

    def acted(self, payment: Payment) -> Payment:
        """`payment` after the shopper, or for an offline one its merchant, has done what pays it."""
        if payment.state in PROMISED:
            return payment
        if self.trial.pay:
            self.trial.pay(
                self.standin,
                PaymentView(provider_ref=payment.provider_ref, state=payment.state, amount=payment.amount, next_action=payment.next_action),
            )
        if self.trial.confirmation is not None:
            return self.payments.confirm(payment, self.confirmation(payment.amount), merchant=True)
        return self.looked_up(payment) if self.capability.lookup else self.told(payment)

    def confirmation(self, amount: Money) -> Mapping[str, Any]:
        given = self.trial.confirmation
        return (given(amount) if callable(given) else given) or {}

    def captured(self, amount: Money | None = None) -> Payment:
        """An order whose money has come."""
        payment = self.paid(amount)
        return payment if payment.state is State.CAPTURED else self.finished(self.payments.capture(payment))

    def refund(self, payment: Payment, amount: int, refund_id: str = "") -> Payment:
        return self.finished(self.payments.refund(payment, refund_id or f"ref_{secrets.token_hex(8)}", amount))

    def looked_up(self, payment: Payment) -> Payment:
        return reconcile(self.runner, payment)

    def fetched(self, payment: Payment, reference: str | None = None, **others: Any) -> PaymentView | None:
        """What the provider itself holds of it, asked by the plug-in's `fetch`; `others`: arguments that differ."""
        since = from_rfc3339(payment.created_at) - timedelta(minutes=5)
        keys = [o.key(payment.id) for o in payment.operations if o.kind is OperationKind.REFUND]
        asked = {"payment_id": payment.id, "provider_ref": payment.provider_ref if reference is None else reference, "since": since}
        found: PaymentView | None = self.plugin.fetch(self.runner.context(self.installation), **{**asked, **others}, refunds=keys)
        return found

    def finished(self, payment: Payment) -> Payment:
        """`payment` once the provider has told what became of what it took on."""
        accepted = [o for o in payment.operations if o.phase is Phase.ACCEPTED]
        if self.trial.outcome is not None:
            for o in accepted:
                told = self.trial.outcome(self.about(payment), o.kind, o.key(payment.id), o.amount)
                receive_notice(self.runner, payment.installation_id, told)
        if self.capability.lookup and any(not o.settled for o in self.reread(payment).operations):
            self.swept()
        return self.reread(payment)

    def told(self, payment: Payment) -> Payment:
        """`payment` after the provider's notice that it was paid."""
        self.hear(payment)
        return self.reread(payment)

    def hear(self, payment: Payment, **about: Any) -> str:
        return receive_notice(self.runner, payment.installation_id, self.notice(payment, **about))

    def notice(self, payment: Payment, **about: Any) -> RawWebhook:
        assert self.trial.notice is not None
        return self.trial.notice(self.about(payment, **about))

    def about(self, payment: Payment, **changes: Any) -> About:
        told: dict[str, Any] = {
            "config": self.config, "payment_id": payment.id, "order_id": payment.order_id, "provider_ref": payment.provider_ref,
            "amount": payment.amount, "event_id": f"evt_{secrets.token_hex(8)}", "at": self.clock(),
        }  # fmt: skip
        return About(**told | changes)

    def swept(self) -> None:
        """The scheduled sweep, often enough and late enough that everything which can be known is."""
        for _ in range(SWEEPS):
            self.clock.tick(LATER)
            reconcile_due(replace(self.runner, time_left=lambda: SPARE), self.store.due_for_lookup(self.clock()))

    def reread(self, payment: Payment) -> Payment:
        return self.store.reread(payment)

    def charges(self, payment: Payment) -> int | None:
        """How many charges the stand-in holds for the payment; None if it cannot tell."""
        return self.trial.charges(self.standin, payment.id) if self.trial.charges and self.standin else None

    def last(self, payment: Payment, kind: OperationKind) -> Operation:
        return [o for o in self.reread(payment).operations if o.kind is kind][-1]

    def now(self) -> datetime:
        return self.clock()
