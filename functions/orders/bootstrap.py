"""What orders' entry points need, made of the environment when first asked for."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property, partial

from functions.orders.checkout.checkout_replica import CheckoutReplica
from functions.orders.checkout.checkout_service import CheckoutService
from functions.orders.checkout.checkout_snapshot import Snapshots
from functions.orders.checkout.snapshot_store import SnapshotStore
from functions.orders.intake.event_intake import EventIntake, ProductViewLog
from functions.orders.intake.product_view_store import ProductViewStore
from functions.orders.inventory.availability import Announcements, AvailabilityAnnouncer
from functions.orders.inventory.availability_store import AvailabilityStore
from functions.orders.inventory.inventory_service import InventoryService, Stock
from functions.orders.inventory.stock_store import StockStore
from functions.orders.order import Orders
from functions.orders.order_service import OrderService
from functions.orders.order_store import OrderStore
from monsoon_plugin.clock import Clock, utc_now
from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.optimistic_retry import Retry
from shared.settings import settings_of
from shared.trade.fx import Rates
from shared.trade.reference_data import Reference, day_rates


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Of the worker, the sweep and the stream of stock."""

    orders_table: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Of the HTTP app."""

    orders_table: str
    signing_secret: str
    unpaid_minutes: int
    reference_bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where everything of this service lies: one table."""

    orders: Orders
    stock: Stock
    snapshots: Snapshots
    announcements: Announcements
    views: ProductViewLog

    @classmethod
    def of(cls, table: str, clock: Clock) -> "Stores":
        return cls(
            orders=OrderStore(table),
            stock=StockStore(table),
            snapshots=SnapshotStore(table, lambda: clock().timestamp()),
            announcements=AvailabilityStore(table),
            views=ProductViewStore(table, clock),
        )


class Services:
    """What the service's entry points need. Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock = utc_now,
        seconds: Callable[[], float] = time.monotonic,
        retry: Retry | None = None,
        stores: Stores | None = None,
        tickets: Tickets | None = None,
        rates: Callable[[], Rates] | None = None,
    ) -> None:
        """`seconds`: any clock that only rises. `rates`: the day's exchange rates, NO_RATES if there are none."""
        self.clock, self.seconds, self.retry = clock, seconds, retry or Retry()
        if settings is not None:
            self.settings, self.table = settings, TableSettings(settings.orders_table)
        if stores is not None:
            self.stores = stores
        if tickets is not None:
            self.tickets = tickets
        if rates is not None:
            self.rates = rates

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def table(self) -> TableSettings:
        return settings_of(TableSettings)

    @cached_property
    def stores(self) -> Stores:
        return Stores.of(self.table.orders_table, self.clock)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(self.settings.signing_secret))

    @cached_property
    def rates(self) -> Callable[[], Rates]:
        """The day's exchange rates, known within a minute after they were loaded."""
        return partial(day_rates, Reference(S3Objects(self.settings.reference_bucket), self.seconds))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @property
    def unpaid(self) -> timedelta:
        """So long stock is kept for an order that does not say how long."""
        return timedelta(minutes=self.settings.unpaid_minutes)

    @cached_property
    def orders(self) -> OrderService:
        return OrderService(self.stores.orders, self.stores.stock, self.clock, self.retry)

    @cached_property
    def checkout(self) -> CheckoutService:
        return CheckoutService(
            orders=self.stores.orders,
            snapshots=self.stores.snapshots,
            stock=self.stores.stock,
            tickets=self.tickets,
            clock=self.clock,
            retry=self.retry,
            rates=self.rates,
        )

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


@cache
def services() -> Services:
    """The process's own, made of its environment when first asked for: nothing is read or made at import."""
    return Services()
