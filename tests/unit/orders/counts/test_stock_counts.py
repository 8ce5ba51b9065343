"""A supplier's number replaces what is left as of its moment, less what was ordered since: on both stores, in any order."""

from datetime import timedelta
from typing import Any

import pytest

from functions.orders.counts.stock_count import after_count
from functions.orders.inventory.shortage import OutOfStock
from functions.orders.inventory.stock_item import StockItem
from functions.orders.order import Order, OrderChange
from functions.orders.refunds.refund import RefundAsk
from shared.optimistic_retry import Contended
from tests.fakes import NOON
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    STOREFRONT,
    SUPPLIER,
    TEA,
    basket,
    capture,
    count,
    dispatched,
    kept,
    key,
    publication,
    recall,
    released,
)


def counted(shop: Shop, stock: int, version: int = 1, **more: Any) -> int:
    """Count now, or as `more` says; answers what is left."""
    shop.clock.tick(seconds=1)
    shop.inventory.record_count(count(stock, version, **{"at": shop.clock.now, **more}))
    shop.clock.tick(seconds=1)
    return shop.left


def test_a_feed_of_50_then_10_sold_then_a_feed_of_40_leaves_40(shop: Shop) -> None:
    assert counted(shop, 50) == 50
    shop.place(units=10)
    assert counted(shop, 40, 2) == 40


def test_what_is_set_to_0_and_to_10_again_is_10_whatever_was_sold_before(shop: Shop) -> None:
    shop.place(units=5)
    assert counted(shop, 0) == 0
    assert counted(shop, 10, 2) == 10


def test_what_was_ordered_after_the_count_and_before_it_was_heard_is_taken_off(shop: Shop) -> None:
    shop.clock.tick(minutes=1)
    received = shop.clock.now
    shop.clock.tick(seconds=2)
    shop.place(units=3)
    shop.clock.tick(seconds=2)
    assert counted(shop, 10, at=received) == 7


def test_a_count_of_hours_ago_knows_what_was_ordered_and_put_back_since(shop: Shop) -> None:
    shop.place(units=1, text="before")
    shop.clock.tick(hours=2)
    at = shop.clock.now
    shop.clock.tick(hours=2)
    later = shop.place(units=4, text="later")
    shop.clock.tick(hours=1)
    shop.inventory.adjust(SUPPLIER, MUG, -1, "broken", key("a1"))
    shop.clock.tick(hours=1)
    shop.cancel(later)
    shop.inventory.adjust(SUPPLIER, MUG, 2, "found", key("a2"))
    assert counted(shop, 20, at=at, received=shop.clock.now) == 20 - 4 - 1 + 4 + 2


def test_a_count_older_than_the_notes_is_taken_on_the_safe_side(shop: Shop) -> None:
    for n in range(8):
        shop.place(units=1, text=str(n))
        shop.clock.tick(hours=20)
    assert counted(shop, 20, at=NOON + timedelta(hours=30)) == 20 - 8


def test_two_counts_out_of_order_leave_the_newer_and_one_that_comes_twice_counts_once(shop: Shop) -> None:
    assert counted(shop, 30, 2) == 30
    assert counted(shop, 99, 1) == 30
    shop.place(units=4)
    assert counted(shop, 30, 2) == 26


def test_corrections_and_refunds_move_what_was_counted(shop: Shop) -> None:
    order = shop.place(units=4)
    shop.orders.record_capture(capture(order))
    assert counted(shop, 20) == 20
    shop.inventory.adjust(SUPPLIER, MUG, -3, "broken", key("a1"))
    shop.orders.refund(ACCOUNT, STOREFRONT, order.id, RefundAsk({MUG: 2}, False, True, "unwanted"), key("r1"))
    shop.release(order)
    assert shop.left == 20 - 3 + 2


def test_a_count_holds_through_recall_and_reinstatement(shop: Shop) -> None:
    shop.inventory.record_recall(recall(version=2))
    assert counted(shop, 33) == 33
    assert not shop.stores.stock.stock_item(MUG).sellable
    shop.inventory.record_publication(publication(version=3, stock=50))
    assert (shop.left, shop.stores.stock.stock_item(MUG).sellable) == (33, True)


def test_a_publication_after_a_count_says_nothing_of_the_stock(shop: Shop) -> None:
    counted(shop, 33)
    shop.inventory.record_publication(publication(version=2, stock=50))
    assert shop.left == 33


def test_a_count_before_the_publication_waits_for_it_and_sells_nothing_until_then(shop: Shop) -> None:
    assert shop.stores.stock.stock_item(TEA) is None
    counted(shop, 8, offer_id=TEA)
    item = shop.stores.stock.stock_item(TEA)
    assert (item.quantity, item.sellable, item.offer) == (8, False, None)
    shop.inventory.record_publication(publication(TEA, stock=50))
    item = shop.stores.stock.stock_item(TEA)
    assert (item.quantity, item.sellable, item.version) == (8, True, 1)


def test_what_lies_on_the_shelf_is_less_by_what_waits_to_be_sent(shop: Shop) -> None:
    shop.place(units=4)
    assert counted(shop, 10, stock_counts="on_hand") == 6
    shop.place(units=1, text="k2")
    assert counted(shop, 10, 2, stock_counts="on_hand") == 5


