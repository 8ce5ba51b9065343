"""What the trials of the four carriers behind Karrio have in common."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.request import Request, urlopen

from functions.shipping.plugins.karrio.standin import NOWHERE, SECRET, SENDER, Standin
from monsoon_plugin.standin import serving
from monsoon_plugin.testing import CourierTrial, Sent

BUYS = ("/api/shipments/", "/ship/v1/shipments", "/labels/v3/label", "/mydhlapi/test/shipments")
"""Where labels are bought and given back; all else that is posted is a question."""


def trial(standin: type[Standin], secret: str, config: Mapping[str, Any], **more: Any) -> CourierTrial:
    """`secret`: the name of the config's secret field."""
    return CourierTrial(
        config={**config, secret: SECRET, "origin": SENDER},
        secrets=(SECRET,),
        bad_config={secret: "another-secret-0001"},
        standin="a stand-in of ours, from the carrier's published documentation",
        start=lambda: serving(standin().answer),
        changes=is_change,
        country="US",
        currency="USD",
        scan=scan,
        **more,
    )


def labels(address: str, key: str) -> int:
    with urlopen(f"{address}/labels/{key}") as answer:
        return int(json.load(answer)["labels"])


def is_change(sent: Sent) -> bool:
    return not sent.reads and sent.path.startswith(BUYS)


def scan(address: str, tracking_number: str) -> None:
    urlopen(Request(f"{address}/scans/{tracking_number}", method="POST")).close()


REFUSED = {"lines": [NOWHERE]}
DOUBLED = {
    "test_one_purchase_is_one_label_under[doubled]": "the carrier documents no idempotency key: what the network doubles is sold twice",
}
