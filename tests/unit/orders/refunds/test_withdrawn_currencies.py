"""An order in a currency that was replaced meanwhile is read, paid back and shown in that currency."""

from functions.orders.order import Order, OrderChange
from functions.orders.order_views import OrderView
from functions.orders.refunds.refund import RefundAsk
from monsoon_plugin.money import Amount
from shared.order_messages import RefundRequested
from tests.fakes import caller
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import ACCOUNT, MUG, capture, payout


def in_levs(shop: Shop) -> Order:
    """An order of two mugs, placed while Bulgaria had the lev, of a price that was said in kunas."""
    order = shop.place(2)
    lines = tuple(line.model_copy(update={"supplier_price": Amount(amount=1000, currency="HRK")}) for line in order.lines)
    shop.stores.orders.save(OrderChange(order.next(currency="BGN", lines=lines)), shop.clock.now)
    return shop.order(order)


def test_it_is_read_shown_and_refunded(memory: Shop) -> None:
    order = Order.model_validate_json(in_levs(memory).model_dump_json())
    memory.orders.record_capture(capture(order, currency="BGN"))
    memory.refund(order, RefundAsk({MUG: 1}, False, False, "broken"))
    memory.release(order)
    asked = memory.told(RefundRequested)[-1]
    memory.orders.record_refund(payout(order, RefundRequested.model_validate_json(asked.model_dump_json())))
    view = OrderView.of(memory.order(order), caller(ACCOUNT, "storefront"))
    assert (view.totals.total.currency, [(r.state, r.amount.currency) for r in view.refunds]) == ("BGN", [("paid", "BGN")])
    assert [line.supplier_price and line.supplier_price.currency for line in view.lines] == ["HRK"]
