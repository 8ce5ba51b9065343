"""A supplier declines units, lays them on its shelf again, sends the rest and counts: none is sold twice, whatever is heard first."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from functions.shipping.fulfilment.supplier_declines import Decline
from monsoon_plugin.clock import rfc3339
from shared.messages import Message, StockCounted
from tests.unit.orders.given import MUG, SUPPLIER, key
from tests.unit.orders.withdrawals.exchange import STOCK, Exchange

BOUGHT = 3


def shelf(hub: Exchange) -> int:
    """Mugs that lie on the shelf: counted at first, and not in a parcel that has left."""
    inside = sum(c.quantity for s in hub.shipments if s.scanned for c in s.parcel.contents if c.offer_id == MUG)
    return STOCK - inside


def told(hub: Exchange, kinds: Sequence[str]) -> list[Message]:
    """What waits in the bag for orders, in the order of `kinds`."""
    waiting = [message for service, message in hub.bag if service == "orders"]
    return [message for kind in kinds for message in waiting if type(message).__name__ == kind]


def hear(hub: Exchange, message: Message) -> None:
    hub.deliver(hub.bag.index(("orders", message)), again=False)


def count(hub: Exchange) -> None:
    now = rfc3339(hub.clock())
    hub.bag.append(("orders", StockCounted(version=2, offer_id=MUG, product_id="prd", supplier_id=SUPPLIER, stock=shelf(hub),
                                           stock_counts="on_hand", counted_at=now, received_at=now)))  # fmt: skip


@pytest.fixture
def hub() -> Exchange:
    """An order of three mugs, paid and packed; one of them declined and on the shelf again, the others sent and delivered."""
    made = Exchange()
    made.capture()
    while made.bag:
        made.deliver(0, again=False)
    made.clock.tick(minutes=5)
    which = next(n for n, s in enumerate(made.shipments) if s.supplier_id == SUPPLIER)
    declines, shipment = made.shipping.supplier_declines(lambda: made.clock() - made.clock()), made.shipments[which]
    made.act(lambda: declines.decline(SUPPLIER, shipment.id, Decline({MUG: 1}, "one is scratched", restock=True), key("d")))
    for state in ("dispatched", "delivered"):
        made.clock.tick(minutes=5)
        made.report(which, state, state)
    made.clock.tick(minutes=5)
    return made


KINDS = ("ShipmentUnitsReleased", "ShipmentDispatched", "ShipmentDelivered", "StockCounted")


@pytest.mark.parametrize("kinds", list(permutations(KINDS)), ids=lambda kinds: "-".join(kind[-9:] for kind in kinds))
def test_in_any_order_what_is_sellable_lies_on_the_shelf(hub: Exchange, kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind == "StockCounted":
            count(hub)
        (message,) = told(hub, [kind])
        hear(hub, message)
        assert hub.books.kept[MUG].quantity <= shelf(hub)
        hub.clock.tick(minutes=5)
    heard_late = {"ShipmentDispatched", "ShipmentDelivered"} <= set(kinds[kinds.index("StockCounted") :])
    assert heard_late or hub.books.kept[MUG].quantity == shelf(hub), "what left before a count and is heard of after it is taken off"
    assert hub.books.kept[MUG].totals.now.committed == 0
