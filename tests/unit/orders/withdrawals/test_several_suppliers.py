"""Orders of two suppliers, of whom one has answered: nothing is refunded twice meanwhile, and the rest goes on."""

import pytest

from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order import Order, Refund
from functions.orders.order_views import OrderView
from functions.orders.refunds.cancellation import AlreadyDispatched
from functions.orders.refunds.refund import RefundAsk
from functions.orders.withdrawals.units import refundable
from functions.orders.withdrawals.withdrawal import Withdrawal
from shared.errors import Invalid
from shared.order_messages import OrderPaid, OrderPaymentLost, OrderUnitsWithdrawn, RefundRequested
from tests.fakes import caller
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    OTHER,
    PAYMENT,
    SECOND,
    STOREFRONT,
    SUPPLIER,
    TEA,
    capture,
    declined,
    dispatched,
    ended,
    kept,
    promise,
    released,
)

OWNER = caller(ACCOUNT, "storefront")
BOTH = RefundAsk({MUG: 1, TEA: 1}, False, None, "both")


def mugs(units: int, restock: bool | None = None) -> RefundAsk:
    return RefundAsk({MUG: units}, False, restock, "mugs")


def cancel_part(shop: Shop, order: Order, supplier_id: str) -> Withdrawal:
    """The question that asks for the supplier's part, the newest of all."""
    return shop.orders.cancel(OWNER, STOREFRONT, order.id, "merchant", supplier_id).withdrawals[-1]


@pytest.fixture
def paid(memory: Shop) -> Order:
    order = memory.place_with_two()
    memory.orders.record_capture(capture(order))
    return order


def test_what_one_supplier_has_released_is_not_refunded_again_before_the_other_has_answered(memory: Shop, paid: Order) -> None:
    question = memory.refund(paid, BOTH).withdrawals[0]
    memory.orders.record_release(released(paid, question, {MUG: 1}, supplier_id=SUPPLIER))
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    with pytest.raises(Invalid) as refused:
        memory.refund(paid, mugs(2), "r2")
    assert refused.value.errors[0].detail == f"at most 1 units of {MUG} can be refunded"
    memory.refund(paid, mugs(1), "r2")
    memory.orders.record_release(released(paid, question, {TEA: 1}, supplier_id=OTHER))
    assert [e.amount for e in memory.told(RefundRequested)] == [1250, 2500]
    assert memory.order(paid).remaining == {}


def test_what_had_left_is_not_refunded_again_while_the_refund_that_names_it_awaits_the_rest(memory: Shop, paid: Order) -> None:
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    question = memory.refund(paid, BOTH).withdrawals[0]
    assert question.left == {MUG: 1}
    with pytest.raises(Invalid):
        memory.refund(paid, mugs(2), "r2")
    memory.orders.record_kept(kept(paid, question, OTHER))
    assert refundable(memory.order(paid)) == {MUG: 2, TEA: 1}, "nothing was released, so nothing was paid: it is free again"


def test_what_another_refund_had_paid_back_meanwhile_is_left_out(memory: Shop, paid: Order) -> None:
    """Refunds that had been asked for before this was looked at."""
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    question = memory.refund(paid, BOTH).withdrawals[0]
    held = memory.order(paid)
    gift = Refund(id="ref_2", payment_id=PAYMENT, amount=2500, currency="EUR", lines={MUG: 2}, left={MUG: 2}, asked_first=True)
    memory.store.orders[paid.id] = held.model_copy(update={"refunds": (gift,)})
    memory.orders.record_release(released(paid, question, supplier_id=OTHER))
    assert [(r.lines, r.amount) for r in memory.order(paid).refunds] == [({MUG: 2}, 2500), ({TEA: 1}, 1250)]


def test_units_that_came_back_before_are_promised_once(memory: Shop, paid: Order) -> None:
    """A refund of them failed, and the hub has given up to pay it by itself."""
    memory.orders.record_release(declined(paid, {MUG: 1}))
    held = memory.order(paid)
    failed = [held.refunds[0].model_copy(update={"id": f"ref_{n}", "state": "failed", "fingerprint": ""}) for n in range(3)]
    memory.store.orders[paid.id] = held.model_copy(update={"refunds": tuple(failed)})
    question = memory.refund(paid, BOTH).withdrawals[-1]
    assert (question.back, question.units, refundable(memory.order(paid))) == ({MUG: 1}, {TEA: 1}, {MUG: 1, TEA: 0})
    memory.orders.record_release(released(paid, question, supplier_id=OTHER))
    assert memory.order(paid).remaining == {MUG: 1}


@pytest.mark.parametrize(("restock", "mugs_back"), [(True, 1), (False, 0), (None, 0)])
def test_what_had_left_goes_on_sale_again_if_its_merchant_says_so_in_a_mixed_refund_too(
    memory: Shop, paid: Order, *, restock: bool | None, mugs_back: int
) -> None:
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    question = memory.refund(paid, RefundAsk({MUG: 1, TEA: 1}, False, restock, "both came back")).withdrawals[0]
    assert memory.left == 8
    for _ in range(2):
        memory.orders.record_release(released(paid, question, supplier_id=OTHER))
    assert (memory.left, memory.store.kept[TEA].quantity) == (8 + mugs_back, 9 if restock is False else 10)


def test_what_had_left_and_is_not_paid_back_stays_off_sale(memory: Shop, paid: Order) -> None:
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    question = memory.refund(paid, RefundAsk({MUG: 1, TEA: 1}, False, True, "both came back")).withdrawals[0]
    memory.orders.record_kept(kept(paid, question, OTHER))
    assert (memory.left, memory.told(RefundRequested)) == (8, [])


