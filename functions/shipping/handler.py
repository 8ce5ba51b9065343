"""shipping: quotes, shipments and tracking, by the couriers that each storefront has installed."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from functions.shipping.documents.shipment_documents import Papers
from functions.shipping.fulfilment.order_shipments import Fulfilment
from functions.shipping.fulfilment.recall_holds import Holding
from functions.shipping.installed_couriers import Courier
from functions.shipping.labels.label_purchase import Buying
from functions.shipping.labels.manual_label import Redress
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.quotes.quote_service import NotSentThere, Quoting, UnknownOffer
from functions.shipping.shipment import Held
from functions.shipping.shipment_sweep import SWEPT, Sweep
from functions.shipping.shipping_store import ShippingStore
from functions.shipping.tracking.courier_notices import NoticeRefused, Scans
from functions.shipping.tracking.shipment_reports import Tracking
from functions.shipping.tracking.shipment_views import (
    BuyLabel,
    DocumentQuery,
    DocumentsView,
    QuotesView,
    Received,
    Reported,
    ShipmentsQuery,
    ShipmentsView,
    ShipmentView,
    TrackingView,
    WantQuotes,
)
from monsoon_plugin.clock import remaining as remaining_of
from monsoon_plugin.clock import utc_now
from monsoon_plugin.courier import Capability, CarrierConfig, CourierPlugin
from monsoon_plugin.plugin import RawWebhook
from shared.api.answers import Bytes, Raw
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.service import Service
from shared.api.tickets import TicketRefused, Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.bus import consumer
from shared.errors import Conflict, Forbidden, Malformed, NotFound, Unavailable
from shared.messages import OfferPublished, OfferRecalled
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid
from shared.providers.credentials import Credentials
from shared.providers.elsewhere.operator_plugins import Family, Functions
from shared.providers.installation_routes import installation_routes
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.places import Places, ProviderSettings
from shared.settings import settings_of
from shared.trade.fx import Rates
from shared.trade.reference_data import Reference, day_rates

FAMILY = Family("courier", CourierPlugin, Capability, CarrierConfig)
MAX_ID = 64
app = Service("shipping", lambda: SimpleNamespace(installations=couriers()), [installation_routes("courier")])  # type: ignore[has-type]


@dataclass(frozen=True, slots=True)
class Settings(ProviderSettings):
    shipping_table: str
    signing_secret: str
    credentials_key: str
    reference_bucket: str
    documents_bucket: str


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def store() -> ShippingStore:
    return ShippingStore(settings().shipping_table, utc_now)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings().signing_secret))


@cache
def credentials() -> Credentials:
    return Credentials(KmsKeys(settings().credentials_key))


@cache
def couriers() -> Installations[Courier]:
    store, places = InstallationStore(settings().shipping_table), Places.of(settings(), "couriers")
    return Installations(Functions(FAMILY, places.functions), store, credentials(), utc_now, places)


@cache
def reference() -> Reference:
    return Reference(S3Objects(settings().reference_bucket))


def rates() -> Rates:
    """The day's exchange rates, NO_RATES if the operator has loaded none."""
    return day_rates(reference())


def quoting() -> Quoting:
    return Quoting(store(), couriers(), tickets(), utc_now, rates)


def tracking() -> Tracking:
    return Tracking(store(), tickets(), utc_now)


@cache
def papers() -> Papers:
    return Papers(S3Objects(settings().documents_bucket), credentials(), tickets(), utc_now, rates)


def buying() -> Buying:
    return Buying(store(), couriers(), papers(), utc_now, remaining)


def fulfilment() -> Fulfilment:
    return Fulfilment(store(), couriers(), buying(), utc_now, secrets.token_bytes)


def scans() -> Scans:
    return Scans(store(), couriers(), buying(), tracking(), utc_now)


def remaining() -> timedelta:
    """How long this function may still run."""
    return remaining_of(app.lambda_context)


def holding() -> Holding:
    return Holding(store())


@app.post(
    "/v1/storefronts/{storefront_id}/shipping-quotes", body=WantQuotes, answers={200: QuotesView},
    allow=["storefront"], key="sell", problems=[NotFound, UnknownOffer, NotSentThere],
)  # fmt: skip
def quote_shipping(storefront_id: str, body: WantQuotes, caller: Caller) -> QuotesView:
    """Ask every installed courier what it costs to send these lines to this address."""
    return quoting().quote(caller, storefront_id, body)


@app.get("/v1/shipments", query=ShipmentsQuery, answers={200: ShipmentsView}, allow=["supplier"], problems=[Malformed])
def list_shipments(query: ShipmentsQuery, caller: Caller) -> ShipmentsView:
    """List the caller's own shipments, newest first."""
    return tracking().page(caller.tenant, query)


