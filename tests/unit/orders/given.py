"""What the tests of orders start from, and a store in memory that keeps the same conditions as DynamoDB's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime, timedelta
from typing import Any

from functions.orders.bootstrap import Stores
from functions.orders.buyers.buyer import Buyer, BuyerType
from functions.orders.buyers.placement_event import placement_event
from functions.orders.checkout.basket import Basket
from functions.orders.checkout.checkout_snapshot import CheckoutSnapshot
from functions.orders.checkout.storefront import Storefront
from functions.orders.counts.running_totals import BASE, Move, RunningTotals
from functions.orders.counts.stock_debt import ToldDebt
from functions.orders.inventory.adjustment import StockAdjustment, TooFew
from functions.orders.inventory.availability import Announced
from functions.orders.inventory.offer import Offer
from functions.orders.inventory.shortage import Shortage
from functions.orders.inventory.stock_item import StockItem
from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order import Order, OrderChange
from functions.orders.withdrawals.withdrawal import Withdrawal
from monsoon_plugin.address import Address
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Amount
from shared.api.idempotency import AlreadyCreated, Idempotency
from shared.api.ticket_contents import SHIPPING_QUOTE, ShippingQuote, address_digest
from shared.errors import NotFound
from shared.ids import derived_id
from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferPublished,
    OfferRecalled,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentRefunded,
    StockCounted,
    StockOwed,
    StorefrontConfigured,
    SupplierReinstated,
    SupplierSuspended,
)
from shared.optimistic_retry import Contended
from shared.order_messages import RefundRequested, ShippingChoice
from shared.shipment_messages import ShipmentDispatched, ShipmentHeld, ShipmentUnitsKept, ShipmentUnitsReleased
from shared.trade.fx import Rates
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCaptureReversed
from shared.trade.product import Product, Size, Text, Tier
from shared.trade.selection import PriceRule, Selection
from shared.variants.offered import offers_of
from shared.variants.sale import REGULAR, Priced
from tests.fakes import NOON, TICKETS

ACCOUNT, STOREFRONT = derived_id("acc", "shop"), derived_id("sf", "shop")
SUPPLIER, OTHER = derived_id("acc", "supplier"), derived_id("acc", "other")
MUG, TEA = derived_id("off", "mug"), derived_id("off", "tea")
PAYMENT, SECOND = derived_id("pay", "one"), derived_id("pay", "two")
ADDRESS = Address(name="Ada Chen", lines=["1 Harbour Road"], city="Bristol", postal_code="BS1 4DJ", country="GB")
RATES = Rates("2026-10-30", {"USD": "1.1172", "GBP": "0.8412", "JPY": "171.43", "KWD": "0.3429", "IDR": "18321.5"})


def eur(amount: int) -> Amount:
    return Amount(amount=amount, currency="EUR")


def product(stock: int = 10, price: int = 1000, currency: str = "EUR", **more: Any) -> Product:
    return Product(
        **{
            "sku": "MUG-1", "texts": {"en": Text(title="Blue mug, 300 ml"), "zh": Text(title="蓝色马克杯")}, "category": "hg-3-2",
            "price": Amount(amount=price, currency=currency), "stock": stock, "weight": 400, "hs_code": "691200", "origin": "CN",
            "size": Size(length=100, width=100, height=120), **more,
        }
    )  # fmt: skip


def publication(offer_id: str = MUG, version: int = 1, stock: int = 10, price: int = 1000, **more: Any) -> OfferPublished:
    return OfferPublished(version=version, offer_id=offer_id, product_id=offer_id.replace("off", "prd"), supplier_id=SUPPLIER,
                          product=product(stock, price, **more))  # fmt: skip


def count(stock: int, version: int = 1, at: datetime = NOON, received: datetime | None = None, **more: Any) -> StockCounted:
    """A count of `at`, received then if nothing else is said."""
    told = {"offer_id": MUG, "stock_counts": "available", "counted_at": rfc3339(at), "received_at": rfc3339(received or at), **more}
    return StockCounted(version=version, product_id="prd", supplier_id=SUPPLIER, stock=stock, **told)


def suspension(version: int = 1, supplier_id: str = SUPPLIER) -> SupplierSuspended:
    return SupplierSuspended(version=version, supplier_id=supplier_id, reason="counterfeits")


def reinstatement(version: int = 2, supplier_id: str = SUPPLIER) -> SupplierReinstated:
    return SupplierReinstated(version=version, supplier_id=supplier_id)


def hold(order: Order, offer_ids: list[str], version: int = 1, **more: Any) -> ShipmentHeld:
    said = {"shipment_id": "shp_1", "supplier_id": SUPPLIER, "reason": "unsafe", **more}
    return ShipmentHeld(version=version, order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT, remaining=0,
                        offer_ids=offer_ids, **said)  # fmt: skip


def released(order: Order, question: Withdrawal, units: Mapping[str, int] | None = None, **more: Any) -> ShipmentUnitsReleased:
    """Shipping's answer for all suppliers that are asked: all the units, unless others are named."""
    said = {"shipment_id": order.id, "supplier_id": "", "why": question.why, **more}
    return ShipmentUnitsReleased(version=1, order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT, withdrawal_id=question.id,
                                 units=dict(question.units if units is None else units), **said)  # fmt: skip