def test_what_was_sent_waits_no_more_however_often_that_is_heard(shop: Shop) -> None:
    order = shop.place(units=4)
    shop.orders.record_capture(capture(order))
    for _ in range(2):
        shop.clock.tick(seconds=1)
        shop.orders.record_shipment(dispatched(order))
        assert waiting(shop) == 0
    assert counted(shop, 6, stock_counts="on_hand") == 6
    assert shop.place(units=6, text="k2")


def test_units_that_are_taken_back_wait_no_more_whether_they_go_on_sale_or_not(shop: Shop) -> None:
    order = shop.place(units=4)
    shop.orders.record_capture(capture(order))
    for n, restock in enumerate((True, False), 1):
        ask = RefundAsk({MUG: 1}, False, restock, "too many")
        question = shop.refund(order, ask, f"r{n}").withdrawals[-1]
        assert waiting(shop) == 5 - n
        shop.orders.record_release(released(order, question))
        assert waiting(shop) == 4 - n
    assert (counted(shop, 9, stock_counts="on_hand"), waiting(shop)) == (7, 2)


def test_what_is_asked_back_of_a_parcel_that_left_waits_until_shipping_says_that_it_had_left(shop: Shop) -> None:
    order = shop.place(units=4)
    shop.orders.record_capture(capture(order))
    question = shop.refund(order, RefundAsk({MUG: 1}, False, None, "too many")).withdrawals[0]
    shop.orders.record_shipment(dispatched(order))
    assert waiting(shop) == 1
    shop.orders.record_kept(kept(order, question))
    assert waiting(shop) == 0


def test_an_order_of_before_there_were_counts_was_never_among_those_that_wait(shop: Shop) -> None:
    order = old_order(shop)
    shop.orders.record_capture(capture(order))
    shop.orders.record_shipment(dispatched(order))
    assert (waiting(shop), shop.left) == (0, 6)


def test_an_order_of_before_there_were_counts_gives_its_units_back(shop: Shop) -> None:
    shop.cancel(old_order(shop))
    assert (waiting(shop), shop.left) == (0, 10)


def waiting(shop: Shop) -> int:
    return int(shop.stores.stock.stock_item(MUG).totals.now.committed)


def old_order(shop: Shop) -> Order:
    """An order of four mugs as the commit before left it, on an offer whose totals do not know of it."""
    order = shop.place(units=4)
    shop.stores.orders.save(OrderChange(order.next(tracked=False), let_go={MUG: 4}), shop.clock.now)
    return shop.order(order)


def test_a_count_below_what_is_committed_is_owed_sells_nothing_and_makes_no_later_count_larger(shop: Shop) -> None:
    order = shop.place(units=8)
    assert counted(shop, 5, stock_counts="on_hand") == -3
    item = shop.stores.stock.stock_item(MUG)
    assert (item.left, item.owed, item.in_stock) == (0, 3, False)
    with pytest.raises(OutOfStock) as refused:
        shop.place(units=1, text="k2")
    assert refused.value.more["left"] == {MUG: 0}
    shop.inventory.adjust(SUPPLIER, MUG, 1, "found", key("a1"))
    assert shop.left == -2
    assert counted(shop, 12, 2, stock_counts="on_hand") == 4
    shop.cancel(order)
    assert shop.left == 12


def test_a_count_taken_while_an_order_is_placed_loses_neither(shop: Shop) -> None:
    held = shop.stores.stock.stock_item(MUG)
    counted(shop, 30)
    shop.clock.tick(seconds=1)
    shop.stores.orders.place(shop.place(units=2).model_copy(update={"id": "ord_2"}), {MUG: held}, shop.clock.now)
    assert shop.left == 26


def test_of_two_counts_after_the_same_one_the_second_to_be_written_looks_again(shop: Shop) -> None:
    held = shop.stores.stock.stock_item(MUG)
    first, second = (after_count(held, count(stock, version), shop.clock.now, MUG) for version, stock in ((1, 20), (2, 30)))
    assert first
    assert second
    shop.stores.stock.recount(held, second)
    with pytest.raises(Contended):
        shop.stores.stock.recount(held, first)
    assert shop.left == 30


def test_an_offer_of_before_there_were_counts_can_be_ordered_put_back_corrected_and_counted(shop: Shop) -> None:
    for n, act in enumerate([_order_and_cancel, _correct, _count], 1):
        offer = old_item(shop, f"off_{n:026}")
        act(shop, offer)
        item = shop.stores.stock.stock_item(offer)
        assert (item.quantity, item.totals is None) == (10, False)


def _order_and_cancel(shop: Shop, offer: str) -> None:
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({offer: 2}), key(offer))
    assert shop.stores.stock.stock_item(offer).quantity == 8
    shop.cancel(order)


def _correct(shop: Shop, offer: str) -> None:
    shop.inventory.adjust(SUPPLIER, offer, 1, "found", key(f"{offer}+"))
    shop.inventory.adjust(SUPPLIER, offer, -1, "lost", key(f"{offer}-"))


def _count(shop: Shop, offer: str) -> None:
    shop.inventory.record_count(count(10, offer_id=offer))


def old_item(shop: Shop, offer_id: str) -> str:
    """An offer as the commit before wrote it: without totals."""
    stock = shop.stores.stock
    stock.replace(None, StockItem(offer_id=offer_id, version=1, quantity=10, declared=10, sellable=True, offer=stock.stock_item(MUG).offer))
    assert stock.stock_item(offer_id).totals is None
    return offer_id
