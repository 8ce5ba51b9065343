"""Placing, paying, cancelling: what a shopper, a merchant and a late message may do to stock and money."""

import json
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from functions.orders.checkout.storefront import Closed
from functions.orders.inventory.shortage import NotSellable, OutOfStock
from functions.orders.lifecycle.payment_events import after_capture
from functions.orders.order import OrderChange
from functions.orders.order_service import SPARE
from functions.orders.refunds.cancellation import AlreadyDispatched
from functions.orders.refunds.refund import NotPaid, RefundAsk
from shared.api.idempotency import KeyReused
from shared.api.ticket_contents import PAYABLE_ORDER, PayableOrder
from shared.api.tickets import TicketRefused
from shared.aws.packing import unpacked
from shared.errors import Invalid, NotFound
from shared.optimistic_retry import Busy
from shared.order_messages import OrderCancelled, OrderPlaced, RefundRequested
from shared.shipment_messages import ShipmentDispatched
from tests.fakes import TICKETS, caller
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    PAYMENT,
    SECOND,
    STOREFRONT,
    SUPPLIER,
    TEA,
    StaleSnapshots,
    basket,
    capture,
    configuration,
    ended,
    key,
    payout,
    promise,
    recall,
    reversal,
    ticket,
)


def dispatched(order_id: str, remaining: int = 0) -> ShipmentDispatched:
    return ShipmentDispatched(version=1, shipment_id="shp_1", order_id=order_id, storefront_id=STOREFRONT, account_id=ACCOUNT,
                              supplier_id=SUPPLIER, remaining=remaining, tracking_number="T1")  # fmt: skip


def test_an_order_takes_its_units_and_waits_to_be_paid(shop: Shop) -> None:
    order = shop.place(units=3)
    assert (order.state, order.total, shop.left) == ("unpaid", 3 * 1250 + 450, 7)
    assert shop.order(order) == order


def test_the_same_key_gives_the_same_order_whatever_has_changed_since(shop: Shop) -> None:
    first = shop.place()
    shop.inventory.record_recall(recall())
    shop.replica.record_storefront(configuration(version=2, open=False))
    shop.clock.tick(days=1)
    assert shop.place() == first.model_copy(update={"flags": {MUG: "unsafe"}})
    assert shop.left == 8


def test_the_same_key_with_another_order_is_refused(shop: Shop) -> None:
    shop.place()
    with pytest.raises(KeyReused):
        shop.place(units=1, fingerprint="f2")


def test_a_replay_when_the_stock_is_gone_is_still_the_same_order(shop: Shop) -> None:
    first = shop.place(units=10)
    assert shop.place(units=10) == first


def test_out_of_stock_names_the_line_and_what_is_left(shop: Shop) -> None:
    shop.place(units=8)
    with pytest.raises(OutOfStock) as refused:
        shop.place(units=3, text="k2")
    assert [(e.pointer, e.detail) for e in refused.value.errors] == [("/lines/0/quantity", "2 left")]
    assert refused.value.more == {"left": {MUG: 2}}
    assert shop.left == 2


def test_a_recalled_offer_is_refused_even_by_a_snapshot_that_has_not_heard(shop: Shop) -> None:
    """The snapshot may be stale; the condition on the stock is not."""
    stale = replace(shop.checkout, snapshots=StaleSnapshots(shop.stores.snapshots, [MUG]))
    shop.inventory.record_recall(recall())
    with pytest.raises(NotSellable):
        shop.place()
    with pytest.raises(NotSellable) as refused:
        stale.place(ACCOUNT, STOREFRONT, basket(), key())
    assert refused.value.errors[0].pointer == "/lines/0/offer_id"
    assert shop.left == 10


def test_a_closed_or_unknown_storefront_takes_no_orders(memory: Shop) -> None:
    memory.replica.record_storefront(configuration(version=2, open=False))
    with pytest.raises(Closed):
        memory.place()
    memory.store.storefronts.clear()
    with pytest.raises(NotFound):
        memory.place()


