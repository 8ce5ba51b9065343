"""Stripe Connect transfers, tried against a stand-in that we wrote from Stripe's documentation: localstripe knows none."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from functions.settlement.plugins.stripe_payouts.standin import KEY, Transfers, serving_transfers
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import ClearingTrial

SECRET = "whsec_conformance"
HELD = Transfers()


def start() -> AbstractContextManager[str]:
    return serving_transfers(HELD)


def transfers(address: str, payout_id: str) -> int:
    return sum(made["metadata"].get("payout_id") == payout_id for made in HELD.made)


def notice(config: Mapping[str, Any], batch_key: str, event_id: str, at: datetime) -> RawWebhook:
    """Signed as docs.stripe.com/webhooks, "Verify webhook signatures manually", says."""
    told = {"object": "transfer", "id": "tr_1", "currency": "EUR", "metadata": {"batch_key": batch_key}}
    body = json.dumps({"id": event_id, "object": "event", "type": "transfer.reversed", "data": {"object": told}}).encode()
    return signed(config, body, at)


def signed(config: Mapping[str, Any], body: bytes, at: datetime) -> RawWebhook:
    """Signed as docs.stripe.com/webhooks, "Verify webhook signatures manually", says."""
    time = int(at.timestamp())
    signature = hmac.new(config["webhook_secret"].encode(), b"%d." % time + body, hashlib.sha256).hexdigest()
    return RawWebhook(body, {"stripe-signature": f"t={time},v1={signature}"})


TRIAL = ClearingTrial(
    config={"secret_key": KEY, "webhook_secret": SECRET, "currencies": ["EUR", "JPY", "KWD"]},
    secrets=(KEY, SECRET),
    bad_config={"secret_key": "sk_test_wrongwrong"},
    standin="transfers as Stripe documents them, kept in memory; localstripe knows none",
    start=start,
    payees=({"name": "A", "provider_account": "acct_first"}, {"name": "B", "provider_account": "acct_second"}),
    transfers=transfers,
    notice=notice,
    signed=signed,
)
