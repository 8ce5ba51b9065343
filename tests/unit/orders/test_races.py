"""Two writers of one item: the conditions decide, and the loser looks again."""

from datetime import timedelta

import pytest

from functions.orders.inventory.stock_item import after_publication
from functions.orders.lifecycle.payment_events import after_capture
from functions.orders.order import OrderChange
from functions.orders.refunds.cancellation import cancellation, expiry
from shared.optimistic_retry import Contended
from tests.fakes import NOON
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import MUG, capture, publication


def test_an_order_that_was_paid_meanwhile_is_neither_expired_nor_cancelled_by_who_read_it_before(shop: Shop) -> None:
    order = shop.place()
    stale = [expiry(order, NOON + timedelta(hours=2)), cancellation(order, "shopper", NOON)]
    shop.orders.record_capture(capture(order))
    for change in stale:
        assert isinstance(change, OrderChange)
        with pytest.raises(Contended):
            shop.stores.orders.save(change, NOON)
    assert (shop.order(order).state, shop.left) == ("paid", 8)


def test_a_payment_read_before_the_expiry_is_not_written_over_it(shop: Shop) -> None:
    order = shop.place()
    stale = after_capture(order, capture(order))
    assert stale
    shop.cancel(order)
    with pytest.raises(Contended):
        shop.stores.orders.save(stale, NOON)
    assert (shop.order(order).state, shop.left) == ("cancelled", 10)


def test_a_paid_order_does_not_expire_though_the_index_still_lists_it(shop: Shop) -> None:
    order = shop.place()
    shop.orders.record_capture(capture(order))
    assert expiry(shop.order(order), NOON + timedelta(days=1)) is None


def test_units_sold_while_a_publication_is_heard_stay_sold(shop: Shop) -> None:
    held = shop.stores.stock.stock_item(MUG)
    shop.place(units=4)
    for version, stock, left in ((2, 12, 8), (3, 10, 6)):
        news = publication(version=version, stock=stock)
        later = after_publication(held, news, news.offers()[0])
        assert later
        shop.stores.stock.replace(held, later)
        assert shop.left == left
        held = shop.stores.stock.stock_item(MUG)


@pytest.mark.parametrize("declared", [0, 5])
def test_a_publication_that_would_take_sold_units_looks_again(shop: Shop, declared: int) -> None:
    held = shop.stores.stock.stock_item(MUG)
    shop.place(units=6)
    news = publication(version=2, stock=declared)
    later = after_publication(held, news, news.offers()[0])
    assert later
    with pytest.raises(Contended):
        shop.stores.stock.replace(held, later)
    shop.inventory.record_publication(news)
    assert shop.left == 0


def test_two_publications_at_once_do_not_both_move_the_stock(shop: Shop) -> None:
    held = shop.stores.stock.stock_item(MUG)
    news = publication(version=2, stock=12)
    later = after_publication(held, news, news.offers()[0])
    assert later
    shop.stores.stock.replace(held, later)
    with pytest.raises(Contended):
        shop.stores.stock.replace(held, later)
    assert shop.left == 12
