"""What the core costs around a call of a provider: config, capability, breaker, operation log, merge. AWS is not in it; `counts` has that.

The plug-in answers at once and the tables are in memory, so that all of the CPU time is the core's.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from pydantic import SecretStr

from conformance.payment.shop import Shop
from functions.payments.lifecycle.payment import Payment
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
from monsoon_plugin.testing import PaymentTrial

CALLS, ROUNDS = 200, 9


class InstantConfig(Config):
    secret_key: SecretStr
    webhook_secret: SecretStr


class Instant:
    """A provider without a network."""

    manifest = Manifest(id="instant", version="1.0", api=1, kind="payment", allowed_hosts=("instant.invalid",))
    config_model = InstantConfig
    confirmation_model = ConfirmationData

    def capability(self, config: InstantConfig | None) -> Capability:
        return Capability(methods=["instant"], operations=list(OperationKind), captures="by_hand")

    def check_config(self, ctx: Ctx[Any]) -> None:
        """Every key is right."""

    def start(self, ctx: Ctx[Any], request: StartPayment) -> PaymentView:
        return PaymentView(provider_ref=request.payment_id, state=State.AUTHORIZED, amount=request.amount, authorized=request.amount.amount)

    def capture(self, ctx: Ctx[Any], request: Amend) -> PaymentView:
        return PaymentView(provider_ref=request.provider_ref, state=State.CAPTURED, amount=request.paid, captured=request.paid.amount)

    confirm = cancel = capture

    def refund(self, ctx: Ctx[Any], request: Amend) -> RefundView:
        return RefundView(request.op_key, request.amount, "succeeded", request.op_key)

    def fetch(self, ctx: Ctx[Any], payment_id: str, ref: str, since: datetime, refunds: Sequence[str] = ()) -> PaymentView | None:
        return None

    def webhook(self, ctx: Ctx[Any], raw: RawWebhook) -> WebhookResult | None:
        return None


def overhead() -> dict[str, float]:
    """CPU-ms that the core takes for one call of each kind, the median of some rounds."""
    trial = PaymentTrial(config={"secret_key": "sk_" + "0" * 40, "webhook_secret": "whsec_" + "0" * 40}, standin="instant")
    shop = Shop(Instant(), trial, "https://instant.invalid", "")
    rounds = [_round(shop) for _ in range(ROUNDS)]
    return {kind: round(median(one[kind] for one in rounds), 3) for kind in rounds[0]}


def _round(shop: Shop) -> dict[str, float]:
    started, start = _timed([shop.start] * CALLS)
    captured, capture = _timed([_bound(shop.payments.capture, payment) for payment in started])
    _, refund = _timed([_bound(shop.payments.refund, payment, "ref_1", 100) for payment in captured])
    return {"start": start, "capture": capture, "refund": refund}


def _bound(act: Callable[..., Payment], *given: Any) -> Callable[[], Payment]:
    return lambda: act(*given)


def _timed(acts: Sequence[Callable[[], Payment]]) -> tuple[list[Payment], float]:
    """What they answered, and CPU-ms each."""
    began = time.process_time()
    done = [act() for act in acts]
    return done, (time.process_time() - began) * 1000 / len(acts)