@pytest.mark.parametrize(
    "said",
    [
        {"account_id": "acc_other"}, {"storefront_id": "sf_other"}, {"quantities": {MUG: 1}}, {"quantities": {MUG: 2, TEA: 1}},
        {"address": "elsewhere"}, {"currency": "GBP"},
    ],
)  # fmt: skip
def test_a_shipping_ticket_is_good_for_this_very_order_only(memory: Shop, said: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        memory.place(shipping_ticket=ticket({MUG: 2}, **said))
    assert refused.value.errors[0].pointer == "/shipping_ticket"
    assert memory.left == 10


def test_a_stale_or_forged_shipping_ticket_is_refused(memory: Shop) -> None:
    with pytest.raises(TicketRefused):
        memory.place(shipping_ticket="forged")
    stale = ticket({MUG: 2})
    memory.clock.tick(minutes=16)
    with pytest.raises(TicketRefused):
        memory.place(shipping_ticket=stale)


def test_a_conflict_with_a_parallel_order_is_retried_and_then_said(memory: Shop) -> None:
    memory.store.contended = 5
    assert memory.place().state == "unpaid"
    memory.store.contended = 6
    with pytest.raises(Busy) as busy:
        memory.place(text="k2")
    assert busy.value.more == {"retry_after": 1}
    assert memory.left == 8


def test_a_payment_ticket_pays_for_fifteen_minutes_and_each_reading_brings_another_until_the_deadline(memory: Shop) -> None:
    order = memory.place(pay_within=timedelta(hours=48))
    issued = memory.checkout.payment_ticket(order)
    assert issued is not None
    memory.clock.tick(minutes=15)
    said = TICKETS.read(PAYABLE_ORDER, issued, PayableOrder, memory.clock())
    assert (said.order_id, said.amount.amount) == (order.id, order.total)
    memory.clock.tick(seconds=1)
    with pytest.raises(TicketRefused):
        TICKETS.read(PAYABLE_ORDER, issued, PayableOrder, memory.clock())
    memory.clock.tick(hours=47)
    last = memory.checkout.payment_ticket(order)
    assert last is not None
    assert TICKETS.read(PAYABLE_ORDER, last, PayableOrder, memory.clock()).order_id == order.id
    memory.clock.tick(hours=2)
    assert memory.checkout.payment_ticket(order) is None


def test_an_order_whose_money_was_taken_back_whole_may_be_paid_anew(memory: Shop) -> None:
    order = memory.place()
    memory.orders.record_capture(capture(order))
    assert memory.checkout.payment_ticket(memory.order(order)) is None
    memory.orders.record_reversal(reversal(order, captured=100, version=5))
    assert memory.checkout.payment_ticket(memory.order(order)) is None, "what is left of the money would be sent back"
    memory.orders.record_reversal(reversal(order, captured=0, version=6))
    issued = memory.checkout.payment_ticket(memory.order(order))
    assert issued is not None
    assert TICKETS.read(PAYABLE_ORDER, issued, PayableOrder, memory.clock()).amount.amount == order.total
    memory.orders.record_capture(capture(order, version=1, payment_id="pay_anew"))
    assert (memory.order(order).state, memory.checkout.payment_ticket(memory.order(order))) == ("paid", None)


def test_no_ticket_outlives_the_deadline(memory: Shop) -> None:
    order = memory.place(pay_within=timedelta(minutes=60))
    memory.clock.tick(minutes=55)
    issued = memory.checkout.payment_ticket(order)
    assert issued is not None
    memory.clock.tick(minutes=5, seconds=1)
    with pytest.raises(TicketRefused):
        TICKETS.read(PAYABLE_ORDER, issued, PayableOrder, memory.clock())


def test_an_unpaid_order_expires_once_and_its_units_come_back_once(shop: Shop) -> None:
    order = shop.place(units=4)
    assert shop.orders.sweep() == {"swept": 0, "later": 0}
    shop.clock.tick(minutes=61)
    assert shop.orders.sweep() == {"swept": 1, "later": 0}
    assert shop.orders.sweep() == {"swept": 0, "later": 0}
    assert (shop.order(order).state, shop.order(order).reason, shop.left) == ("cancelled", "expired", 10)


@pytest.mark.parametrize("paid", [False, True])
def test_an_accepted_or_paid_order_is_not_due(shop: Shop, paid: bool) -> None:
    order = shop.place()
    shop.orders.record_authorization(promise(order))
    if paid:
        shop.orders.record_capture(capture(order))
    shop.clock.tick(days=30)
    assert shop.orders.sweep() == {"swept": 0, "later": 0}
    assert shop.order(order).state == ("paid" if paid else "accepted")


def test_the_sweep_leaves_a_contended_order_for_its_next_run(memory: Shop) -> None:
    memory.place()
    memory.clock.tick(hours=2)
    memory.store.contended = 6
    assert memory.orders.sweep() == {"swept": 0, "later": 1}
    assert memory.orders.sweep() == {"swept": 1, "later": 0}
    assert memory.left == 10


def test_what_a_sweep_has_no_time_for_stays_due(memory: Shop) -> None:
    orders = [memory.place(1, text) for text in ("k1", "k2", "k3")]
    memory.clock.tick(hours=2)
    left = iter([SPARE, SPARE, SPARE - timedelta(seconds=1)])
    assert memory.orders.sweep(lambda: next(left)) == {"swept": 2, "later": 0}
    assert sorted(memory.order(order).state for order in orders) == ["cancelled", "cancelled", "unpaid"]
    assert memory.orders.sweep() == {"swept": 1, "later": 0}


def test_an_order_that_cannot_be_read_keeps_no_other_waiting_and_is_told(memory: Shop) -> None:
    odd, *others = (memory.place(1, text) for text in ("k1", "k2", "k3"))
    memory.clock.tick(hours=2)
    memory.store.unreadable = {odd.id}
    with pytest.raises(ExceptionGroup, match="1 of 3 orders"):
        memory.orders.sweep()
    memory.store.unreadable = set()
    assert [memory.order(order).state for order in (odd, *others)] == ["unpaid", "cancelled", "cancelled"]


def test_money_that_arrives_after_the_expiry_is_recorded_and_sent_back(memory: Shop) -> None:
    order = memory.place()
    memory.clock.tick(hours=2)
    memory.orders.sweep()
    memory.orders.record_capture(capture(order))
    memory.orders.record_capture(capture(order))
    asked = [e for e in memory.store.events if isinstance(e, RefundRequested)]
    assert [(e.amount, e.payment_id, e.currency) for e in asked] == [(order.total, PAYMENT, "EUR")]
    assert (memory.order(order).payment(PAYMENT).captured, memory.left) == (order.total, 10)


def test_a_refund_that_a_crash_left_unasked_is_asked_by_the_sweep(memory: Shop) -> None:
    order = memory.place()
    memory.cancel(order)
    recorded = after_capture(memory.order(order), capture(order))
    assert recorded
    memory.stores.orders.save(recorded, memory.clock())
    assert not any(isinstance(e, RefundRequested) for e in memory.store.events)
    memory.clock.tick(minutes=1)
    memory.orders.sweep()
    assert [e.amount for e in memory.store.events if isinstance(e, RefundRequested)] == [order.total]


def test_cancelling_a_paid_order_tells_shipping_and_pays_all_of_it_back(shop: Shop) -> None:
    order = shop.place()
    shop.orders.record_capture(capture(order))
    asked = shop.cancel(order)
    assert shop.cancel(order) == asked
    assert (asked.state, asked.refunds, shop.left) == ("paid", (), 8), "nothing moves before shipping has answered"
    after = shop.release(order)
    assert shop.cancel(order) == after
    assert (after.state, after.remaining, after.shipping_left, shop.left) == ("cancelled", {}, 0, 10)
    assert [(r.amount, r.lines, r.shipping) for r in after.refunds] == [(order.total, {MUG: 2}, 450)]


def test_cancelling_an_accepted_order_calls_its_payment_off(memory: Shop) -> None:
    order = memory.place()
    memory.orders.record_authorization(promise(order))
    memory.cancel(order)
    assert not any(isinstance(e, OrderCancelled) for e in memory.store.events)
    memory.release(order)
    (told,) = [e for e in memory.store.events if isinstance(e, OrderCancelled)]
    assert (told.reason, told.payment_id, memory.left) == ("shopper", PAYMENT, 10)


@pytest.mark.parametrize("anew", [True, False])
def test_the_payment_that_is_called_off_is_the_one_that_promises_still(memory: Shop, anew: bool) -> None:
    """Of an order that was promised anew by another payment it named the first, whose promise was over."""
    order = memory.place()
    memory.orders.record_authorization(promise(order))
    memory.orders.record_ended_authorization(ended(order))
    if anew:
        memory.orders.record_authorization(promise(order, payment_id=SECOND))
    memory.cancel(order)
    memory.release(order)
    (told,) = memory.told(OrderCancelled)
    assert told.payment_id == (SECOND if anew else None)


def test_of_an_order_of_before_promises_were_kept_the_payment_is_named_all_the_same(memory: Shop) -> None:
    order = memory.place()
    memory.orders.record_authorization(promise(order))
    accepted = memory.order(order)
    old = tuple(payment.model_copy(update={"promised": 0}) for payment in accepted.payments)
    memory.stores.orders.save(OrderChange(accepted.next(payments=old)), memory.clock.now)
    memory.cancel(order)
    memory.release(order)
    assert [told.payment_id for told in memory.told(OrderCancelled)] == [PAYMENT]


def test_what_is_under_way_cannot_be_cancelled(shop: Shop) -> None:
    order = shop.place()
    shop.orders.record_authorization(promise(order))
    shop.orders.record_shipment(dispatched(order.id, remaining=1))
    with pytest.raises(AlreadyDispatched):
        shop.cancel(order)
    assert (shop.order(order).fulfilment, shop.left) == ("under_way", 8)


def test_a_refund_is_asked_once_for_its_key_and_bounded_by_what_is_left(shop: Shop) -> None:
    order = shop.place(units=3)
    ask = RefundAsk({MUG: 2}, True, True, "broken")
    with pytest.raises(NotPaid):
        shop.orders.refund(ACCOUNT, STOREFRONT, order.id, ask, key("r1"))
    shop.orders.record_capture(capture(order))
    asked = shop.refund(order, ask)
    assert (shop.refund(order, ask), asked.refunds) == (asked, ())
    once = shop.release(order)
    assert shop.refund(order, ask) == once
    assert ([r.amount for r in once.refunds], shop.left) == ([2 * 1250 + 450], 9)
    with pytest.raises(KeyReused):
        shop.orders.refund(ACCOUNT, STOREFRONT, order.id, ask, key("r1", "f2"))
    with pytest.raises(Invalid) as refused:
        shop.orders.refund(ACCOUNT, STOREFRONT, order.id, ask, key("r2"))
    assert [e.pointer for e in refused.value.errors] == ["/lines/0/quantity", "/shipping"]


def test_a_refund_without_restock_leaves_the_stock(shop: Shop) -> None:
    order = shop.place(units=3)
    shop.orders.record_capture(capture(order))
    shop.orders.refund(ACCOUNT, STOREFRONT, order.id, RefundAsk({MUG: 1}, False, False, "broken"), key("r1"))
    shop.release(order)
    assert shop.left == 7


def test_another_tenants_order_is_not_found(shop: Shop) -> None:
    order = shop.place()
    with pytest.raises(NotFound):
        shop.orders.cancel(caller("acc_other", "storefront"), STOREFRONT, order.id, "shopper")
    with pytest.raises(NotFound):
        shop.orders.order(ACCOUNT, "sf_other", order.id)


def test_two_refunds_asked_one_after_the_other_are_two_events_and_may_be_paid_in_any_order(memory: Shop) -> None:
    order = memory.place(units=3)
    memory.orders.record_capture(capture(order))
    for text in ("r1", "r2"):
        memory.orders.refund(ACCOUNT, STOREFRONT, order.id, RefundAsk({MUG: 1}, False, True, "x"), key(text))
        memory.release(order)
    first, second = (e for e in memory.store.events if isinstance(e, RefundRequested))
    assert first.version < second.version
    memory.orders.record_refund(payout(order, second, version=5))
    memory.orders.record_refund(payout(order, first, version=4))
    memory.orders.record_refund(payout(order, first, version=4))
    assert [r.state for r in memory.order(order).refunds] == ["paid", "paid"]
    assert [type(e).__name__ for e in memory.store.events].count("OrderRefunded") == 2


def test_the_event_rides_in_the_order_item_and_leaves_it_with_the_next_change(make_table) -> None:

    shop = stored(make_table("orders"))
    order = shop.place()
    table = boto3.resource("dynamodb").Table("orders-test")
    where = {"pk": f"{ACCOUNT}#{STOREFRONT}", "sk": order.id}
    item = table.get_item(Key=where)["Item"]
    assert json.loads(unpacked({"B": bytes(item["event"])}))["type"] == OrderPlaced.type
    assert item["open_pk"].startswith("due#")
    shop.orders.record_capture(capture(order))
    shop.orders.record_shipment(dispatched(order.id))
    item = table.get_item(Key=where)["Item"]
    assert not {"event", "open_pk", "open_sk"} & item.keys()
    assert order.lines[0].title in unpacked({"B": bytes(item["order"])})
