"""What payments does when it hears of orders and parcels. Hearing it twice, or late, changes nothing more."""

from functions.payments.payment_service import Desk
from monsoon_plugin.payment import State
from shared.errors import NotFound
from shared.messages import ShipmentDelivered
from shared.order_messages import OrderCancelled, RefundRequested


def order_cancelled(desk: Desk, message: OrderCancelled) -> None:
    """Give up every payment of the order. Money that came all the same is told as PaymentCaptured: the order pays it back."""
    for payment in desk.of_order(f"{message.account_id}#{message.storefront_id}", message.order_id):
        if payment.live:
            desk.cancel(payment)


def refund_requested(desk: Desk, message: RefundRequested) -> None:
    """Pay back, once for each refund id. Raises NotFound for a payment that we do not hold."""
    tenant = f"{message.account_id}#{message.storefront_id}"
    payment = desk.find(tenant, message.order_id, message.payment_id)
    if message.currency != payment.amount.currency:
        raise NotFound(f"payment {payment.id} is not in {message.currency}")
    desk.refund(payment, message.refund_id, message.amount)


def shipment_delivered(desk: Desk, message: ShipmentDelivered) -> None:
    """With the order's last parcel, cash on delivery has been collected."""
    if message.remaining:
        return
    for payment in desk.of_order(f"{message.account_id}#{message.storefront_id}", message.order_id):
        if payment.state is State.AUTHORIZED and desk.capability(payment).captures == "on_delivery":
            desk.capture(payment)
