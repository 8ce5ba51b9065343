"""Cash on delivery: the courier collects. Placed, it is promised; delivered, it is captured. It calls nobody."""

from typing import Any

from pydantic import Field

from functions.payments.plugins.offline import Offline
from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from monsoon_plugin.payment import Capability, OperationKind, PaymentView, StartPayment, State
from monsoon_plugin.plugin import Config, Ctx, Manifest


class CashConfig(Config):
    currencies: list[CurrencyCode] = Field(min_length=1, max_length=50, description="what the courier collects")
    max_amount: int = Field(default=MAX_AMOUNT, ge=1, le=MAX_AMOUNT, description="the most that is collected, in minor units")


class CashOnDelivery(Offline[CashConfig]):
    manifest = Manifest(id="cash_on_delivery", version="1.0", api=1, kind="payment", name={"en": "Cash on delivery", "zh": "货到付款"})
    config_model = CashConfig

    def capability(self, config: CashConfig | None) -> Capability:
        limits: dict[str, Any] = {} if config is None else {"currencies": config.currencies, "max_amount": config.max_amount}
        kinds = [OperationKind.START, OperationKind.CAPTURE, OperationKind.CANCEL, OperationKind.REFUND]
        return Capability(methods=["cash"], pages={"cash": "nothing"}, operations=kinds, captures="on_delivery", **limits)

    def start(self, ctx: Ctx[CashConfig], request: StartPayment) -> PaymentView:
        return PaymentView(provider_ref=request.op_key, state=State.AUTHORIZED, amount=request.amount, authorized=request.amount.amount)