def kept(order: Order, question: Withdrawal, supplier_id: str = SUPPLIER, **more: Any) -> ShipmentUnitsKept:
    said = {"shipment_id": "shp_1", "units": dict(question.units), "since": "2026-11-01T11:00:00.000Z", **more}
    return ShipmentUnitsKept(version=4, order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT, supplier_id=supplier_id,
                             withdrawal_id=question.id, **said)  # fmt: skip


def declined(order: Order, units: Mapping[str, int], supplier_id: str = SUPPLIER, **more: Any) -> ShipmentUnitsReleased:
    """A supplier does not send these units."""
    said = {"version": 3, "shipment_id": "shp_1", "withdrawal_id": "wdr_d", "reason": "sold out", **more}
    return ShipmentUnitsReleased(order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT, supplier_id=supplier_id, why="decline",
                                 units=dict(units), **said)  # fmt: skip


def dispatched(order: Order, supplier_id: str = SUPPLIER, remaining: int = 0) -> ShipmentDispatched:
    return ShipmentDispatched(version=5, shipment_id="shp_1", order_id=order.id, storefront_id=STOREFRONT, account_id=ACCOUNT,
                              supplier_id=supplier_id, remaining=remaining, tracking_number="T")  # fmt: skip


def recall(offer_id: str = MUG, version: int = 2) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id=offer_id, product_id="prd", supplier_id=SUPPLIER, reason="unsafe")


def configuration(version: int = 1, open: bool = True, **more: Any) -> StorefrontConfigured:
    rules = {"selection": Selection(), "price_rule": PriceRule(margin_per_mille=250), **more}
    return StorefrontConfigured(version=version, storefront_id=STOREFRONT, account_id=ACCOUNT, name="Shop", open=open, **rules)


def stock_item(offer_id: str = MUG, quantity: int = 10, sellable: bool = True, priced: Priced = REGULAR, **more: Any) -> StockItem:
    offer = Offer.of(offer_id.replace("off", "prd"), SUPPLIER, offers_of(offer_id, "prd", product(quantity, **more), priced)[0])
    return StockItem(offer_id=offer_id, version=1, quantity=quantity, declared=quantity, sellable=sellable, offer=offer)


def tiers(*steps: tuple[int, int]) -> list[Tier]:
    return [Tier(min_quantity=n, price=eur(price)) for n, price in steps]


def storefront(**more: Any) -> Storefront:
    return Storefront(**{"open": True, "selection": Selection(), "price_rule": PriceRule(margin_per_mille=250), **more})


def choice(price: int = 450) -> ShippingChoice:
    return ShippingChoice(installation_id=derived_id("ins", "rate"), plugin="table_rate", rate_id="eu-1kg", service="Standard", price=price)


