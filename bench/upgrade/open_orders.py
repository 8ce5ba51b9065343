"""Orders in every state that a hub may be upgraded in, and what is on its way at that moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.upgrade.half_read_feed import HalfReadFeed
from bench.upgrade.traders import CARD, CASH, COUNTED, LABELS, TABLE_RATE, Shop, Traders, awaited, product

Order = dict[str, Any]
TRACKED = {"state": "dispatched", "tracking_number": "RR123456785GB"}


MOVED = ("with a refund under way", "about to be cancelled", "of recalled goods")
"""Orders of which something is asked back at that moment."""
RECOUNT = 500
"""What the spoons' supplier counts at that moment."""


@dataclass(frozen=True)
class Opened:
    """An order and its shop."""

    name: str
    shop: Shop
    order_id: str
    cancellable: bool = True
    """The whole of it."""

    @property
    def quiet(self) -> bool:
        """Whether nothing of it is on its way when the hub of before ends."""
        return self.name not in MOVED and not self.name.endswith("on its way")

    @property
    def states(self) -> tuple[str, ...]:
        """What it may be in after the upgrade."""
        if self.name in ("cancelled", "about to be cancelled"):
            return ("cancelled",)
        return ("unpaid",) if self.name.startswith("unpaid") else ("accepted",) if self.name.startswith("for cash") else ("paid",)


