"""Stripe, tried against localstripe, which nobody here wrote."""

import hashlib
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from functions.payments.plugins.stripe.sessions import Place
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import About, PaymentTrial

SECRET_KEY, WEBHOOK_SECRET = "sk_test_51kitsecret", "whsec_kitsecret"
IGNORES_KEYS = "localstripe ignores Idempotency-Key: it does a repeated request twice"


@contextmanager
def start() -> Iterator[str]:
    """localstripe on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "functions.payments.plugins.stripe.standin", "--port", str(port)])
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(5)


def _await(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("localstripe does not start")


def _intents(address: str) -> list[dict[str, Any]]:
    request = Request(f"{address}/v1/payment_intents?limit=100", headers={"Authorization": f"Bearer {SECRET_KEY}"})
    with urlopen(request) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]
    return found


def charges(address: str, payment_id: str) -> int:
    """The intents of ours that took money, or hold it."""
    taken = ("succeeded", "requires_capture")
    return sum(i["status"] in taken for i in _intents(address) if (i["metadata"] or {}).get("payment_id") == payment_id)


def console_refund(address: str, about: About, amount: int) -> None:
    """As the Dashboard does: without our metadata."""
    body = urlencode({"payment_intent": Place.parse(about.provider_ref).intent, "amount": amount}).encode()
    urlopen(Request(f"{address}/v1/refunds", body, {"Authorization": f"Bearer {SECRET_KEY}"})).close()


def notice(about: About) -> RawWebhook:
    metadata = {"payment_id": about.payment_id, "order_id": about.order_id}
    intent = {"id": about.provider_ref, "object": "payment_intent", "metadata": metadata, "amount": about.amount.amount}
    body = json.dumps({"id": about.event_id, "object": "event", "type": "payment_intent.succeeded", "data": {"object": intent}})
    return signed(about.config, body.encode(), about.at)


def signed(config: Mapping[str, Any], body: bytes, at: datetime) -> RawWebhook:
    """Signed as docs.stripe.com/webhooks, "Verify webhook signatures manually", says."""
    time = int(at.timestamp())
    signature = hmac.new(config["webhook_secret"].encode(), b"%d." % time + body, hashlib.sha256).hexdigest()
    return RawWebhook(body, {"stripe-signature": f"t={time},v1={signature}"})


TRIAL = PaymentTrial(
    config={
        "secret_key": SECRET_KEY, "webhook_secret": WEBHOOK_SECRET, "publishable_key": "pk_test_kit", "currencies": ["EUR", "JPY", "USD"],
    },
    secrets=(SECRET_KEY, WEBHOOK_SECRET),
    standin="localstripe 1.15.10 (PyPI)",
    start=start,
    data={"payment_method": "pm_card_visa"},
    return_url=None,
    declined={"payment_method": "pm_card_chargeCustomerFail"},
    confirmation={"payment_method": "pm_card_visa"},
    manual={"capture": "manual"},
    charges=charges,
    notice=notice,
    signed=signed,
    console_refund=console_refund,
    no_notices={"webhook_secret": None},
    gaps={
        "test_one_start_is_at_most_one_charge_under[doubled]": IGNORES_KEYS,
        "test_one_refund_pays_once_under[doubled]": IGNORES_KEYS,
    },
)  # fmt: skip