def ticket(wanted: Mapping[str, int], now: datetime = NOON, **more: Any) -> str:
    said = {"account_id": ACCOUNT, "storefront_id": STOREFRONT, "quantities": dict(wanted), "address": address_digest(ADDRESS),
            "currency": "EUR", "choice": choice(), **more}  # fmt: skip
    return TICKETS.issue(SHIPPING_QUOTE, ShippingQuote(**said), now, timedelta(minutes=15))


def basket(quantities: Mapping[str, int] | None = None, buyer: BuyerType = "consumer", **more: Any) -> Basket:
    wanted = quantities or {MUG: 2}
    said = {"quantities": wanted, "buyer": Buyer(type=buyer), "address": ADDRESS, "shipping_ticket": ticket(wanted), "language": "en",
            "pay_within": timedelta(minutes=60), **more}  # fmt: skip
    return Basket(**said)


def key(text: str = "k1", fingerprint: str = "f1") -> Idempotency:
    return Idempotency(text, ACCOUNT, fingerprint)


def promise(
    order: Order, amount: int | None = None, version: int = 1, payment_id: str = PAYMENT, currency: str = "EUR"
) -> PaymentAuthorized:
    return PaymentAuthorized(**_paid(order, order.total if amount is None else amount, version, payment_id, currency))


def capture(order: Order, amount: int | None = None, version: int = 2, payment_id: str = PAYMENT, currency: str = "EUR") -> PaymentCaptured:
    return PaymentCaptured(**_paid(order, order.total if amount is None else amount, version, payment_id, currency), provider_fee=30)


def ended(order: Order, version: int = 5, payment_id: str = PAYMENT) -> PaymentAuthorizationEnded:
    return PaymentAuthorizationEnded(**_paid(order, order.total, version, payment_id, "EUR"), ended="expired")


def reversal(order: Order, captured: int = 0, version: int = 5, payment_id: str = PAYMENT) -> PaymentCaptureReversed:
    """The provider has taken the payment back, but for `captured`."""
    about = _paid(order, order.total, version, payment_id, "EUR")
    return PaymentCaptureReversed(**about, captured=captured, reversal_ref=f"rev_{version}", reason="fraud")


def payout(order: Order, asked: RefundRequested, version: int = 3) -> PaymentRefunded:
    return PaymentRefunded(**_paid(order, asked.amount, version, asked.payment_id, asked.currency), refund_id=asked.refund_id)


def _paid(order: Order, amount: int, version: int, payment_id: str, currency: str) -> dict[str, Any]:
    return {"version": version, "payment_id": payment_id, "order_id": order.id, "storefront_id": STOREFRONT, "account_id": ACCOUNT,
            "plugin": "stripe", "amount": Amount(amount=amount, currency=currency)}  # fmt: skip


class StaleSnapshots:
    """Snapshots that have not heard the latest news of offers."""

    def __init__(self, snapshots: Any, offer_ids: list[str]) -> None:
        self._seen = snapshots.snapshot(ACCOUNT, STOREFRONT, offer_ids)

    def snapshot(self, *asked: Any) -> Any:
        return self._seen


class NotAsked:
    """A part that the test at hand must not need."""


