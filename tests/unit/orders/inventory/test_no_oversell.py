"""Whatever happens in whatever order: units at the start − sold + returned = units now, and money out is never more than in."""

from collections import Counter
from collections.abc import Callable, Iterator

import boto3
import pytest
from hypothesis import given, settings, strategies

from functions.orders.order import Order, Refund
from functions.orders.refunds.refund import RefundAsk
from functions.orders.withdrawals.withdrawal import Withdrawal
from shared.errors import Problem
from shared.messages import PaymentRefundFailed
from shared.order_messages import RefundRequested
from shared.shipment_messages import ShipmentDispatched
from tests.examples import examples
from tests.fakes import FakeClock
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    STOREFRONT,
    SUPPLIER,
    MemoryStore,
    capture,
    eur,
    in_memory,
    kept,
    payout,
    promise,
    released,
)

ACTS = [
    "place", "place", "promise", "pay", "pay", "pay less", "pay again", "cancel", "refund", "refund", "keep", "keep", "answer", "answer",
    "answer", "had left", "decline", "dispatch", "paid back", "comes back", "later",
]  # fmt: skip
STEPS = strategies.lists(
    strategies.tuples(strategies.sampled_from(ACTS), strategies.integers(0, 1), strategies.integers(1, 3)), min_size=8, max_size=40
)


def run(shop: Shop, steps: list[tuple[str, int, int]]) -> list[Order]:
    """Carry out the steps, each on one of two orders, two of three of which are paid or promised at once."""
    placed: dict[int, Order] = {}
    for n, (step, which, units) in enumerate(steps):
        try:
            if which not in placed or step == "place":
                placed[which] = shop.place(units + 1, text=str(which), fingerprint=str(units))
                if units == 1:
                    shop.orders.record_capture(capture(placed[which]))
                if units == 2:
                    shop.orders.record_authorization(promise(placed[which]))
            elif step == "later":
                shop.clock.tick(minutes=15 * units)
                shop.orders.sweep()
            else:
                _on(shop, placed[which], step, units, n)
        except Problem:
            continue
    return [shop.order(order) for order in placed.values()]


def _on(shop: Shop, order: Order, step: str, units: int, n: int) -> None:
    acts: dict[str, Callable[[], object]] = {
        "promise": lambda: shop.orders.record_authorization(promise(order)),
        "pay": lambda: shop.orders.record_capture(capture(order)),
        "pay less": lambda: shop.orders.record_capture(capture(order, 100, version=1)),
        "pay again": lambda: shop.orders.record_capture(capture(order, payment_id="pay_again")),
        "cancel": lambda: shop.cancel(order),
        "refund": lambda: shop.refund(order, RefundAsk({MUG: units}, False, None, "refund"), f"{step}{n}"),
        "keep": lambda: shop.refund(order, RefundAsk({MUG: units}, False, False, "keep"), f"{step}{n}"),
        "answer": lambda: _answer(shop, order, units),
        "had left": lambda: _leave(shop, order),
        "decline": lambda: _decline(shop, order, units, n),
        "dispatch": lambda: shop.orders.record_shipment(dispatched(order)),
        "paid back": lambda: [shop.orders.record_refund(payout(order, _asked(order, r))) for r in shop.order(order).refunds],
        "comes back": lambda: _comes_back(shop, order),
    }
    acts[step]()


def _answer(shop: Shop, order: Order, units: int) -> None:
    """Shipping takes back what is asked, or less where others took it before; nothing once the parcel has left."""
    now = shop.order(order)
    for question in now.withdrawals:
        if now.fulfilment == "waiting" and not now.sent:
            shop.orders.record_release(released(order, question, supplier_id=SUPPLIER))
        else:
            shop.orders.record_kept(kept(order, question))


def _leave(shop: Shop, order: Order) -> None:
    """The parcel left before it was asked; only then is it told as dispatched."""
    for question in shop.order(order).withdrawals:
        shop.orders.record_kept(kept(order, question))


def _decline(shop: Shop, order: Order, units: int, n: int) -> None:
    """A supplier declines what is in its parcel, if there is one that has not left."""
    now = shop.order(order)
    if now.confirmed and now.fulfilment == "waiting":
        decline = Withdrawal(id=f"wdr_{n}", why="decline", units={MUG: units}, asked_at="")
        shop.orders.record_release(released(order, decline, supplier_id=SUPPLIER))


def dispatched(order: Order) -> ShipmentDispatched:
    return ShipmentDispatched(version=1, shipment_id="shp_1", order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT,
                              supplier_id=SUPPLIER, remaining=0, tracking_number="T1")  # fmt: skip


