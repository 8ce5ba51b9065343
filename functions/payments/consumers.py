"""What payments does when it hears of orders, parcels and bank statements. Hearing it twice, or late, changes nothing more."""

from collections.abc import Mapping
from functools import partial

from functions.payments.bootstrap import Services
from functions.payments.payment_service import PaymentService
from functions.payments.reconciliation.bank_transfers import match_bank_line
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.errors import NotFound
from shared.messages import Message, StatementLineBooked
from shared.order_messages import OrderCancelled, OrderReduced, RefundRequested
from shared.shipment_messages import ShipmentDelivered


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    """Message → what is done on hearing it."""
    payments = services.payment_service(time_left)
    return {
        OrderCancelled: partial(cancel_payments, payments),
        OrderReduced: partial(lower_payments, payments),
        RefundRequested: partial(pay_back, payments),
        ShipmentDelivered: partial(collect_on_delivery, payments),
        StatementLineBooked: partial(match_bank_line, payments.runner),
    }


def cancel_payments(payments: PaymentService, message: OrderCancelled) -> None:
    """Give up every payment of the order. Money that came all the same is told as PaymentCaptured: the order pays it back."""
    for payment in payments.of_order(f"{message.account_id}#{message.storefront_id}", message.order_id):
        if payment.live:
            payments.cancel(payment)


def lower_payments(payments: PaymentService, message: OrderReduced) -> None:
    """Take no more than is still owed. What is collected at the door has been, if all that is left of the order is delivered."""
    for payment in payments.of_order(f"{message.account_id}#{message.storefront_id}", message.order_id):
        if payment.amount.currency == message.currency:
            lowered = payments.lower(payment, message.amount)
            if message.complete:
                payments.collect(lowered)


def pay_back(payments: PaymentService, message: RefundRequested) -> None:
    """Pay back, once for each refund id. Raises NotFound for a payment that we do not hold."""
    tenant = f"{message.account_id}#{message.storefront_id}"
    payment = payments.find(tenant, message.order_id, message.payment_id)
    if message.currency != payment.amount.currency:
        raise NotFound(f"payment {payment.id} is not in {message.currency}")
    payments.refund(payment, message.refund_id, message.amount)


def collect_on_delivery(payments: PaymentService, message: ShipmentDelivered) -> None:
    """With the order's last parcel, cash on delivery has been collected."""
    if message.remaining:
        return
    for payment in payments.of_order(f"{message.account_id}#{message.storefront_id}", message.order_id):
        payments.collect(payment)
