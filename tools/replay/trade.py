"""One order's way through the hub: quoted, placed, paid, shipped; and refunded."""

import time
from dataclasses import dataclass
from typing import Any

from hubclient.people import Person
from tools.replay.calls import Declined, sent
from tools.replay.retailer.returns import Return
from tools.replay.retailer.sales_file import Part
from tools.replay.shops import PICKUP, Shop, shop_of

PLAN_SECONDS = 60
"""An order that is paid or accepted has its shipments within this time."""


@dataclass(frozen=True)
class Placed:
    """An order that stands, of the lines of `part` that are on sale."""

    part: Part
    shop: Shop
    order: dict[str, Any]


@dataclass(frozen=True)
class Trade:
    """The words of the trade. `offers`: stock code → offer id."""

    shops: dict[str, Shop]
    supplier: Person
    offers: dict[str, str]

    def placed(self, part: Part) -> Placed:
        """The order that `part` becomes, paid or promised; the same one however often it is placed. Raises Declined."""
        shop = self.shops[shop_of(part)]
        lines = [{"offer_id": self.offers[code], "quantity": units} for code, units in part.units.items()]
        address = _address(part)
        quotes = f"/v1/storefronts/{shop.storefront_id}/shipping-quotes"
        rates = sent(shop.site, "POST", quotes, {"lines": lines, "address": address, "currency": "GBP"})["items"]
        if not rates:
            raise Declined("no courier takes it (too heavy, or too far)")
        body = {"lines": lines, "buyer": {"type": "consumer"}, "address": address, "shipping_ticket": rates[0]["ticket"]}
        order = sent(shop.site, "POST", shop.orders, body, part.key)
        if order.get("payment_ticket"):
            self._pay(shop, order)
        elif order["state"] not in ("accepted", "paid"):
            raise Declined(f"order is {order['state']} ({order['reason'] or 'unpaid'})")
        return Placed(part, shop, order)

    def _pay(self, shop: Shop, order: dict[str, Any]) -> None:
        """Raises Declined unless the money is there or promised."""
        data = {"data": shop.plan.data} if shop.plan.data else {}
        path = f"{shop.orders}/{order['id']}/payments"
        payment = sent(shop.site, "POST", path, {"ticket": order["payment_ticket"]} | data, f"retail-{order['id']}")
        if payment["state"] not in ("authorized", "captured"):
            error = payment.get("error") or {}
            raise Declined(f"payment {payment['state']}: {error.get('kind', 'no reason told')}")

    def shipped(self, placed: Placed) -> None:
        """Bring each of the order's parcels to its shopper, unless it is there. Raises Declined."""
        for shipment in self._shipments(placed):
            if shipment["state"] == "delivered":
                continue
            if placed.shop.plan is PICKUP:
                path = f"{placed.shop.orders}/{placed.order['id']}/shipments/{shipment['id']}/events"
                reports = [{"state": "ready_for_pickup"}, {"state": "delivered", "pickup_code": shipment["pickup_code"]}]
                by = placed.shop.owner
            else:
                path, by = f"/v1/shipments/{shipment['id']}/events", self.supplier
                reports = [{"state": "dispatched", "tracking_number": f"RT{placed.part.invoice.number}GB"}, {"state": "delivered"}]
            for report in reports:
                sent(by.hub, "POST", path, report, f"retail-{shipment['id']}-{report['state']}")

    def _shipments(self, placed: Placed) -> list[dict[str, Any]]:
        """The order's shipments, once the news of its payment has reached shipping. Raises Declined."""
        path, until = f"{placed.shop.orders}/{placed.order['id']}/shipments", time.monotonic() + PLAN_SECONDS
        while (reply := placed.shop.site.send("GET", path)).status != 200 or not reply.body["items"]:
            if time.monotonic() > until:
                raise Declined(f"no shipment after {PLAN_SECONDS} s")
            time.sleep(0.2)
        found: list[dict[str, Any]] = reply.body["items"]
        return found

    def refunded(self, wanted: Return, placed: Placed) -> None:
        """Have the shop's owner pay back units of an order, once. Raises Declined."""
        lines = [{"offer_id": self.offers[code], "quantity": units} for code, units in wanted.units.items()]
        body = {"lines": lines, "reason": "cancelled by the customer", "restock": True}
        sent(placed.shop.owner.hub, "POST", f"{placed.shop.orders}/{placed.order['id']}/refunds", body, wanted.key)


def _address(part: Part) -> dict[str, Any]:
    """Where the customer lives, as far as the file tells: in which country."""
    name = f"Customer {part.invoice.customer}" if part.invoice.customer else "Guest"
    return {"name": name, "lines": ["1 High Street"], "city": "Anytown", "postal_code": "", "country": part.invoice.country}
