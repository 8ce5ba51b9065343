"""What settlement does with the queue's messages and at its schedule."""

from collections.abc import Mapping

from functions.settlement.bootstrap import Services
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import Message, PaymentDisputed
from shared.order_messages import OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    return {
        OrderPaid: services.ledger.book_payment,
        OrderPaymentLost: services.ledger.book_loss,
        OrderRefunded: services.ledger.book_refund,
        OrderRefundFailed: services.ledger.reverse_refund,
        PaymentDisputed: services.ledger.book_dispute,
    }


def sweep_payouts(services: Services, time_left: TimeLeft) -> Mapping[str, int]:
    """Paydays and batches that are due."""
    return {"kept": services.payout_sweep.run(time_left())}
