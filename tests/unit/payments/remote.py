"""A payment provider outside, in memory: asked twice it pays twice, whatever the key; it fails as it is told to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import (
    Amend,
    Capability,
    ConfirmationData,
    DisputeView,
    OperationKind,
    PaymentView,
    RefundView,
    StartPayment,
    State,
    WebhookResult,
)
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook
from shared.providers.registry import Registry

CALLS = {"start", "confirm", "capture", "cancel", "refund", "fetch"}


class RemoteConfig(Config):
    word: str = "sesame"
    """What its notices begin with."""


@dataclass
class Account:
    """What the provider knows of one payment."""

    amount: Money
    state: State
    captured: int = 0
    refunds: list[RefundView] = field(default_factory=list)
    disputes: tuple[DisputeView, ...] = ()

    def view(self, ref: str) -> PaymentView:
        paid_back = sum(refund.amount.amount for refund in self.refunds if refund.state == "succeeded")
        authorized = self.amount.amount if self.state in (State.AUTHORIZED, State.CAPTURED) else 0
        return PaymentView(
            provider_ref=ref,
            state=self.state,
            amount=self.amount,
            authorized=authorized,
            captured=self.captured,
            refunded=paid_back,
            refunds=tuple(self.refunds),
            disputes=self.disputes,
        )


class Remote:
    """The plug-in (port.PaymentPlugin)."""

    manifest = Manifest(id="remote", version="1", api=1, kind="payment", allowed_hosts=("pay.example",), acknowledgement="thank you")
    config_model = RemoteConfig
    confirmation_model = ConfirmationData

    def __init__(self) -> None:
        self.able = Capability(methods=["card"], operations=list(OperationKind), captures="by_hand", confirmed_by="shopper")
        self.accounts: dict[str, Account] = {}
        self.done: list[str] = []
        """What has had an effect, in order."""
        self.before: Callable[[str], None] = lambda call: None
        """Called as each call arrives; what it raises, the provider has not done."""
        self.after: Callable[[str], None] = lambda call: None
        """Called when it is done and before its answer: a notice may be sent here; what it raises, the answer is lost by."""
        self.starts = State.AUTHORIZED
        self.tells = True
        """Whether a look-up tells of refunds."""
        self.refund_state = "succeeded"
        self.notice: WebhookResult | None = None
        self.checked: list[str] = []

    def capability(self, config: RemoteConfig | None) -> Capability:
        return self.able

    def check_config(self, ctx: Ctx[RemoteConfig]) -> None:
        if ctx.config.word == "wrong":
            raise PluginError(ErrorKind.CONFIG, "the provider does not know this word")
        self.checked.append(ctx.config.word)

    def start(self, ctx: Ctx[RemoteConfig], request: StartPayment) -> PaymentView:
        self.before("start")
        self.accounts[request.payment_id] = Account(request.amount, self.starts)
        return self._done("start", request.payment_id)

    def confirm(self, ctx: Ctx[RemoteConfig], request: Amend, data: Any) -> PaymentView:
        self.before("confirm")
        self.accounts[request.payment_id].state = State.AUTHORIZED
        return self._done("confirm", request.payment_id)

    def capture(self, ctx: Ctx[RemoteConfig], request: Amend) -> PaymentView:
        self.before("capture")
        account = self.accounts[request.payment_id]
        account.state, account.captured = State.CAPTURED, account.captured + request.amount.amount
        return self._done("capture", request.payment_id)

    def cancel(self, ctx: Ctx[RemoteConfig], request: Amend) -> PaymentView:
        self.before("cancel")
        self.accounts[request.payment_id].state = State.CANCELED
        return self._done("cancel", request.payment_id)

    def refund(self, ctx: Ctx[RemoteConfig], request: Amend) -> RefundView:
        self.before("refund")
        refund = RefundView(request.op_key, request.amount, self.refund_state)  # type: ignore[arg-type]
        self.accounts[request.payment_id].refunds.append(refund)
        self._done("refund", request.payment_id)
        return refund

    def fetch(
        self, ctx: Ctx[RemoteConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:  # fmt: skip
        self.before("fetch")
        account = self.accounts.get(payment_id)
        view = account.view(payment_id) if account else None
        return view if view is None or self.tells else replace(view, refunded=0, refunds=())

    def webhook(self, ctx: Ctx[RemoteConfig], raw: RawWebhook) -> WebhookResult | None:
        if not raw.body.startswith(ctx.config.word.encode()):
            raise PluginError(ErrorKind.SIGNATURE, "not signed by the provider")
        return self.notice

    def tell_by_notices_alone(self) -> None:
        """From now on no question tells what became of a refund."""
        self.able = self.able.model_copy(update={"lookup": False})
        self.tells = False

    def tell_of_refund(self, payment: Payment, state: str, **more: Any) -> None:
        """The next notice is of the payment's last refund."""
        refund = replace(self.accounts[payment.id].refunds[-1], state=state, provider_ref="re_1", **more)
        view = PaymentView(provider_ref="", state=State.CAPTURED, amount=refund.amount, refunds=(refund,))
        self.notice = WebhookResult(f"evt_{state}", payment.id, payment.order_id, view=view)

    def settle_refund(self, payment_id: str, state: str, reason: str = "") -> None:
        """The provider has decided on its last refund."""
        refunds = self.accounts[payment_id].refunds
        refunds[-1] = replace(refunds[-1], state=state, reason=reason)  # type: ignore[arg-type]

    def _done(self, call: str, payment_id: str) -> PaymentView:
        self.done.append(call)
        self.after(call)
        return self.accounts[payment_id].view(payment_id)


def failing(call: str, kind: ErrorKind, times: int = 100) -> Callable[[str], None]:
    """For `before` and `after`: fails that call so many times."""
    left = [times]

    def fail(now: str) -> None:
        if now == call and left[0]:
            left[0] -= 1
            raise PluginError(kind, "the provider fails")

    return fail


class Remotes(Registry[Any]):
    """Plug-ins of a test, by id, as they stand."""

    def __init__(self, **plugins: Any) -> None:
        super().__init__(dict.fromkeys(plugins, ""))
        self.plugins = plugins

    def get(self, plugin_id: str) -> Any:
        return self.plugins[plugin_id] if plugin_id in self.plugins else super().get(plugin_id)

    def remove(self, plugin_id: str) -> Any:
        """The plug-in, which is not offered any more."""
        self._entries = {known: "" for known in self.ids if known != plugin_id}
        return self.plugins.pop(plugin_id)

    def add(self, plugin_id: str, plugin: Any) -> None:
        """Offer a plug-in again."""
        self._entries = {**self._entries, plugin_id: ""}
        self.plugins[plugin_id] = plugin

    def calls(self, plugin_id: str) -> bool:
        return bool(self.get(plugin_id).manifest.allowed_hosts)