class Market:
    """Shops, goods and orders at the hub of before. `settle` waits until nothing is on the way."""

    def __init__(self, traders: Traders, settle: Callable[[], None]) -> None:
        self.traders, self._settle = traders, settle
        self.card = traders.open("By card", "GBP", CARD, TABLE_RATE)
        self.cash = traders.open("For cash", "GBP", CASH, TABLE_RATE)
        self.ups = traders.open("With labels", "USD", CARD, LABELS)
        self.shops = [self.card, self.cash, self.ups]
        north, south = traders.suppliers
        self.bowl = traders.publish(self.card, north, "bowl")
        self.scarf = traders.publish_variants(self.card, north, "scarf")
        self.spoon = traders.publish(self.card, south, "spoon")
        self.lamp = traders.publish(self.card, north, "lamp")
        self.opened: list[Opened] = []
        self.counted = dict.fromkeys(self.offers, COUNTED)
        """Of each offer, what was there before anybody ordered."""

    def move_to(self, api: str) -> None:
        """Everybody calls the hub at this address from now on: hubs of before 2026-12 change theirs when their routes change."""
        traders, sites = self.traders, [hub for shop in self.shops for hub in (shop.owner, shop.site)]
        for hub in [traders.operator.hub, traders.owner.hub, *(supplier.hub for supplier in traders.suppliers), *sites]:
            hub.api = api

    @property
    def listings(self) -> list[dict[str, Any]]:
        return [self.bowl, self.scarf, self.spoon, self.lamp]

    @property
    def quiet_listings(self) -> list[dict[str, Any]]:
        return [listing for listing in self.listings if listing is not self.lamp]

    @property
    def offers(self) -> list[str]:
        """Every offer that is counted."""
        return [one["offer_id"] for listing in self.listings for one in (listing.get("variants") or [listing])]

    def open(self) -> None:
        """An order in each state, once all that follows from it is done."""
        bowl, spoon, lamp = (listing["offer_id"] for listing in (self.bowl, self.spoon, self.lamp))
        colours = self.scarf.get("variants") or [self.scarf]
        red, blue = colours[0]["offer_id"], colours[-1]["offer_id"]
        self._kept("unpaid", self.card, self.card.order({bowl: 1}))
        self.paid("paid", self.card, {bowl: 2})
        self.paid("of two variants", self.card, {blue: 1} | {red: 2})
        self.paid("for cash", self.cash, {bowl: 3})
        self.paid("with a printed label", self.ups, {bowl: 4})
        self.paid("of recalled goods", self.card, {lamp: 2})
        self.paid("with a refund under way", self.card, {bowl: 3})
        self.paid("about to be cancelled", self.card, {red: 3})
        refunded = self.paid("partly refunded", self.card, {bowl: 3})
        split = self.paid("partly sent", self.card, {bowl: 1, spoon: 2}, cancellable=False)
        sent = self.paid("sent", self.card, {bowl: 1}, cancellable=False)
        back = self.paid("coming back", self.card, {bowl: 2}, cancellable=False)
        delivered = self.paid("delivered", self.card, {blue: 1}, cancellable=False)
        collected = self.paid("collected for cash", self.cash, {spoon: 1}, cancellable=False)
        gone = self.paid("cancelled", self.card, {bowl: 5}, cancellable=False)
        self._settle()
        self.card.refund(refunded, 1)
        self.card.cancel(gone["id"])
        self._report(self.card, split, TRACKED, self.traders.suppliers[0].account_id)
        for shop, order, *reports in (
            (self.card, sent, TRACKED), (self.card, back, TRACKED, {"state": "returning"}),
            (self.card, delivered, TRACKED, {"state": "delivered"}), (self.cash, collected, TRACKED, {"state": "delivered"}),
        ):  # fmt: skip
            for report in reports:
                self._report(shop, order, report)
        self._settle()

    def hurry(self) -> None:
        """What is on its way when the hub ends: nobody waits for any of it."""
        north, south = self.traders.suppliers
        spoon = self.spoon["offer_id"]
        on_its_way = (("paid", self.card, 2), ("for cash", self.cash, 1), ("paid, to be labelled", self.ups, 1))
        orders = [(shop, self._kept(f"{name}, on its way", shop, shop.order({spoon: units}))) for name, shop, units in on_its_way]
        self._kept("unpaid, on its way", self.card, self.card.order({spoon: 1}))
        self.feed = HalfReadFeed.sent(south.hub)
        self.late: str = north.hub.post("/v1/products", product("late"))["product_id"]
        self.counted[spoon] = RECOUNT + sum(
            line["quantity"] for one in self.opened for line in self._lines(one) if line["offer_id"] == spoon
        )
        recall = {"reason": "a wire came off", "supplier_id": north.account_id}
        south.hub.post("/v1/stock-counts", {"counts": [{"sku": "spoon", "stock": RECOUNT}], "stock_counts": "available"})
        self.traders.operator.hub.post(f"/v1/catalog/products/{self.lamp['product_id']}/recall", recall)
        for shop, order in orders:
            shop.pay(order)
        self.card.refund(self.card.seen(self.named(MOVED[0]).order_id), 1)
        self.card.cancel(self.named(MOVED[1]).order_id)

    def trade(self, turn: str) -> None:
        """Trade goes on: a thing more is published, orders are placed by card and for cash, and paid."""
        bowl = self.bowl["offer_id"]
        self.paid(f"paid, by {turn}", self.card, {bowl: 1})
        self.paid(f"for cash, by {turn}", self.cash, {bowl: 1})
        listing = self.traders.publish(self.card, self.traders.suppliers[0], f"bowl-{len(self.opened)}")
        self.paid(f"paid, of what was published by {turn}", self.card, {listing["offer_id"]: 1})

    @staticmethod
    def _lines(one: Opened) -> list[dict[str, Any]]:
        return list(one.shop.seen(one.order_id)["lines"])

    def named(self, name: str) -> Opened:
        return next(one for one in self.opened if one.name == name)

    def _kept(self, name: str, shop: Shop, order: Order, cancellable: bool = True) -> Order:
        self.opened.append(Opened(name, shop, order["id"], cancellable))
        return order

    def paid(
        self, name: str, shop: Shop, offers: dict[str, int], cancellable: bool = True, *, buyer: dict[str, str] | None = None
    ) -> Order:
        """An order of the shop, paid for, and known by its name from now on."""
        order = self._kept(name, shop, shop.order(offers, buyer), cancellable)
        shop.pay(order)
        return order

    def _report(self, shop: Shop, order: Order, report: dict[str, str], supplier_id: str = "") -> None:
        """Each supplier says it of its parcel, or the one that is named."""
        for supplier in self.traders.suppliers:
            mine = [s for s in awaited("a parcel", lambda: shop.shipments(order["id"])) if s["supplier_id"] == supplier.account_id]
            for shipment in mine if supplier_id in ("", supplier.account_id) else []:
                supplier.hub.post(f"/v1/shipments/{shipment['id']}/events", report)