@dataclass
class MemoryStore:
    """All stores in memory: the same conditions, all or nothing. `contended` writes are refused before one is let through."""

    orders: dict[str, Order] = field(default_factory=dict)
    dues: dict[str, tuple[Order, str | None]] = field(default_factory=dict)
    """Order id → the order as last seen, and when it is due."""
    kept: dict[str, StockItem] = field(default_factory=dict)
    marked: dict[str, tuple[int, str]] = field(default_factory=dict)
    storefronts: dict[str, tuple[int, Storefront]] = field(default_factory=dict)
    adjustments: dict[str, StockAdjustment] = field(default_factory=dict)
    suspensions: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    availabilities: dict[str, Announced] = field(default_factory=dict)
    told_debts: dict[str, ToldDebt] = field(default_factory=dict)
    moves: list[tuple[StockItem | None, StockItem]] = field(default_factory=list)
    """As the table's stream brings them."""
    events: list[Message] = field(default_factory=list)
    lookups: Counter[tuple[str, str, str, datetime]] = field(default_factory=Counter)
    contended: int = 0
    unreadable: set[str] = field(default_factory=set)
    """Ids of orders of which nothing can be made."""

    def _let_through(self) -> None:
        if self.contended:
            self.contended -= 1
            raise Contended

    def _put(self, stock: StockItem) -> None:
        self.moves.append((self.kept.get(stock.offer_id), stock))
        self.kept[stock.offer_id] = stock

    def snapshot(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> CheckoutSnapshot:
        _, rules = self.storefronts.get(f"{account_id}#{storefront_id}", (0, None))
        suspended = {who: why for who, (_, why) in self.suspensions.items() if why is not None}
        return CheckoutSnapshot(rules, self.stock_items(offer_ids), suspended)

    def stock_items(self, offer_ids: Iterable[str]) -> Mapping[str, StockItem]:
        recalled = {product_id: reason for product_id, (_, reason) in self.marked.items()}
        return {i: self.kept[i].with_product(recalled) for i in offer_ids if i in self.kept}

    def place(self, order: Order, held: Mapping[str, StockItem], now: datetime) -> None:
        self._let_through()
        if order.id in self.orders:
            raise AlreadyCreated
        held = {line.offer_id: self.kept[line.offer_id] for line in order.lines}
        assert all(stock.totals for stock in held.values())
        short = {
            line.offer_id: max(0, held[line.offer_id].quantity - held[line.offer_id].floor) if held[line.offer_id].sellable else None
            for line in order.lines
            if not held[line.offer_id].sellable or held[line.offer_id].quantity - held[line.offer_id].floor < line.quantity
        }
        if short:
            raise Shortage(short)
        for line in order.lines:
            self._move(line.offer_id, Move(-line.quantity, line.quantity), now)
        self.orders[order.id] = order
        self.events.append(placement_event(order))

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order | None:
        if order_id in self.unreadable:
            raise ValueError(order_id)
        found = self.orders.get(order_id)
        return found if found and (found.account_id, found.storefront_id) == (account_id, storefront_id) else None

    def count(self, account_id: str, storefront_id: str, number: str, hour: datetime, most: int) -> bool:
        where = (account_id, storefront_id, number, hour)
        if self.lookups[where] < most:
            self.lookups[where] += 1
            return True
        return False

    def numbered(self, account_id: str, storefront_id: str, prefix: str) -> list[Order]:
        return [o for o in self.orders.values() if o.id.startswith(prefix) and self.order(account_id, storefront_id, o.id)]

    def save(self, change: OrderChange, now: datetime) -> None:
        self._let_through()
        if self.orders[change.order.id].version != change.order.version - 1:
            raise Contended
        self.orders[change.order.id] = change.order
        for offer_id, move in change.moves.items():
            self._move(offer_id, move, now)
        if change.event:
            self.events.append(change.event)

    def due(self, now: datetime) -> Iterable[tuple[str, str, str]]:
        until = rfc3339(now)
        return [(o.account_id, o.storefront_id, o.id) for o in self.orders.values() if (self._due_of(o) or "Z") < until]

    def _due_of(self, order: Order) -> str | None:
        """Worked out once for each write, as the table keeps it beside the order."""
        held = self.dues.get(order.id)
        if held is None or held[0] is not order:
            held = self.dues[order.id] = (order, sweep_due(order))
        return held[1]

    def stock_item(self, offer_id: str) -> StockItem | None:
        return self.kept.get(offer_id)

    def replace(self, held: StockItem | None, stock: StockItem) -> None:
        self._let_through()
        now = self.kept.get(stock.offer_id)
        if held is None or now is None:
            if now is not held:
                raise Contended
            self._put(stock)
            return
        move = stock.quantity - held.quantity
        if (now.version, now.counted) != (held.version, held.counted):
            raise Contended
        below = now.quantity + move < 0 and not held.floor
        if move and (below or (stock.quantity == 0 and now.quantity != held.quantity)):
            raise Contended
        self._put(changed(stock, quantity=now.quantity + move, totals=now.totals))

    def recount(self, held: StockItem | None, stock: StockItem) -> None:
        self._let_through()
        now = self.kept.get(stock.offer_id)
        if held is None or now is None:
            if now is not held:
                raise Contended
            self._put(stock)
            return
        if held.totals is None:
            self.ready({stock.offer_id: held})
            raise Contended
        if now.counted != held.counted:
            raise Contended
        assert now.totals
        assert stock.totals
        forgotten = held.totals.past.keys() - stock.totals.past.keys()
        past = {key: kept for key, kept in now.totals.past.items() if key not in forgotten} | {BASE: stock.totals.past[BASE]}
        totals = RunningTotals(now.totals.now, past)
        self._put(changed(now, quantity=now.quantity + stock.quantity - held.quantity, counted=stock.counted, totals=totals))

    def ready(self, held: Mapping[str, StockItem]) -> None:
        for offer_id in held:
            now = self.kept[offer_id]
            if now.totals is None:
                self._put(changed(now, totals=RunningTotals()))

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        held = self.kept.get(offer_id) or StockItem(offer_id=offer_id, version=0, quantity=0, declared=None, sellable=False, offer=None)
        if held.version < version:
            self._put(changed(held, version=version, sellable=False, reason=reason, gone=False))

    def retire(self, offer_id: str, version: int) -> None:
        self.recall(offer_id, version, "")
        if self.kept[offer_id].version == version:
            self._put(changed(self.kept[offer_id], gone=True))

    def mark(self, product_id: str, version: int, reason: str) -> None:
        if self.marked.get(product_id, (0, ""))[0] < version:
            self.marked[product_id] = version, reason

    def save_storefront(self, account_id: str, storefront_id: str, storefront: Storefront, version: int) -> None:
        held, _ = self.storefronts.get(f"{account_id}#{storefront_id}", (0, None))
        if held < version:
            self.storefronts[f"{account_id}#{storefront_id}"] = version, storefront

    def save_suspension(self, supplier_id: str, version: int, reason: str | None, until: datetime | None) -> None:
        if self.suspensions.get(supplier_id, (0, None))[0] < version:
            self.suspensions[supplier_id] = version, reason

    def last_announced(self, offer_id: str) -> Announced | None:
        return self.availabilities.get(offer_id)

    def announce(self, message: OfferAvailabilityChanged, now: datetime) -> None:
        self._let_through()
        held = self.availabilities.get(message.offer_id)
        if (held.version if held else 0) != message.version - 1:
            raise Contended
        self.availabilities[message.offer_id] = Announced(message.version, message.in_stock, message.backorder == "full")
        self.events.append(message)

    def last_told(self, offer_id: str) -> ToldDebt | None:
        return self.told_debts.get(offer_id)

    def tell(self, message: StockOwed, now: datetime) -> None:
        self._let_through()
        before = self.told_debts.get(message.offer_id)
        if message.version != (before.version if before else 0) + 1:
            raise Contended
        self.told_debts[message.offer_id] = ToldDebt(message.version, message.owed)
        self.events.append(message)

    def adjust(self, adjustment: StockAdjustment, now: datetime) -> None:
        if adjustment.id in self.adjustments:
            raise AlreadyCreated
        held = self.kept.get(adjustment.offer_id)
        if held is None or held.offer is None or held.offer.supplier_id != adjustment.supplier_id:
            raise NotFound
        if adjustment.delta < 0 and held.quantity + adjustment.delta < 0:
            raise TooFew
        self.adjustments[adjustment.id] = adjustment
        self._move(adjustment.offer_id, Move(adjustment.delta), now)

    def adjustment(self, supplier_id: str, adjustment_id: str) -> StockAdjustment | None:
        return self.adjustments.get(adjustment_id)

    def _move(self, offer_id: str, move: Move, now: datetime) -> None:
        self._put(self.kept[offer_id].after(move, now))


def in_memory(store: MemoryStore) -> Stores:
    """One memory for all stores."""
    return Stores(orders=store, stock=store, snapshots=store, announcements=store, debts=store, views=NotAsked(), lookups=store)
