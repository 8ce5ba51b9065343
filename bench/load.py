"""The running stack under load: orders/s, list pages/s, and products/s from a feed's PUT until the last is listed."""

import csv
import http.client
import io
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.clients import Pace, crew, paced
from bench.fair import LOOK_S, PATIENCE, Fair
from bench.report import Say
from bench.scenarios import product
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack

CLIENTS = (1, 8)
WARM_UP = 5.0
WARM_UP_ROWS = 100
ROWS = 2000
SLOWEST = 20.0
"""Rows a second, beneath which nobody waits for a feed."""


def _csv(rows: int) -> bytes:
    out = io.StringIO()
    heads = ["sku", "title_en", "description_en", "title_zh", "category", "price", "currency", "stock", "weight_g", "length_mm", "width_mm",
             "height_mm", "hs_code", "origin"]  # fmt: skip
    writer = csv.writer(out)
    writer.writerow(heads)
    for number in range(rows):
        p = product(number + 1)
        texts, price, size = p["texts"], p["price"], p["size"]
        writer.writerow([f"{p['sku']}-{number}", texts["en"]["title"], texts["en"]["description"], texts["zh"]["title"], p["category"],
                         f"{price['amount'] / 100:.2f}", price["currency"], p["stock"], p["weight"], *size.values(), p["hs_code"],
                         p["origin"]])  # fmt: skip
    return out.getvalue().encode()


def feed(fair: Fair, rows: int, say: Say = lambda told: None) -> dict[str, float]:
    """Put a feed of `rows` new products; seconds from its PUT until the last is approved, and until the last is listed. `say` hears of
    each tenth that is approved."""
    body, before = _csv(rows), len(fair.listings)
    opened = fair.supplier.hub.post("/v1/feeds", {"format": "csv", "name": "bench.csv", "bytes": len(body)})
    started = time.monotonic()
    patience, tenths = started + PATIENCE + rows / SLOWEST, 0
    _put(opened["upload"], body)
    while (view := fair.supplier.hub.get(f"/v1/feeds/{opened['feed_id']}"))["rows"]["approved"] < rows:
        told = view["rows"]
        if view["state"] == "refused" or told["failed"] or told["refused"] or told["held"] or time.monotonic() > patience:
            raise RuntimeError(f"not every row was approved: {view}")
        if (reached := 10 * told["approved"] // rows) > tenths:
            tenths = reached
            say(f"{told['approved']} of {rows} rows approved after {time.monotonic() - started:.0f} s")
        time.sleep(LOOK_S)
    approved = time.monotonic() - started
    fair.wait_until_listed(before + rows, patience - time.monotonic())
    listed = time.monotonic() - started
    fair.listings = fair.listed(before + rows)
    return {"rows": rows, "approved_s": round(approved, 1), "listed_s": round(listed, 1)}


def _put(upload: dict[str, Any], body: bytes) -> None:
    """PUT to the presigned place. Raises RuntimeError if it is not taken."""
    place = urlsplit(upload["url"])
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("PUT", f"{place.path}?{place.query}", body, upload["headers"])
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the feed was not taken: {answer.status} {answer.read().decode(errors='replace')[:300]}")
    connection.close()


def load(folder: Path, seconds: float, rows: int, say: Say) -> dict[str, Any]:
    """List pages/s and orders/s with each number of clients, products/s of one feed; latencies in ms."""
    found: dict[str, Any] = {"pages": {}, "orders": {}}
    with Stack(free_port(), free_port(), folder, say=say) as stack:
        load_reference(stack)
        fair = Fair(stack.people(), stack.api)
        with crew() as pool:
            for kind, asks in (("pages", fair.pages), ("orders", fair.orders)):
                paced(pool, asks(max(CLIENTS)), WARM_UP)
                for clients in CLIENTS:
                    pace = paced(pool, asks(clients), seconds)
                    say(f"{kind}, {clients} client(s): {told(pace)}")
                    found[kind][str(clients)] = asdict(pace)
                    stack.quiet(60)
        say(f"warming up with a feed: {feed(fair, WARM_UP_ROWS)}")
        found["feed"] = feed(fair, rows)
        found["feed"]["per_second"] = round(rows / found["feed"]["listed_s"], 1)
        found["dead_letters"] = stack.queues.dead_letters()
    return found


def told(pace: Pace) -> str:
    return f"{pace.per_second}/s, p50 {pace.p50} ms, p95 {pace.p95} ms, {pace.failed} failed"
