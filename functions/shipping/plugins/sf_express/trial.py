"""SF Express, tried against a stand-in written from the open platform's documents."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

from functions.shipping.plugins.sf_express.standin import CHECKWORD, NOWHERE, PARTNER, SFExpress
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.standin import serving
from monsoon_plugin.testing import CourierTrial, Sent

SENDER: Mapping[str, Any] = {
    "name": "顺小丰", "lines": ["软件产业基地11栋"], "city": "深圳市", "region": "广东省", "postal_code": "518000", "country": "CN",
    "phone": "13480155048",
}  # fmt: skip
CHANGES = {"EXP_RECE_CREATE_ORDER", "EXP_RECE_UPDATE_ORDER"}


def start() -> Any:
    """The stand-in, serving."""
    return serving(SFExpress().answer)


def is_change(sent: Sent) -> bool:
    return parse_qs(sent.body.decode()).get("serviceCode", [""])[0] in CHANGES


def labels(address: str, key: str) -> int:
    with urlopen(f"{address}/labels/{key}") as answer:
        return int(json.load(answer)["labels"])


def scan(address: str, tracking_number: str) -> None:
    urlopen(Request(f"{address}/scans/{tracking_number}", method="POST")).close()


def notice(config: Mapping[str, Any], tracking_number: str, event_id: str, at: datetime) -> RawWebhook:
    """A route push, as JSON (open.sf-express.com, RoutePushService). Nobody signs it."""
    route = {"mailno": tracking_number, "orderid": "", "id": event_id, "opCode": "80", "remark": "delivered", "acceptTime": f"{at:%F %T}"}
    return RawWebhook(json.dumps({"Body": {"WaybillRoute": [route]}}).encode(), {})


TRIAL = CourierTrial(
    config={"partner_id": PARTNER, "checkword": CHECKWORD, "origin": SENDER, "monthly_card": "7551234567"},
    secrets=(CHECKWORD,),
    bad_config={"checkword": "wrong-checkword-0001"},
    standin="a stand-in of ours, from the open platform's documents",
    start=start,
    changes=is_change,
    country="CN",
    abroad="HK",
    currency="CNY",
    labels=labels,
    refused_address={"lines": [NOWHERE]},
    scan=scan,
    notice=notice,
    signed=lambda config, body, at: RawWebhook(body, {}),
)
