"""EasyPost, tried against a stand-in that answers in the shapes of EasyPost's recorded exchanges."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.request import Request, urlopen

from functions.shipping.plugins.easypost.standin import KEY, NOWHERE, EasyPost, delivered
from functions.shipping.plugins.easypost.translate import signature_of
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.standin import serving
from monsoon_plugin.testing import CourierTrial, Sent

SECRET = "kit-webhook-secret-0001"
SENDER: Mapping[str, Any] = {
    "name": "Jack Sparrow", "lines": ["388 Townsend St", "Apt 20"], "city": "San Francisco", "region": "CA", "postal_code": "94107",
    "country": "US", "phone": "+14155550100",
}  # fmt: skip


def start() -> Any:
    """The stand-in, serving."""
    return serving(EasyPost().answer)


def is_change(sent: Sent) -> bool:
    """A shipment that is made costs nothing until it is bought."""
    return sent.method == "POST" and sent.path.endswith(("/buy", "/refund", "/refunds"))


def labels(address: str, key: str) -> int:
    with urlopen(f"{address}/labels/{key}") as answer:
        return int(json.load(answer)["labels"])


def scan(address: str, tracking_number: str) -> None:
    urlopen(Request(f"{address}/scans/{tracking_number}", method="POST")).close()


def notice(config: Mapping[str, Any], tracking_number: str, event_id: str, at: datetime) -> RawWebhook:
    """An Event as EasyPost posts it (docs.easypost.com/guides/webhooks-guide)."""
    tracker = {"object": "Tracker", "tracking_code": tracking_number, "status": "delivered", "tracking_details": delivered(at)}
    event = {"id": event_id, "object": "Event", "description": "tracker.updated", "created_at": rfc3339(at), "result": tracker}
    body = json.dumps(event).encode()
    return signed(config, body, at)


def signed(config: Mapping[str, Any], body: bytes, at: datetime) -> RawWebhook:
    return RawWebhook(body, {"x-hmac-signature": signature_of(body, config["webhook_secret"])})


TRIAL = CourierTrial(
    config={"api_key": KEY, "webhook_secret": SECRET, "origin": SENDER},
    secrets=(KEY, SECRET),
    bad_config={"api_key": "EZTKwrong0000000000000000"},
    standin="a stand-in of ours in the shapes of EasyPost's recorded answers",
    start=start,
    changes=is_change,
    country="US",
    abroad="CA",
    currency="USD",
    labels=labels,
    refused_address={"lines": [NOWHERE]},
    overweight=40_000,
    scan=scan,
    notice=notice,
    signed=signed,
    other_notices={"webhook_secret": "another-secret-0001"},
    no_notices={"webhook_secret": None},
)
