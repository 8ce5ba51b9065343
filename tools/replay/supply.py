"""The supplier of the replay: uploads the feed by the presigned way, and learns what became of its products."""

import urllib.request
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hubclient.people import Person
from tools.replay.calls import awaited
from tools.replay.progress import Progress


class FeedRefused(RuntimeError):
    """The hub cannot read the feed at all."""


@dataclass(frozen=True)
class Supply:
    """What became of the goods. `offers`: stock code → offer id of what is on sale; `unsold`: stock code → why it is not.

    `standings` say how many products stand where, those of earlier replays too.
    """

    standings: Counter[str]
    offers: dict[str, str]
    unsold: dict[str, str]


def supplied(supplier: Person, feed: bytes, skus: set[str]) -> dict[str, Any]:
    """Upload the feed, unless an earlier replay has: sent again it would be a new count of goods that are sold by now."""
    known = {product["sku"] for product in supplier.hub.all("/v1/products", limit=100)}
    if known >= skus:
        return {"read": len(skus), "unchanged": len(skus), "failed": {}}
    return uploaded(supplier, feed, len(skus))


def uploaded(supplier: Person, feed: bytes, rows: int) -> dict[str, Any]:
    """Upload the feed and wait until audit has decided on each of its `rows`; answers the feed's counts. Raises Stalled, FeedRefused."""
    opened = supplier.hub.post("/v1/feeds", {"format": "csv", "name": "online-retail.csv", "bytes": len(feed)})
    put(opened["upload"], feed)
    return _decided(supplier, f"/v1/feeds/{opened['feed_id']}", rows)


def supply_of(supplier: Person) -> Supply:
    """Where the supplier's products stand, once the catalog has those that are approved. Raises Stalled."""
    standings = supplier.hub.all("/v1/products", limit=100)
    approved = sum(1 for s in standings if s["status"] == "approved")
    on_sale = awaited(lambda: _on_sale(supplier), lambda found: len(found) >= approved, "approved products reach the catalog", pause=3)
    unsold = {s["sku"]: _standing(s) for s in standings if s["status"] != "approved"}
    return Supply(Counter(map(_standing, standings)), on_sale, unsold)


def put(upload: dict[str, Any], body: bytes) -> None:
    """PUT a file to where the hub wants it, with exactly the headers that it names. Raises HTTPError."""
    request = urllib.request.Request(upload["url"], body, upload["headers"], method=upload["method"])
    with urllib.request.urlopen(request, timeout=60):
        pass


def _decided(supplier: Person, path: str, rows: int) -> dict[str, Any]:
    with Progress("feed rows decided", rows) as progress:

        def look() -> dict[str, Any]:
            view: dict[str, Any] = supplier.hub.get(path)
            counts = view["rows"]
            open_rows = counts["waiting"] + counts["submitted"]
            told = f"{counts['submitted']:,} at audit, {counts['approved']:,} approved, {counts['held']:,} in review"
            progress.at(counts["read"] - open_rows, told)
            return view

        def enough(view: dict[str, Any]) -> bool:
            return view["state"] == "refused" or (view["state"] == "read" and not view["rows"]["waiting"] + view["rows"]["submitted"])

        view = awaited(look, enough, "the feed is decided")
    if view["state"] == "refused":
        raise FeedRefused(f"the hub refused the feed: {view['error']['code']}, {view['error']['detail']}")
    found: dict[str, Any] = view["rows"]
    return found


def _standing(product: dict[str, Any]) -> str:
    """Where a product stands with audit, and why."""
    words = {"held": "in review", "submitted": "not decided"}
    status: str = product["status"]
    return words.get(status, status) + (f": {product['code']}" if product.get("code") else "")


def _on_sale(supplier: Person) -> dict[str, str]:
    return {offer["sku"]: offer["offer_id"] for offer in supplier.hub.all("/v1/catalog/products", limit=100) if offer["state"] == "on_sale"}
