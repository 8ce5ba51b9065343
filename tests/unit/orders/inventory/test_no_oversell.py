"""Whatever happens in whatever order: units at the start − sold + returned = units now, and money out is never more than in."""

from collections.abc import Callable

import boto3
from hypothesis import given, settings, strategies

from functions.orders.order import Order, Refund
from functions.orders.refunds.refund import RefundAsk
from shared.errors import Problem
from shared.order_messages import RefundRequested
from tests.fakes import FakeClock
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, MemoryStore, capture, in_memory, key, payout, promise

STEPS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(["place", "promise", "pay", "pay less", "pay again", "cancel", "refund", "keep", "paid back", "later"]),
        strategies.integers(0, 3),
        strategies.integers(1, 6),
    ),
    max_size=40,
)


def run(shop: Shop, steps: list[tuple[str, int, int]]) -> list[Order]:
    """Carry out the steps, each on one of four orders (its key says which)."""
    placed: dict[int, Order] = {}
    for step, which, units in steps:
        try:
            if step == "place":
                placed[which] = shop.place(units, text=str(which), fingerprint=str(units))
            elif step == "later":
                shop.clock.tick(minutes=15 * units)
                shop.orders.sweep()
            elif which in placed:
                _on(shop, placed[which], step, units)
        except Problem:
            continue
    return [shop.order(order) for order in placed.values()]


def _on(shop: Shop, order: Order, step: str, units: int) -> None:
    if step == "promise":
        shop.orders.record_authorization(promise(order))
    elif step == "pay":
        shop.orders.record_capture(capture(order))
    elif step == "pay less":
        shop.orders.record_capture(capture(order, 100, version=1))
    elif step == "pay again":
        shop.orders.record_capture(capture(order, payment_id="pay_again"))
    elif step == "cancel":
        shop.cancel(order)
    elif step == "paid back":
        for refund in shop.order(order).refunds:
            shop.orders.record_refund(payout(order, _asked(order, refund)))
    else:
        ask = RefundAsk({MUG: units}, False, step == "refund", step)
        shop.orders.refund(ACCOUNT, STOREFRONT, order.id, ask, key(f"{step}{units}"))


def _asked(order: Order, refund: Refund) -> RefundRequested:
    told = order.event_fields() | {"currency": refund.currency}
    return RefundRequested(**told, refund_id=refund.id, payment_id=refund.payment_id, amount=refund.amount)


def with_shoppers(order: Order) -> int:
    """Units that this order took off the stock and that did not come back: what is left of it, and what was refunded but kept."""
    kept = sum(refund.lines.get(MUG, 0) for refund in order.refunds if refund.reason == "keep")
    return kept + (0 if order.state == "cancelled" else order.remaining.get(MUG, 0))


def holds(shop: Shop, orders: list[Order]) -> None:
    assert shop.left == 10 - sum(with_shoppers(order) for order in orders)
    assert shop.left >= 0
    for order in orders:
        for payment in order.payments:
            assert sum(r.amount for r in order.refunds if r.payment_id == payment.id) <= payment.captured
        if order.state == "cancelled":
            assert sum(p.captured for p in order.payments) == sum(r.amount for r in order.refunds)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_no_unit_and_no_cent_is_lost_or_made(steps: list[tuple[str, int, int]]) -> None:
    store = MemoryStore()
    shop = Shop(in_memory(store), FakeClock())
    orders = run(shop, steps)
    holds(shop, orders)
    for order in orders:
        told = [e.version for e in store.events if getattr(e, "order_id", None) == order.id]
        assert told == sorted(set(told))


def test_the_same_holds_on_dynamodb(make_table: Callable[[str], str]) -> None:
    name = make_table("orders")

    @settings(max_examples=12, deadline=None)
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