def _comes_back(shop: Shop, order: Order) -> None:
    for refund in shop.order(order).refunds[-1:]:
        shop.orders.record_failed_refund(
            PaymentRefundFailed(
                version=90, payment_id=refund.payment_id, order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT, plugin="stripe",
                amount=eur(refund.amount), refund_id=refund.id, reason="closed", was_paid=refund.state == "paid",
            )
        )  # fmt: skip


def _asked(order: Order, refund: Refund) -> RefundRequested:
    told = order.event_fields() | {"currency": refund.currency}
    return RefundRequested(**told, refund_id=refund.id, payment_id=refund.payment_id, amount=refund.amount)


def gone(order: Order) -> int:
    """Units that this order took off the stock and that did not come back."""
    back = sum(w.released.get(MUG, 0) for w in order.withdrawals if w.restock)
    alone = order.state == "cancelled" and not order.withdrawals
    return 0 if alone else sum(line.quantity for line in order.lines) - back


def holds(shop: Shop, orders: list[Order]) -> None:
    assert shop.left == 10 - sum(gone(order) for order in orders)
    assert shop.left >= 0
    for order in orders:
        for payment in order.payments:
            assert sum(r.amount for r in order.valid_refunds if r.payment_id == payment.id) <= payment.captured
        given_up = any(
            sum(r.state == "failed" and not r.fingerprint for r in order.refunds if r.payment_id == p.id) >= 3 for p in order.payments
        )
        if order.state == "cancelled" and not given_up:
            assert sum(p.captured for p in order.payments) == sum(r.amount for r in order.valid_refunds)
        for offer_id, units in order.remaining.items():
            assert units >= 0, offer_id
        left = sum(r.left.get(MUG, 0) for r in order.valid_refunds)
        paid_back = order.refunded_units(MUG) - left + order.dropped_units(MUG)
        assert order.state == "cancelled" or paid_back <= order.released_units(MUG), "money moves on the answer"


EXAMPLES = 300
REACHED = {
    "refunds": 150, "withdrawals": 180, "released": 90, "kept": 35, "dispatched": 90, "cancelled": 90, "dropped": 15, "declined": 50,
}  # fmt: skip
"""Of EXAMPLES, so many at least come to each of these."""


def reaches(orders: list[Order]) -> Iterator[str]:
    for order in orders:
        found = {
            "refunds": bool(order.refunds), "withdrawals": bool(order.withdrawals), "released": bool(order.released_units(MUG)),
            "kept": any(w.kept for w in order.withdrawals), "dispatched": order.fulfilment == "dispatched",
            "cancelled": order.state == "cancelled", "dropped": bool(order.dropped_units(MUG)),
            "declined": any(w.why == "decline" for w in order.withdrawals),
        }  # fmt: skip
        yield from (name for name, yes in found.items() if yes)


@pytest.mark.thorough
def test_no_unit_and_no_cent_is_lost_or_made() -> None:
    reached = Counter[str]()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
    @given(STEPS)
    def whatever_comes(steps: list[tuple[str, int, int]]) -> None:
        store = MemoryStore()
        shop = Shop(in_memory(store), FakeClock())
        orders = run(shop, steps)
        holds(shop, orders)
        reached.update(set(reaches(orders)))
        for order in orders:
            told = [e.version for e in store.events if getattr(e, "order_id", None) == order.id]
            assert told == sorted(set(told))

    whatever_comes()
    assert {what: reached[what] for what, least in REACHED.items() if reached[what] < least} == {}, reached


def test_units_that_were_paid_back_as_gone_are_not_paid_back_again_when_a_decline_of_them_is_heard_at_last() -> None:
    shop = Shop(in_memory(MemoryStore()), FakeClock())
    orders = run(shop, [("place", 0, 1), ("cancel", 0, 1), ("had left", 0, 1), ("refund", 0, 1), ("refund", 0, 1), ("decline", 0, 1)])
    holds(shop, orders)
    assert [(refund.lines, refund.left) for refund in orders[0].refunds] == [({MUG: 1}, {MUG: 1})] * 2


def test_the_same_holds_on_dynamodb(make_table: Callable[[str], str]) -> None:
    name = make_table("orders")

    @settings(max_examples=examples(12), deadline=None)
    @given(STEPS)
    def holds_for(steps: list[tuple[str, int, int]]) -> None:
        _emptied(name)
        shop = stored(name)
        holds(shop, run(shop, steps))

    holds_for()


def _emptied(name: str) -> None:
    table = boto3.resource("dynamodb").Table(name)
    for item in table.scan()["Items"]:
        table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
