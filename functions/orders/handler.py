"""orders: takes orders and their stock, carries them through payment, shipping, cancellation and refunds. Wiring only."""

import random
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from functions.orders.checkout.pricing import NotSellable, OutOfStock
from functions.orders.checkout.storefront import Closed, SuspendedStorefront
from functions.orders.checkout.suspended_suppliers import SuspendedSupplier
from functions.orders.intake.event_batch import Intake
from functions.orders.intake.event_batch_routes import mount_intake
from functions.orders.intake.product_view_store import ViewStore
from functions.orders.inventory.availability import Watch
from functions.orders.inventory.inventory_service import Stockroom
from functions.orders.inventory.stock_item import TooFew
from functions.orders.order_items import image_of
from functions.orders.order_service import Desk
from functions.orders.order_store import OrderStore
from functions.orders.order_views import (
    AdjustmentView,
    AdjustStock,
    CancelOrder,
    OrderList,
    OrderPage,
    OrderView,
    PlaceOrder,
    RequestRefund,
    StockView,
)
from functions.orders.refunds.refund import AlreadyDispatched, NotPaid, TooManyRefunds
from functions.orders.writes import Busy, Patience
from monsoon_plugin.clock import utc_now
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.api.tickets import TicketRefused, Tickets, at_cursor, cursor_of
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.bus import consumer
from shared.errors import NotFound
from shared.messages import (
    OfferPublished,
    OfferRecalled,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentRefunded,
    PaymentRefundFailed,
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentHeld,
    StorefrontConfigured,
    SupplierReinstated,
    SupplierSuspended,
)
from shared.settings import settings_of
from shared.trade.fx import Rates
from shared.trade.reference_data import Reference, day_rates

MERCHANT: dict[str, Any] = {"allow": ["storefront"], "key": "sell"}
MANAGER: dict[str, Any] = {"allow": ["storefront"], "key": "manage"}
PATIENCE = Patience(time.sleep, random.SystemRandom().random)
app = Service("orders")


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Of the worker, the sweep and the watch over the stock."""

    orders_table: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Of the HTTP app."""

    orders_table: str
    signing_secret: str
    unpaid_minutes: int
    reference_bucket: str


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def store() -> OrderStore:
    return OrderStore(settings_of(TableSettings).orders_table)


@cache
def reference() -> Reference:
    return Reference(S3Objects(settings().reference_bucket))


def rates() -> Rates:
    """The day's exchange rates, at most a minute after they were loaded; NO_RATES if none are."""
    return day_rates(reference())


@cache
def desk() -> Desk:
    return Desk(store(), utc_now, PATIENCE, rates)


@cache
def watch() -> Watch:
    return Watch(store(), utc_now, PATIENCE)


@cache
def stockroom() -> Stockroom:
    return Stockroom(store(), utc_now, PATIENCE)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings().signing_secret))


@cache
def intake() -> Intake:
    def has(account_id: str, storefront_id: str) -> bool:
        return store().counter(account_id, storefront_id, ()).storefront is not None

    return Intake(has, desk(), stockroom(), ViewStore(settings().orders_table, utc_now), tickets(), utc_now, time.monotonic, PATIENCE)


@app.post("/v1/storefronts/{storefront_id}/orders", body=PlaceOrder, answers={201: OrderView}, **MERCHANT, verified=True,
          idempotent=True, problems=[NotFound, OutOfStock, NotSellable, Closed, SuspendedStorefront, SuspendedSupplier, TicketRefused,
                                     KeyReused, Busy])  # fmt: skip
def place_order(storefront_id: str, body: PlaceOrder, caller: Caller, idempotency: Idempotency) -> OrderView:
    """Place an order; the same Idempotency-Key gives the same order."""
    caller.at_storefront(storefront_id)
    basket = body.basket(timedelta(minutes=settings().unpaid_minutes))
    order = desk().place(caller.account_id, storefront_id, basket, idempotency, tickets())
    return OrderView.of(order, desk().payment_ticket(order, tickets()))


@app.get("/v1/storefronts/{storefront_id}/orders", query=OrderList, answers={200: OrderPage}, **MERCHANT, problems=[NotFound])
def list_orders(storefront_id: str, query: OrderList, caller: Caller) -> OrderPage:
    """List a storefront's orders, the latest first."""
    scope = f"orders {caller.at_storefront(storefront_id)} {query.status} {query.flagged}"
    at = at_cursor(tickets(), scope, query.cursor, utc_now())
    orders, after = desk().page(caller.account_id, storefront_id, query.limit, at)
    items = [OrderView.of(order) for order in orders if query.wants(order)]
    return OrderPage(items=items, next=cursor_of(tickets(), scope, after, utc_now()) if after else None)


