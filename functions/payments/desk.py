"""What shoppers and merchants do with payments: start, confirm, capture, cancel, refund; each at most once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from functions.payments.operation import Operation, OperationKind, Phase
from functions.payments.payment import MOST_ATTEMPTS, MOST_OPERATIONS, PROMISED, Payment, State
from functions.payments.port import Capability, ConfirmationData, StartPayment
from functions.payments.settle import settled
from functions.payments.till import Till, Unsupported, amend, amending
from shared.clock import rfc3339
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.idempotency import Idempotency, InFlight
from shared.providers.installation import Installation
from shared.providers.plugin import ErrorKind, PluginError
from shared.quotes import PayableOrder

EXCEEDS = PluginError(ErrorKind.INVALID, "more than is left of the captured money", "exceeds_captured")


class PaymentExists(Conflict):
    code, title = "payment-exists", "This order is being paid, or is paid, already"


class NoProvider(Conflict):
    code, title = "no-provider", "No payment provider of this storefront takes this amount in this currency"


@dataclass(frozen=True, slots=True)
class Start:
    """What a shopper asks for."""

    tenant: str
    order: PayableOrder
    installation_id: str | None = None
    data: Mapping[str, Any] | None = None
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    till: Till

    def start(self, wanted: Start, idempotency: Idempotency) -> Payment:
        """Begin to pay an order; the same Idempotency-Key gives the same payment.

        Raises PaymentExists while another payment of the order lives, NoProvider, Invalid, InFlight, KeyReused.
        """
        payments = self.till.store.of_order(wanted.tenant, wanted.order.order_id)
        payment_id = idempotency.id("pay")
        for known in payments:
            if known.id == payment_id:
                idempotency.same(known.fingerprint)
                return self._replayed(known)
        self._alone(payments)
        installation = self._installation(wanted)
        data = self._data(installation, wanted.data)
        payment = Payment(
            payment_id, wanted.tenant, wanted.order.order_id, len(payments) + 1, installation.id, installation.plugin,
            wanted.order.amount.money, rfc3339(self.till.clock()), idempotency.fingerprint,
            bool(self.till.plugins.plugin(installation).manifest.allowed_hosts),
        )  # fmt: skip
        return self.till.run(
            payment,
            Operation("start", OperationKind.START, payment.amount.amount),
            lambda plugin, ctx, o: plugin.start(
                ctx, StartPayment(payment.id, payment.order_id, payment.tenant, o.key(payment.id), payment.amount, data, wanted.return_url)
            ),
            installation,
        )

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
        return self.till.run(payment, operation, amending(payment))

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
        if amount > payment.captured - payment.refunded:
            return self.till.keep(payment, lambda p: p.noted(operation.failed(EXCEEDS)))
        return self.till.run(payment, operation, amending(payment))

    def ready(self, payment: Payment) -> Payment:
        """`payment` without an unsettled operation, the provider asked if need be. Raises InFlight while one stays unsettled."""
        if payment.unsettled:
            payment = settled(self.till, payment)
        if payment.unsettled:
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
        return settled(self.till, payment) if payment.unsettled else payment

    def _alone(self, payments: list[Payment]) -> None:
        for other in payments:
            if other.live:
                raise PaymentExists(f"payment {other.id} of this order is {other.state}", payment_id=other.id)
        if len(payments) >= MOST_ATTEMPTS:
            raise Conflict(f"an order has at most {MOST_ATTEMPTS} payments")

    def _installation(self, wanted: Start) -> Installation:
        """The one that was asked for, or the most preferred that takes the amount. Raises Invalid, NoProvider."""
        enabled = self.till.plugins.preferred(wanted.tenant)
        if wanted.installation_id is not None:
            enabled = [i for i in enabled if i.id == wanted.installation_id]
            if not enabled:
                raise Invalid.field("/installation_id", "no enabled installation of this storefront has this id")
        amount = wanted.order.amount.money
        for installation in enabled:
            if self.till.capability(installation).fits(amount):
                return installation
        raise NoProvider(f"none takes {amount}")

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
