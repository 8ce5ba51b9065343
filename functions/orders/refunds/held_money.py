"""What the ledger counts of an order's money as held by its providers. Pure arithmetic of one order.

Each change of an order tells by how much that has moved, and at which provider; so the ledger holds it in whatever order news come.
"""

from collections import Counter
from collections.abc import Mapping

from functions.orders.order import Order, Payment, Refund
from shared.order_messages import ProviderAmount


def held_at(order: Order) -> Counter[str]:
    """Plug-in → minor units of the order's currency; nothing of an order that was never paid.

    The payment that it is paid by counts for what its provider holds, as far as the order keeps that; what goes back because nobody owed
    it is not booked. Of another only what its provider lacks counts: where a bank took back what had been paid back before.
    """
    held = Counter[str]()
    for payment in order.payments if order.paid_by else ():
        held[payment.plugin] += min(net_of(order, payment.id), keeps(order, payment.id))
    return held


def moved(before: Order, after: Order) -> dict[str, int]:
    """Plug-in → how much more its provider holds for the order than before (below 0: less), where that differs."""
    held = held_at(after)
    held.subtract(held_at(before))
    return {plugin: amount for plugin, amount in sorted(held.items()) if amount}


def at_providers(amounts: Mapping[str, int]) -> list[ProviderAmount]:
    """The same as events say it."""
    return [ProviderAmount(plugin=plugin, amount=amount) for plugin, amount in amounts.items() if amount]


def order_part(order: Order, refund: Refund) -> int:
    """How much of a new refund without lines and shipping had been booked as the order's; none of another refund."""
    if refund.of_goods:
        return 0
    return -sum(moved(order, order.model_copy(update={"refunds": (*order.refunds, refund)})).values())


def net_of(order: Order, payment_id: str) -> int:
    """What its provider has got by a payment: below 0 where a bank took back what had been paid back before."""
    payment = order.payment(payment_id)
    back = sum(r.amount for r in order.valid_refunds if r.payment_id == payment_id)
    return (payment.captured if payment else 0) - back


def keeps(order: Order, payment_id: str) -> int:
    """How much of a payment the order keeps at most: none, unless it is paid by it.

    The payment that pays it pays all of it, units too that were paid back by another before, or were covered: what was taken off them,
    whichever payment they stood on, is not kept.
    """
    if payment_id != order.paid_by:
        return 0
    goods = [r for r in order.valid_refunds if r.of_goods]
    return kept_by(order, payment_id) - sum(r.amount for r in goods if r.payment_id == payment_id) - sum(r.covered for r in goods)


def kept_by(order: Order, payment_id: str) -> int:
    """How much of the order's total a payment stands for: none, unless the order is paid by it.

    An order that is paid anew, after the payment before was taken back, has its total paid once more; what that one had paid back for
    goods by then is not kept by this one.
    """
    if payment_id != order.paid_by:
        return 0
    return order.total - sum(_paid_back_for_goods(order, payment) for payment in order.payments if payment.id != payment_id)


def _paid_back_for_goods(order: Order, payment: Payment) -> int:
    """What went back of it for units and shipping; no more than it brought, less what else went back of it."""
    refunds = [r for r in order.valid_refunds if r.payment_id == payment.id]
    goods, others = (sum(r.amount for r in refunds if r.of_goods is of_goods) for of_goods in (True, False))
    return max(0, min(goods, payment.captured - others))
