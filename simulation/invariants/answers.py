"""Answers: what the hub said yes to is there, and every page can be read."""

from collections.abc import Iterator
from random import Random
from typing import Any

from simulation.actors.sites.client_site import ClientSite
from simulation.actors.sites.pushed_site import PushedSite
from simulation.invariants.seen import Seen, seen_again


def acknowledged_is_there(seen: Seen) -> Iterator[str]:
    for order_id in seen.observed.orders:
        if order_id not in seen.orders:
            yield f"order {order_id} was acknowledged and is not there"


def the_same_key_gets_the_same_answer(seen: Seen) -> Iterator[str]:
    """A request sent again weeks later, its quote long stale, places nothing more and answers the order of then."""
    before = len(seen.orders)
    for placing in seen.observed.placings:
        reply = seen.people.ask(placing.shop.owner, "POST", f"{placing.shop.path}/orders", placing.body, placing.key)
        if reply.status != 201 or reply.body["id"] != placing.order_id:
            yield f"order {placing.order_id}, asked for again: {reply.status} {reply.body}"
    if len(seen_again(seen).orders) != before:
        yield "a request that was sent again placed one more order"


def people_can_answer(seen: Seen) -> Iterator[str]:
    yield from (f"somebody was asked {asked}" for asked in seen.observed.needless)


def every_view_answers(seen: Seen) -> Iterator[str]:
    """Every list and every thing of the setting's people: 200, whatever state it is in; of a storefront, if anything was ordered there."""
    at = {order.storefront_id for order in seen.orders.values()}
    for shop in (shop for shop in seen.setting.shops if shop.storefront_id in at):
        paths = [f"{shop.path}/orders", f"{shop.path}/payout-batches", "/v1/statement", "/v1/statement/balance"]
        for order in seen.orders.values():
            if order.storefront_id == shop.storefront_id:
                paths += [f"{shop.path}/orders/{order.id}", f"{shop.path}/orders/{order.id}/payments"]
        for path in paths:
            reply = seen.people.ask(shop.owner, "GET", path)
            if reply.status != 200:
                yield f"GET {path} → {reply.status} {reply.body}"
    for supplier in seen.setting.suppliers:
        for path in ("/v1/shipments", "/v1/products", "/v1/catalog/products", "/v1/statement/balance"):
            reply = seen.people.ask(supplier, "GET", path)
            if reply.status != 200:
                yield f"GET {path} → {reply.status} {reply.body}"


def sites_end_level(seen: Seen) -> Iterator[str]:
    """A client site that read now and then was told all in time, holds what one that begins now is told, and sells what is on sale."""
    on_sale = {offer_id: _as_sold(stock.in_stock, stock.floor < 0 and not stock.is_full) for offer_id in seen.on_sale
               if (stock := seen.stock[offer_id])}  # fmt: skip
    for site in seen.observed.sites:
        yield from site.missed
        if isinstance(site, PushedSite) and site.gone:
            continue
        fresh = ClientSite(seen.people, site.shop, Random(0))
        if not site.pushed:
            site.read()
        fresh.read()
        if site.sells != fresh.sells:
            differing = [one for one in site.sells.keys() | fresh.sells.keys() if site.sells.get(one) != fresh.sells.get(one)]
            yield f"the site of {site.shop.storefront_id} differs from its hub in {differing}"
        sold = {offer_id: left for product_id, product in site.sells.items() for offer_id, left in _offers(site, product_id, product)}
        if sold != on_sale:
            yield f"the site of {site.shop.storefront_id} sells {sold}, on sale are {on_sale}"


def _offers(site: ClientSite, product_id: str, product: dict[str, Any]) -> list[tuple[str, str]]:
    """What a product is sold as, and whether it is in stock, or may be ordered all the same."""
    if "variants" not in product:
        return [(site.held[product_id]["offer_id"], _as_sold(product["in_stock"], "backorder_days" in product))]
    return [(each["offer_id"], _as_sold(each["in_stock"], "backorder_days" in each)) for each in product["variants"]]


def _as_sold(in_stock: bool, beyond: bool) -> str:
    return "in stock" if in_stock else "on backorder" if beyond else "sold out"
