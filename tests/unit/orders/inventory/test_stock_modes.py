"""Goods that never run out, and goods that are sold beyond their stock up to a bound: no unit more, and nothing while they are recalled."""

from itertools import count as count_up

import pytest

from functions.orders.inventory.shortage import NotSellable, OutOfStock
from functions.orders.inventory.stock_item import StockItem
from functions.orders.inventory.stock_views import StockView
from shared.goods.stock_mode import Always, Backorder, Counted
from shared.messages import OfferAvailabilityChanged, StockOwed
from tests.fakes import caller
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, StaleSnapshots, capture, count, dispatched, publication, recall

ALWAYS, BACKORDER = Always(mode="always"), Backorder(mode="backorder", units=4, days=14)

NUMBERS = count_up()


def mode(shop: Shop, what: object, version: int = 2, stock: int = 3) -> None:
    shop.inventory.record_publication(publication(version=version, stock=stock, stock_mode=what))


def held(shop: Shop) -> StockItem:
    found = shop.stores.stock.stock_item(MUG)
    assert found is not None
    return found


def counted(shop: Shop, stock: int, version: int = 1, **more: str) -> None:
    shop.clock.tick(minutes=1)
    shop.inventory.record_count(count(stock, version, at=shop.clock.now, **more))
    shop.clock.tick(minutes=1)


def sold(shop: Shop, *units: int) -> None:
    for wanted in units:
        shop.place(wanted, text=f"order {next(NUMBERS)}")


def test_what_is_always_available_is_ordered_whatever_the_count(shop: Shop) -> None:
    mode(shop, ALWAYS, stock=0)
    sold(shop, 9000, 9000)
    view = StockView.of(held(shop))
    assert (view.owed, view.backordered, view.committed, view.stock_mode) == (None, None, 18_000, ALWAYS)
    assert held(shop).in_stock


def test_what_is_on_backorder_is_ordered_down_to_its_bound_and_not_a_unit_further(shop: Shop) -> None:
    mode(shop, BACKORDER)
    counted(shop, 3)
    sold(shop, 2, 4)
    view = StockView.of(held(shop))
    assert (held(shop).quantity, view.quantity, view.backordered, view.owed) == (-3, 0, 3, None)
    with pytest.raises(OutOfStock) as refusal:
        sold(shop, 2)
    assert [(e.pointer, e.detail) for e in refusal.value.errors] == [("/lines/0/quantity", "1 left")]
    sold(shop, 1)
    assert held(shop).quantity == -4


def test_what_is_sent_is_on_backorder_and_owed_no_more_though_nobody_has_counted_since(shop: Shop) -> None:
    mode(shop, BACKORDER)
    counted(shop, 1)
    orders = [shop.place(units, text=f"order {next(NUMBERS)}") for units in (2, 3)]
    shop.orders.record_capture(capture(orders[0]))
    mode(shop, None, version=3)
    assert StockView.of(held(shop)).owed == 4
    shop.orders.record_shipment(dispatched(orders[0]))
    assert (StockView.of(held(shop)).owed, held(shop).quantity) == (3, -4)
    mode(shop, BACKORDER, version=4)
    assert (StockView.of(held(shop)).backordered, StockView.of(held(shop)).owed) == (3, None)


@pytest.mark.parametrize("what", [ALWAYS, BACKORDER])
def test_a_recall_stops_it_as_everything(shop: Shop, what: object) -> None:
    mode(shop, what)
    shop.inventory.record_recall(recall(version=3))
    with pytest.raises(NotSellable):
        sold(shop, 1)
    mode(shop, what, version=4)
    sold(shop, 1)


def test_a_mode_that_ended_a_moment_ago_is_kept_to_by_an_order_that_saw_the_one_before(shop: Shop) -> None:
    mode(shop, BACKORDER)
    counted(shop, 1)
    seen = StaleSnapshots(shop.stores.snapshots, [MUG])
    mode(shop, None, version=3)
    shop.checkout = type(shop.checkout)(**{name: getattr(shop.checkout, name) for name in shop.checkout.__slots__} | {"snapshots": seen})
    with pytest.raises(OutOfStock):
        sold(shop, 2)
    sold(shop, 1)
    assert held(shop).quantity == 0


def test_an_order_that_saw_goods_as_counted_goes_beyond_them_if_they_may_be_by_now(shop: Shop) -> None:
    counted(shop, 1)
    seen = StaleSnapshots(shop.stores.snapshots, [MUG])
    mode(shop, BACKORDER)
    shop.checkout = type(shop.checkout)(**{name: getattr(shop.checkout, name) for name in shop.checkout.__slots__} | {"snapshots": seen})
    sold(shop, 5)
    assert held(shop).quantity == -4