@pytest.mark.parametrize("rest", ["waits", "is sent"])
def test_cancelling_a_part_again_changes_nothing_while_it_is_asked_and_once_it_is_back(memory: Shop, paid: Order, rest: str) -> None:
    question = cancel_part(memory, paid, OTHER)
    assert cancel_part(memory, paid, OTHER) == question
    memory.orders.record_release(released(paid, question, supplier_id=OTHER, parcels=1, remaining=1, undelivered=1))
    if rest == "is sent":
        memory.orders.record_shipment(dispatched(paid, SUPPLIER))
    before = memory.order(paid)
    cancel_part(memory, paid, OTHER)
    assert memory.order(paid) == before
    assert len(memory.told(OrderUnitsWithdrawn)) == 1


def test_a_part_of_which_some_came_back_and_the_rest_has_left_is_not_cancelled(memory: Shop, paid: Order) -> None:
    memory.orders.record_release(declined(paid, {MUG: 1}))
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    with pytest.raises(AlreadyDispatched):
        cancel_part(memory, paid, SUPPLIER)


def test_units_of_an_emptied_parcel_are_asked_for_though_all_others_have_left(memory: Shop, paid: Order) -> None:
    """Its supplier had declined them, and that was not heard yet: they never left, and are paid back once."""
    memory.orders.record_shipment(dispatched(paid, SUPPLIER, remaining=1))
    question = memory.refund(paid, RefundAsk({TEA: 1}, False, None, "tea")).withdrawals[0]
    memory.orders.record_release(released(paid, question, {}, supplier_id=OTHER, parcels=1, remaining=0, undelivered=1))
    assert memory.order(paid).fulfilment == "dispatched"
    assert memory.refund(paid, RefundAsk({TEA: 1}, False, None, "tea again"), "r2").refunds == ()
    memory.orders.record_release(declined(paid, {TEA: 1}, OTHER))
    assert [(r.lines, r.left) for r in memory.order(paid).refunds] == [({TEA: 1}, {})]


def test_a_decline_that_came_too_late_for_any_units_is_settled_and_hides_nothing(memory: Shop, paid: Order) -> None:
    cancel_part(memory, paid, OTHER)
    due = sweep_due(memory.order(paid))
    memory.orders.record_release(declined(paid, {}))
    after = memory.order(paid)
    assert (after.withdrawals[-1].settled, after.refunds, after.state) == (True, (), "paid")
    assert sweep_due(after) == due
    memory.clock.tick(minutes=11)
    memory.orders.sweep()
    assert [e.attempt for e in memory.told(OrderUnitsWithdrawn)] == [1, 2]


def test_a_decline_that_was_left_unsettled_before_hides_nothing_either(memory: Shop, paid: Order) -> None:
    memory.orders.record_release(declined(paid, {}))
    stuck = memory.order(paid).withdrawals[0].model_copy(update={"settled": False})
    memory.store.orders[paid.id] = memory.order(paid).model_copy(update={"withdrawals": (stuck,)})
    assert sweep_due(memory.order(paid)) is None
    cancel_part(memory, paid, OTHER)
    memory.clock.tick(minutes=11)
    memory.orders.sweep()
    assert [e.attempt for e in memory.told(OrderUnitsWithdrawn)] == [1, 2]


def test_an_order_of_before_of_which_a_parcel_was_sent_and_refunded_is_never_cancelled(memory: Shop, paid: Order) -> None:
    """Its fulfilment says that something has left; which supplier's it was, nothing says."""
    back = Refund(id="ref_1", payment_id=PAYMENT, amount=2500, currency="EUR", lines={MUG: 2}, state="paid", fingerprint="f")
    old = memory.order(paid).model_copy(update={"fulfilment": "under_way", "tracked": False, "refunds": (back,)})
    memory.store.orders[paid.id] = Order.model_validate_json(old.model_dump_json(exclude_defaults=True))
    question = cancel_part(memory, paid, OTHER)
    assert OrderView.of(memory.order(paid), OWNER).state == "paid"
    memory.orders.record_release(released(paid, question, supplier_id=OTHER, parcels=1, remaining=0, undelivered=1))
    after = memory.order(paid)
    assert (after.state, [(r.lines, r.shipping) for r in after.refunds[1:]]) == ("paid", [({TEA: 1}, 0)])


@pytest.mark.parametrize("was_in_review", [True, False])
def test_paid_by_what_it_owes_less_it_says_whether_it_was_in_review(memory: Shop, *, was_in_review: bool) -> None:
    """Shipping frees what it holds only for an order that says so."""
    order = memory.place_with_two()
    memory.orders.record_authorization(promise(order))
    if was_in_review:
        memory.orders.record_ended_authorization(ended(order))
        assert len(memory.told(OrderPaymentLost)) == 1
    question = cancel_part(memory, order, OTHER)
    less = order.total - order.worth({TEA: 1})
    short = capture(order, less, version=6, payment_id=SECOND if was_in_review else PAYMENT)
    if was_in_review:
        memory.orders.record_capture(short)
        assert memory.order(order).state == "review"
        memory.orders.record_release(released(order, question, supplier_id=OTHER))
    else:
        memory.orders.record_release(released(order, question, supplier_id=OTHER))
        memory.orders.record_capture(short)
    (event,) = memory.told(OrderPaid)
    assert (event.again, memory.order(order).state) == (was_in_review, "paid")
