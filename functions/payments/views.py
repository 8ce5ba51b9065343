"""What requests and answers about payments carry."""

from typing import Any

from pydantic import Field

from functions.payments.lifecycle.disputes import is_beyond
from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import MAX_AMOUNT, Amount
from monsoon_plugin.payment import DisputeView, State
from shared.api.payload import Body, View
from shared.providers.late_requests import last_arrival

DATA = "by the provider: for Stripe {payment_method}, for a bank transfer {amount} that came"


class ShopperBody(Body):
    """Who pays."""

    ip: str = Field(default="", max_length=45, pattern=r"^[0-9A-Fa-f.:]*$", repr=False, description="of the shopper's device")
    email: str = Field(default="", max_length=254, repr=False)
    locale: str = Field(default="", max_length=35, pattern=r"^[A-Za-z0-9-]*$", description="BCP 47")


class StartBody(Body):
    """Begin to pay an order."""

    ticket: str = Field(
        min_length=1, max_length=4096, exclude=True,
        description="the order's own, from the answer that placed it or a newer one: good for 15 minutes; a retry may bring a newer one",
    )  # fmt: skip
    installation_id: str | None = Field(default=None, max_length=64, description="default: the most preferred that takes the amount")
    data: dict[str, Any] | None = Field(default=None, max_length=20, repr=False, description="confirm at once; " + DATA)
    method: str = Field(default="", max_length=40, description="a way to pay that the providers' list names; default: any")
    description: str = Field(default="", max_length=60, description="what the shopper reads at the provider; default: the order's id")
    shopper: ShopperBody = Field(default=ShopperBody(), description="what some providers must be told of who pays; never kept")
    return_url: str | None = Field(default=None, max_length=2000, pattern=r"^https?://", description="where the shopper comes back to")


class ConfirmBody(Body):
    """Confirm a payment."""

    data: dict[str, Any] = Field(max_length=20, repr=False, description=DATA)


class CaptureBody(Body):
    """Take authorized money."""

    amount: int | None = Field(default=None, ge=1, le=MAX_AMOUNT, description="minor units; default: all of it")


class OutcomeBody(Body):
    """What the provider's console shows of an operation of which the provider never told."""

    done: bool = Field(description="whether it was done there; if not, the hub takes it as refused")
    amount: int | None = Field(
        default=None, ge=1, le=MAX_AMOUNT, description="minor units, as the console shows it: of a capture or refund that was done"
    )
    reference: str = Field(
        default="", max_length=128, pattern=r"^[\x21-\x7e]*$", description="what the console calls it: of a capture or refund that was done"
    )


class ErrorView(View):
    """Why the last operation failed, or that its outcome is not known yet; before it, one whose outcome nobody can tell."""

    operation: str
    kind: str = Field(description="declined, invalid, config, unsupported, conflict, rate_limited, unavailable, outcome_unknown, protocol")
    message: str
    code: str = Field(description="the provider's own word")


class AwaitedView(View):
    """An operation whose outcome is not known."""

    operation_id: str
    operation: str = Field(description="start, confirm, capture, cancel, refund; a refund's operation_id is the refund's")
    amount: int = Field(description="minor units")
    sent_at: str
    untold: bool = Field(description="nobody will tell what became of it: look in the provider's console, and put its `outcome`")
    refused: bool = Field(default=False, description="a refund that failed when it was sent again; its first request may arrive yet")
    final_at: str | None = Field(default=None, description="when a refund that was `refused` has failed, unless it is paid before")

    @classmethod
    def of(cls, operation: Operation) -> "AwaitedView":
        o, final_at = operation, rfc3339(last_arrival(operation.lost_at)) if operation.doubted else None
        return cls(
            operation_id=o.id, operation=o.kind.value, amount=o.amount, sent_at=o.at, untold=o.untold, refused=o.doubted,
            final_at=final_at,
        )  # fmt: skip


