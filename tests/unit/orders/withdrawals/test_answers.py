"""What an order becomes by shipping's answers, and what it asks by itself."""

from datetime import timedelta

import pytest

from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order import Order
from functions.orders.order_views import OrderView
from functions.orders.refunds.cancellation import AlreadyDispatched, NotConfirmed
from functions.orders.refunds.refund import NotPaid, NotPaidYet, RefundAsk
from functions.orders.withdrawals.withdrawal import FIRST_WAIT
from monsoon_plugin.clock import rfc3339
from shared.errors import Invalid
from shared.order_messages import OrderCancelled, OrderPaid, OrderReduced, OrderUnitsKept, OrderUnitsWithdrawn, RefundRequested
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched
from tests.fakes import caller
from tests.unit.orders.conftest import PATIENCE, Shop
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    OTHER,
    STOREFRONT,
    SUPPLIER,
    TEA,
    capture,
    declined,
    hold,
    kept,
    promise,
    recall,
    released,
)

OWNER = caller(ACCOUNT, "storefront")
ONE = RefundAsk({MUG: 1}, False, None, "one too many")


def of_parcel(order: Order, kind: type = ShipmentDispatched, supplier: str = SUPPLIER, remaining: int = 1) -> ShipmentDispatched:
    about = {"version": 5, "shipment_id": "shp_1", "order_id": order.id, "storefront_id": STOREFRONT, "account_id": ACCOUNT,
             "supplier_id": supplier, "remaining": remaining}  # fmt: skip
    return kind(**about, **({"tracking_number": "T"} if kind is ShipmentDispatched else {}))


def shown(order: Order) -> OrderView:
    return OrderView.of(order, OWNER)


def test_a_question_names_the_units_and_money_moves_only_on_the_answer(memory: Shop) -> None:
    order = memory.place(3)
    memory.orders.record_capture(capture(order))
    asked = memory.refund(order, ONE)
    (question,) = memory.told(OrderUnitsWithdrawn)
    assert [(one.offer_id, one.supplier_id, one.units) for one in question.units] == [(MUG, SUPPLIER, 1)]
    assert (question.why, memory.told(RefundRequested), memory.left) == ("refund", [], 7)
    assert [(r.state, r.amount.amount) for r in shown(asked).refunds] == [("awaiting_goods", 1250)]
    memory.release(order)
    (refund,) = memory.told(RefundRequested)
    assert (refund.amount, refund.refund_id, memory.left) == (1250, question.withdrawal_id, 8)


def test_an_answer_told_again_changes_nothing_more(shop: Shop) -> None:
    order = shop.place(3)
    shop.orders.record_capture(capture(order))
    answer = released(order, shop.refund(order, ONE).withdrawals[0])
    shop.orders.record_release(answer)
    once = shop.order(order)
    for _ in range(2):
        shop.orders.record_release(answer)
    assert (shop.order(order), shop.left) == (once, 8)


def test_units_that_had_left_are_not_refunded_by_themselves_and_the_asker_reads_so(memory: Shop) -> None:
    order = memory.place(3)
    memory.orders.record_capture(capture(order))
    asked = memory.refund(order, ONE)
    memory.orders.record_kept(kept(order, asked.withdrawals[0]))
    view = shown(memory.order(order))
    assert ([r.state for r in view.refunds], [w.state for w in view.withdrawals]) == (["kept"], ["kept"])
    assert (memory.told(RefundRequested), memory.left, view.state) == ([], 7, "paid")
    (told,) = memory.told(OrderUnitsKept)
    assert (told.withdrawal_id, told.why, told.units) == (asked.withdrawals[0].id, "refund", {MUG: 1})


def test_an_order_that_is_not_cancelled_since_its_goods_had_left_says_so_once(memory: Shop) -> None:
    order = memory.place(3)
    memory.orders.record_authorization(promise(order))
    asked = memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant")
    for _ in range(2):
        memory.orders.record_kept(kept(order, asked.withdrawals[0]))
    (told,) = memory.told(OrderUnitsKept)
    assert (told.why, told.units, shown(memory.order(order)).state) == ("cancel", {MUG: 3}, "accepted")


