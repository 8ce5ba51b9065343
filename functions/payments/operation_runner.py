"""The one place where a plug-in is called: capability, deadline, one request for one operation, and what its outcome means.

Where the provider is outside, the operation is written before it is asked, and written again with the outcome. A plug-in that calls
nobody cannot lose a reply, so its operation is written once, with its outcome.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from functions.payments.lifecycle.answers import with_answer, with_refusal
from functions.payments.lifecycle.events import event_of
from functions.payments.lifecycle.operation import OWED_LESS, Operation
from functions.payments.lifecycle.payment import MOST_TRIES, PROMISED, Payment, with_first_lookup, with_term
from functions.payments.lifecycle.provider_words import sound_refund, sound_view
from functions.payments.lifecycle.refunds import refundable
from monsoon_plugin.clock import Clock
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, Capability, OperationKind, PaymentPlugin, PaymentView, RefundView, State
from monsoon_plugin.plugin import Ctx
from shared.api.idempotency import InFlight
from shared.api.trace import where
from shared.errors import Conflict, Unavailable
from shared.messages import Message
from shared.optimistic_retry import Contended, Retry
from shared.providers.installation import Installation
from shared.providers.installations import Installations

ROOM = timedelta(seconds=1)
"""What a function keeps of its time to write the outcome down."""
TOO_OFTEN = {
    OperationKind.CONFIRM: "this payment was confirmed in vain too often: cancel the order, and place it again",
    OperationKind.CAPTURE: "the provider has refused to capture this payment too often: do it in the provider's console",
    OperationKind.CANCEL: "the provider has refused to cancel this payment too often: do it in the provider's console",
}
logger = logging.getLogger(__name__)
Plugins = Installations[PaymentPlugin[Any]]
Call = Callable[[PaymentPlugin[Any], Ctx[Any], Operation], PaymentView | RefundView]
Change = Callable[[Payment], Payment]


class Unsupported(Conflict):
    code, title = "unsupported", "The storefront's payment provider cannot do this"


class CircuitOpen(Unavailable):
    """The provider kept failing and is not asked for a while; nothing was written."""


class OtherMode(Unavailable):
    """The payment is in the provider's live books and the installation asks the test ones now, or the other way round."""


class Store(Protocol):
    """What payments are kept in."""

    def of_order(self, tenant: str, order_id: str, *, may_lag: bool = False) -> list[Payment]: ...
    def reread(self, payment: Payment) -> Payment: ...
    def save(self, payment: Payment, event: Message | None, now: datetime) -> bool: ...
    def was_handled(self, installation_id: str, event_id: str) -> bool: ...
    def mark_handled(self, installation_id: str, event_id: str, until: datetime) -> None: ...
    def index_reference(self, payment: Payment) -> None: ...
    def find_by_reference(self, tenant: str, reference: str) -> Payment | None: ...


