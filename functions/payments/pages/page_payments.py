"""What a shopper does on the pages: choose a way to pay, come back from it, choose another. One charge, however often a form is sent.

A form's key and the way that it chooses are the payment's Idempotency-Key: the same form sent twice, by a double click or after Back, is
the same payment. Another form of the same order (a second tab) goes on with the payment that lives already, if it chooses the same
provider; else that one is given up first.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from functions.payments.lifecycle.payment import PROMISED, Payment
from functions.payments.pages.kept_page import KeptPages, PaymentPage
from functions.payments.pages.payment_links import PaymentLinks
from functions.payments.pages.payment_words import goes_on
from functions.payments.pages.ways_to_pay import Way
from functions.payments.payment_service import PaymentService
from functions.payments.payment_start import PaymentExists, Start
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.clock import Clock, from_rfc3339
from monsoon_plugin.payment import Shopper
from shared.api.idempotency import Idempotency, InFlight
from shared.api.ticket_contents import PayableOrder
from shared.errors import Problem

JUST_SENT = timedelta(seconds=1)
"""The provider's own answer is not asked about before."""
CONFIRM = "confirm"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A way to pay that a form chooses for an order."""

    page: PaymentPage
    """Its payment's id is not known yet."""
    order: PayableOrder
    way: Way
    key: str
    shopper: Shopper

    @property
    def idempotency(self) -> Idempotency:
        way = f"{self.way.installation_id} {self.way.method}"
        return Idempotency(f"{self.key} {way}", f"{self.page.tenant} page {self.order.order_id}", way)


@dataclass(frozen=True, slots=True)
class PagePayments:
    payments: PaymentService
    pages: KeptPages
    links: PaymentLinks
    clock: Clock

    def living(self, tenant: str, order_id: str) -> Payment | None:
        """The payment by which the order is being paid, or is paid."""
        return next((p for p in self.payments.of_order(tenant, order_id) if p.live and not p.returned), None)

    def begin(self, choice: Choice, address: str) -> PaymentPage:
        """The page of the payment that the choice begins, or goes on with. `address`: of payments' pages, for the outside.

        Raises what PaymentStart does where nothing was begun: NoProvider, Invalid, Unavailable.
        """
        living, new = self.living(choice.page.tenant, choice.order.order_id), choice.idempotency.id("pay")
        if living is not None and living.id != new and not self._gives_way(living, choice):
            return self.kept(choice.page, living.id)
        page = self.kept(choice.page, new)
        try:
            self.payments.start(self._start(choice, page, address), choice.idempotency)
        except PaymentExists as exists:  # another tab was first
            return self.kept(choice.page, str(exists.more["payment_id"]))
        except InFlight:
            logger.info("payment %s is being begun by the same form", new)
        return page

    def kept(self, page: PaymentPage, payment_id: str) -> PaymentPage:
        """The page of one payment, kept."""
        named = replace(page, payment_id=payment_id)
        self.pages.keep(named, self.clock())
        return named

    def looked_up(self, page: PaymentPage) -> tuple[Payment, bool]:
        """The page's payment, as its provider tells it now, and True; as it was known, and False, where the provider cannot be asked.

        What the shopper has approved at the provider, and is only to be confirmed, is. Raises NotFound.
        """
        payment = self.payments.find(page.tenant, page.order_id, page.payment_id)
        if not payment.awaited or self._just_sent(payment):
            return payment, True
        try:
            payment = reconcile(self.payments.runner, payment)
            return self.payments.confirm(payment, {}, merchant=False) if _approved(payment) else payment, True
        except Problem as problem:
            logger.info("payment %s is not known better: %s", payment.id, problem)
            return self.payments.find(page.tenant, page.order_id, page.payment_id), False

    def _just_sent(self, payment: Payment) -> bool:
        last = payment.operations[-1]
        return bool(last.at) and self.clock() - from_rfc3339(last.at) < JUST_SENT

    def _gives_way(self, living: Payment, choice: Choice) -> bool:
        """Whether a payment that lives has been given up for what is chosen now; never one that is paid, or that goes on by the same
        provider for the same amount.
        """
        same = (living.installation_id, living.amount) == (choice.way.installation_id, choice.order.amount.money)
        if living.state in PROMISED or (same and goes_on(living)):
            return False
        return not self.payments.cancel(living).live

    def _start(self, choice: Choice, page: PaymentPage, address: str) -> Start:
        return Start(
            tenant=page.tenant,
            order=choice.order,
            installation_id=choice.way.installation_id,
            return_url=f"{address}?t={self.links.token(page.payment_id)}",
            method=choice.way.method,
            shopper=choice.shopper,
        )


def _approved(payment: Payment) -> bool:
    """Whether all that is missing is our word (PayPal); after it was refused once, the shopper chooses anew."""
    action = payment.next_action or {}
    tried = any(o.kind.value == CONFIRM and o.settled for o in payment.operations)
    return payment.live and action.get("type") == CONFIRM and "client_secret" not in action and not tried
