"""What is asked of a hub before its upgrade and after: all that a merchant, a supplier, a site and an operator read of it."""

from typing import Any

from bench.upgrade.compared.picture import Picture
from bench.upgrade.open_orders import Market
from hubclient.hub import Hub


def taken(market: Market) -> Picture:
    """Every answer about what nothing on its way changes, by who asked for what."""
    found: dict[str, Any] = {}
    quiet = [one for one in market.opened if one.quiet]
    for one in quiet:
        for part in ("", "/payments", "/shipments", "/split"):
            look(found, one.name, one.shop.owner, f"{one.shop.path}/orders/{one.order_id}{part}")
        for parcel in one.shop.shipments(one.order_id):
            supplier = next(s for s in market.traders.suppliers if s.account_id == parcel["supplier_id"])
            look(found, one.name, supplier.hub, f"/v1/shipments/{parcel['id']}")
            _papers(found, one.name, supplier.hub, f"/v1/shipments/{parcel['id']}/documents")
    for listing in market.quiet_listings:
        _product(found, market, listing["product_id"])
    for shop in market.shops:
        path = f"{shop.path}/listings"
        cards = {card["product_id"]: card for card in shop.site.all(path, limit=100)}
        found |= {f"card {path} {one['product_id']}": cards.get(one["product_id"]) for one in market.quiet_listings}
        for kind in ("payment", "courier"):
            look(found, "owner", shop.owner, f"{shop.path}/{kind}-installations")
    for path in ("/v1/storefronts", "/v1/keys", "/v1/account"):
        look(found, "owner", market.traders.owner.hub, path)
    return found


def _product(found: dict[str, Any], market: Market, product_id: str) -> None:
    for supplier in market.traders.suppliers:
        look(found, supplier.email, supplier.hub, f"/v1/products/{product_id}")
    look(found, "operator", market.traders.operator.hub, f"/v1/catalog/products/{product_id}")
    for shop in market.shops:
        look(found, "site", shop.site, f"{shop.path}/listings/{product_id}")


def _papers(found: dict[str, Any], who: str, hub: Hub, path: str) -> None:
    """What is to be printed, byte for byte."""
    for number, paper in enumerate(hub.get(path)["items"]):
        found[f"{who}: {path} {number}"] = hub.send("GET", paper["link"]).body


def look(found: dict[str, Any], who: str, hub: Hub, path: str) -> None:
    reply = hub.send("GET", path)
    found[f"{who}: {path}"] = {"status": reply.status, "body": reply.body}


def stock(market: Market) -> dict[str, int]:
    """Offer → units that may still be sold."""
    hubs = [supplier.hub for supplier in market.traders.suppliers]
    replies = {offer: [hub.send("GET", f"/v1/offers/{offer}/stock") for hub in hubs] for offer in market.offers}
    return {offer: next(r.body["quantity"] for r in answered if r.status == 200) for offer, answered in replies.items()}


def held(market: Market) -> dict[str, int]:
    """Offer → units that orders hold: ordered, and neither taken back nor cancelled."""
    units: dict[str, int] = {}
    for shop in market.shops:
        for order in shop.owner.all(f"{shop.path}/orders", limit=100):
            for line in order["lines"] if order["state"] != "cancelled" else []:
                units[line["offer_id"]] = units.get(line["offer_id"], 0) + line["quantity"] - line["withdrawn"]
    return units


def unbalanced(hub: Hub) -> dict[str, int]:
    """Currency → what the day's books of the whole hub are out by, where they are."""
    return {item["currency"]: item["difference"] for item in hub.get("/v1/trial-balance")["items"] if item["difference"]}


def followed(site: Hub, cursor: str | None) -> list[dict[str, Any]]:
    """The feed's changes after `cursor`, to its end."""
    changes: list[dict[str, Any]] = []
    while True:
        page = site.get("/v1/feed", cursor=cursor, limit=100)
        changes, cursor = changes + page["changes"], page["next"]
        if not page["more"]:
            return changes