class SaidView(View):
    """What the owner said of an operation of which the provider never told."""

    operation_id: str
    said: str = Field(description="done or not_done, the amount, and the provider's reference")
    said_by: str = Field(description="the account")
    said_at: str

    @classmethod
    def of(cls, operation: Operation) -> "SaidView":
        return cls(operation_id=operation.id, said=operation.said, said_by=operation.said_by, said_at=operation.said_at)


class DisputeBody(View):
    state: str = Field(description="warning (an inquiry, or news that one will come: nothing is taken), open, won, lost")
    amount: Amount
    reason: str = Field(description="the provider's own word")
    respond_by: str
    beyond: bool = Field(
        default=False, description="it was decided a hundred times: what the provider takes since is not booked, look at its console"
    )

    @classmethod
    def of(cls, dispute: DisputeView) -> "DisputeBody":
        d = dispute
        return cls(state=d.state, amount=Amount.of(d.amount), reason=d.reason, respond_by=d.respond_by, beyond=is_beyond(d))


class ElsewhereView(View):
    kind: str = Field(description="refund (made in the provider's console, say), capture, or reversal (of a capture)")
    amount: Amount
    provider_ref: str
    failed: bool = Field(description="a refund that came back, or a reversal of what had not been counted yet")

    @classmethod
    def of(cls, moved: Elsewhere, currency: str) -> "ElsewhereView":
        kind, amount = "reversal" if moved.kind == "fall" else moved.kind, Amount(amount=moved.amount, currency=currency)
        return cls(kind=kind, amount=amount, provider_ref=moved.ref, failed=moved.failed)


class PaymentView(View):
    id: str
    order_id: str
    installation_id: str
    plugin: str
    state: State
    amount: Amount
    authorized: int = Field(description="minor units, cumulative, as are captured and refunded")
    authorized_until: str | None = Field(default=None, description="how long the money is promised, if that is known")
    captured: int
    refunded: int
    elsewhere: list[ElsewhereView] = Field(default=[], description="what moved at the provider without the hub's asking")
    next_action: dict[str, Any] | None = Field(default=None, description="what the shopper must do; `type` says what")
    error: ErrorView | None = None
    awaited: list[AwaitedView] = Field(default=[], description="what the provider has not told the outcome of")
    said: list[SaidView] = Field(default=[], description="what the owner said of those of which the provider never told")
    disputes: list[DisputeBody] = Field(description="objections of the shopper's bank: what they take, and until when to answer")
    late: bool = Field(description="money came after the payment had been given up")
    test: bool = Field(description="no real money moves: its installation is, or was when it began, in test mode")
    created_at: str
    version: int

    @classmethod
    def of(cls, payment: Payment) -> "PaymentView":
        p, telling = payment, _telling(payment)
        return cls(
            id=p.id, order_id=p.order_id, installation_id=p.installation_id, plugin=p.plugin, state=p.state,
            amount=Amount.of(p.amount), authorized=p.authorized, authorized_until=p.authorized_until or None,
            captured=p.captured, refunded=p.refunded,
            elsewhere=[ElsewhereView.of(moved, p.amount.currency) for moved in p.elsewhere if moved.kind != "word"],
            next_action=dict(p.next_action) if p.next_action else None, error=_error(telling) if telling else None,
            awaited=[AwaitedView.of(o) for o in p.unsettled], said=[SaidView.of(o) for o in p.operations if o.said],
            disputes=[DisputeBody.of(dispute) for dispute in p.disputes], late=p.late, test=bool(p.test),
            created_at=p.created_at, version=p.version,
        )  # fmt: skip


class PaymentsView(View):
    items: list[PaymentView] = Field(description="the order's payments, the first begun first; at most one is alive")


class Received(View):
    """A notice has been taken."""

    received: bool = True


def _telling(payment: Payment) -> Operation | None:
    """The operation to show: one of which nobody can tell whether it was done, else the last."""
    return next((o for o in payment.operations if o.untold), payment.operations[-1] if payment.operations else None)


def _error(operation: Operation) -> ErrorView | None:
    if operation.phase not in (Phase.FAILED, Phase.UNKNOWN):
        return None
    o = operation
    return ErrorView(operation=o.kind.value, kind=o.error, message=o.message, code=o.code)
