"""A card processor's plug-ins: one takes the money at once, one only promises it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monsoon_plugin.errors import ErrorKind, PluginError
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
from simulation.providers.card_books import CardBooks, Charge
from simulation.providers.outside import Outside

K = OperationKind
HELD_DAYS = 7
BY_PAGE = "page"
"""The way to pay on the processor's own page; the other is by a script of a client site's."""
KINDS = [K.START, K.CAPTURE, K.CANCEL, K.REFUND]


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
        tells = self._books.silence.tells
        return Capability(
            methods=["card", BY_PAGE], pages={BY_PAGE: "redirect"}, operations=KINDS, captures=self._captures,
            native_idempotency=tells, lookup=tells,
            partial_capture=True, disputes=True, authorized_days=HELD_DAYS if self._captures == "by_hand" else None,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[CardConfig]) -> None:
        """Any config is good."""

    def start(self, ctx: Ctx[CardConfig], request: StartPayment) -> PaymentView:
        state = State.CAPTURED if self._captures == "at_once" else State.AUTHORIZED
        begin = self._books.open_page if request.method == BY_PAGE else self._books.charge
        return self._told(self._outside.call(f"card start {request.payment_id}", lambda: begin(request, state)))

    def confirm(self, ctx: Ctx[CardConfig], request: Amend, data: Any) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "nothing is confirmed here")

    def capture(self, ctx: Ctx[CardConfig], request: Amend) -> PaymentView:
        return self._told(self._outside.call(f"card capture {request.payment_id}", lambda: self._books.capture(request), slow=True))

    def cancel(self, ctx: Ctx[CardConfig], request: Amend) -> PaymentView:
        return self._told(self._outside.call(f"card cancel {request.payment_id}", lambda: self._books.cancel(request), slow=True))

    def refund(self, ctx: Ctx[CardConfig], request: Amend) -> RefundView:
        what, silence = f"card refund {request.payment_id} {request.amount}", self._books.silence
        sent = self._books.sent(request)
        return self._outside.call(what, lambda: self._books.refund(sent), slow=silence.tells, loses=silence.loses)

    def fetch(
        self, ctx: Ctx[CardConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:
        charge = self._outside.call(f"card fetch {payment_id}", lambda: self._books.charges.get(payment_id))
        return self._told(charge) if charge else None

    def _told(self, charge: Charge) -> PaymentView:
        return charge.view(tells=self._books.silence.tells)

    def webhook(self, ctx: Ctx[CardConfig], raw: RawWebhook) -> WebhookResult | None:
        event_id, payment_id, order_id = raw.body.decode().split()
        return WebhookResult(event_id, payment_id, order_id)
