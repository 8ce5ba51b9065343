"""Payouts by Stripe Connect: a transfer from the merchant's Stripe balance to each payee's connected account."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from functions.settlement.plugins.stripe_payouts.client import Client, verified
from functions.settlement.plugins.stripe_payouts.translate import (
    EVENTS,
    UNLIKE_ISO,
    batch_of,
    paid,
    payout_id_of,
    transfer_params,
)
from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, PayoutView, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import CurrencyCode, Money
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook

TOLERANCE = 300
"""Seconds by which a notice's time may differ from ours (docs.stripe.com/webhooks, "Preventing replay attacks")."""
MOST = 50
"""Payouts of a batch: each is a request of its own, and all of them must end within one sweep."""
SETTLED = frozenset({ErrorKind.DECLINED, ErrorKind.INVALID, ErrorKind.UNSUPPORTED})
"""Refusals of one payout, which leave the others alone."""


def _secret(pattern: str, meant: str) -> Any:
    def check(secret: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, secret.get_secret_value()):
            raise ValueError(f"this is not {meant}")
        return secret

    return AfterValidator(check)


def _as_iso(currency: str) -> str:
    if currency in UNLIKE_ISO:
        raise ValueError(f"Stripe counts {currency} in other units than ISO 4217: it is not offered here")
    return currency


class StripePayoutsConfig(Config):
    secret_key: Annotated[SecretStr, _secret(r"(sk|rk)_(test|live)_\w{4,250}", "a secret key: sk_test_…, sk_live_… or rk_…")]
    webhook_secret: Annotated[SecretStr, _secret(r"whsec_\S{4,250}", "a signing secret: whsec_…")] | None = Field(
        default=None, description="of the endpoint /v1/hooks/clearing/<installation>; without it notices are refused"
    )
    currencies: list[Annotated[CurrencyCode, AfterValidator(_as_iso)]] = Field(min_length=1, max_length=50)


class StripePayouts:
    manifest = Manifest(
        id="stripe_payouts",
        version="1.0",
        api=1,
        kind="clearing",
        name={"en": "Stripe Connect payouts", "zh": "Stripe Connect 付款"},
        allowed_hosts=("api.stripe.com",),
    )
    config_model = StripePayoutsConfig

    def capability(self, config: StripePayoutsConfig | None) -> Capability:
        return Capability(currencies=None if config is None else tuple(config.currencies), pays_to="provider_account", max_payouts=MOST)

    def check_config(self, ctx: Ctx[StripePayoutsConfig]) -> None:
        if ctx.config.secret_key.get_secret_value().split("_")[1] != ctx.mode:
            raise PluginError(ErrorKind.CONFIG, f"this installation is {ctx.mode}, the key is not")
        with _client(ctx) as client:
            client.check()

    def submit(self, ctx: Ctx[StripePayoutsConfig], batch: SubmitBatch) -> Batch:
        currency = batch.payouts[0].amount.currency
        if currency not in ctx.config.currencies:
            raise PluginError(ErrorKind.UNSUPPORTED, f"this installation pays no {currency}")
        done: list[tuple[PayoutView, Money]] = []
        failed: list[PayoutView] = []
        with _client(ctx, requests=len(batch.payouts)) as client:
            for payout in batch.payouts:
                try:
                    done.append(paid(client.transfer(transfer_params(payout, batch.batch_key), payout.id)))
                except PluginError as error:
                    if error.kind in SETTLED:
                        failed.append(PayoutView(payout.id, "failed", "", error.message))
                    elif done and error.kind is not ErrorKind.PROTOCOL:
                        raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "some of the batch was paid", error.provider_code) from error
                    else:
                        raise
        return batch_of(batch.batch_key, currency, done, failed)

    def fetch(self, ctx: Ctx[StripePayoutsConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        with _client(ctx) as client:
            ours = [transfer for transfer in client.transfers(batch_key) if payout_id_of(transfer) in payout_ids]
        moved = [paid(transfer) for transfer in ours]
        return batch_of(batch_key, moved[0][1].currency, moved) if moved else None

    def parse_statement(self, ctx: Ctx[StripePayoutsConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        raise PluginError(ErrorKind.UNSUPPORTED, "Stripe is asked, it sends no statements")

    def webhook(self, ctx: Ctx[StripePayoutsConfig], raw: RawWebhook) -> ClearingNotice | None:
        if ctx.config.webhook_secret is None:
            raise PluginError(ErrorKind.SIGNATURE, "this installation has no webhook_secret: notices cannot be verified")
        header = raw.headers.get("stripe-signature", "")
        event = verified(raw.body, header, ctx.config.webhook_secret.get_secret_value())
        at = int(header.split("t=", 1)[1].split(",", 1)[0])
        if abs(ctx.now.timestamp() - at) > TOLERANCE:
            raise PluginError(ErrorKind.SIGNATURE, "the notice's time is more than five minutes from ours")
        batch_key = (event["data"]["object"].get("metadata") or {}).get("batch_key") if event["type"] in EVENTS else None
        return ClearingNotice(event["id"], batch_key) if batch_key else None


@contextmanager
def _client(ctx: Ctx[StripePayoutsConfig], requests: int = 1) -> Iterator[Client]:
    """A client whose `requests` together end by the deadline."""
    client = Client(ctx.config.secret_key.get_secret_value(), ctx.base_url, max(ctx.seconds / requests, 0.5))
    try:
        yield client
    finally:
        client.close()
