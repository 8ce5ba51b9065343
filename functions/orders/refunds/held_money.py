"""What the ledger counts of an order's money as held by its providers. Pure arithmetic of one order."""

from functions.orders.order import Order
from functions.orders.refunds.refund import booked_of, net_of


def held_for(order: Order) -> int:
    """Minor units of its currency, below 0 where a bank took back what had been paid back before; 0 if it was never paid.

    The payment that it is paid by counts for what it keeps, less what went back of that, less what is lost of it. Another counts only for
    what its provider lacks: what it holds still goes back, and is not booked.
    """
    if order.paid_by is None:
        return 0
    others = [payment.id for payment in order.payments if payment.id != order.paid_by]
    return booked_of(order, order.paid_by) + sum(min(net_of(order, payment_id), 0) for payment_id in others)


def regained(before: Order, after: Order) -> int:
    """How much more the ledger counts once an order that had lost its payment is paid anew; 0 of one that had not, the total at most.

    That is not what was lost where the payments are several: what one provider lacks another does not make up for.
    """
    return min(held_for(after) - held_for(before), after.total) if before.lost else 0
