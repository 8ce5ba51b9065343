"""What payments tell of what happens at a provider without our asking, and settlement of payouts (shared.messages: the rules of all)."""

from typing import Literal

from pydantic import Field

from monsoon_plugin.money import Amount
from shared.bounds.fields import Id, Minor, Reason
from shared.messages import Message, PaymentEvent


class PaymentAuthorizationEnded(PaymentEvent):
    """payments → orders: what was promised is so no more: it expired, or was called off, before the money was taken."""

    type, source = "monsoon.payment.authorization_ended.v1", "payments"
    ended: Literal["canceled", "expired", "failed"]


class PaymentCancelFailed(PaymentEvent):
    """payments → orders: what was promised for a cancelled order could not be given back: `amount` is held until that ends by itself."""

    type, source = "monsoon.payment.cancel_failed.v1", "payments"
    reason: Reason = Field(description="what the provider says, for people")


class PaymentCaptureReversed(PaymentEvent):
    """payments → orders: `amount` of what had been received is gone: the provider, or the card scheme behind it, took it back."""

    type, source = "monsoon.payment.capture_reversed.v1", "payments"
    captured: Minor = Field(description="what is left of all that was received")
    reversal_ref: Id = Field(description="the provider's own reference")
    reason: Reason = Field(default="", description="the provider's own word")


class PaymentRefundedElsewhere(PaymentEvent):
    """payments → orders: `amount` has been paid back that we did not ask for, such as by a refund made in the provider's console."""

    type, source = "monsoon.payment.refunded_elsewhere.v1", "payments"
    refund_id: Id = Field(description="ours, made of the provider's")
    provider_ref: Id = Field(description="the provider's own reference")
    captured: Minor = Field(default=0, description="all that had been received by then, refunds not taken off; 0 if it does not say")


class PayoutFailed(Message):
    """settlement → notices: a payout did not reach its payee, or came back. It is owed still."""

    type, source = "monsoon.payout.failed.v1", "settlement"
    payout_id: Id
    storefront_id: Id
    account_id: Id = Field(description="the storefront's owner, who pays")
    payee_id: Id
    amount: Amount
    state: Literal["failed", "returned"]
    reason: Reason