def test_a_count_of_none_forgives_no_backorder_and_one_of_some_begins_anew(shop: Shop) -> None:
    mode(shop, BACKORDER)
    counted(shop, 0)
    sold(shop, 3)
    counted(shop, 0, version=2)
    assert held(shop).quantity == -3
    counted(shop, 2, version=3)
    assert held(shop).quantity == 2


def test_what_was_awaited_and_is_sent_is_awaited_no_more_so_that_a_count_of_none_opens_the_bound_for_it(shop: Shop) -> None:
    """Who says 0 each night, and sends what is ordered as it comes, sells more than the bound in a life."""
    mode(shop, BACKORDER)
    counted(shop, 0)
    orders = [shop.place(units, text=f"order {next(NUMBERS)}") for units in (3, 1)]
    for order in orders:
        shop.orders.record_capture(capture(order))
    shop.orders.record_shipment(dispatched(orders[0]))
    counted(shop, 0, version=2)
    view = StockView.of(held(shop))
    assert (held(shop).quantity, view.backordered, view.committed) == (-1, 1, 1)
    sold(shop, 3)
    with pytest.raises(OutOfStock):
        sold(shop, 1)


def test_what_never_ran_out_and_is_sold_up_to_a_bound_by_now_awaits_nothing_that_was_sent_whichever_is_heard_first(shop: Shop) -> None:
    mode(shop, ALWAYS, stock=0)
    counted(shop, 0)
    order = shop.place(90)
    shop.orders.record_capture(capture(order))
    shop.orders.record_shipment(dispatched(order))
    mode(shop, BACKORDER, version=3, stock=0)
    counted(shop, 0, version=2)
    assert (held(shop).quantity, held(shop).owed) == (0, 0)
    sold(shop, 4)


def test_a_count_of_the_shelf_takes_off_what_waits_on_backorder_too(shop: Shop) -> None:
    mode(shop, BACKORDER)
    counted(shop, 0)
    sold(shop, 3)
    counted(shop, 5, version=2, stock_counts="on_hand")
    assert held(shop).quantity == 2


def test_a_new_version_leaves_backorders_as_they_are_though_nobody_ever_counted(shop: Shop) -> None:
    mode(shop, BACKORDER, stock=10)
    sold(shop, 12)
    mode(shop, BACKORDER, version=3, stock=10)
    assert held(shop).quantity == -2
    mode(shop, BACKORDER, version=4, stock=11)
    assert held(shop).quantity == -1


def test_what_is_no_longer_sold_beyond_its_stock_is_owed_and_what_never_ran_out_begins_with_its_number(shop: Shop) -> None:
    mode(shop, BACKORDER, stock=10)
    sold(shop, 13)
    mode(shop, Counted(mode="counted"), version=3, stock=10)
    assert (held(shop).owed, held(shop).floor) == (3, 0)
    mode(shop, ALWAYS, version=4)
    sold(shop, 50)
    mode(shop, None, version=5, stock=6)
    assert (held(shop).quantity, held(shop).in_stock) == (6, True)


def test_units_that_a_cancellation_gives_back_lessen_the_backorder(shop: Shop) -> None:
    mode(shop, BACKORDER)
    counted(shop, 1)
    order = shop.place(3)
    shop.orders.cancel(caller(ACCOUNT, "storefront"), STOREFRONT, order.id, "shopper")
    assert held(shop).quantity == 1


def test_it_is_told_that_the_last_unit_is_gone_and_owed_is_what_goes_beyond_the_bound_alone(memory: Shop) -> None:
    def told() -> list[object]:
        for before, after in memory.store.moves:
            memory.availability.record_move(before, after)
            memory.debts.record_move(before, after)
        memory.store.moves.clear()
        news = [e.in_stock if isinstance(e, OfferAvailabilityChanged) else e.owed for e in memory.store.events
                if isinstance(e, OfferAvailabilityChanged | StockOwed)]  # fmt: skip
        memory.store.events.clear()
        return news

    mode(memory, BACKORDER, stock=10)
    told()
    sold(memory, 12)
    assert told() == [False]
    mode(memory, ALWAYS, version=3)
    assert told() == [True]
    mode(memory, BACKORDER, version=4, stock=0)
    assert told() == [False]
    sold(memory, 4)
    assert told() == [False], "its bound is reached"
    mode(memory, None, version=5, stock=0)
    assert told() == [4]
