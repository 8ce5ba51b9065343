"""What must hold after each start, and once everything is taken back: nothing lost, counts right, money and goods where they belong."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bench.upgrade.compared import looks
from bench.upgrade.compared.picture import differences
from bench.upgrade.compared.stored import SOLD, in_the_clear, stored
from bench.upgrade.endpoints import Endpoints
from bench.upgrade.guests import SECRET, Guests
from bench.upgrade.half_read_feed import ROWS
from bench.upgrade.open_orders import Market, Opened
from bench.upgrade.traders import NeverCame, awaited
from bench.upgrade.untold_labels import UntoldLabels
from bench.upgrade.upgraded_hub import Providers
from local.mendings.mail.mailbox import Mailbox

FEED_SECONDS = 30.0
"""Within which a product that is listed is in the feed, which shows what is five seconds old."""


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
        """A site that had read half of the feed has all that is listed by reading on, some seconds after it is (decision 9)."""
        try:
            awaited("the feed", lambda: self._held() == self._listed(), seconds=FEED_SECONDS)
        except NeverCame:
            held, listed = self._held(), self._listed()
            self.hold(False, f"{turn}: who reads the feed on holds {len(held)} products, {len(listed)} are listed")

    def _held(self) -> set[str]:
        changes = looks.followed(self.market.card.site, self.cursor)
        kept: dict[str, Any] = {}
        for change in [*self.read, *changes]:
            if change["sequence"] > kept.get(change["product_id"], {"sequence": ""})["sequence"]:
                kept[change["product_id"]] = change
        return {product_id for product_id, change in kept.items() if change["type"] == "upsert"}

    def _listed(self) -> set[str]:
        return {card["product_id"] for card in self.market.card.site.all(f"{self.market.card.path}/listings", limit=100)}

    def same_again(self, client: Any, again: Callable[[], None]) -> None:
        """What an upgrade's commands did they do once: run again, they write nothing."""
        before = stored(client, *SOLD)
        again()
        after = stored(client, *SOLD)
        changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        self.hold(not changed, f"an upgrade's commands, run again, changed {changed}"[:400])
        self.say(f"{len(before)} items of orders, parcels and payments compared, {len(changed)} changed by running the commands again")

    def guests(self, turn: str, mailbox: Mailbox) -> Guests:
        """Of what was ordered so far, which says no e-mail, all that a guest may ask is asked."""
        guests = Guests(self.market, mailbox, self.hold)
        guests.follow(turn, self.market.opened)
        self.say(f"{turn}: {len(self.market.opened)} orders without a buyer are followed by links, and not looked up, nor in a mail")
        return guests

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
        labels = UntoldLabels(self.known.labels, {s.account_id: s.hub for s in self.market.traders.suppliers}, self.say)
        for said in once_empty(lambda: [*labels.told(mine), *(said for one in mine for said in self._kept_back(one)), *self._labels()]):
            self.hold(False, said)
        back = [line["withdrawn"] for line in split.shop.seen(split.order_id)["lines"]]
        self.hold(back == [0, 2], f"of the order {split.name} {back} units came back")
        self._counted("taken back")
        self._books("taken back")
        self._followed("taken back")
        self._told("order.placed", {one.order_id for one in self.market.opened if one.shop is self.market.card})
        self._told("order.cancelled", {one.order_id for one in mine if one.shop is self.market.card})
        self.say(f"{len(mine)} orders are cancelled")

    def _kept_back(self, one: Opened) -> Iterator[str]:
        """What of a cancelled order has not come back."""
        order, path = one.shop.seen(one.order_id), f"{one.shop.path}/orders/{one.order_id}"
        if order["state"] != "cancelled":
            yield f"the order {one.name} is {order['state']}"
        payments = one.shop.owner.get(f"{path}/payments")["items"]
        captured, refunded = _sum(p["captured"] for p in payments), _sum(p["refunded"] for p in payments)
        if captured != refunded:
            yield f"of the order {one.name} {refunded} of {captured} came back"
        if not all(r["state"] == "paid" for r in order["refunds"]):
            yield f"a refund of the order {one.name} is not paid"
        if open_parcels := [s["state"] for s in one.shop.shipments(one.order_id) if s["state"] != "voided"]:
            yield f"parcels of the order {one.name} are {open_parcels}"
        split = one.shop.owner.send("GET", f"{path}/split")
        shares = split.body["shares"] if split.status == 200 else []
        if any(share["amount"] for share in shares):
            yield f"somebody keeps money of the order {one.name}: {shares}"

    def _labels(self) -> Iterator[str]:
        bought = list(self.known.labels.values())
        if not bought or set(bought) != {"voided"}:
            yield f"UPS's books hold labels that are {bought}"

    def erase_all(self, client: Any) -> None:
        """Nothing says in the clear who bought, and of each order that is over it is erased for good, in its parcels too."""
        self.hold(not (clear := in_the_clear(client, *SECRET)), f"who bought lies in the clear in {clear}")
        over = [one for one in self.market.opened if self._is_over(one)]
        for one in over:
            path = f"{one.shop.path}/orders/{one.order_id}"
            reply = one.shop.owner.send("DELETE", f"{path}/buyer")
            self.hold(reply.status == 200 and reply.body["erased"], f"erasing who bought the order {one.name} is answered {reply.status}")
            shown = [one.shop.seen(one.order_id), *one.shop.shipments(one.order_id)]
            self.hold(not any(secret in str(shown) for secret in SECRET), f"of the order {one.name} one still reads who bought it")
        self.hold(over, "no order is over")
        self.say(f"{len(over)} buyers are erased")

    def _is_over(self, one: Opened) -> bool:
        order = one.shop.seen(one.order_id)
        return bool(order["state"] == "cancelled" or order["fulfilment"] in ("dispatched", "delivered"))

    def dead(self, letters: dict[str, int]) -> None:
        self.hold(not letters, f"dead letters: {letters}")


def once_empty(look: Callable[[], list[str]]) -> list[str]:
    """What `look` still finds when all that is asked anew, such as a label whose answer was lost at the kill, had its time."""
    found: list[str] = []

    def done() -> bool:
        found[:] = look()
        return not found

    with suppress(NeverCame):
        awaited("nothing that is missing", done)
    return found


def _sum(amounts: Iterable[int]) -> int:
    return sum(amounts)
