"""What a merchant does about a label whose purchase a kill cut off, at a courier that finds none by our key."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.upgrade.open_orders import Opened
from hubclient.hub import Hub


@dataclass(frozen=True)
class UntoldLabels:
    """`books`: the courier's own, tracking number → state, as its console shows them; `suppliers` by id see what is wrong."""

    books: Mapping[str, str]
    suppliers: Mapping[str, Hub]
    say: Callable[[str], None]

    def told(self, orders: Sequence[Opened]) -> Iterator[str]:
        """Say of each such parcel what the books hold; answers what the hub did not take."""
        parcels = [(one, parcel) for one in orders for parcel in self._parcels(one)]
        known = {parcel.get("tracking_number") for _, parcel in parcels}
        for one, parcel in parcels:
            if (parcel.get("problem") or {}).get("code") == "untold":
                yield from self._word(one, parcel, [number for number in self.books if number not in known])

    def _word(self, one: Opened, parcel: Mapping[str, Any], lost: Sequence[str]) -> Iterator[str]:
        word = {"tracking_number": lost[0]} if lost else {"none_was_bought": True}
        path = f"{one.shop.path}/orders/{one.order_id}/shipments/{parcel['id']}/label"
        reply = one.shop.owner.send("POST", path, word, key=str(uuid.uuid4()))
        self.say(f"whether the label of the order {one.name} was bought nobody told: the merchant says {word}")
        if reply.status != 200:
            yield f"what became of the label of the order {one.name} is answered {reply.status} {str(reply.body)[:200]}"

    def _parcels(self, one: Opened) -> list[Any]:
        return [self.suppliers[each["supplier_id"]].get(f"/v1/shipments/{each['id']}") for each in one.shop.shipments(one.order_id)]
