"""A card processor with books of its own, and its plug-ins: one takes the money at once, one only promises it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import (
    Amend,
    Capability,
    ConfirmationData,
    OperationKind,
    PaymentView,
    RefundView,
    StartPayment,
    State,
    WebhookResult,
)
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook
from simulation.providers.outside import Outside

K = OperationKind
KINDS = [K.START, K.CAPTURE, K.CANCEL, K.REFUND]


@dataclass
class Charge:
    """One payment as the processor holds it. Amounts in minor units."""

    payment_id: str
    order_id: str
    amount: Money
    state: State
    captured: int = 0
    refunds: dict[str, int] = field(default_factory=dict)
    """By the key of our operation."""
    elsewhere: dict[str, int] = field(default_factory=dict)
    """Refunds that were made in the processor's console, by its own reference."""
    told: int = 0
    """Notices that were sent of it."""

    @property
    def refunded(self) -> int:
        return sum(self.refunds.values()) + sum(self.elsewhere.values())

    @property
    def kept(self) -> int:
        """What the merchant has of it."""
        return self.captured - self.refunded

    def view(self) -> PaymentView:
        refunds = tuple(RefundView(key, Money(amount, self.amount.currency)) for key, amount in self.refunds.items())
        refunds += tuple(RefundView("", Money(amount, self.amount.currency), "succeeded", ref) for ref, amount in self.elsewhere.items())
        authorized = self.amount.amount if self.state in (State.AUTHORIZED, State.CAPTURED) else 0
        return PaymentView(
            provider_ref=f"ch_{self.payment_id}", state=self.state, amount=self.amount, authorized=authorized, captured=self.captured,
            refunded=self.refunded, refunds=refunds,
        )  # fmt: skip


class CardBooks:
    """All charges, by our payment's id. Each request is done once for its key."""

    def __init__(self) -> None:
        self.charges: dict[str, Charge] = {}
        self.done: set[str] = set()

    def charge(self, request: StartPayment, state: State) -> Charge:
        captured = request.amount.amount if state is State.CAPTURED else 0
        made = Charge(request.payment_id, request.order_id, request.amount, state, captured)
        return self.charges.setdefault(request.payment_id, made)

    def capture(self, request: Amend) -> Charge:
        charge = self.charges[request.payment_id]
        if charge.state is State.AUTHORIZED:
            charge.state, charge.captured = State.CAPTURED, request.amount.amount
        elif request.op_key not in self.done:
            raise PluginError(ErrorKind.CONFLICT, f"the charge is {charge.state}", "not_capturable")
        self.done.add(request.op_key)
        return charge

    def cancel(self, request: Amend) -> Charge:
        charge = self.charges[request.payment_id]
        if charge.state is State.CAPTURED:
            raise PluginError(ErrorKind.CONFLICT, "the charge is captured", "not_cancellable")
        charge.state = State.CANCELED
        return charge

    def refund(self, request: Amend) -> RefundView:
        charge = self.charges[request.payment_id]
        if request.op_key not in charge.refunds:
            if request.amount.amount > charge.kept:
                raise PluginError(ErrorKind.INVALID, "more than is left", "exceeds")
            charge.refunds[request.op_key] = request.amount.amount
        return RefundView(request.op_key, request.amount)

    def refund_by_hand(self, payment_id: str, amount: int) -> Charge | None:
        """Somebody pays back in the console; None if there is not so much."""
        charge = self.charges[payment_id]
        if not 0 < amount <= charge.kept:
            return None
        charge.elsewhere[f"re_{payment_id}_{len(charge.elsewhere)}"] = amount
        return charge

    def let_expire(self, payment_id: str) -> Charge | None:
        """The promise of a charge ends; None if there is none."""
        charge = self.charges[payment_id]
        if charge.state is not State.AUTHORIZED:
            return None
        charge.state = State.EXPIRED
        return charge


class CardConfig(Config):
    pass


class Card:
    """The plug-in. `captures`: whether the money is taken at once or by hand."""

    config_model = CardConfig
    confirmation_model = ConfirmationData

    def __init__(self, plugin_id: str, captures: Any, books: CardBooks, outside: Outside) -> None:
        self.manifest = Manifest(id=plugin_id, version="1.0", api=1, kind="payment", allowed_hosts=("card.example",))
        self._captures, self._books, self._outside = captures, books, outside

    def capability(self, config: CardConfig | None) -> Capability:
        return Capability(methods=["card"], operations=KINDS, captures=self._captures, native_idempotency=True, partial_capture=True)

    def check_config(self, ctx: Ctx[CardConfig]) -> None:
        """Any config is good."""

    def start(self, ctx: Ctx[CardConfig], request: StartPayment) -> PaymentView:
        state = State.CAPTURED if self._captures == "at_once" else State.AUTHORIZED
        return self._outside.call(f"card start {request.payment_id}", lambda: self._books.charge(request, state)).view()

    def confirm(self, ctx: Ctx[CardConfig], request: Amend, data: Any) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "nothing is confirmed here")

    def capture(self, ctx: Ctx[CardConfig], request: Amend) -> PaymentView:
        return self._outside.call(f"card capture {request.payment_id}", lambda: self._books.capture(request)).view()

    def cancel(self, ctx: Ctx[CardConfig], request: Amend) -> PaymentView:
        return self._outside.call(f"card cancel {request.payment_id}", lambda: self._books.cancel(request)).view()

    def refund(self, ctx: Ctx[CardConfig], request: Amend) -> RefundView:
        return self._outside.call(f"card refund {request.payment_id} {request.amount}", lambda: self._books.refund(request))

    def fetch(
        self, ctx: Ctx[CardConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:
        charge = self._outside.call(f"card fetch {payment_id}", lambda: self._books.charges.get(payment_id))
        return charge.view() if charge else None

    def webhook(self, ctx: Ctx[CardConfig], raw: RawWebhook) -> WebhookResult | None:
        event_id, payment_id, order_id = raw.body.decode().split()
        return WebhookResult(event_id, payment_id, order_id)
