"""How a payment begins: once for its Idempotency-Key, one living payment an order, at the first provider that may hold it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ATTEMPTS, Payment
from functions.payments.operation_runner import CircuitOpen, OperationRunner, index_transfer
from functions.payments.provider_data import provider_data
from functions.payments.provider_routing import RoutingRequest, candidates, failover_allowed, payment_ids
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.payment import NOBODY, ConfirmationData, OperationKind, PaymentPlugin, PaymentView, Shopper, StartPayment
from monsoon_plugin.plugin import Ctx
from shared.api.idempotency import Idempotency, InFlight
from shared.api.ticket_contents import PayableOrder
from shared.errors import Conflict, Invalid
from shared.providers.installation import Installation


class PaymentExists(Conflict):
    code, title = "payment-exists", "This order is being paid, or is paid, already"


@dataclass(frozen=True, slots=True, kw_only=True)
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
    def routing(self) -> RoutingRequest:
        order = self.order
        return RoutingRequest(
            self.tenant, order.amount.money, order.country, self.method, self.installation_id, requires_shipping=order.requires_shipping
        )  # fmt: skip


class PaymentStart:
    """One start, from the order's payments so far to a payment at a provider."""

    def __init__(self, runner: OperationRunner, wanted: Start, idempotency: Idempotency) -> None:
        self.runner, self.wanted, self.idempotency = runner, wanted, idempotency

    def __call__(self) -> Payment:
        """Begin to pay an order; the same Idempotency-Key gives the same payment.

        Where a provider certainly did nothing, the next of the merchant's is asked, unless one was named.
        Raises PaymentExists while another payment of the order lives, NoProvider, Invalid, InFlight, KeyReused, Unavailable.
        """
        of_order = partial(self.runner.store.of_order, self.wanted.tenant, self.wanted.order.order_id)
        try:
            # What a cheap look misses or has as it was, the write of a new payment refuses: only then the dear one is needed.
            return self._beside(of_order(may_lag=True))
        except Conflict:
            return self._beside(of_order())

    def _beside(self, payments: list[Payment]) -> Payment:
        """The payment, where these are all that the order has so far."""
        known = begun_before(self.runner, payments, self.idempotency)
        if known:
            return known
        _refuse_beside(payments)
        ids = payment_ids(self.idempotency.id("pay"))
        return self._begin_at_first(candidates(self.runner.plugins, self.wanted.routing), ids, len(payments))

    def _begin_at_first(self, installations: list[Installation], ids: list[str], before: int) -> Payment:
        """The payment at the first provider that does not certainly do nothing; the last one's, if all do. Raises Unavailable."""
        made: list[Payment] = []
        for installation in installations:
            try:
                data = provider_data(self.runner.plugins, installation, self.wanted.data)
                new = self._new_payment(installation, ids[len(made)], before + len(made) + 1)
                made.append(self._begin(new, installation, data))
            except (CircuitOpen, Invalid):
                if not made and installation is installations[-1]:
                    raise
                continue
            if not failover_allowed(made[-1]):
                break
        return made[-1]

    def _new_payment(self, installation: Installation, payment_id: str, attempt: int) -> Payment:
        return Payment(
            id=payment_id,
            tenant=self.wanted.tenant,
            order_id=self.wanted.order.order_id,
            attempt=attempt,
            installation_id=installation.id,
            plugin=installation.plugin,
            amount=self.wanted.order.amount.money,
            created_at=rfc3339(self.runner.clock()),
            fingerprint=self.idempotency.fingerprint,
            test=self.runner.plugins.is_test(installation),
            online=bool(self.runner.plugins.plugin(installation).manifest.allowed_hosts),
        )

    def _begin(self, payment: Payment, installation: Installation, data: ConfirmationData | None) -> Payment:
        def call(plugin: PaymentPlugin[Any], ctx: Ctx[Any], operation: Operation) -> PaymentView:
            return plugin.start(ctx, self._request(payment, operation, data))

        operation = Operation(id="start", kind=OperationKind.START, amount=payment.amount.amount)
        started = self.runner.run(payment, operation, call, installation)
        return index_transfer(self.runner.store, started) if payment.online else started

    def _request(self, payment: Payment, operation: Operation, data: ConfirmationData | None) -> StartPayment:
        return StartPayment(
            payment_id=payment.id,
            order_id=payment.order_id,
            tenant=payment.tenant,
            op_key=operation.key(payment.id),
            amount=payment.amount,
            data=data,
            return_url=self.wanted.return_url,
            method=self.wanted.method,
            country=self.wanted.order.country,
            description=self.wanted.description,
            shopper=self.wanted.shopper,
        )


def begun_before(runner: OperationRunner, payments: list[Payment], idempotency: Idempotency) -> Payment | None:
    """Of the order's payments the one that the same request began; its provider is asked where the outcome is not known.

    Raises KeyReused, InFlight.
    """
    ids = payment_ids(idempotency.id("pay"))
    known = [payment for payment in payments if payment.id in ids]
    if not known:
        return None
    idempotency.same(known[0].fingerprint)
    unsettled = known[-1].unsettled
    if unsettled and unsettled[0].may_still_arrive(runner.clock()) and unsettled[0].phase is Phase.SENT:
        raise InFlight
    return reconcile(runner, known[-1]) if unsettled else index_transfer(runner.store, known[-1])


def _refuse_beside(payments: list[Payment]) -> None:
    """Raises PaymentExists while one of them lives, Conflict where there are too many.

    What the provider took back leaves a promise that may be captured again: if it is, beside another, the order pays that back.
    """
    for other in payments:
        if other.live and not other.returned:
            raise PaymentExists(f"payment {other.id} of this order is {other.state}", payment_id=other.id)
    if len(payments) >= MOST_ATTEMPTS:
        raise Conflict(f"an order has at most {MOST_ATTEMPTS} payments")
