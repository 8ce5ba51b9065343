"""Orders as they run: over HTTP, from the queue, by the clock and from the stream, on the real table's definition."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from functions.orders import handler
from functions.orders.bootstrap import ApiSettings, MediaSettings, Services, Settings, Stores
from monsoon_plugin.clock import utc_now
from shared.api.caller import Caller
from shared.api.service import Service
from shared.api.ticket_contents import SHIPPING_QUOTE, ShippingQuote, address_digest
from shared.bus import envelope
from shared.messages import Message
from shared.trade.fx import NO_RATES, Rates
from tests.fakes import MEDIA, TICKETS, Reply, call, caller, sealing_in_memory, sqs
from tests.unit.orders.given import ACCOUNT, ADDRESS, MUG, STOREFRONT, capture, choice, released

OWNER = caller(ACCOUNT, "storefront")
SITE = caller(ACCOUNT, "client_site", storefront_id=STOREFRONT)
BACK_OFFICE = caller(ACCOUNT, "client_site", storefront_id=STOREFRONT, scope="manage")
ORDERS = "/v1/storefronts/{storefront_id}/orders"
HERE = {"storefront_id": STOREFRONT}
ALL_HEARD = {"batchItemFailures": list[Any]()}


@dataclass
class Deployed:
    """The service with an empty table; `rates` are the day's exchange rates."""

    table: str
    rates: Rates = NO_RATES
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        self.services = Services(
            Settings(self.table),
            ApiSettings(unpaid_minutes=60, buyers_texts="sealed"),
            MediaSettings(MEDIA),
            tickets=TICKETS,
            patience=timedelta(hours=72),
            rates=lambda: self.rates,
            sealing=sealing_in_memory(),
        )
        self.app = Service("orders", lambda: self.services, handler.ROUTES)
        self.worker = replace(handler.worker, services=lambda: self.services)
        self.sweep = replace(handler.sweep, services=lambda: self.services)
        self.stock = replace(handler.stock, services=lambda: self.services)

    @property
    def stores(self) -> Stores:
        return self.services.stores

    @property
    def left(self) -> int:
        held = self.stores.stock.stock_item(MUG)
        assert held is not None
        return held.quantity

    def hear(self, *messages: Message) -> dict[str, Any]:
        return self.worker(sqs(*(envelope(message, utc_now()) for message in messages)), None)

    def call(self, method: str, resource: str, **more: Any) -> Reply:
        return call(self.app, method, resource, **more)

    def place(self, body: Any, key: str | None = "k1", by: Caller | None = SITE) -> Reply:
        return self.call("POST", ORDERS, path=HERE, body=body, headers={"idempotency-key": key} if key else {}, by=by)

    def list(self, by: Caller = SITE, **query: str) -> Reply:
        return self.call("GET", ORDERS, path=HERE, query=query or None, by=by)

    def at(self, order_id: str, method: str = "GET", sub: str = "", body: Any = None, *, by: Caller = SITE, key: str = "r1") -> Reply:
        path = {**HERE, "order_id": order_id}
        return self.call(method, f"{ORDERS}/{{order_id}}{sub}", path=path, body=body, headers={"idempotency-key": key}, by=by)

    def cancel(self, order_id: str, by: Caller = SITE) -> Reply:
        return self.at(order_id, "POST", "/cancellation", {"reason": "shopper"}, by=by)

    def refund(self, order_id: str, ask: Any, *, key: str = "r1", by: Caller = BACK_OFFICE) -> Reply:
        return self.at(order_id, "POST", "/refunds", ask, by=by, key=key)

    def release(self, order_id: str) -> None:
        """Shipping answers every question that is open: the units had not left."""
        order = self.services.orders.order(ACCOUNT, STOREFRONT, order_id)
        assert self.hear(*(released(order, question) for question in order.withdrawals if not question.settled)) == ALL_HEARD

    def pay(self, order_id: str) -> None:
        assert self.hear(capture(self.services.orders.order(ACCOUNT, STOREFRONT, order_id))) == ALL_HEARD


def shipping_ticket(units: int = 2, price: int = 450, currency: str = "EUR", minutes: int = 15) -> str:
    quote = ShippingQuote(account_id=ACCOUNT, storefront_id=STOREFRONT, quantities={MUG: units}, address=address_digest(ADDRESS),
                          currency=currency, choice=choice(price))  # fmt: skip
    return TICKETS.issue(SHIPPING_QUOTE, quote, utc_now(), timedelta(minutes=minutes))


def wanted(units: int = 2, **more: Any) -> dict[str, Any]:
    ticket = shipping_ticket(units, currency=more.get("currency", "EUR"))
    return {"lines": [{"offer_id": MUG, "quantity": units}], "address": ADDRESS.model_dump(), "shipping_ticket": ticket, **more}
