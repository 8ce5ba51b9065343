"""The routes of payments: start, list, read, confirm, capture, say what became of what the provider never told."""

from functions.payments.bootstrap import Services
from functions.payments.operation_runner import Unsupported
from functions.payments.payment_start import PaymentExists, Start
from functions.payments.provider_routing import NoProvider
from functions.payments.reconciliation.owners_word import OutcomeKnown, StillAwaited, Word
from functions.payments.views import CaptureBody, ConfirmBody, OutcomeBody, PaymentsView, PaymentView, StartBody
from monsoon_plugin.clock import TimeLeft
from monsoon_plugin.payment import Shopper
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, InFlight
from shared.api.operation import Routes
from shared.api.ticket_contents import PAYABLE_FOR, PAYABLE_ORDER, PayableOrder
from shared.api.tickets import TicketRefused
from shared.errors import Conflict, Invalid, NotFound, Unavailable

ROUTES = Routes()
PAYMENTS = "/v1/storefronts/{storefront_id}/orders/{order_id}/payments"
PAYMENT = PAYMENTS + "/{payment_id}"
BODY = 16 * 1024
READ_AGAIN = "read the order again, its answer has a new one while the order may be paid"


@ROUTES.post(
    PAYMENTS,
    body=StartBody,
    answers={201: PaymentView},
    allow=["storefront"],
    key="sell",
    idempotent=True,
    max_body=BODY,
    problems=[PaymentExists, NoProvider, TicketRefused, InFlight, Unavailable],
)
def start_payment(
    storefront_id: str, order_id: str, *, body: StartBody, caller: Caller, idempotency: Idempotency, services: Services, time_left: TimeLeft
) -> PaymentView:  # fmt: skip
    """Begin to pay an order, through the provider that the storefront prefers or the one that is named."""
    tenant, payments = caller.at_storefront(storefront_id), services.payment_service(time_left)
    try:
        order = services.tickets.read(PAYABLE_ORDER, body.ticket, PayableOrder, services.clock(), renew=READ_AGAIN, longest=PAYABLE_FOR)
    except TicketRefused:
        begun = payments.begun(tenant, order_id, idempotency)
        if begun is None:
            raise
        return PaymentView.of(begun)
    if (f"{order.account_id}#{order.storefront_id}", order.order_id) != (tenant, order_id):
        raise Invalid.field("/ticket", "this ticket is of another order")
    wanted = Start(
        tenant=tenant,
        order=order,
        installation_id=body.installation_id,
        data=body.data,
        return_url=body.return_url,
        method=body.method,
        description=body.description,
        shopper=Shopper(ip=body.shopper.ip, email=body.shopper.email, locale=body.shopper.locale),
    )
    return PaymentView.of(payments.start(wanted, idempotency))


@ROUTES.get(PAYMENTS, answers={200: PaymentsView}, allow=["storefront"], key="sell")
def list_payments(storefront_id: str, order_id: str, caller: Caller, services: Services, time_left: TimeLeft) -> PaymentsView:
    """List an order's payments."""
    found = services.payment_service(time_left).of_order(caller.at_storefront(storefront_id), order_id)
    return PaymentsView(items=[PaymentView.of(payment) for payment in found])


@ROUTES.get(PAYMENT, answers={200: PaymentView}, allow=["storefront"], key="sell", problems=[NotFound])
def get_payment(
    storefront_id: str, order_id: str, payment_id: str, *, caller: Caller, services: Services, time_left: TimeLeft
) -> PaymentView:  # fmt: skip
    """Read one payment."""
    return PaymentView.of(services.payment_service(time_left).find(caller.at_storefront(storefront_id), order_id, payment_id))


@ROUTES.post(
    PAYMENT + "/confirmation",
    body=ConfirmBody,
    answers={200: PaymentView},
    max_body=BODY,
    allow=["storefront"],
    key="sell",
    problems=[NotFound, Conflict, Unsupported, InFlight, Unavailable],
)
def confirm_payment(
    storefront_id: str, order_id: str, payment_id: str, *, body: ConfirmBody, caller: Caller, services: Services, time_left: TimeLeft
) -> PaymentView:  # fmt: skip
    """Confirm a payment: with the shopper's data, or, as its merchant, that a bank transfer has come."""
    payments = services.payment_service(time_left)
    payment = payments.find(caller.at_storefront(storefront_id), order_id, payment_id)
    return PaymentView.of(payments.confirm(payment, body.data, merchant="storefront" in caller.roles))


@ROUTES.post(
    PAYMENT + "/capture",
    body=CaptureBody,
    answers={200: PaymentView},
    max_body=BODY,
    allow=["storefront"],
    key="manage",
    problems=[NotFound, Conflict, Unsupported, InFlight, Unavailable],
)
def capture_payment(
    storefront_id: str, order_id: str, payment_id: str, *, body: CaptureBody, caller: Caller, services: Services, time_left: TimeLeft
) -> PaymentView:  # fmt: skip
    """Take the authorized money of a payment, all of it or a part."""
    payments = services.payment_service(time_left)
    payment = payments.find(caller.at_storefront(storefront_id), order_id, payment_id)
    return PaymentView.of(payments.capture(payment, body.amount))


@ROUTES.put(
    PAYMENT + "/operations/{operation_id}/outcome",
    body=OutcomeBody,
    answers={200: PaymentView},
    max_body=BODY,
    allow=["storefront"],
    key="manage",
    problems=[NotFound, StillAwaited, OutcomeKnown, Conflict],
)
def say_outcome(
    storefront_id: str, order_id: str, payment_id: str, operation_id: str, *, body: OutcomeBody, caller: Caller, services: Services,
    time_left: TimeLeft,
) -> PaymentView:  # fmt: skip
    """Say what the provider's console shows of an operation of which the provider never told; the same word again changes nothing."""
    payments = services.payment_service(time_left)
    payment = payments.find(caller.at_storefront(storefront_id), order_id, payment_id)
    word = Word(body.done, body.amount, body.reference, caller.account_id)
    return PaymentView.of(payments.say(payment, operation_id, word))
