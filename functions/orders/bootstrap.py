"""What orders' entry points need."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property

from functions.orders.buyers.buyer_sealing import BuyerSealing
from functions.orders.buyers.lookup_store import LookupStore
from functions.orders.buyers.order_lookup import Lookups, OrderLookup
from functions.orders.checkout.checkout_replica import CheckoutReplica
from functions.orders.checkout.checkout_service import CheckoutService
from functions.orders.checkout.checkout_snapshot import Snapshots
from functions.orders.checkout.snapshot_store import SnapshotStore
from functions.orders.counts.stock_debt import DebtAnnouncer, Debts
from functions.orders.counts.stock_debt_store import DebtStore
from functions.orders.intake.event_intake import EventIntake, ProductViewLog
from functions.orders.intake.product_view_store import ProductViewStore
from functions.orders.inventory.availability import Announcements, AvailabilityAnnouncer
from functions.orders.inventory.availability_store import AvailabilityStore
from functions.orders.inventory.inventory_service import InventoryService, Stock
from functions.orders.inventory.stock_store import StockStore
from functions.orders.order_service import OrderService
from functions.orders.order_store import OrderStore
from functions.orders.orders_kept import Orders
from monsoon_plugin.clock import Clock
from shared.bootstrap.reference_parts import ReferenceParts
from shared.bootstrap.sealing_parts import SealingParts
from shared.bootstrap.visit_parts import VisitParts
from shared.buyers.followed_orders import FollowedOrders
from shared.buyers.seller import Seller


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    recall_patience_hours: int


@dataclass(frozen=True, slots=True)
class Settings:
    orders_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings:
    unpaid_minutes: int
    buyers_texts: str
    """`sealed` or `plain`."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    media_url: str
    """What stands before the key of a picture that is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where everything of this service lies: one table."""

    orders: Orders
    stock: Stock
    snapshots: Snapshots
    announcements: Announcements
    debts: Debts
    views: ProductViewLog
    lookups: Lookups

    @classmethod
    def of(cls, table: str, clock: Clock) -> "Stores":
        return cls(
            orders=OrderStore(table),
            stock=StockStore(table),
            snapshots=SnapshotStore(table, lambda: clock().timestamp()),
            announcements=AvailabilityStore(table),
            debts=DebtStore(table),
            views=ProductViewStore(table, clock),
            lookups=LookupStore(table),
        )


class Services(VisitParts, ReferenceParts, SealingParts):
    @cached_property
    def stores(self) -> Stores:
        return Stores.of(self.settings(Settings).orders_table, self.clock)

    @property
    def unpaid(self) -> timedelta:
        """So long stock is kept for an order that does not say how long."""
        return timedelta(minutes=self.settings(ApiSettings).unpaid_minutes)

    @cached_property
    def patience(self) -> timedelta:
        """So long a paid order waits for recalled goods to be free again."""
        return timedelta(hours=self.settings(WorkerSettings).recall_patience_hours)

    @cached_property
    def orders(self) -> OrderService:
        return OrderService(self.stores.orders, self.stores.stock, patience=lambda: self.patience, clock=self.clock, retry=self.retry)

    @cached_property
    def buyers(self) -> BuyerSealing:
        return BuyerSealing(self.sealing, lambda: self.settings(ApiSettings).buyers_texts == "sealed")

    @cached_property
    def checkout(self) -> CheckoutService:
        return CheckoutService(
            orders=self.stores.orders,
            snapshots=self.stores.snapshots,
            stock=self.stores.stock,
            tickets=self.tickets,
            clock=self.clock,
            retry=self.retry,
            buyers=self.buyers,
            rates=self.rates,
        )

    @cached_property
    def media_url(self) -> str:
        return self.settings(MediaSettings).media_url

    def seller(self, account_id: str, storefront_id: str) -> Seller | None:
        """Who sells in a storefront, as it last told; None where its owner has not said."""
        found = self.stores.snapshots.snapshot(account_id, storefront_id, ()).storefront
        return found.seller if found else None

    @cached_property
    def followed_orders(self) -> FollowedOrders:
        return FollowedOrders(self.tickets, self.clock)

    @cached_property
    def order_lookup(self) -> OrderLookup:
        return OrderLookup(self.stores.orders, self.stores.lookups, self.buyers, self.clock)

    @cached_property
    def inventory(self) -> InventoryService:
        return InventoryService(self.stores.stock, self.clock, self.retry)

    @cached_property
    def replica(self) -> CheckoutReplica:
        return CheckoutReplica(self.stores.snapshots, self.clock)

    @cached_property
    def availability(self) -> AvailabilityAnnouncer:
        return AvailabilityAnnouncer(self.stores.stock, self.stores.announcements, self.clock, self.retry)

    @cached_property
    def debts(self) -> DebtAnnouncer:
        return DebtAnnouncer(self.stores.stock, self.stores.debts, self.clock, self.retry)

    @cached_property
    def intake(self) -> EventIntake:
        return EventIntake(
            has_storefront=lambda account_id, storefront_id: (
                self.stores.snapshots.snapshot(account_id, storefront_id, ()).storefront is not None
            ),
            checkout=self.checkout,
            inventory=self.inventory,
            views=self.stores.views,
            clock=self.clock,
            seconds=self.seconds,
            retry=self.retry,
        )


services = cache(Services)
"""Answers the process's own."""