@app.get("/v1/shipments/{shipment_id}", answers={200: ShipmentView}, allow=["supplier"], problems=[NotFound])
def get_shipment(shipment_id: str, caller: Caller) -> ShipmentView:
    """Read one of the caller's shipments."""
    return ShipmentView.of(tracking().get(caller.tenant, shipment_id))


@app.post(
    "/v1/shipments/{shipment_id}/events", body=Reported, answers={200: ShipmentView}, allow=["supplier"], idempotent=True,
    problems=[NotFound, Conflict, Held],
)  # fmt: skip
def report_shipment(shipment_id: str, body: Reported, caller: Caller, idempotency: Idempotency) -> ShipmentView:
    """Report what happened to one of the caller's shipments."""
    return ShipmentView.of(tracking().report(caller.tenant, shipment_id, body, idempotency))


@app.get(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments", answers={200: TrackingView},
    allow=["storefront"], key="sell", problems=[NotFound],
)  # fmt: skip
def track_order(storefront_id: str, order_id: str, caller: Caller) -> TrackingView:
    """Track the shipments of an order."""
    return tracking().of_order(caller, storefront_id, order_id)


@app.post(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments/{shipment_id}/events", body=Reported,
    answers={200: TrackingView}, allow=["storefront"], idempotent=True, problems=[NotFound, Forbidden, Conflict, Held],
)  # fmt: skip
def report_pickup(
    storefront_id: str, order_id: str, shipment_id: str, *, body: Reported, caller: Caller, idempotency: Idempotency
) -> TrackingView:
    """Report on a parcel that is collected at the storefront's place."""
    found = tracking().hand_over(caller, storefront_id, order_id, shipment_id, body=body, idempotency=idempotency)
    return TrackingView.of(order_id, [found], with_code=False)


@app.post(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments/{shipment_id}/label", body=BuyLabel, answers={200: ShipmentView},
    allow=["storefront"], idempotent=True, problems=[NotFound, Conflict, Unavailable],
)  # fmt: skip
def buy_label(
    storefront_id: str, order_id: str, shipment_id: str, *, body: BuyLabel, caller: Caller, idempotency: Idempotency
) -> ShipmentView:
    """Have a label bought that was refused, of the same courier or another that is named, or enter the number of one's own."""
    shipment = tracking().of_storefront(caller, storefront_id, order_id, shipment_id)
    return ShipmentView.of(Redress(store(), couriers(), buying(), utc_now).label(shipment, body, idempotency))


@app.get("/v1/shipments/{shipment_id}/documents", answers={200: DocumentsView}, allow=["supplier"], problems=[NotFound])
def list_documents(shipment_id: str, caller: Caller) -> DocumentsView:
    """List what to print for one of the caller's shipments: labels and customs papers, by links that soon end."""
    return papers().listed(tracking().get(caller.tenant, shipment_id))


@app.get(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments/{shipment_id}/documents", answers={200: DocumentsView},
    allow=["storefront"], problems=[NotFound],
)  # fmt: skip
def list_order_documents(storefront_id: str, order_id: str, shipment_id: str, caller: Caller) -> DocumentsView:
    """List what to print for a shipment of one of the storefront's orders."""
    return papers().listed(tracking().of_storefront(caller, storefront_id, order_id, shipment_id))


@app.get("/v1/documents", query=DocumentQuery, answers={200: Bytes}, public=True, problems=[NotFound, TicketRefused])
def get_document(query: DocumentQuery) -> Bytes:
    """Read a document by its link, as PDF, ZPL or PNG."""
    link = papers().read(query.ticket)
    return papers().file(tracking().get(link.supplier_id, link.shipment_id), link)


@app.post("/v1/hooks/couriers/{installation_id}", answers={200: Received}, public=True, problems=[NotFound, NoticeRefused, Unavailable])
def take_notice(installation_id: str, raw: Raw) -> Received:
    """Take a courier's notice; it is verified with the installation's own secret."""
    found = couriers().store.find_by_id(installation_id) if len(installation_id) <= MAX_ID else None
    scans().notice(found, RawWebhook(raw.body, raw.headers))
    return Received()


_consume = consumer(
    {
        OfferPublished: lambda message: holding().offer_published(ParcelFacts.of(message), message.version),
        OfferRecalled: lambda message: holding().offer_recalled(message),
        OrderAccepted: lambda message: fulfilment().order_confirmed(message),
        OrderPaid: lambda message: fulfilment().order_confirmed(message),
        OrderCancelled: lambda message: fulfilment().order_cancelled(message),
    }
)


def worker(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue's entry point."""
    app.lambda_context = context
    return _consume(event, context)


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's entry point: settle purchases, give labels back, ask couriers where parcels are."""
    app.lambda_context = context
    return {"seen": Sweep(buying(), scans(), remaining)(store().due(utc_now(), SWEPT))}