@app.get("/v1/storefronts/{storefront_id}/orders/{order_id}", answers={200: OrderView}, **MERCHANT, problems=[NotFound])
def get_order(storefront_id: str, order_id: str, caller: Caller) -> OrderView:
    """Look at an order."""
    caller.at_storefront(storefront_id)
    order = desk().order(caller.account_id, storefront_id, order_id)
    return OrderView.of(order, desk().payment_ticket(order, tickets()))


@app.post("/v1/storefronts/{storefront_id}/orders/{order_id}/cancellation", body=CancelOrder, answers={200: OrderView},
          **MERCHANT, problems=[NotFound, AlreadyDispatched, Busy])  # fmt: skip
def cancel_order(storefront_id: str, order_id: str, body: CancelOrder, caller: Caller) -> OrderView:
    """Cancel an order that is not dispatched; what was paid is refunded. Doing it again changes nothing."""
    caller.at_storefront(storefront_id)
    return OrderView.of(desk().cancel(caller.account_id, storefront_id, order_id, body.reason))


@app.post("/v1/storefronts/{storefront_id}/orders/{order_id}/refunds", body=RequestRefund, answers={201: OrderView}, **MANAGER,
          idempotent=True, problems=[NotFound, NotPaid, TooManyRefunds, KeyReused, Busy])  # fmt: skip
def request_refund(storefront_id: str, order_id: str, body: RequestRefund, caller: Caller, idempotency: Idempotency) -> OrderView:
    """Refund units or shipping of a paid order; the same Idempotency-Key refunds once."""
    caller.at_storefront(storefront_id)
    return OrderView.of(desk().refund(caller.account_id, storefront_id, order_id, body.ask(), idempotency))


@app.get("/v1/offers/{offer_id}/stock", answers={200: StockView}, allow=["supplier"], problems=[NotFound])
def get_stock(offer_id: str, caller: Caller) -> StockView:
    """Look at what is left of one's own offer."""
    return StockView.of(stockroom().shelf(caller.tenant, offer_id))


@app.post("/v1/offers/{offer_id}/stock-adjustments", body=AdjustStock, answers={201: AdjustmentView}, allow=["supplier"],
          idempotent=True, problems=[NotFound, TooFew, KeyReused, Busy])  # fmt: skip
def adjust_stock(offer_id: str, body: AdjustStock, caller: Caller, idempotency: Idempotency) -> AdjustmentView:
    """Correct the stock of one's own offer; the same Idempotency-Key corrects it once."""
    return AdjustmentView.of(stockroom().adjust(caller.tenant, offer_id, body.delta, body.reason, idempotency))


mount_intake(app, intake, lambda: timedelta(minutes=settings().unpaid_minutes))


worker = consumer(
    {
        OfferPublished: lambda message: stockroom().published(message),
        OfferRecalled: lambda message: stockroom().recalled(message),
        SupplierSuspended: lambda message: stockroom().suspended(message),
        SupplierReinstated: lambda message: stockroom().reinstated(message),
        StorefrontConfigured: lambda message: stockroom().configured(message),
        PaymentAuthorized: lambda message: desk().authorized(message),
        PaymentCaptured: lambda message: desk().captured(message),
        PaymentRefunded: lambda message: desk().refunded(message),
        PaymentRefundFailed: lambda message: desk().refund_failed(message),
        ShipmentDispatched: lambda message: desk().shipped(message),
        ShipmentDelivered: lambda message: desk().shipped(message),
        ShipmentHeld: lambda message: desk().held(message),
    }
)


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Once a minute: expire what nobody paid in time."""
    counts = desk().sweep()
    app.logger.info("swept", counts=counts)
    return counts


def stock(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Tell whether units are left, from the table's stream, of which the source's filter lets only offers through.

    A record that cannot be read never will be: it is logged and passed over, lest it block the stream. All else that fails raises,
    and the stream gives the batch again.
    """
    for record in event["Records"]:
        try:
            before, after = (image_of(record["dynamodb"].get(image)) for image in ("OldImage", "NewImage"))
        except (KeyError, TypeError, ValueError):
            app.logger.exception("unreadable", keys=record.get("dynamodb", {}).get("Keys"))
            continue
        watch().moved(before, after)
    return {"batchItemFailures": []}