@dataclass(frozen=True, slots=True)
class OperationRunner:
    plugins: Plugins
    store: Store
    clock: Clock
    time_left: Callable[[], timedelta]
    """How long the function may still run."""
    retry: Retry = field(default_factory=Retry)

    def capability(self, installation: Installation) -> Capability:
        found: Capability = self.plugins.capability(installation)
        return found

    def context(self, installation: Installation) -> Ctx[Any]:
        """For one call that ends while there is time to write its outcome down."""
        return self.plugins.context(installation, self._deadline(installation))

    def contexts(self, installation: Installation) -> list[Ctx[Any]]:
        """For a notice: see Installations.contexts."""
        return self.plugins.contexts(installation, self._deadline(installation))

    def require_mode(self, payment: Payment, installation: Installation) -> None:
        """Raises OtherMode where the provider would be asked for `payment` in other books than those that it was begun in (decision 27)."""
        test = self.plugins.is_test(installation)
        if not payment.online or payment.test in (None, test):
            return
        now, own = ("test", "live") if test else ("live", "test")
        raise OtherMode(
            f"this payment was begun in {own} mode and its provider is installed in {now} mode now: set the installation's mode to {own}"
            f" again, and install the provider a second time for {now} mode"
        )

    def understood(self, payment: Payment, installation: Installation, told: PaymentView) -> PaymentView:
        """What a plug-in tells, held to what can be kept, with when a new promise ends. Raises PluginError (protocol)."""
        return with_term(sound_view(told), payment, self.capability(installation).authorized_days, self.clock())

    def _deadline(self, installation: Installation) -> datetime:
        limit = self.plugins.plugin(installation).manifest.timeout
        return self.clock() + min(limit, self.time_left() - ROOM)

    def run(self, payment: Payment, operation: Operation, call: Call, installation: Installation | None = None) -> Payment:
        """Do `operation` and answer the payment as it then is; `installation` is the payment's, if the caller has just read it.

        Raises Unsupported, CircuitOpen, OtherMode, and InFlight where others have changed the payment since it was read.
        A provider's refusal is in the operation.
        """
        installation = installation or self.plugins.get(payment.tenant, payment.installation_id)
        self.require_mode(payment, installation)
        if operation.kind not in self.capability(installation).operations:
            raise Unsupported(f"{payment.plugin} does not {operation.kind}")
        if payment.online and not self.plugins.allow_call(installation):
            raise CircuitOpen("the payment provider does not answer at present: try again in a minute")
        sent = operation.sent(self.clock())
        if not payment.online:
            outcome = self._call(payment, installation, sent, call)
            if operation.kind is OperationKind.START:  # before it is written: a reference that leads to no payment harms nobody
                index_transfer(self.store, outcome(with_sent_operation(payment, sent)))
            return self.update(payment, lambda p: outcome(with_sent_operation(p, sent)))
        payment = self.update(payment, lambda p: with_sent_operation(p, sent))
        return self.update(payment, self._call(payment, installation, sent, call))

    def update(self, payment: Payment, change: Change) -> Payment:
        """Write `payment` changed, with its event; if it was changed meanwhile, change what now stands. Nothing new writes nothing.

        Raises Conflict if others change it all the while.
        """
        known = [payment]

        def attempt() -> Payment:
            before = known.pop() if known else self._reread(payment)
            after = with_first_lookup(change(before), before, self.clock())
            if after == before:
                return before
            if after.test is None:
                after = replace(after, test=self.plugins.is_test(self.plugins.get(after.tenant, after.installation_id)))
            after = replace(after, version=before.version + 1)
            if not self.store.save(after, event_of(before, after), self.clock()):
                raise Contended
            return after

        return self.retry(attempt, lambda: Conflict("this payment changes too fast: try again"))

    def _reread(self, payment: Payment) -> Payment:
        stands = self.store.reread(payment)
        if stands.id != payment.id:
            raise Conflict(f"payment {stands.id} of this order was begun at the same moment", payment_id=stands.id)
        return stands

    def _call(self, payment: Payment, installation: Installation, operation: Operation, call: Call) -> Change:
        """Send the one request; answers what it makes of the payment."""
        try:
            told = call(self.plugins.plugin(installation), self.context(installation), operation)
            view = sound_refund(told) if isinstance(told, RefundView) else self.understood(payment, installation, told)
            check_echo(payment, operation, view)
        except PluginError as error:
            refusal = error
            self.plugins.record_outcome(installation, error)
        except Exception as error:  # a plug-in that fails after its request was sent must not lose the operation: it is settled by `fetch`
            logger.error("the plug-in %s failed in %s: %s", payment.plugin, operation.kind, where(error))
            refusal = PluginError(ErrorKind.PROTOCOL, "the provider's answer was not understood")
            self.plugins.record_outcome(installation, refusal)
        else:
            self.plugins.record_outcome(installation, None)
            return partial(with_answer, sent=operation, told=view)
        return partial(with_refusal, sent=operation, error=refusal)


