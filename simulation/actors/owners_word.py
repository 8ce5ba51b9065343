"""What a storefront's owner says of labels and refunds where their provider does not: what its console shows."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from functions.shipping.labels.manual_label import NONE_BOUGHT
from shared.ids import derived_id
from simulation.actors.observed import LabelWord, Observed
from simulation.actors.people import People
from simulation.actors.setting import Shop
from simulation.providers.card_books import CardBooks
from simulation.providers.post import PostBooks


def asks_for_a_person(shipment: dict[str, Any]) -> bool:
    """Whether nothing more becomes of its label by itself, or not for a while."""
    problem = shipment.get("problem", {})
    return "code" in problem or (shipment["state"] == "draft" and problem.get("kind") in ("declined", "unavailable"))


@dataclass(kw_only=True)
class OwnersWord:
    people: People
    observed: Observed
    random: Random
    card: CardBooks
    post: PostBooks
    away: Callable[[], bool]
    """Whether the courier's plug-in is not offered, and owners do not wait for it."""
    refused: Callable[[], None]
    """Is told that a word on a label was not taken: it is to be said again."""

    def of_label(self, shop: Shop, shipment: dict[str, Any]) -> bool:
        """Say what the courier's console shows of a parcel's label; have one that was declined bought again, or buy it elsewhere.

        Answers whether anything was done about it.
        """
        if shipment["problem"]["kind"] == "unavailable" and "code" not in shipment["problem"] and not self._has_no_patience():
            return False
        body = self._of_courier(shipment) if "code" in shipment["problem"] else self._instead(shipment)
        path = f"{shop.path}/orders/{shipment['order_id']}/shipments/{shipment['id']}/label"
        done = self.people.ask(shop.owner, "POST", path, body).status == 200
        if done:
            self.observed.words.append(_word(shipment, body))
        else:
            self.refused()
        return done

    def of_refunds(self, shop: Shop, order_id: str) -> None:
        """Say of each refund of which the processor never told whether its console shows it."""
        path = f"{shop.path}/orders/{order_id}/payments"
        for payment in self.people.must(shop.owner, "GET", path)["items"]:
            for awaited in payment["awaited"]:
                if awaited["untold"]:
                    body = self._of_processor(payment["id"], awaited["operation_id"])
                    self.people.ask(shop.owner, "PUT", f"{path}/{payment['id']}/operations/{awaited['operation_id']}/outcome", body)

    def _of_courier(self, shipment: dict[str, Any]) -> dict[str, Any]:
        if shipment["problem"]["code"] == "unreturned":
            if not self.post.settle(shipment["id"]):
                self.observed.needless.append(f"of the label of {shipment['id']}, which the courier has not kept")
            return {"settled": True}
        sold = self.post.sold.get(_key(shipment))
        return {"none_was_bought": True} if sold is None else {"tracking_number": sold.number}

    def _has_no_patience(self) -> bool:
        """Whether no more is waited for a courier that is away; one that is back is left to its work."""
        return self.away() and self.random.random() < 0.5

    def _instead(self, shipment: dict[str, Any]) -> dict[str, Any]:
        own = {"tracking_number": f"OWN-{self.random.randrange(10**9):09}"}
        return own if shipment["problem"]["kind"] == "unavailable" else self.random.choice(({}, own))

    def _of_processor(self, payment_id: str, operation_id: str) -> dict[str, Any]:
        key = derived_id("op", payment_id, operation_id)
        amount = self.card.charges[payment_id].refunds.get(key)
        return {"done": False} if amount is None else {"done": True, "amount": amount, "reference": f"console_{key}"}


def _key(shipment: dict[str, Any]) -> str:
    """By which its label was asked for last."""
    bought = [e for e in shipment["events"] if e["state"] == "purchasing" and e["description"] != NONE_BOUGHT]
    return shipment["id"] if len(bought) == 1 else f"{shipment['id']}-{len(bought)}"


def _word(shipment: dict[str, Any], body: dict[str, Any]) -> LabelWord:
    tried = sum(event["state"] == "purchasing" for event in shipment["events"])
    return LabelWord(
        shipment_id=shipment["id"], purchases=tried, settled=body.get("settled", False), number=body.get("tracking_number", ""),
        none_by=_key(shipment) if "none_was_bought" in body else "",
    )  # fmt: skip
