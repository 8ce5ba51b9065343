"""What plug-ins that call nobody have in common: the merchant's own word is the outcome."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Amend, ConfirmationData, PaymentView, RefundView, State, WebhookResult
from monsoon_plugin.plugin import Config, Ctx, RawWebhook

C = TypeVar("C", bound=Config)


class Offline(Generic[C]):
    confirmation_model: type[ConfirmationData] = ConfirmationData

    def check_config(self, ctx: Ctx[C]) -> None:
        """Nobody can be asked: the form is all the check there is."""

    def confirm(self, ctx: Ctx[C], request: Amend, data: Any) -> PaymentView:
        raise PluginError(ErrorKind.UNSUPPORTED, "there is nothing to confirm")

    def capture(self, ctx: Ctx[C], request: Amend) -> PaymentView:
        return captured(request)

    def cancel(self, ctx: Ctx[C], request: Amend) -> PaymentView:
        return PaymentView(provider_ref=request.provider_ref, state=State.CANCELED, amount=request.paid)

    def refund(self, ctx: Ctx[C], request: Amend) -> RefundView:
        """The merchant pays back by its own means; the hub records that it owes it."""
        return RefundView(request.op_key, request.amount)

    def fetch(self, ctx: Ctx[C], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()) -> PaymentView | None:
        return None

    def webhook(self, ctx: Ctx[C], raw: RawWebhook) -> WebhookResult | None:
        raise PluginError(ErrorKind.SIGNATURE, "nobody sends notices for this provider")


def captured(request: Amend) -> PaymentView:
    """The money is there, in full or in part."""
    return PaymentView(
        provider_ref=request.provider_ref,
        state=State.CAPTURED,
        amount=request.paid,
        authorized=request.amount.amount,
        captured=request.amount.amount,
    )