def test_of_a_question_that_moves_money_that_alone_is_told(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    asked = memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant").withdrawals[0]
    memory.orders.record_kept(kept(order, asked, SUPPLIER, units={MUG: asked.units[MUG]}))
    memory.orders.record_release(released(order, asked, {TEA: asked.units[TEA]}, supplier_id=OTHER))
    assert (memory.told(OrderUnitsKept), len(memory.told(RefundRequested))) == ([], 1)


def test_a_refund_of_what_has_left_is_paid_at_once_says_so_and_restocks_only_if_told(memory: Shop) -> None:
    order = memory.place(3)
    memory.orders.record_capture(capture(order))
    memory.orders.record_shipment(of_parcel(order, remaining=0))
    memory.refund(order, ONE)
    (gift,) = shown(memory.order(order)).refunds
    assert (gift.state, gift.left, memory.left) == ("requested", {MUG: 1}, 7)
    memory.refund(order, RefundAsk({MUG: 1}, False, True, "it came back"), "r2")
    assert (memory.left, memory.told(OrderUnitsWithdrawn)) == (8, [])


def test_what_has_left_and_what_has_not_are_paid_back_together_when_the_rest_is_released(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    memory.orders.record_shipment(of_parcel(order))
    asked = memory.refund(order, RefundAsk({MUG: 1, TEA: 1}, True, None, "both"))
    assert (asked.withdrawals[0].units, asked.withdrawals[0].left) == ({TEA: 1}, {MUG: 1})
    refund = memory.release(order).refunds[0]
    assert (refund.lines, refund.left, refund.shipping, memory.left) == ({MUG: 1, TEA: 1}, {MUG: 1}, 450, 8)


def test_an_order_of_cash_on_delivery_drops_units_and_less_is_to_be_collected(memory: Shop) -> None:
    order = memory.place(3)
    memory.orders.record_authorization(promise(order))
    memory.refund(order, RefundAsk({MUG: 1}, True, None, "one too many"))
    memory.release(order)
    (lowered,) = memory.told(OrderReduced)
    view = shown(memory.order(order))
    assert (lowered.amount, lowered.complete, view.totals.total.amount, memory.left) == (2500, False, 2500, 8)
    memory.orders.record_capture(capture(order, 2500))
    (paid,) = memory.told(OrderPaid)
    assert ([line.quantity for line in paid.lines], paid.shipping.price, paid.total) == ([2], 0, 2500)
    assert (paid.taken_off, memory.told(RefundRequested)) == ([lowered_id(memory, order)], [])


def lowered_id(memory: Shop, order: Order) -> str:
    return memory.order(order).withdrawals[0].id


def test_cash_collected_in_full_before_the_amount_fell_is_paid_back(memory: Shop) -> None:
    order = memory.place(3)
    memory.orders.record_authorization(promise(order))
    memory.refund(order, ONE)
    memory.release(order)
    memory.orders.record_capture(capture(order))
    assert [e.amount for e in memory.told(RefundRequested)] == [1250]


def test_goods_that_left_before_they_are_paid_cannot_be_refunded_yet(memory: Shop) -> None:
    order = memory.place(3)
    with pytest.raises(NotPaid):
        memory.refund(order, ONE)
    memory.orders.record_authorization(promise(order))
    memory.orders.record_shipment(of_parcel(order, remaining=0))
    with pytest.raises(NotPaidYet):
        memory.refund(order, ONE)


def test_one_suppliers_part_is_cancelled_alone_and_the_rest_goes_on(memory: Shop) -> None:
    order = memory.place_with_two()
    with pytest.raises(NotConfirmed):
        memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", OTHER)
    memory.orders.record_capture(capture(order))
    with pytest.raises(Invalid):
        memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", "acc_nobody")
    asked = memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", OTHER)
    assert (asked.withdrawals[0].units, shown(asked).state) == ({TEA: 1}, "paid")
    after = memory.release(order, supplier_id=OTHER, parcels=1, remaining=1, undelivered=1)
    assert (after.state, after.refunds[0].lines, after.remaining) == ("paid", {TEA: 1}, {MUG: 2})


def test_a_suppliers_part_that_has_left_is_neither_asked_for_nor_cancelled(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    memory.orders.record_shipment(of_parcel(order))
    with pytest.raises(AlreadyDispatched):
        memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", SUPPLIER)
    assert memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", OTHER).withdrawals[0].units == {TEA: 1}


def test_nothing_comes_back_from_an_order_that_was_cancelled_before_anybody_heard_of_it(memory: Shop) -> None:
    order = memory.place(2)
    memory.cancel(order)
    memory.orders.record_release(declined(order, {MUG: 2}).model_copy(update={"restock": True}))
    assert memory.left == 10


def test_an_order_is_cancelling_until_every_parcel_has_answered(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    memory.cancel(order)
    question = memory.order(order).withdrawals[0]
    memory.orders.record_release(released(order, question, {MUG: 2}, supplier_id=SUPPLIER))
    assert (shown(memory.order(order)).state, memory.left, memory.told(OrderCancelled)) == ("cancelling", 10, [])
    memory.orders.record_release(released(order, question, {TEA: 1}, supplier_id=OTHER))
    assert shown(memory.order(order)).state == "cancelled"
    assert [e.amount for e in memory.told(RefundRequested)] == [order.total]


def test_a_cancellation_that_meets_a_parcel_that_left_takes_back_the_rest_and_is_never_called_cancelled(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    memory.cancel(order)
    question = memory.order(order).withdrawals[0]
    memory.orders.record_kept(kept(order, question, units={MUG: 2}))
    memory.orders.record_release(released(order, question, {TEA: 1}, supplier_id=OTHER, parcels=1, remaining=0, undelivered=1))
    after = memory.order(order)
    assert (after.state, after.fulfilment, after.refunds[0].lines, after.refunds[0].shipping) == ("paid", "dispatched", {TEA: 1}, 0)
    assert [w.state for w in shown(after).withdrawals] == ["partly_released"]
    with pytest.raises(AlreadyDispatched):
        memory.cancel(order)


def test_an_order_is_delivered_when_the_parcel_that_is_missing_turns_out_to_be_empty(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_authorization(promise(order))
    memory.orders.record_shipment(of_parcel(order))
    memory.orders.record_shipment(of_parcel(order, ShipmentDelivered))
    memory.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", OTHER)
    after = memory.release(order, supplier_id=OTHER, parcels=1, remaining=0, undelivered=0)
    (lowered,) = memory.told(OrderReduced)
    assert (after.fulfilment, lowered.complete, lowered.amount) == ("delivered", True, 2 * 1250 + 450), "cash is collected now"


def test_a_suppliers_decline_refunds_its_part_without_putting_it_on_sale(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    for _ in range(2):
        memory.orders.record_release(declined(order, {MUG: 2}))
    after = memory.order(order)
    assert (after.refunds[0].lines, after.refunds[0].reason, memory.left) == ({MUG: 2}, "sold out", 8)
    assert len(memory.told(RefundRequested)) == 1


def test_an_order_whose_every_part_is_declined_is_cancelled_by_its_suppliers(memory: Shop) -> None:
    order = memory.place(2)
    memory.orders.record_capture(capture(order))
    memory.orders.record_release(declined(order, {MUG: 2}))
    after = memory.order(order)
    assert (after.state, after.reason, after.refunds[0].amount) == ("cancelled", "supplier", order.total)


def test_a_question_that_nobody_answers_is_asked_again_and_then_shown_to_staff(memory: Shop) -> None:
    order = memory.place(2)
    memory.orders.record_capture(capture(order))
    memory.cancel(order)
    assert sweep_due(memory.order(order)) == rfc3339(memory.clock() + FIRST_WAIT)
    for attempt in (2, 3):
        assert not memory.order(order).withdrawals[0].overdue
        memory.clock.tick(minutes=21)
        memory.orders.sweep()
        assert memory.told(OrderUnitsWithdrawn)[-1].attempt == attempt
    assert shown(memory.order(order)).withdrawals[0].overdue
    assert memory.release(order).state == "cancelled"
    assert sweep_due(memory.order(order)) is None


def test_what_is_paid_with_an_old_ticket_after_a_recall_goes_back_by_itself(shop: Shop) -> None:
    order = shop.place(2)
    shop.inventory.record_recall(recall())
    shop.orders.record_capture(capture(order))
    (question,) = shop.order(order).withdrawals
    assert (question.why, question.units, question.reason) == ("recall", {MUG: 2}, "unsafe")
    after = shop.release(order)
    assert (after.state, after.reason, after.refunds[0].amount) == ("cancelled", "recalled", order.total)


def test_what_stays_recalled_is_withdrawn_when_patience_ends_and_what_is_free_again_is_not(memory: Shop) -> None:
    orders = [memory.place(1, text) for text in ("k1", "k2")]
    for order in orders:
        memory.orders.record_capture(capture(order))
        memory.orders.record_hold(hold(order, [MUG]))
    memory.orders.record_hold(hold(orders[1], [], version=2, reason=""))
    memory.clock.tick(seconds=PATIENCE.total_seconds() - 1)
    memory.orders.sweep()
    assert memory.told(OrderUnitsWithdrawn) == []
    memory.clock.tick(seconds=2)
    memory.orders.sweep()
    assert [event.order_id for event in memory.told(OrderUnitsWithdrawn)] == [orders[0].id]
    assert memory.release(orders[0]).reason == "recalled"


def test_an_order_that_the_sweep_looks_at_for_another_reason_keeps_its_patience(memory: Shop) -> None:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    memory.refund(order, RefundAsk({TEA: 1}, False, None, "unwanted"))
    memory.orders.record_hold(hold(order, [MUG]))
    memory.clock.tick(minutes=11)
    memory.orders.sweep()
    assert [(e.why, e.attempt) for e in memory.told(OrderUnitsWithdrawn)] == [("refund", 1), ("refund", 2)]


def test_an_order_of_before_this_is_read_as_one_that_asked_nothing(memory: Shop) -> None:
    order = memory.place(2)
    old = order.model_dump(exclude={"withdrawals", "sent", "flags_end", "recalled", "shipping_waived"})
    assert Order.model_validate(old) == order
    assert timedelta(0) < PATIENCE
