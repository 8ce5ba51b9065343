"""A supplier declines units, and counts what can be sold (`available`) before orders hear of that (docs/decisions/0025-counts.md)."""

from datetime import timedelta

import pytest

from functions.shipping.fulfilment.supplier_declines import Decline
from monsoon_plugin.clock import rfc3339
from shared.messages import StockCounted
from tests.unit.orders.counts.test_shelf_counts import hear, told
from tests.unit.orders.given import MUG, SUPPLIER, key
from tests.unit.orders.withdrawals.exchange import STOCK, Exchange

BOUGHT, DECLINED = 3, 1


def declined(*, restock: bool) -> Exchange:
    """An order of three mugs, paid and packed, one of them declined; orders have not heard of that."""
    hub = Exchange()
    hub.capture()
    while hub.bag:
        hub.deliver(0, again=False)
    hub.clock.tick(minutes=5)
    shipment = next(s for s in hub.shipments if s.supplier_id == SUPPLIER)
    declines = hub.shipping.supplier_declines(timedelta)
    hub.act(lambda: declines.decline(SUPPLIER, shipment.id, Decline({MUG: DECLINED}, "scratched", restock=restock), key("d")))
    hub.clock.tick(minutes=5)
    return hub


def counted(hub: Exchange, stock: int, version: int = 2) -> None:
    now = rfc3339(hub.clock())
    message = StockCounted(version=version, offer_id=MUG, product_id="prd", supplier_id=SUPPLIER, stock=stock, stock_counts="available",
                           counted_at=now, received_at=now)  # fmt: skip
    hub.bag.append(("orders", message))
    hear(hub, message)
    hub.clock.tick(minutes=5)


def heard(hub: Exchange) -> None:
    (message,) = told(hub, ["ShipmentUnitsReleased"])
    hear(hub, message)
    hub.clock.tick(minutes=5)


@pytest.mark.parametrize("restock", [True, False])
def test_a_count_that_is_heard_after_the_decline_is_what_can_be_sold(restock: bool) -> None:
    hub, left = declined(restock=restock), STOCK - BOUGHT + DECLINED * restock
    heard(hub)
    counted(hub, left)
    assert hub.books.kept[MUG].quantity == left


@pytest.mark.parametrize("restock", [True, False])
def test_a_count_before_it_has_only_what_is_sold_again_added_once_more_until_the_next_count(restock: bool) -> None:
    hub, left = declined(restock=restock), STOCK - BOUGHT + DECLINED * restock
    counted(hub, left)
    heard(hub)
    assert hub.books.kept[MUG].quantity == left + DECLINED * restock
    counted(hub, left, version=3)
    assert hub.books.kept[MUG].quantity == left
