"""A supplier: sends its parcels, counts its stock, changes its products."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from random import Random
from typing import Any

from monsoon_plugin.clock import rfc3339
from shared.api.caller import Caller
from shared.variants.sale import Sale
from simulation.actors.observed import Moved, Observed, Said, Sent, Span
from simulation.actors.owners_word import asks_for_a_person
from simulation.actors.people import People
from simulation.actors.setting import Goods
from simulation.hub import Reply
from simulation.world import World

READY = ("labeled", "manifested")
COURIER = ("shipping", "sim_post")
"""The host and the plug-in of the courier that labels parcels."""


@dataclass
class Supplier:
    people: People
    observed: Observed
    random: Random
    world: World
    unlabelled: Callable[[dict[str, Any]], None]
    """Is shown each parcel whose label waits for a person."""
    looked: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    """Who looked for what, and what was so then: as long as it is so, the parcels are the same."""

    def send_all(self, who: Caller) -> None:
        """Hand over every parcel that is ready, each once the hub has said yes to it."""
        offered, found = self.world.offers(COURIER), self._parcels(who, "to send")
        if not (offered or self.world.offers(COURIER)):
            self.observed.unsaid += [each["id"] for each in found if _waits_in_silence(each)]
        for shipment in found:
            if "delivered" in shipment["next"] and shipment.get("virtual") and not shipment["test"]:
                self._deliver(who, shipment)
            elif asks_for_a_person(shipment):
                self.unlabelled(shipment)
            elif shipment["state"] in READY and not shipment["held"]:
                self._send(who, shipment)

    def _deliver(self, who: Caller, shipment: dict[str, Any]) -> None:
        """Give the shopper what was ordered of virtual goods."""
        units = {content["offer_id"]: content["quantity"] for content in shipment["parcel"]["contents"]}
        body = {"lines": [{"offer_id": offer_id, "text": f"keys: {n}"} for offer_id, n in units.items()]}
        asked = self.people.now()
        reply = self._ask(who, "PUT", f"/v1/shipments/{shipment['id']}/delivery", body)
        if reply.status == 200 and all(parcel.shipment_id != shipment["id"] for parcel in self.observed.sent):
            units = {content["offer_id"]: content["quantity"] for content in reply.body["parcel"]["contents"]}
            self.observed.sent.append(Sent(shipment["id"], shipment["order_id"], units, asked))

    def deliver_all(self, who: Caller) -> None:
        """Report every parcel that is on its way as delivered."""
        for shipment in self._parcels(who, "to deliver"):
            if shipment["state"] == "in_transit":
                self._ask(who, "POST", f"/v1/shipments/{shipment['id']}/events", {"state": "delivered"})

    def _parcels(self, who: Caller, wanted: str) -> list[dict[str, Any]]:
        """All of a supplier's; none where they were looked at for the same, and nothing was written since: that would come to the same."""
        now = (self.world.writes["ShippingTable"], self.world.offers(COURIER))
        if self.looked.get((who.account_id, wanted)) == now:
            return []
        found: list[dict[str, Any]] = self.people.must(who, "GET", "/v1/shipments?limit=100")["items"]
        self.looked[who.account_id, wanted] = now
        return found

    def _ask(self, who: Caller, method: str, path: str, body: dict[str, Any]) -> Reply:
        """The answer. After a conflict the parcels are looked at once more, though nothing was written."""
        reply = self.people.ask(who, method, path, body)
        if reply.status == HTTPStatus.CONFLICT:
            self.look_again()
        return reply

    def look_again(self) -> None:
        """Look at all parcels the next time, though nothing was written since."""
        self.looked.clear()

    def decline(self, who: Caller) -> None:
        """Decline a parcel that has not left, or a unit of it."""
        ready = [s for s in self.people.must(who, "GET", "/v1/shipments?limit=100")["items"] if s["state"] in READY]
        if not ready:
            return
        shipment = self.random.choice(ready)
        lines = [{"offer_id": content["offer_id"], "quantity": 1} for content in shipment["parcel"]["contents"][:1]]
        body = {"reason": "broken", "restock": self.random.random() < 0.5, "lines": self.random.choice(([], lines))}
        self.people.ask(who, "POST", f"/v1/shipments/{shipment['id']}/decline", body)

    def adjust(self, goods: Goods) -> None:
        """Correct the stock by what was found or lost."""
        delta = self.random.choice((-2, -1, 1, 2))
        body = {"delta": delta, "reason": "looked again"}
        started = self.people.now()
        reply = self.people.ask(goods.supplier, "POST", f"/v1/offers/{goods.offer_id}/stock-adjustments", body)
        if reply.status == 201:
            self.observed.adjusted.append(Moved(goods.offer_id, delta, Span(started, self.people.now())))

    def count(self, goods: Goods) -> None:
        """Tell what was counted, as many as before, or more or fewer: with the whole product or alone, of now or of a while ago."""
        number = max(0, goods.stock + self.random.choice((-2, -1, 0, 0, 3)))
        ago = self.random.choice((None, None, 20, 600, 2 * 3600))
        counted = None if ago is None else self.people.now() - timedelta(seconds=ago)
        moment = {"counted_at": rfc3339(counted)} if counted else {}
        started = self.people.now()
        if told := self._told_count(goods, number, moment):
            said = Span(started, self.people.now())
            span = Span(counted, counted) if counted else said
            self.observed.counted += [Moved(offer_id, number, span, said) for offer_id, number in told.items()]

    def send_anew(self, goods: Goods, body: dict[str, Any]) -> None:
        """Send a new version of the goods' product, which counts what it has."""
        started = self.people.now()
        if self._put(goods, body):
            span = Span(started, self.people.now())
            self.observed.counted += [Moved(offer_id, number, span) for offer_id, number in goods.numbers(body).items()]

    def _put(self, goods: Goods, body: dict[str, Any]) -> bool:
        started = self.people.now()
        reply = self.people.ask(goods.supplier, "PUT", f"/v1/products/{goods.product_id}", body)
        if reply.status >= 300:
            return False
        self.observed.said.append(
            Said(
                product_id=goods.product_id, version=reply.body["version"], span=Span(started, self.people.now()),
                status=body.get("status", "active"), amount=body["price"]["amount"], answered="safety" in body,
                sales=(Sale.model_validate_json(json.dumps(body["sale"])),) if "sale" in body else (),
            )
        )  # fmt: skip
        return True

    def _told_count(self, goods: Goods, number: int, moment: dict[str, str]) -> dict[str, int]:
        """Of which offers the hub took a count, and how many: a product that is sent whole counts all its variants."""
        if self.random.random() < 0.5:
            body = goods.counted(number)
            return goods.numbers(body) if self._put(goods, body | moment) else {}
        named = {"variant": goods.variant} if goods.variant else {}
        body = {"counts": [{"sku": goods.body["sku"], **named, "stock": number}], **moment}
        reply = self.people.ask(goods.supplier, "POST", "/v1/stock-counts", body)
        taken = reply.status == 202 and reply.body["items"][0]["outcome"] == "counted"
        return {goods.offer_id: number} if taken else {}

    def _send(self, who: Caller, shipment: dict[str, Any]) -> None:
        told: dict[str, Any] = {"state": "dispatched"}
        if not shipment["tracking_number"]:
            told["tracking_number"] = f"OWN-{self.random.randrange(10**9):09}"
        asked = self.people.now()
        reply = self._ask(who, "POST", f"/v1/shipments/{shipment['id']}/events", told)
        if reply.status == 200 and all(parcel.shipment_id != shipment["id"] for parcel in self.observed.sent):
            units = {content["offer_id"]: content["quantity"] for content in reply.body["parcel"]["contents"]}
            self.observed.sent.append(Sent(shipment["id"], shipment["order_id"], units, asked))
            self.world.post.scan(reply.body["tracking_number"])


def _waits_in_silence(shipment: dict[str, Any]) -> bool:
    """Whether it has no label, and does not say what it waits for; in test mode nothing is bought."""
    said = shipment["test"] or shipment["given_up"] or shipment.get("problem") or shipment.get("virtual")
    return shipment["state"] == "draft" and not said
