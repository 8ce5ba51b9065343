"""What shoppers and merchants do with payments: start, confirm, capture, cancel, refund; each at most once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ATTEMPTS, MOST_OPERATIONS, PROMISED, Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.operation_runner import LeftAlone, Till, Unsupported, amend, amending
from functions.payments.provider_routing import Wish, installations, passed_on, payment_ids
from functions.payments.reconciliation.reconcile import settled
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import (
    NOBODY,
    Capability,
    ConfirmationData,
    OperationKind,
    PaymentPlugin,
    PaymentView,
    Shopper,
    StartPayment,
    State,
)
from monsoon_plugin.plugin import Ctx
from shared.api.idempotency import Idempotency, InFlight
from shared.api.ticket_contents import PayableOrder
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.messages import StatementLineBooked
from shared.providers.installation import Installation

EXCEEDS = PluginError(ErrorKind.INVALID, "more than is left of the captured money", "exceeds_captured")
MADE_ALREADY = frozenset({ErrorKind.CONFLICT, ErrorKind.INVALID})
"""Refusals that a provider may also give to a change which it holds already; some have one word for both."""


class PaymentExists(Conflict):
    code, title = "payment-exists", "This order is being paid, or is paid, already"


@dataclass(frozen=True, slots=True)
class Start:
    """What a shopper asks for."""

    tenant: str
    order: PayableOrder
    installation_id: str | None = None
    data: Mapping[str, Any] | None = field(default=None, repr=False)
    return_url: str | None = None
    method: str = ""
    description: str = ""
    shopper: Shopper = NOBODY

    @property
    def wish(self) -> Wish:
        return Wish(self.tenant, self.order.amount.money, self.order.country, self.method, self.installation_id)


@dataclass(frozen=True, slots=True)
class Desk:
    till: Till

    def start(self, wanted: Start, idempotency: Idempotency) -> Payment:
        """Begin to pay an order; the same Idempotency-Key gives the same payment.

        Where a provider certainly did nothing, the next of the merchant's is asked, unless one was named.
        Raises PaymentExists while another payment of the order lives, NoProvider, Invalid, InFlight, KeyReused, Unavailable.
        """
        payments = self.till.store.of_order(wanted.tenant, wanted.order.order_id)
        ids = payment_ids(idempotency.id("pay"))
        known = [payment for payment in payments if payment.id in ids]
        if known:
            idempotency.same(known[0].fingerprint)
            return self._replayed(known[-1])
        self._alone(payments)
        return self._first(wanted, installations(self.till, wanted.wish), ids, idempotency.fingerprint, len(payments))

    def _first(self, wanted: Start, candidates: list[Installation], ids: list[str], fingerprint: str, before: int) -> Payment:
        """The payment at the first provider that does not certainly do nothing; the last one's, if all do. Raises Unavailable."""
        made: list[Payment] = []
        for installation in candidates:
            try:
                data = self._data(installation, wanted.data)
                new = self._new(wanted, installation, ids[len(made)], fingerprint, before + len(made) + 1)
                made.append(self._begun(new, wanted, installation, data))
            except (LeftAlone, Invalid):
                if not made and installation is candidates[-1]:
                    raise
                continue
            if not passed_on(made[-1]):
                break
        return made[-1]

    def _new(self, wanted: Start, installation: Installation, payment_id: str, fingerprint: str, attempt: int) -> Payment:
        online = bool(self.till.plugins.plugin(installation).manifest.allowed_hosts)
        return Payment(
            payment_id, wanted.tenant, wanted.order.order_id, attempt, installation.id, installation.plugin,
            wanted.order.amount.money, rfc3339(self.till.clock()), fingerprint, online,
        )  # fmt: skip

    def _begun(self, payment: Payment, wanted: Start, installation: Installation, data: ConfirmationData | None) -> Payment:
        def call(plugin: PaymentPlugin[Any], ctx: Ctx[Any], operation: Operation) -> PaymentView:
            request = StartPayment(
                payment.id, payment.order_id, payment.tenant, operation.key(payment.id), payment.amount, data, wanted.return_url,
                wanted.method, wanted.order.country, wanted.description, wanted.shopper,
            )  # fmt: skip
            return plugin.start(ctx, request)

        begun = self.till.run(payment, Operation("start", OperationKind.START, payment.amount.amount), call, installation)
        return self._pointed(begun)

    def _pointed(self, payment: Payment) -> Payment:
        """Of a payment that a bank statement will tell of by its reference alone, keep where it is."""
        if (payment.next_action or {}).get("type") == "transfer":
            self.till.store.point(payment)
        return payment

    def booked(self, message: StatementLineBooked) -> None:
        """Money came to the merchant's account: if it is all of a transfer that is awaited, the payment is captured.

        Another amount is recorded on the payment and left to the merchant. The same line again changes nothing.
        """
        payment = self.till.store.pointed(f"{message.account_id}#{message.storefront_id}", message.reference)
        operation = Operation(f"line-{message.line_id}"[:64], OperationKind.CONFIRM, message.amount.amount)
        if payment is None or payment.operation(operation.id) or payment.state in PROMISED:
            return
        if message.amount.money != payment.amount:
            differs = PluginError(ErrorKind.INVALID, f"{message.amount.money} came, {payment.amount} is awaited", "amount_differs")
            self.till.keep(payment, lambda p: p.noted(operation.failed(differs)))
            return
        installation = self.till.plugins.get(payment.tenant, payment.installation_id)
        data = self._data(installation, {"amount": message.amount.amount})
        self.till.run(payment, operation, lambda plugin, ctx, o: plugin.confirm(ctx, amend(payment, o), data), installation)

    def confirm(self, payment: Payment, data: Mapping[str, Any], *, merchant: bool) -> Payment:
        """Confirm with the shopper's data, or the merchant's word that the money came. A payment that is promised stays as it is.

        Raises Invalid (`/data/…`), Forbidden for anybody but the merchant where it is the merchant's word, Unsupported, Conflict.
        """
        payment = self.ready(payment)
        if payment.state in PROMISED:
            return payment
        installation = self.till.plugins.get(payment.tenant, payment.installation_id)
        if self.till.capability(installation).confirmed_by == "merchant" and not merchant:
            raise Forbidden("only the merchant confirms that this money has come")
        read = self._data(installation, data)
        operation = _next(payment, OperationKind.CONFIRM, payment.amount.amount)
        return self.till.run(payment, operation, lambda plugin, ctx, o: plugin.confirm(ctx, amend(payment, o), read), installation)

    def capture(self, payment: Payment, amount: int | None = None) -> Payment:
        """Take the authorized money, all of it or `amount`. Raises Invalid, Unsupported, Conflict."""
        payment = self.ready(payment)
        if payment.state is State.CAPTURED:
            return payment
        if payment.state is not State.AUTHORIZED:
            raise Conflict(f"only an authorized payment can be captured; this one is {payment.state}")
        wanted = payment.authorized if amount is None else amount
        if wanted > payment.authorized:
            raise Invalid.field("/amount", f"at most {payment.authorized} is authorized")
        if wanted < payment.authorized and not self.capability(payment).partial_capture:
            raise Unsupported(f"{payment.plugin} captures the whole amount only")
        operation = _next(payment, OperationKind.CAPTURE, wanted)
        return self._unless_done(self.till.run(payment, operation, amending(payment)))

    def cancel(self, payment: Payment) -> Payment:
        """Give the payment up, unless its money has been taken. Raises Conflict while an operation of it is unsettled."""
        payment = self.ready(payment)
        if not payment.live or payment.state is State.CAPTURED:
            return payment
        operation = _next(payment, OperationKind.CANCEL, payment.amount.amount)
        done = self.till.run(payment, operation, amending(payment))
        # The provider refuses to cancel what has been paid meanwhile: ask it what became of it.
        return settled(self.till, done) if done.live and done.online else done

    def refund(self, payment: Payment, refund_id: str, amount: int) -> Payment:
        """Pay `amount` back for `refund_id`, once. More than what is left of the captured money is refused, and recorded."""
        if payment.operation(refund_id) is not None:
            return payment
        payment = self.ready(payment)
        operation = Operation(refund_id, OperationKind.REFUND, amount)
        if amount > refundable(payment):
            return self.till.keep(payment, lambda p: p.noted(operation.failed(EXCEEDS)))
        return self._unless_done(self.till.run(payment, operation, amending(payment)))

    def _unless_done(self, payment: Payment) -> Payment:
        """`payment`, its provider asked where that refused the change as if it were made already: it may hold the change."""
        return settled(self.till, payment) if payment.online and payment.operations[-1].error in MADE_ALREADY else payment

    def ready(self, payment: Payment) -> Payment:
        """`payment` without an operation that keeps others back, the provider asked if need be. Raises InFlight while one does."""
        if payment.blocking:
            payment = settled(self.till, payment)
        if payment.blocking:
            raise InFlight("the provider has not yet said what became of the last request: try again in a minute")
        if len(payment.operations) >= MOST_OPERATIONS:
            raise Conflict(f"a payment has at most {MOST_OPERATIONS} operations")
        return payment

    def find(self, tenant: str, order_id: str, payment_id: str) -> Payment:
        """Raises NotFound."""
        for payment in self.of_order(tenant, order_id):
            if payment.id == payment_id:
                return payment
        raise NotFound("there is no such payment of this order")

    def of_order(self, tenant: str, order_id: str) -> list[Payment]:
        return self.till.store.of_order(tenant, order_id) if len(order_id) <= 64 else []

    def _replayed(self, payment: Payment) -> Payment:
        if payment.unsettled and payment.unsettled[0].may_still_arrive(self.till.clock()) and payment.unsettled[0].phase is Phase.SENT:
            raise InFlight
        return settled(self.till, payment) if payment.unsettled else self._pointed(payment)

    def _alone(self, payments: list[Payment]) -> None:
        for other in payments:
            if other.live:
                raise PaymentExists(f"payment {other.id} of this order is {other.state}", payment_id=other.id)
        if len(payments) >= MOST_ATTEMPTS:
            raise Conflict(f"an order has at most {MOST_ATTEMPTS} payments")

    def _data(self, installation: Installation, data: Mapping[str, Any] | None) -> ConfirmationData | None:
        if data is None:
            return None
        try:
            return self.till.plugins.plugin(installation).confirmation_model.model_validate(data)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)[:50]
            fields = [FieldError("/data/" + "/".join(map(str, e["loc"])), e["msg"]) for e in found]
            raise Invalid("the provider does not take this data", fields) from None

    def capability(self, payment: Payment) -> Capability:
        return self.till.capability(self.till.plugins.get(payment.tenant, payment.installation_id))


def _next(payment: Payment, kind: OperationKind, amount: int) -> Operation:
    return Operation(f"{kind}-{len(payment.operations)}", kind, amount)
