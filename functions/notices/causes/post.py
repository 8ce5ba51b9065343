"""What each event comes to: mails to buyers, notices to merchants. Where the hub sends no mail, nothing is written either."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.notices.causes import buyers_causes as buyers
from functions.notices.causes import merchants_causes as merchants
from functions.notices.causes.cause import Cause
from functions.notices.causes.merchants_causes import Listed
from functions.notices.known.known_order import Known, KnownOrder, KnownShop
from functions.notices.merchants.notice_settings import AllSettings
from functions.notices.outbox.digest import Digest
from functions.notices.outbox.outbox import Outbox
from monsoon_plugin.clock import Clock, from_rfc3339
from shared.messages import StorefrontConfigured
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderPlaced

UNPAID_WAITS = timedelta(minutes=10)
"""Before an order that is not paid is said to be received: only its payment tells whether it is a test, and most are paid within that."""
LATE = timedelta(days=2)
"""An order whose payment was due so long ago is told anew by an operator, and is no news to its buyer."""
SAID_AS_PAID, CANCELLED = "said-as-paid", "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`sends`: whether the hub sends mail. `at_once`: on a laptop, where tests' mails are seen."""

    outbox: Outbox
    digest: Digest
    known: Known
    settings: AllSettings
    clock: Clock
    sends: bool
    at_once: bool

    def know_shop(self, event: StorefrontConfigured) -> None:
        shop = KnownShop(name=event.name, slug=event.slug, accent=event.accent, style=event.style, host=event.host)
        self.known.keep_shop(f"{event.account_id}#{event.storefront_id}", shop, event.version)

    def place(self, event: OrderPlaced) -> None:
        order, now = KnownOrder.of(event), self.clock()
        if not self.sends:
            return
        if order is None:
            self.known.add_silent(event.order_id, now)
            return
        if order.pay_by and now - from_rfc3339(order.pay_by) > LATE:
            return
        self.known.add_order(order, now)
        self.outbox.tell(buyers.received(event), timedelta() if self.at_once else UNPAID_WAITS)

    def promise(self, event: OrderAccepted) -> None:
        """Its payment is promised: it is known by now whether it is a test."""
        if self._writes_of(event.order_id):
            self.outbox.hurry(buyers.received(event))
        self.tell_merchants(merchants.new_order(event))

    def pay(self, event: OrderPaid) -> None:
        """One mail says that it was received and is paid."""
        if self._writes_of(event.order_id):
            self.outbox.drop(buyers.received(event), SAID_AS_PAID)
            self.outbox.tell(buyers.paid(event))
        self.tell_merchants(merchants.new_order(event))

    def cancel(self, event: OrderCancelled) -> None:
        """What was not said to be received by now is not said to be kept for its buyer after that."""
        if self._writes_of(event.order_id):
            self.outbox.drop(buyers.received(event), CANCELLED)
            self.outbox.tell(buyers.cancelled(event))

    def tell_buyer(self, cause: Cause | None) -> None:
        """`cause`: one of an order's."""
        if cause is not None and self._writes_of(cause.about):
            self.outbox.tell(cause)

    def _writes_of(self, order_id: str) -> bool:
        """Whether its buyer may be written to. Of an order that is known to have no e-mail one read costs less than a mail that is dropped;
        one whose placement was not heard of yet is written down."""
        return self.sends and not self.known.is_silent(order_id)

    def tell_merchants(self, causes: Iterable[Cause]) -> None:
        """A cause each, of merchants who want it, and have said where to; of the others nothing is written."""
        if not self.sends:
            return
        of = {cause.account_id: cause for cause in causes}
        for told in self.settings.each(of):
            cause = of[told.account_id]
            if told.reachable and told.wants(cause.kind):  # type: ignore[arg-type]
                self.outbox.tell(cause)

    def list_for_merchant(self, listed: Listed | None, at: datetime) -> None:
        """As `tell_merchants`, together with others of its kind that happened about `at`."""
        if self.sends and listed is not None:
            told = self.settings.get(listed.account_id)
            if told.reachable and told.wants(listed.kind):
                self.digest.add(listed, at)