def with_sent_operation(payment: Payment, operation: Operation) -> Payment:
    """`payment`, as it now stands, with `operation` as sent.

    Raises Conflict if another call has sent it already, or as `check_wanted` does, InFlight if what others have done since the caller
    looked lets nothing be sent: a request that is open, or a refund that leaves too little.
    """
    known = payment.operation(operation.id)
    if known is not None and not known.resendable:
        raise Conflict("this is being done, or is done, already: read the payment")
    check_wanted(payment, operation.kind)
    if payment.blocking:
        raise InFlight("another request of this payment is under way: try again in a minute")
    after = payment.with_operation(operation)
    if operation.kind is OperationKind.REFUND and operation.amount > refundable(after):
        raise InFlight("another refund of this payment came first: try again in a minute")
    return after


def check_wanted(payment: Payment, kind: OperationKind) -> None:
    """Raises Conflict where money would be taken, or promised, of a payment that is given up, captured that nobody promises, or confirmed
    a second time where nobody outside would notice.
    """
    if payment.given_up and kind in (OperationKind.CONFIRM, OperationKind.CAPTURE):
        raise Conflict("this payment is given up: its provider is told as soon as it answers")
    if kind is OperationKind.CONFIRM and payment.state in PROMISED and not payment.online:
        raise Conflict("another word that this money has come was first: read the payment")
    if kind is OperationKind.CAPTURE and payment.state is not State.AUTHORIZED:
        raise Conflict(f"only an authorized payment can be captured; this one is {payment.state}")


def next_operation(payment: Payment, kind: OperationKind, amount: int) -> Operation:
    """The payment's next operation of a kind, with an id of its own.

    Raises Conflict where it was tried MOST_TRIES times; what gave way to another, since less was owed, is no try.
    """
    if sum(o.kind is kind and o.code != OWED_LESS.provider_code for o in payment.operations) >= MOST_TRIES[kind]:
        raise Conflict(TOO_OFTEN[kind])
    numbers = (o.id.removeprefix(f"{kind}-") for o in payment.operations)
    number = max([len(payment.operations), *(int(n) + 1 for n in numbers if n.isdecimal())])
    return Operation(id=f"{kind}-{number}", kind=kind, amount=amount)


def index_transfer(store: Store, payment: Payment) -> Payment:
    """Of a payment that a bank statement will tell of by its reference alone, keep where it is."""
    if (payment.next_action or {}).get("type") == "transfer":
        store.index_reference(payment)
    return payment


def check_echo(payment: Payment, operation: Operation, view: PaymentView | RefundView) -> None:
    """Hold what came back to what was sent: the payment's amount or the refund's, and the currency. Raises PluginError (protocol)."""
    sent = Money(operation.amount, payment.amount.currency) if isinstance(view, RefundView) else payment.amount
    if view.amount != sent:
        logger.error("integrity: %s of payment %s was sent as %s, came back as %s", operation.kind, payment.id, sent, view.amount)
        raise PluginError(ErrorKind.PROTOCOL, f"{sent} was sent, {view.amount} came back")


def amendment_call(payment: Payment) -> Call:
    """The call that captures, cancels or refunds, as the operation says."""

    def call(plugin: PaymentPlugin[Any], ctx: Ctx[Any], operation: Operation) -> PaymentView | RefundView:
        request = amendment(payment, operation)
        match operation.kind:
            case OperationKind.CAPTURE:
                return plugin.capture(ctx, request)
            case OperationKind.CANCEL:
                return plugin.cancel(ctx, request)
            case OperationKind.REFUND:
                return plugin.refund(ctx, request)
        raise ValueError(f"{operation.kind} needs the shopper")

    return call


def confirmation_call(payment: Payment, data: Any) -> Call:
    """The call that confirms with the shopper's data, or with the merchant's word that the money came."""
    return lambda plugin, ctx, operation: plugin.confirm(ctx, amendment(payment, operation), data)


def amendment(payment: Payment, operation: Operation) -> Amend:
    """The request of an operation on a payment that its provider knows."""
    return Amend(
        payment_id=payment.id,
        provider_ref=payment.provider_ref,
        op_key=operation.key(payment.id),
        amount=Money(operation.amount, payment.amount.currency),
        paid=payment.amount,
        order_id=payment.order_id,
    )
