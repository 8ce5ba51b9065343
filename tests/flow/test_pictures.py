"""A supplier's picture, from its presigned PUT to where anybody sees it."""

import hashlib
import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from PIL import Image

from functions.pictures.fetching.address_client import SECONDS
from functions.pictures.fetching.fetch_job import PAUSES
from hubclient.hub import Hub
from tests.flow.market import CASH, PICKUP, TABLE_RATE, Market, eventually, product
from tests.flow.test_feeds import COLUMNS, file, row
from tests.flow.test_feeds import sent as read_feed

pytestmark = pytest.mark.xdist_group("hub")
SETTLED = ("shown", "broken")


def photo() -> bytes:
    return jpeg_of(Image.radial_gradient("L").resize((900, 600)))


def jpeg_of(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def content_of(told: dict[str, Any]) -> str:
    return str(told["shown"]["jpeg"].split("/")[-2])


def asked(method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """What an address answers, to somebody who is nobody."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def opened(hub: Hub, data: bytes) -> dict[str, Any]:
    told = {"content_type": "image/jpeg", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    made: dict[str, Any] = hub.post("/v1/pictures", told)
    return made


def sent(hub: Hub, data: bytes) -> dict[str, Any]:
    """The whole way: what its supplier is shown once it was read."""
    made = opened(hub, data)
    path = f"/v1/pictures/{made['picture_id']}"
    assert hub.get(path)["state"] == "missing"
    assert asked("PUT", made["upload"]["url"], data, made["upload"]["headers"])[0] == 200
    found: dict[str, Any] = eventually(lambda: (told := hub.get(path))["state"] in SETTLED and told)
    return found


def test_a_picture_is_read_and_served_to_anybody_with_what_caches_may_do(market: Market):
    shown = sent(market.supplier.hub, photo())["shown"]
    assert (shown["width"], shown["height"], [each["width"] for each in shown["sizes"]]) == (900, 600, [320, 640, 900])
    status, headers, body = asked("GET", shown["sizes"][1]["url"])
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "image/webp", "public, max-age=300, s-maxage=31536000")
    assert (headers["x-content-type-options"], headers["access-control-allow-origin"]) == ("nosniff", "*")
    assert Image.open(io.BytesIO(body)).size == (640, 427)
    assert asked("GET", shown["jpeg"])[1]["content-type"] == "image/jpeg"
    assert asked("GET", shown["jpeg"].replace("1280.jpg", "9999.jpg"))[0] == 403


def test_the_same_bytes_of_two_suppliers_are_served_from_one_address(market: Market):
    data = photo() + b"mine"
    ours, theirs = (sent(one.hub, data) for one in (market.supplier, market.merchant("supplier")))
    assert ours["picture_id"] != theirs["picture_id"]
    assert ours["shown"] == theirs["shown"]


def test_other_bytes_than_were_announced_are_not_taken_and_what_is_no_picture_is_told_by_name(market: Market):
    page = b"<!DOCTYPE html><script>alert(1)</script>"
    made = opened(market.supplier.hub, page)
    longer = made["upload"]["headers"] | {"content-length": str(len(page) + 1)}
    assert asked("PUT", made["upload"]["url"], page + b"x", longer)[0] == 403
    broken = sent(market.supplier.hub, page + b"!")["broken"]
    assert (broken["code"], "HTML" in broken["detail"]) == ("wrong-type", True)


THREE_TRIES = 3 * SECONDS + sum((pause.total_seconds() for pause in PAUSES[:2]), 60.0)
"""Seconds: on a machine that is busy with others an address may give no answer twice, and be asked again as it is meant to be."""


def settled_picture(hub: Hub, picture_id: str) -> dict[str, Any]:
    """What became of what lies at an address, once that is known."""
    path = f"/v1/pictures/{picture_id}"
    found: dict[str, Any] = eventually(
        lambda: (r := hub.send("GET", path)).status == 200 and r.body["state"] in SETTLED and r.body, THREE_TRIES
    )
    return found


@contextmanager
def shop(files: dict[str, bytes | int]) -> Iterator[str]:
    """A supplier's own server, on this machine; answers its address. A number is the status that a path answers once; then it is gone."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = files.get(self.path, 404)
            if isinstance(found, int):
                files.pop(self.path, None)
            status, body = (found, b"") if isinstance(found, int) else (200, found)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_pictures_at_addresses_are_fetched_for_a_request_and_for_a_feeds_row_and_what_is_not_there_is_named(market: Market):
    hub = market.supplier.hub
    with shop({"/a.jpg": photo() + b"address", "/b.jpg": photo() + b"other"}) as at:
        made = hub.post("/v1/pictures", {"url": f"{at}/a.jpg"})
        found = settled_picture(hub, made["picture_id"])
        assert (found["state"], found["url"], found["shown"]["width"]) == ("shown", f"{at}/a.jpg", 900)
        urls = [f"{at}/{name}.jpg" for name in "abc"]
        table = file(f"{row('BY-ADDRESS')},{'|'.join(urls)}", columns=f"{COLUMNS},picture_urls")
        report = read_feed(hub, table.encode())
        (told,) = report.rows
        named = hub.get(f"/v1/products/{told['product_id']}")["product"]["pictures"]
        assert named[0] == made["picture_id"], "it is one picture, by whichever way it is named"
        settled = [settled_picture(hub, each) for each in named]
    assert [(each["url"], each["state"]) for each in settled] == list(zip(urls, ["shown", "shown", "broken"], strict=True))
    assert (settled[2]["broken"]["code"], "404" in settled[2]["broken"]["detail"]) == ("not-served", True)
    path = f"/v1/feeds/{report.feed['feed_id']}/rows"
    rows = eventually(lambda: (found := hub.get(path)["items"]) and all(p["state"] in SETTLED for p in found[0]["pictures"]) and found)
    assert [(each["url"], each["state"]) for each in rows[0]["pictures"]] == list(zip(urls, ["shown", "shown", "broken"], strict=True))
    assert rows[0]["pictures"][2]["detail"] == settled[2]["broken"]["detail"]


def test_an_address_that_cannot_answer_now_is_asked_later(market: Market):
    hub, files = market.supplier.hub, dict[str, bytes | int]({"/later.jpg": 503})
    with shop(files) as at:
        made = hub.post("/v1/pictures", {"url": f"{at}/later.jpg"})
        eventually(lambda: "/later.jpg" not in files)
        assert hub.get(f"/v1/pictures/{made['picture_id']}")["state"] not in SETTLED


def test_what_is_taken_down_for_good_is_served_no_more(market: Market):
    mine = sent(market.supplier.hub, photo() + b"not theirs")
    address = mine["shown"]["jpeg"]
    path = f"/v1/commons/pictures/{address.split('/')[-2]}/notices"
    body = {"ground": "copyright", "name": "Ada Lens", "statement": "I took this photograph in 2025.", "good_faith": True}
    notice = market.merchant("storefront").hub.post(path, body)
    eventually(lambda: asked("GET", address)[0] == 403, 60)
    decided = market.operator.hub.put(f"{path}/{notice['notice_id']}/decision", {"upheld": True, "reason": "it is hers"})
    assert decided["state"] == "upheld"
    assert asked("GET", address)[0] == 403


def test_the_same_bytes_of_two_suppliers_are_hidden_within_a_minute_of_a_notice_and_come_back_by_a_decision(market: Market):
    data, other = photo() + b"disputed", market.merchant("supplier")
    mine, theirs = sent(market.supplier.hub, data), sent(other.hub, data)
    address = mine["shown"]["jpeg"]
    path = f"/v1/commons/pictures/{address.split('/')[-2]}/notices"
    body = {"ground": "copyright", "name": "Ada Lens", "statement": "I took this photograph in 2024.", "good_faith": True}
    began = time.monotonic()
    notice = market.merchant("storefront").hub.post(path, body)
    eventually(lambda: asked("GET", address)[0] == 403, 60)
    for hub, picture in ((market.supplier.hub, mine), (other.hub, theirs)):
        eventually(lambda hub=hub, picture=picture: hub.get(f"/v1/pictures/{picture['picture_id']}")["state"] == "hidden", 60)
    assert time.monotonic() - began < 60
    other.hub.post(f"/v1/pictures/{theirs['picture_id']}/counter-notices", {"statement": "We took it ourselves, in our shop."})
    decided = market.operator.hub.put(f"{path}/{notice['notice_id']}/decision", {"upheld": False, "reason": "theirs is older"})
    assert decided["state"] == "rejected"
    eventually(lambda: asked("GET", address)[0] == 200, 60)
    eventually(lambda: market.supplier.hub.get(f"/v1/pictures/{mine['picture_id']}")["state"] == "shown", 60)


def test_a_picture_of_the_commons_is_taken_for_a_product_and_shown(market: Market):
    hub, other = market.supplier.hub, market.merchant("supplier")
    mine = sent(hub, photo() + b"common")
    shows = {"title": "Radial bowl", "gtin": "4006381333931"}
    given = hub.put(f"/v1/pictures/{mine['picture_id']}/licence", {"licence": "sellers", "shows": shows})
    (found,) = other.hub.get("/v1/commons/pictures", gtin="4006381333931")["items"]
    assert (found["content_id"], found["picture"]) == (given["content_id"], mine["shown"])
    taken = other.hub.post(f"/v1/commons/pictures/{found['content_id']}/uses", {"sku": "B-1", "shows": {"gtin": "4006381333931"}})
    assert other.hub.get(f"/v1/pictures/{taken['picture_id']}")["shown"] == mine["shown"]
    assert hub.get("/v1/commons/contributions")["items"][0]["uses"] == 1


def test_what_is_sold_with_a_picture_of_the_commons_is_counted_to_who_gave_it(market: Market):
    giver, seller = market.merchant("supplier").hub, market.supplier.hub
    mine = sent(giver, photo() + b"thanked")
    shows = {"title": "Thanked bowl"}
    giver.put(f"/v1/pictures/{mine['picture_id']}/licence", {"licence": "public-domain", "shows": shows})
    sku = f"THANKS-{uuid.uuid4().hex[:8]}"
    taken = seller.post(f"/v1/commons/pictures/{content_of(mine)}/uses", {"sku": sku})
    product_id = market.publish(sku=sku, pictures=[taken["picture_id"]])
    shop = market.shop([CASH], [PICKUP])
    order = market.order(shop, market.offer(shop, product_id)["offer_id"], quantity=2)
    market.pay(shop, order)
    market.order_is(shop, order["id"], "accepted")
    market.hand_over(shop, order["id"])
    market.order_is(shop, order["id"], "paid")
    counted = eventually(lambda: (found := giver.get("/v1/commons/contributions")["items"][0])["sold"] and found)
    assert (counted["uses"], counted["sold"]) == (1, 2)


def test_a_picture_made_anew_is_a_hint_for_auditors_beside_the_product_that_shows_it(market: Market):
    spots = Image.effect_noise((60, 40), 90).resize((600, 400))
    ours, theirs = sent(market.supplier.hub, jpeg_of(spots)), sent(market.merchant("supplier").hub, jpeg_of(spots.resize((450, 300))))
    auditor = market.operator.hub
    hint = eventually(lambda: {each["picture_id"]: each for each in auditor.all("/v1/picture-likenesses")}.get(theirs["picture_id"]))
    (other,) = (each for each in hint["others"] if each["picture_id"] == ours["picture_id"])
    assert (other["picture"], other["distance"] <= 5) == (ours["shown"], True)
    said = {"supplier_id": hint["supplier_id"], "version": hint["version"], "same": True, "reason": "the same spots"}
    assert auditor.put(f"/v1/picture-likenesses/{theirs['picture_id']}", said)["word"]["same"]


def test_a_product_names_its_pictures_that_are_missing_broken_or_shown_and_waits_for_its_first(market: Market):
    hub = market.supplier.hub
    missing, broken = opened(hub, photo() + b"never")["picture_id"], sent(hub, b"<!DOCTYPE html>" + b"x" * 99)["picture_id"]
    content = product(pictures=[missing, broken], requires_picture=True)
    product_id = hub.post("/v1/products", content)["product_id"]
    path = f"/v1/catalog/products/{product_id}"
    waiting = eventually(lambda: (r := hub.send("GET", path)).status == 200 and r.body)
    assert waiting["state"] == "awaiting_picture"
    assert [(each["picture_id"], each["state"]) for each in waiting["pictures"]] == [(missing, "missing"), (broken, "broken")]
    made, data = opened(hub, photo() + b"late"), photo() + b"late"
    hub.put(f"/v1/products/{product_id}", content | {"pictures": [missing, broken, made["picture_id"]]})
    eventually(lambda: len(hub.get(path)["pictures"]) == 3)
    assert asked("PUT", made["upload"]["url"], data, made["upload"]["headers"])[0] == 200
    assert eventually(lambda: (found := hub.get(path))["state"] == "on_sale" and found)["pictures"][2]["state"] == "shown"


def test_a_picture_goes_from_its_put_to_a_listings_addresses_which_anybody_fetches_and_to_a_client_sites_feed(market: Market):
    hub, data = market.supplier.hub, photo() + b"listed"
    broken = sent(hub, b"<!DOCTYPE html>" + b"y" * 99)["picture_id"]
    made = opened(hub, data)
    shop = market.shop([CASH], [TABLE_RATE])
    product_id = market.publish(pictures=[broken, made["picture_id"]], alt_texts={made["picture_id"]: {"en": "A bowl, from above"}})
    path = f"{shop.path}/listings/{product_id}"
    assert market.offer(shop, product_id)["placeholder"], "on sale, and its pictures are not there"
    assert asked("PUT", made["upload"]["url"], data, made["upload"]["headers"])[0] == 200
    listing = eventually(lambda: (found := shop.site.get(path)).get("image") and found)
    image = listing["image"]
    assert (image["picture_id"], image["alt"], listing.get("placeholder")) == (made["picture_id"], "A bowl, from above", None)
    for size in image["sizes"]:
        status, headers, body = asked("GET", size["url"])
        assert (status, headers["content-type"], Image.open(io.BytesIO(body)).size) == (200, "image/webp", (size["width"], size["height"]))
    told = eventually(lambda: (found := _in_feed(shop.site, product_id)) and found.get("shown") and found)
    assert [each["picture_id"] for each in told["shown"]] == [made["picture_id"]]
    assert told["shown"][0]["srcset"] == ", ".join(f"{size['url']} {size['width']}w" for size in image["sizes"])
    assert [each["state"] for each in hub.get(f"/v1/catalog/products/{product_id}")["pictures"]] == ["broken", "shown"]


def _in_feed(site: Hub, product_id: str) -> dict[str, Any] | None:
    """The product as the whole feed tells it; None while it does not."""
    found, cursor = None, ""
    while page := site.get(f"/v1/feed?limit=100{cursor}"):
        found = next((each.get("product") for each in page["changes"] if each["product_id"] == product_id), found)
        if not page["more"]:
            return found
        cursor = f"&cursor={quote(page['next'])}"
    return found
