"""A supplier's feed: a file with all its products and what was counted of each, put where the hub says, and read when it has arrived."""

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from random import Random
from typing import Any

from monsoon_plugin.clock import rfc3339
from shared.api.caller import Caller
from simulation.actors.observed import CompleteFeed, Moved, Observed, Span
from simulation.actors.people import People
from simulation.actors.setting import Goods, Setting

COLUMNS = (
    "sku", "title_en", "title_zh", "category", "price", "currency", "stock", "weight_g", "length_mm", "width_mm", "height_mm", "hs_code",
    "origin", "gtin", "stock_mode", "backorder_units", "backorder_days",
)  # fmt: skip
MOMENT = timedelta(milliseconds=1)
"""The bucket tells the time of an arrival no closer."""


@dataclass(kw_only=True)
class Feeds:
    """`put(key, body)` puts a file into the bucket, `tell(notice)` says so to the hub, sooner or later, and once or twice."""

    people: People
    setting: Setting
    observed: Observed
    random: Random
    put: Callable[[str, bytes], None]
    tell: Callable[[str], None]

    def send(self, who: Caller) -> None:
        counts = [
            (g, max(0, g.body["stock"] + self.random.choice((-1, 0, 2)))) for g in self.setting.goods if g.supplier == who and not g.variant
        ]
        self._send(who, counts, {})

    def send_complete(self, who: Caller, leaves_out: str) -> None:
        """Say that a file is all that there is: of the products with one offer each but one, by its id, and nothing with variants."""
        mine = [goods for goods in self.setting.goods if goods.supplier == who]
        counts = [(goods, goods.body["stock"]) for goods in mine if not goods.variant and goods.product_id != leaves_out]
        if sent := self._send(who, counts, {"complete": True}):
            lacks = frozenset(goods.product_id for goods in mine) - {goods.product_id for goods, _ in counts}
            self.observed.complete.append(CompleteFeed(who, *sent, lacks))

    def _send(self, who: Caller, counts: list[tuple[Goods, int]], how: dict[str, Any]) -> tuple[str, datetime] | None:
        """The feed's id, and when its file arrived."""
        body = feed(counts)
        opened = self.people.ask(who, "POST", "/v1/feeds", {"format": "csv", "name": "stock.csv", "bytes": len(body), **how})
        if opened.status != 201:
            return None
        feed_id, arrived = opened.body["feed_id"], self.people.now()
        key = f"feeds/{who.account_id}/{feed_id}.csv"
        self.put(key, body)
        self.tell(json.dumps({"Records": [{"eventTime": rfc3339(arrived), "s3": {"object": {"key": key}}}]}))
        self.observed.feeds.append((who, feed_id))
        span = Span(arrived - MOMENT, arrived)
        self.observed.counted += [Moved(goods.offer_id, number, span, feed_id=feed_id) for goods, number in counts]
        return feed_id, arrived


def feed(counts: list[tuple[Goods, int]]) -> bytes:
    """The file: each product as it was sent before, with another number."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for goods, number in counts:
        said, size = goods.body, goods.body["size"]
        price = f"{said['price']['amount'] / 100:.2f}"
        rows.writerow(
            [said["sku"], said["texts"]["en"]["title"], said["texts"]["zh"]["title"], said["category"], price, said["price"]["currency"],
             number, said["weight"], size["length"], size["width"], size["height"], said["hs_code"], said["origin"], said.get("gtin", ""),
             *(goods.body.get("stock_mode", {}).get(name, "") for name in ("mode", "units", "days"))]
        )  # fmt: skip
    return text.getvalue().encode()


def bucket() -> str:
    """Where feeds are put."""
    return os.environ["FEED_BUCKET"]
