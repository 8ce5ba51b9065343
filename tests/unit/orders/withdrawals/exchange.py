"""Orders, shipping and payments around one bag of messages, in memory: anything may come in any order, twice, or after a crash."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from functions.orders.bootstrap import ApiSettings
from functions.orders.bootstrap import Services as OrderServices
from functions.orders.consumers import consumers as order_consumers
from functions.orders.order import Order
from functions.orders.order_service import OrderService
from functions.orders.refunds.refund import RefundAsk
from functions.shipping.bootstrap import Services as ShippingServices
from functions.shipping.consumers import consumers as shipping_consumers
from functions.shipping.documents.kept_document import KeptDocument
from functions.shipping.fulfilment.supplier_declines import Decline
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.tracking.shipment_reports import ShipmentReport
from monsoon_plugin.clock import rfc3339
from shared.errors import Problem
from shared.ids import derived_id
from shared.messages import Message, OfferPublished, OfferRecalled, PaymentRefundFailed
from shared.optimistic_retry import AT_ONCE
from shared.order_messages import OrderCancelled, OrderReduced, RefundRequested
from shared.shipment_messages import ShipmentDelivered
from shared.subscribers import SUBSCRIBERS
from tests.fakes import TICKETS, FakeClock, caller, sealing_in_memory
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    OTHER,
    PAYMENT,
    STOREFRONT,
    SUPPLIER,
    TEA,
    MemoryStore,
    basket,
    capture,
    configuration,
    eur,
    in_memory,
    key,
    payout,
    promise,
    publication,
)
from tests.unit.shipping.fake_courier import FakeCourier
from tests.unit.shipping.memory import MemoryShipping, MemoryWalks

POT = derived_id("off", "pot")
SELLERS = {MUG: SUPPLIER, TEA: SUPPLIER, POT: OTHER}
STOCK = 20


class Crash(Exception):
    """The process dies; what it was handed comes again."""


class Couriers:
    """One courier that calls out; it can be asked always."""

    def __init__(self, courier: FakeCourier) -> None:
        self.courier = courier

    def get(self, tenant: str, installation_id: str) -> Any:
        return type("Installed", (), {"id": installation_id, "tenant": tenant, "plugin": "remote"})()

    def plugin(self, installation: Any) -> Any:
        return self.courier

    def capability(self, installation: Any) -> Any:
        return self.courier.able

    def context(self, installation: Any, deadline: Any) -> Any:
        return type("Ctx", (), {"config": None})()

    def is_test(self, installation: Any) -> bool:
        return False

    def allow_call(self, installation: Any) -> bool:
        return True

    def record_outcome(self, installation: Any, error: Any) -> None: ...


class Papers:
    def keep(self, *about: Any) -> tuple[KeptDocument, ...]:
        return ()


@dataclass
class Exchange:
    """Two orders at most are placed; `bag` holds (service, message) still to be delivered, and those to be delivered again."""

    clock: FakeClock = field(default_factory=FakeClock)
    books: MemoryStore = field(default_factory=MemoryStore)
    parcels: MemoryShipping = field(default_factory=MemoryShipping)
    bag: list[tuple[str, Message]] = field(default_factory=list)
    heard: list[tuple[str, Message]] = field(default_factory=list)
    due: int | None = None
    """What payments may collect still, if that has fallen."""
    captured: int = 0
    given_up: bool = False
    paid_back: set[str] = field(default_factory=set)
    fuse: int | None = None
    """So many writes of shipping's are done before it dies."""
    counts: dict[str, int] = field(default_factory=dict)
    virtual: frozenset[str] = frozenset()
    """Offers of virtual goods: their supplier delivers them without a parcel, beside what it sends."""

    def __post_init__(self) -> None:
        self.courier = FakeCourier()
        self.courier.able = self.courier.able.model_copy(update={"tracking": "none"})
        self.parcels.write = self._burn
        self.sealing = sealing_in_memory()
        made = OrderServices(
            ApiSettings(unpaid_minutes=60, buyers_texts="sealed"),
            clock=self.clock, retry=AT_ONCE, stores=in_memory(self.books), tickets=TICKETS, patience=timedelta(hours=72), rates=dict,
            sealing=self.sealing,
        )  # fmt: skip
        self.orders: OrderService = made.orders
        self.made = made
        self.shipping = ShippingServices(
            sealing=self.sealing,
            clock=self.clock,
            retry=AT_ONCE,
            store=self.parcels,
            walks=MemoryWalks(),
            installations=Couriers(self.courier),
            tickets=TICKETS,
            objects=None,
        )  # type: ignore[arg-type]
        vars(self.shipping)["documents"] = Papers()
        made.replica.record_storefront(configuration())
        for offer_id in SELLERS:
            event = self._publication(offer_id, 1)
            made.inventory.record_publication(event)
            self.parcels.keep_facts(ParcelFacts.of(event.offers()[0], event.supplier_id), 1)
        self.order_id = made.checkout.place(ACCOUNT, STOREFRONT, basket({MUG: 3, TEA: 2, POT: 2}), key()).id
        self._collect()

    @property
    def order(self) -> Order:
        return self.orders.order(ACCOUNT, STOREFRONT, self.order_id)

    @property
    def shipments(self) -> list[Shipment]:
        return self.parcels.all()

    def did(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _burn(self, when: str) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                raise Crash

    def _collect(self) -> None:
        """Put what was told into the bag, for every service that hears it."""
        for told in (self.books.events, self.parcels.events):
            for message in told:
                self.did(type(message).__name__)
                self.bag += [(s, message) for s in ("orders", "shipping", "payments") if type(message) in SUBSCRIBERS[s]]
            told.clear()

    def act(self, what: Callable[[], object]) -> None:
        """Do one thing that somebody wants; it may be refused, and shipping may die in it."""
        with suppress(Problem, Crash, ExceptionGroup):
            what()
        self._collect()

    def deliver(self, which: int, *, again: bool) -> None:
        """Hand one message of the bag over; `again`: one that was handed over before."""
        source = self.heard if again else self.bag
        if not source:
            return
        place = source[which % len(source)]
        try:
            self._hand(*place)
        except Exception as failure:
            if not isinstance(failure, Crash | Problem) and type(failure).__name__ not in (
                "NotYet",
                "NotPlanned",
                "Contended",
                "UnknownRefund",
            ):
                raise
        else:
            if not again:
                self.bag.remove(place)
                self.heard.append(place)
        self._collect()

    def _hand(self, service: str, message: Message) -> None:
        if service == "orders":
            order_consumers(self.made, lambda: timedelta(days=1))[type(message)](message)
        elif service == "shipping":
            shipping_consumers(self.shipping, lambda: timedelta(days=1))[type(message)](message)
        else:
            self._pay(message)

    def _pay(self, message: Message) -> None:
        """What payments does, in short: cash is collected with the last parcel, as much as is owed."""
        if isinstance(message, RefundRequested):
            if message.refund_id not in self.paid_back:
                self.paid_back.add(message.refund_id)
                self.bag.append(("orders", payout(self.order, message, version=50 + len(self.paid_back))))
        elif isinstance(message, OrderCancelled):
            self.given_up = True
        elif isinstance(message, OrderReduced):
            self.due = message.amount if self.due is None else min(self.due, message.amount)
            if message.complete:
                self._take()
        elif isinstance(message, ShipmentDelivered) and message.remaining == 0:
            self._take()

    def _take(self) -> None:
        if self.promised and not self.captured and not self.given_up:
            self.capture(self.order.total if self.due is None else self.due)

    promised: bool = False

    def promise(self) -> None:
        if not self.promised and not self.captured:
            self.promised = True
            self.bag.append(("orders", promise(self.order)))

    def capture(self, amount: int | None = None) -> None:
        if not self.captured:
            self.captured = self.full if amount is None else amount
            self.bag.append(("orders", capture(self.order, self.captured)))

    @property
    def full(self) -> int:
        return 7 * 1250 + 450

    def refund(self, units: Mapping[str, int], text: str, restock: bool | None = None) -> None:
        self.act(lambda: self.orders.refund(ACCOUNT, STOREFRONT, self.order_id, RefundAsk(units, False, restock, text), key(text)))

    def cancel(self, supplier_id: str | None = None) -> None:
        self.act(lambda: self.orders.cancel(caller(ACCOUNT, "storefront"), STOREFRONT, self.order_id, "shopper", supplier_id))

    def decline(self, which: int, units: Mapping[str, int], text: str) -> None:
        if which >= len(self.shipments):
            return
        shipment, declines = self.shipments[which], self.shipping.supplier_declines(lambda: timedelta(days=1))
        held = {c.offer_id: min(units[c.offer_id], c.quantity) for c in shipment.parcel.contents if c.offer_id in units}
        self.act(lambda: declines.decline(shipment.supplier_id, shipment.id, Decline(held, "sold out", restock=False), key(text)))

    def report(self, which: int, state: Any, text: str) -> None:
        if which < len(self.shipments):
            shipment = self.shipments[which]
            self.act(lambda: self.shipping.reports.record(shipment.supplier_id, shipment.id, ShipmentReport(state), key(text)))

    def _publication(self, offer_id: str, version: int) -> OfferPublished:
        event = publication(offer_id, version, stock=STOCK, requires_shipping=offer_id not in self.virtual)
        return event.model_copy(update={"supplier_id": SELLERS[offer_id]})

    def recall(self, offer_id: str, version: int) -> None:
        event = OfferRecalled(version=version, offer_id=offer_id, product_id="prd", supplier_id=SELLERS[offer_id], reason="unsafe")
        self.bag += [("orders", event), ("shipping", event)]

    def publish(self, offer_id: str, version: int) -> None:
        event = self._publication(offer_id, version)
        self.bag += [("orders", event), ("shipping", event)]

    def sweep(self, **later: float) -> None:
        self.clock.tick(**later)
        self.act(self.orders.sweep)
        sweep = self.shipping.sweep(lambda: timedelta(days=1))
        self.act(lambda: self.shipping.recall_walks.walk_again(lambda: timedelta(days=1)))
        self.act(lambda: sweep.run(self.parcels.due(rfc3339(self.clock()))))

    def settle(self) -> None:
        """Time passes and queues drain; suppliers send what they may, and couriers deliver it."""
        self.fuse = None
        for n in range(60):
            for _ in range(200):
                if not self.bag:
                    break
                self.deliver(0, again=False)
            self.sweep(hours=7)
            if n >= 20:
                for which in range(len(self.shipments)):
                    self._send(which, n)

    def _send(self, which: int, n: int) -> None:
        """Its supplier and its courier say of the parcel what may still be said: it is sent, it is there."""
        for state in ("dispatched", "delivered"):
            if state in self.shipments[which].next_reports:
                self.report(which, state, f"{state} {n}")

    def fail_refund(self) -> None:
        """The last refund comes back."""
        for refund in self.order.refunds[-1:]:
            self.bag.append(
                ("orders", PaymentRefundFailed(
                    version=90, payment_id=PAYMENT, order_id=self.order_id, storefront_id=STOREFRONT, account_id=ACCOUNT, plugin="stripe",
                    amount=eur(refund.amount), refund_id=refund.id, reason="closed", was_paid=False,
                ))
            )  # fmt: skip
