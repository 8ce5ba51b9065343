"""payments: how an order is paid, by the plug-ins that its merchant has chosen."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from functions.payments.consumers import order_cancelled, refund_requested, shipment_delivered
from functions.payments.operation_runner import Plugins, Till, Unsupported
from functions.payments.payment_service import Desk, PaymentExists, Start
from functions.payments.payment_store import PaymentStore
from functions.payments.provider_routing import NoProvider
from functions.payments.reconciliation.provider_webhooks import notice
from functions.payments.reconciliation.reconcile import sweep as settle_due
from functions.payments.views import CaptureBody, ConfirmBody, PaymentsView, PaymentView, Received, StartBody
from monsoon_plugin.clock import remaining as remaining_of
from monsoon_plugin.clock import utc_now
from monsoon_plugin.payment import AnyData, Capability, PaymentPlugin, Shopper
from monsoon_plugin.plugin import RawWebhook
from shared.api.answers import Bytes, Raw
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, InFlight
from shared.api.service import Service
from shared.api.ticket_contents import PAYABLE_ORDER, PayableOrder
from shared.api.tickets import TicketRefused, Tickets
from shared.aws.secret import secret_of
from shared.bus import consumer
from shared.errors import Conflict, Invalid, NotFound, Unavailable
from shared.messages import ShipmentDelivered, StatementLineBooked
from shared.order_messages import OrderCancelled, RefundRequested
from shared.providers.credentials import Credentials
from shared.providers.elsewhere.operator_plugins import Family, Functions
from shared.providers.installation_routes import installation_routes, provider_routes
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.notices import NoticeRefused
from shared.providers.places import Places, ProviderSettings
from shared.settings import settings_of

FAMILY = Family("payment", PaymentPlugin, Capability, confirmation=AnyData)
SWEPT = 100
"""A sweep asks for at most this many payments."""
PAYMENTS = "/v1/storefronts/{storefront_id}/orders/{order_id}/payments"
BODY = 16 * 1024


@dataclass(frozen=True, slots=True)
class Settings(ProviderSettings):
    payments_table: str
    credentials_key: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str


app = Service("payments", lambda: SimpleNamespace(installations=installations()), [provider_routes(), installation_routes("payment")])  # type: ignore[has-type]


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


@cache
def installations() -> Plugins:
    store, places = InstallationStore(settings().payments_table), Places.of(settings(), "payments")
    return Installations(Functions(FAMILY, places.functions), store, Credentials(KmsKeys(settings().credentials_key)), utc_now, places)


@cache
def store() -> PaymentStore:
    return PaymentStore(settings().payments_table)


@cache
def till() -> Till:
    return Till(installations(), store(), utc_now, remaining)


def desk() -> Desk:
    return Desk(till())


def remaining() -> timedelta:
    """How long this function may still run."""
    return remaining_of(app.lambda_context)


@app.post(PAYMENTS, body=StartBody, answers={201: PaymentView}, allow=["storefront"], key="sell", idempotent=True, max_body=BODY,
          problems=[PaymentExists, NoProvider, TicketRefused, InFlight, Unavailable])  # fmt: skip
def start_payment(storefront_id: str, order_id: str, body: StartBody, caller: Caller, idempotency: Idempotency) -> PaymentView:
    """Begin to pay an order, through the provider that the storefront prefers or the one that is named."""
    tenant = caller.at_storefront(storefront_id)
    order = tickets().read(PAYABLE_ORDER, body.ticket, PayableOrder, utc_now())
    if (f"{order.account_id}#{order.storefront_id}", order.order_id) != (tenant, order_id):
        raise Invalid.field("/ticket", "this ticket is of another order")
    shopper = Shopper(body.shopper.ip, body.shopper.email, body.shopper.locale)
    wanted = Start(tenant, order, body.installation_id, body.data, body.return_url, body.method, body.description, shopper)
    return PaymentView.of(desk().start(wanted, idempotency))


@app.get(PAYMENTS, answers={200: PaymentsView}, allow=["storefront"], key="sell")
def list_payments(storefront_id: str, order_id: str, caller: Caller) -> PaymentsView:
    """List an order's payments."""
    found = desk().of_order(caller.at_storefront(storefront_id), order_id)
    return PaymentsView(items=[PaymentView.of(payment) for payment in found])


@app.get(PAYMENTS + "/{payment_id}", answers={200: PaymentView}, allow=["storefront"], key="sell", problems=[NotFound])
def get_payment(storefront_id: str, order_id: str, payment_id: str, caller: Caller) -> PaymentView:
    """Read one payment."""
    return PaymentView.of(desk().find(caller.at_storefront(storefront_id), order_id, payment_id))


@app.post(PAYMENTS + "/{payment_id}/confirmation", body=ConfirmBody, answers={200: PaymentView}, max_body=BODY,
          allow=["storefront"], key="sell", problems=[NotFound, Conflict, Unsupported, InFlight, Unavailable])  # fmt: skip
def confirm_payment(storefront_id: str, order_id: str, payment_id: str, body: ConfirmBody, caller: Caller) -> PaymentView:
    """Confirm a payment: with the shopper's data, or, as its merchant, that a bank transfer has come."""
    payment = desk().find(caller.at_storefront(storefront_id), order_id, payment_id)
    return PaymentView.of(desk().confirm(payment, body.data, merchant="storefront" in caller.roles))


@app.post(PAYMENTS + "/{payment_id}/capture", body=CaptureBody, answers={200: PaymentView}, max_body=BODY,
          allow=["storefront"], key="manage", problems=[NotFound, Conflict, Unsupported, InFlight, Unavailable])  # fmt: skip
def capture_payment(storefront_id: str, order_id: str, payment_id: str, body: CaptureBody, caller: Caller) -> PaymentView:
    """Take the authorized money of a payment, all of it or a part."""
    payment = desk().find(caller.at_storefront(storefront_id), order_id, payment_id)
    return PaymentView.of(desk().capture(payment, body.amount))


@app.post("/v1/hooks/payments/{installation_id}", answers={200: Received}, public=True, problems=[NotFound, NoticeRefused, Unavailable])
def take_notice(installation_id: str, raw: Raw) -> Received | Bytes:
    """Take a provider's notice; it is verified with the installation's own secret, and answered in the provider's own words."""
    words = notice(till(), installation_id, RawWebhook(raw.body, raw.headers))
    return Bytes(words.encode(), "text/plain", "received.txt") if words else Received()


_consume = consumer(
    {
        OrderCancelled: lambda message: order_cancelled(desk(), message),
        RefundRequested: lambda message: refund_requested(desk(), message),
        ShipmentDelivered: lambda message: shipment_delivered(desk(), message),
        StatementLineBooked: lambda message: desk().booked(message),
    }
)


def worker(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue's entry point."""
    app.lambda_context = context
    return _consume(event, context)


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's entry point: ask providers for the payments that are due."""
    app.lambda_context = context
    return {"settled": settle_due(till(), store().awaited(utc_now(), SWEPT))}
