"""What must hold after each start, and once everything is taken back: nothing lost, counts right, money and goods where they belong."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.upgrade import looks
from bench.upgrade.endpoints import Endpoints
from bench.upgrade.half_read_feed import ROWS
from bench.upgrade.open_orders import Market, Opened
from bench.upgrade.picture import differences
from bench.upgrade.traders import ADDRESS, NeverCame, awaited
from bench.upgrade.upgraded_hub import Providers
from tools.unpack import readable

WHO = str(ADDRESS["name"])
"""Who bought every order."""


@dataclass
class Checks:
    """Made of a hub that is calm; `wrong` grows by a sentence for each thing that is not as it was or should be."""

    market: Market
    known: Providers
    endpoints: Endpoints
    say: Callable[[str], None]
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.picture = looks.taken(self.market)
        page = self.market.card.site.get("/v1/feed", limit=2)
        self.read, self.cursor = page["changes"], page["next"]

    def hold(self, true: object, otherwise: str) -> None:
        if not true:
            self.wrong.append(otherwise)
            self.say(f"WRONG: {otherwise}")

    def _told(self, kind: str, wanted: set[str]) -> None:
        try:
            self.endpoints.await_told(kind, wanted)
        except NeverCame as never:
            self.hold(False, str(never))

    def after(self, turn: str) -> None:
        """All is as it was, what was on its way has come, and trade goes on."""
        after = looks.taken(self.market)
        changed = differences(self.picture, after)
        for one in changed:
            self.hold(False, f"{turn}: {one}"[:400])
        self._arrived(turn)
        self._counted(turn)
        self._books(turn)
        self._followed(turn)
        self.say(f"{turn}: {len(self.picture)} answers compared, {len(changed)} differ; {len(self.market.opened)} orders looked at")

    def _arrived(self, turn: str) -> None:
        """What was on its way when the hub of before ended."""
        market = self.market
        for one in market.opened:
            state = one.shop.state_of(one.order_id)
            self.hold(state in one.states, f"{turn}: the order {one.name} is {state}")
            if state in ("paid", "accepted"):
                self.hold(one.shop.shipments(one.order_id), f"{turn}: the order {one.name} has no parcel")
        north = market.traders.suppliers[0].hub
        self.hold(north.get(f"/v1/products/{market.late}")["status"] == "approved", f"{turn}: the product on its way is not approved")
        cups = awaited("the file read", lambda: market.feed.ended)
        self.hold(cups == (ROWS - 1, 1), f"{turn}: of the file's {ROWS} rows {cups} are approved and unreadable")
        self._told("order.placed", {one.order_id for one in market.opened if one.shop is market.card})

    def _counted(self, turn: str) -> None:
        """Of each offer, what was counted less what orders hold is what may be sold."""
        held, left = looks.held(self.market), looks.stock(self.market)
        for offer, units in left.items():
            wanted = self.market.counted[offer] - held.get(offer, 0)
            self.hold(units == wanted, f"{turn}: of {offer} {units} units may be sold, and not {wanted}")

    def _books(self, turn: str) -> None:
        self.hold(not (out := looks.unbalanced(self.market.traders.operator.hub)), f"{turn}: the ledger is out by {out}")

    def _followed(self, turn: str) -> None:
        """A site that had read half of the feed has all that is listed by reading on."""
        changes = looks.followed(self.market.card.site, self.cursor)
        kept: dict[str, Any] = {}
        for change in [*self.read, *changes]:
            if change["sequence"] > kept.get(change["product_id"], {"sequence": ""})["sequence"]:
                kept[change["product_id"]] = change
        listed = {card["product_id"] for card in self.market.card.site.all(f"{self.market.card.path}/listings", limit=100)}
        held = {product_id for product_id, change in kept.items() if change["type"] == "upsert"}
        self.hold(held == listed, f"{turn}: who reads the feed on holds {len(held)} products, {len(listed)} are listed")

    def take_back(self, settle: Callable[[], None]) -> None:
        """Cancel every order that may be cancelled: its money and goods come back, its labels are void."""
        mine = [one for one in self.market.opened if one.cancellable]
        for one in mine:
            status = one.shop.cancel(one.order_id)
            self.hold(status == 200, f"cancelling the order {one.name} is answered {status}")
        split = self.market.named("partly sent")
        status = split.shop.cancel(split.order_id, supplier_id=self.market.traders.suppliers[1].account_id)
        self.hold(status == 200, f"cancelling the part that was not sent is answered {status}")
        settle()
        for one in mine:
            self._came_back(one)
        back = [line["withdrawn"] for line in split.shop.seen(split.order_id)["lines"]]
        self.hold(back == [0, 2], f"of the order {split.name} {back} units came back")
        self._labels()
        self._counted("taken back")
        self._books("taken back")
        self._followed("taken back")
        self._told("order.placed", {one.order_id for one in self.market.opened if one.shop is self.market.card})
        self._told("order.cancelled", {one.order_id for one in mine if one.shop is self.market.card})
        self.say(f"{len(mine)} orders are cancelled")

    def _came_back(self, one: Opened) -> None:
        path = f"{one.shop.path}/orders/{one.order_id}"
        order = awaited(f"the order {one.name} cancelled", lambda: (o := one.shop.seen(one.order_id))["state"] == "cancelled" and o)
        payments = one.shop.owner.get(f"{path}/payments")["items"]
        captured, refunded = _sum(p["captured"] for p in payments), _sum(p["refunded"] for p in payments)
        self.hold(captured == refunded, f"of the order {one.name} {refunded} of {captured} came back")
        self.hold(all(r["state"] == "paid" for r in order["refunds"]), f"a refund of the order {one.name} is not paid")
        open_parcels = [s["state"] for s in one.shop.shipments(one.order_id) if s["state"] != "voided"]
        self.hold(not open_parcels, f"parcels of the order {one.name} are {open_parcels}")
        split = one.shop.owner.send("GET", f"{path}/split")
        shares = split.body["shares"] if split.status == 200 else []
        self.hold(not any(share["amount"] for share in shares), f"somebody keeps money of the order {one.name}: {shares}")

    def _labels(self) -> None:
        bought = list(self.known.labels.values())
        self.hold(bought and set(bought) == {"voided"}, f"UPS's books hold labels that are {bought}")

    def erase_all(self, client: Any) -> None:
        """Nothing says in the clear who bought, and of each order that is over it is erased for good, in its parcels too."""
        self.hold(not (clear := in_the_clear(client)), f"who bought lies in the clear in {clear}")
        over = [one for one in self.market.opened if self._is_over(one)]
        for one in over:
            path = f"{one.shop.path}/orders/{one.order_id}"
            reply = one.shop.owner.send("DELETE", f"{path}/buyer")
            self.hold(reply.status == 200 and reply.body["erased"], f"erasing who bought the order {one.name} is answered {reply.status}")
            shown = [one.shop.seen(one.order_id), *one.shop.shipments(one.order_id)]
            self.hold(WHO not in str(shown), f"of the order {one.name} one still reads who bought it")
        self.hold(over, "no order is over")
        self.say(f"{len(over)} buyers are erased")

    def _is_over(self, one: Opened) -> bool:
        order = one.shop.seen(one.order_id)
        return bool(order["state"] == "cancelled" or order["fulfilment"] in ("dispatched", "delivered"))

    def dead(self, letters: dict[str, int]) -> None:
        self.hold(not letters, f"dead letters: {letters}")


def in_the_clear(client: Any) -> list[str]:
    """The keys of orders' and shipments' items in which one reads who bought, packed or plain."""
    names = [name for name in client.list_tables()["TableNames"] if "OrdersTable" in name or "ShippingTable" in name]
    items = [item for name in names for page in client.get_paginator("scan").paginate(TableName=name) for item in page["Items"]]
    return [f"{item['pk']['S']} {item['sk']['S']}" for item in items if WHO in str(readable(_as_told(item)))]


def _as_told(item: dict[str, Any]) -> dict[str, Any]:
    """Bytes as AWS's command line writes them."""
    return {name: {"B": b64encode(value["B"]).decode()} if "B" in value else value for name, value in item.items()}


def _sum(amounts: Iterable[int]) -> int:
    return sum(amounts)
