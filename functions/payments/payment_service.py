"""What shoppers and merchants do with payments: start, confirm, capture, cancel, refund; each at most once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.payments.lifecycle.captures import owed_of
from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import MOST_REFUNDS, PROMISED, Payment, with_ended
from functions.payments.lifecycle.refunds import EXCEEDS, refundable
from functions.payments.operation_runner import (
    CircuitOpen,
    OperationRunner,
    Unsupported,
    amendment_call,
    check_wanted,
    confirmation_call,
    next_operation,
)
from functions.payments.payment_start import PaymentStart, Start, begun_before
from functions.payments.provider_data import provider_data
from functions.payments.reconciliation.cancellations import with_failed_cancellation
from functions.payments.reconciliation.owners_word import Word, with_word
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Capability, OperationKind, State
from shared.api.idempotency import Idempotency, InFlight
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unavailable

NOT_NOW = (CircuitOpen, InFlight, Unavailable)
"""The provider cannot be asked now, or has not said what became of the last request."""


@dataclass(frozen=True, slots=True)
class PaymentService:
    runner: OperationRunner

    def start(self, wanted: Start, idempotency: Idempotency) -> Payment:
        """Begin to pay an order; the same Idempotency-Key gives the same payment. See PaymentStart."""
        return PaymentStart(self.runner, wanted, idempotency)()

    def begun(self, tenant: str, order_id: str, idempotency: Idempotency) -> Payment | None:
        """The payment of the order that this very request began before, if it did: a repetition needs no ticket that is still good.

        Raises KeyReused, InFlight.
        """
        return begun_before(self.runner, self.of_order(tenant, order_id), idempotency)

    def confirm(self, payment: Payment, data: Mapping[str, Any], *, merchant: bool) -> Payment:
        """Confirm with the shopper's data, or the merchant's word that the money came. A payment that is promised stays as it is.

        Raises Invalid (`/data/…`), Forbidden for anybody but the merchant where it is the merchant's word, Unsupported, Conflict: of one
        that is given up, say.
        """
        payment = self._unblock(payment)
        if payment.state in PROMISED:
            return payment
        plugins = self.runner.plugins
        installation = plugins.get(payment.tenant, payment.installation_id)
        if self.runner.capability(installation).confirmed_by == "merchant" and not merchant:
            raise Forbidden("only the merchant confirms that this money has come")
        call = confirmation_call(payment, provider_data(plugins, installation, data))
        return self.runner.run(payment, next_operation(payment, OperationKind.CONFIRM, payment.amount.amount), call, installation)

    def capture(self, payment: Payment, amount: int | None = None) -> Payment:
        """Take the authorized money, as far as it is owed, or `amount`; not of a payment that is given up. Raises Invalid, Unsupported,
        Conflict.

        Where only all of it can be taken, more may be taken than is owed: the order pays that back.
        """
        payment = self._unblock(payment)
        if payment.state is State.CAPTURED:
            return payment
        check_wanted(payment, OperationKind.CAPTURE)
        if amount is None:
            return self._amend(payment, next_operation(payment, OperationKind.CAPTURE, owed_of(payment, self.capability(payment))))
        if amount > payment.authorized:
            raise Invalid.field("/amount", f"at most {payment.authorized} is authorized")
        if amount < payment.authorized and not self.capability(payment).partial_capture:
            raise Unsupported(f"{payment.plugin} captures the whole amount only")
        return self._amend(payment, next_operation(payment, OperationKind.CAPTURE, amount))

    def collect(self, payment: Payment) -> Payment:
        """Take what a courier collects at the door, once all is delivered. Where the plug-in does not say now whether it is paid so, or its
        provider cannot be asked, that is written down and the sweep sees to it.
        """
        if payment.state is not State.AUTHORIZED:
            return payment
        try:
            return self.capture(payment) if self.capability(payment).captures == "on_delivery" else payment
        except NOT_NOW:
            if not payment.online:
                raise
            return self.runner.update(self.runner.store.reread(payment), lambda p: replace(p, to_collect=p.state is State.AUTHORIZED))

    def lower(self, payment: Payment, due: int) -> Payment:
        """Note that no more than `due` is owed still; it only falls."""
        if payment.due is not None and payment.due <= due:
            return payment
        return self.runner.update(payment, lambda p: replace(p, due=due if p.due is None else min(p.due, due)))

    def cancel(self, payment: Payment) -> Payment:
        """Give the payment up, unless its money has been taken. Where the provider cannot be asked now, the sweep does it.

        What is promised, and cannot be given back for good, is told (`reconcile`).
        """
        if payment.given_up:
            return payment
        try:
            payment = self._unblock(payment)
            if not payment.live or payment.state is State.CAPTURED:
                return payment
            payment = self.runner.run(
                payment, next_operation(payment, OperationKind.CANCEL, payment.amount.amount), amendment_call(payment)
            )
            # The provider refuses to cancel what has been paid meanwhile: ask it what became of it.
            return reconcile(self.runner, payment) if payment.live and payment.online else payment
        except Unsupported as problem:
            return self._note_uncancellable(payment, PluginError(ErrorKind.UNSUPPORTED, problem.detail))
        except NOT_NOW as why:
            return self._write_down(payment, lambda p: next_operation(p, OperationKind.CANCEL, p.amount.amount), why)

    def _note_uncancellable(self, payment: Payment, why: PluginError) -> Payment:
        """Of what a plug-in that cancels nothing has promised, tell once that it stands; of anything else nothing need be told."""
        if not payment.promised or payment.uncancelled:
            return payment
        operation = next_operation(payment, OperationKind.CANCEL, payment.amount.amount)
        return self.runner.update(payment, lambda p: with_failed_cancellation(with_ended(p, operation, why)))

    def refund(self, payment: Payment, refund_id: str, amount: int) -> Payment:
        """Pay `amount` back for `refund_id`, once. Where the provider cannot be asked now, it is written down and the sweep pays it.

        More than what is left of the captured money is refused, and so is what the plug-in cannot do; both are recorded and told.
        """
        if payment.operation(refund_id) is not None:
            return payment
        operation = Operation(id=refund_id, kind=OperationKind.REFUND, amount=amount)
        if sum(o.kind is OperationKind.REFUND for o in payment.operations) >= MOST_REFUNDS:
            raise Conflict(f"a payment has at most {MOST_REFUNDS} refunds")
        try:
            payment = self._unblock(payment)
            if amount > refundable(payment):
                return self.runner.update(payment, lambda p: with_ended(p, operation, EXCEEDS))
            return self._amend(payment, operation)
        except Unsupported as problem:
            refusal = PluginError(ErrorKind.UNSUPPORTED, problem.detail)
            return self.runner.update(payment, lambda p: with_ended(p, operation, refusal))
        except NOT_NOW as why:
            return self._write_down(payment, lambda p: operation, why)

    def say(self, payment: Payment, operation_id: str, word: Word) -> Payment:
        """Settle an operation of which the provider never told as its owner says: see `with_word`."""
        can, now = self.capability(payment), self.runner.clock()
        return self.runner.update(payment, lambda p: with_word(p, operation_id, word, now, can))

    def _amend(self, payment: Payment, operation: Operation) -> Payment:
        """Do the operation; where the provider refuses it as if it were made already, ask: it may hold the change."""
        payment = self.runner.run(payment, operation, amendment_call(payment))
        done = payment.operation(operation.id)
        return reconcile(self.runner, payment) if payment.online and done and done.refused else payment

    def _write_down(self, payment: Payment, make: Callable[[Payment], Operation], why: Problem) -> Payment:
        """Write down an operation that the sweep sends, and why it waits; one that was sent meanwhile stays as it is.

        Raises `why` where nobody outside is asked: no sweep comes by, and the caller asks again.
        """
        if not payment.online:
            raise why

        def written(p: Payment) -> Payment:
            operation = make(p)
            known = p.operation(operation.id) or (operation.kind is OperationKind.CANCEL and p.given_up)
            return p if known else p.with_operation(operation.waiting(why.detail))

        return self.runner.update(self.runner.store.reread(payment), written)

    def _unblock(self, payment: Payment) -> Payment:
        """`payment` without an operation that keeps others back, the provider asked if need be. Raises InFlight while one does."""
        if payment.blocking:
            payment = reconcile(self.runner, payment)
        if payment.blocking:
            raise InFlight("the provider has not yet said what became of the last request: try again in a minute")
        return payment

    def find(self, tenant: str, order_id: str, payment_id: str) -> Payment:
        """Raises NotFound."""
        for payment in self.of_order(tenant, order_id):
            if payment.id == payment_id:
                return payment
        raise NotFound("there is no such payment of this order")

    def of_order(self, tenant: str, order_id: str) -> list[Payment]:
        """The order's payments, the first begun first. A promise that was made before promises were looked up is listed for that."""
        found = self.runner.store.of_order(tenant, order_id) if len(order_id) <= 64 else []
        return [self.runner.update(p, lambda same: same) if p.promised and not p.next_lookup else p for p in found]

    def capability(self, payment: Payment) -> Capability:
        return self.runner.capability(self.runner.plugins.get(payment.tenant, payment.installation_id))
