"""A client site in 30 lines of code: it sells what its storefront sells, begun from the change feed and kept level by signed webhooks."""

import json
import os
from urllib.request import Request, urlopen
from wsgiref.simple_server import make_server

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def apply(held, changes):
    for change in changes:  # of each product what has the greatest sequence wins; a removal's is kept, too
        if change["sequence"] > held.get(change["product_id"], {"sequence": ""})["sequence"]:
            held[change["product_id"]] = change


def site(request, start):
    if request["REQUEST_METHOD"] == "GET":
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({product: told["product"] for product, told in held.items() if told["type"] == "upsert"}).encode()]
    headers = {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in request.items()}
    try:
        body = request["wsgi.input"].read(int(request["CONTENT_LENGTH"]))
        apply(held, webhook.verify(body, headers)["data"].get("changes", []))
        start("204 No Content", [])
    except (WebhookVerificationError, ValueError):
        start("400 Bad Request", [])
    return []


if __name__ == "__main__":
    held, webhook = {}, Webhook(os.environ["WEBHOOK_SECRET"])
    cursor, more = "", True
    while more:
        page = Request(f"{os.environ['FEED']}?limit=100{cursor}", headers={"Authorization": f"Bearer {os.environ['KEY']}"})  # noqa: S310
        told = json.load(urlopen(page))  # noqa: S310
        apply(held, told["changes"])
        cursor, more = f"&cursor={told['next']}", told["more"]
    make_server("127.0.0.1", int(os.environ["PORT"]), site).serve_forever()
