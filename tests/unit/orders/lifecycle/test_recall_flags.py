"""Recalled goods in open orders: flagged while they are recalled, whatever the order of the news."""

from itertools import permutations

import pytest
from hypothesis import given, strategies

from functions.orders.lifecycle.recall_flags import after_hold
from functions.orders.order import Order
from functions.orders.refunds.refund import RefundAsk
from shared.order_messages import OrderFlagged
from shared.shipment_messages import ShipmentHeld
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, SUPPLIER, TEA, basket, capture, hold, key, publication, recall
from tests.unit.orders.lifecycle.test_payment_events import ORDER

OTHER = "acc_other"


@pytest.fixture
def paid(shop: Shop) -> Order:
    """A paid order of mugs and of another supplier's tea."""
    shop.inventory.record_publication(publication(TEA).model_copy(update={"supplier_id": OTHER}))
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({MUG: 2, TEA: 1}), key())
    shop.orders.record_capture(capture(order))
    return shop.order(order)


def test_a_held_shipment_flags_the_order_and_a_free_one_clears_it(shop: Shop, paid: Order) -> None:
    shop.orders.record_hold(hold(paid, [MUG]))
    assert shop.order(paid).flagged == {MUG: "unsafe"}
    shop.orders.record_hold(hold(paid, [], version=2, reason=""))
    assert shop.order(paid).flagged == {}


def test_two_shipments_of_an_order_are_flagged_apart(shop: Shop, paid: Order) -> None:
    shop.orders.record_hold(hold(paid, [MUG], version=4))
    shop.orders.record_hold(hold(paid, [TEA], shipment_id="shp_2", supplier_id=OTHER, reason="no licence"))
    assert shop.order(paid).flagged == {MUG: "unsafe", TEA: "no licence"}
    shop.orders.record_hold(hold(paid, [], version=5))
    assert shop.order(paid).flagged == {TEA: "no licence"}


def test_the_event_is_told_once_for_each_change_and_says_all_that_is_flagged(memory: Shop) -> None:
    order = memory.place()
    memory.orders.record_capture(capture(order))
    for message in (hold(order, [MUG]), hold(order, [MUG]), hold(order, [MUG], version=3), hold(order, [], version=2)):
        memory.orders.record_hold(message)
    told = [event for event in memory.store.events if isinstance(event, OrderFlagged)]
    assert [(event.offer_ids, event.reason) for event in told] == [([MUG], "unsafe")]
    memory.orders.record_hold(hold(order, [], version=4))
    last = memory.store.events[-1]
    assert isinstance(last, OrderFlagged)
    assert (last.offer_ids, last.reason, last.version) == ([], "", memory.order(order).version)


def test_a_cancelled_or_refunded_line_is_flagged_no_more(shop: Shop, paid: Order) -> None:
    shop.orders.record_hold(hold(paid, [MUG]))
    shop.refund(paid, RefundAsk({MUG: 1}, False, False, "recalled"))
    shop.release(paid)
    assert shop.order(paid).flagged == {MUG: "unsafe"}
    shop.refund(paid, RefundAsk({MUG: 1}, False, False, "recalled"), "r2")
    shop.release(paid)
    assert shop.order(paid).flagged == {}
    shop.orders.record_hold(hold(paid, [TEA], shipment_id="shp_2", supplier_id=OTHER))
    shop.cancel(paid)
    assert shop.order(paid).flagged == {TEA: "unsafe"}, "it may be sent still"
    assert (shop.release(paid).state, shop.order(paid).flagged) == ("cancelled", {})


def test_news_of_a_cancelled_order_flag_nothing_and_tell_nothing(memory: Shop) -> None:
    order = memory.place()
    memory.cancel(order)
    memory.orders.record_hold(hold(order, [MUG]))
    assert memory.order(order).flagged == {}
    assert not any(isinstance(event, OrderFlagged) for event in memory.store.events)


def test_an_unpaid_order_with_recalled_goods_is_flagged_and_cannot_be_paid(shop: Shop) -> None:
    order = shop.place()
    assert shop.checkout.payment_ticket(shop.order(order))
    shop.inventory.record_recall(recall())
    flagged = shop.order(order)
    assert (flagged.flagged, shop.checkout.payment_ticket(flagged)) == ({MUG: "unsafe"}, None)
    assert shop.checkout.payment_ticket(shop.place()) is None, "nor when it is sent again"
    shop.inventory.record_publication(publication(version=3))
    assert shop.checkout.payment_ticket(shop.order(order))


def test_what_an_unpaid_order_is_shown_flagged_for_is_not_kept(shop: Shop) -> None:
    order = shop.place()
    shop.inventory.record_recall(recall())
    assert shop.order(order).flagged
    shop.inventory.record_publication(publication(version=3))
    shop.orders.record_capture(capture(order))
    assert shop.order(order).flags == {}


MESSAGES = [hold(Order.model_construct(id="ord_1"), offers, n + 1) for n, offers in enumerate(([MUG], [], [MUG], []))]


@pytest.mark.parametrize("news", list(permutations(MESSAGES)))
def test_in_any_order_the_last_version_of_a_shipment_decides(paid_order: Order, news: tuple[ShipmentHeld, ...]) -> None:
    assert _after(paid_order, news).flagged == {}


TWO = {"shp_1": (MUG, SUPPLIER), "shp_2": (TEA, OTHER)}


@given(
    strategies.lists(
        strategies.tuples(strategies.sampled_from(sorted(TWO)), strategies.integers(1, 9), strategies.booleans()), unique_by=lambda n: n[:2]
    ),
    strategies.randoms(),
)
def test_shuffled_and_doubled_news_of_two_shipments_end_in_what_each_said_last(news, random) -> None:
    order = _order()
    told = [
        hold(order, [TWO[shipment][0]] if recalled else [], version, shipment_id=shipment, supplier_id=TWO[shipment][1])
        for shipment, version, recalled in news
    ]
    late = [*told, *random.sample(told, len(told) // 2)]
    random.shuffle(late)
    last = {shipment: recalled for shipment, _, recalled in sorted(news)}
    assert set(_after(order, late).flagged) == {TWO[shipment][0] for shipment, recalled in last.items() if recalled}


@pytest.fixture
def paid_order() -> Order:
    return _order()


def _order() -> Order:
    (line,) = ORDER.lines
    tea = line.model_copy(update={"offer_id": TEA, "supplier_id": OTHER})
    return ORDER.model_copy(update={"lines": (line, tea), "state": "paid"})


def _after(order: Order, news) -> Order:
    for message in news:
        change = after_hold(order, message)
        order = change.order if change else order
    return order
