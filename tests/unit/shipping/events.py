"""Offers' and orders' events as shipping hears them, and configs of its couriers."""

from typing import Any

from functions.shipping.parcels.parcel_facts import ParcelFacts
from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount
from shared.api.idempotency import Idempotency
from shared.messages import OfferPublished, OfferRecalled
from shared.order_messages import OrderAccepted, OrderCancelled, OrderLine, OrderPaid, OrderUnitsWithdrawn, ShippingChoice, UnitsOf
from shared.trade.product import Product, Size, Text

OWNER, SUPPLIER, OTHER, STOREFRONT, ORDER = "acc_owner", "acc_s1", "acc_s2", "sf_1", "ord_1"
TENANT = f"{OWNER}#{STOREFRONT}"
LONDON = Address(name="Ann", lines=["1 Street"], city="London", country="GB")
HEAD: dict[str, Any] = {"order_id": ORDER, "storefront_id": STOREFRONT, "account_id": OWNER, "currency": "GBP", "version": 2}
HOME_BANDS = [{"max_weight": 1000, "prices": [400, 300]}, {"max_weight": 5000, "prices": [900, 800]}]
TARIFF: dict[str, Any] = {
    "service": "Parcel",
    "currency": "GBP",
    "tiers": [0, 2],
    "zones": [
        {"name": "Home", "countries": ["GB"], "bands": HOME_BANDS},
        {"name": "World", "countries": ["*"], "bands": [{"max_weight": 5000, "prices": [2500, 2500]}]},
    ],
}
PICKUP: dict[str, Any] = {"location": LONDON.model_dump() | {"name": "Corner Shop"}, "currency": "GBP"}


def key(*parts: str) -> Idempotency:
    return Idempotency("#".join(parts), "test", "f" * 32)


def published(
    offer_id: str = "off_1",
    supplier: str = SUPPLIER,
    version: int = 1,
    weight: int | None = 400,
    ships_to: tuple[str, ...] = (),
    **told: Any,
) -> OfferPublished:
    """`told`: other fields of the product; None for what the supplier does not say."""
    product = Product(
        sku="s", texts={"en": Text(title=f"Cup {offer_id}")}, category="hg-3", price=Amount(amount=1000, currency="GBP"), stock=5,
        weight=weight, size=Size(length=100, width=100, height=100), hs_code="691110", origin="CN",
        ships_to=list(ships_to),
    ).model_copy(update=told)  # fmt: skip
    return OfferPublished(offer_id=offer_id, product_id="prd_1", supplier_id=supplier, product=product, version=version)


def recalled(offer_id: str = "off_1", supplier: str = SUPPLIER, version: int = 2, reason: str = "lead in the glaze") -> OfferRecalled:
    return OfferRecalled(offer_id=offer_id, product_id="prd_1", supplier_id=supplier, reason=reason, version=version)


def facts(**more: Any) -> ParcelFacts:
    event = published(**more)
    return ParcelFacts.of(event.offers()[0], event.supplier_id)


def line(offer_id: str = "off_1", supplier: str = SUPPLIER, quantity: int = 2) -> OrderLine:
    return OrderLine(
        offer_id=offer_id, product_id="prd_1", supplier_id=supplier, title="Cup", quantity=quantity, unit_price=1250, unit_cost=1000
    )


def accepted(installation: str, *lines: OrderLine, plugin: str = "table_rate", rate: str = "standard", **more: Any) -> OrderAccepted:
    choice = ShippingChoice(installation_id=installation, plugin=plugin, rate_id=rate, service="Parcel", price=400)
    return OrderAccepted(lines=list(lines) or [line()], shipping=choice, address=LONDON, **(HEAD | more))


def paid(event: OrderAccepted) -> OrderPaid:
    return OrderPaid(**dict(event) | {"version": 3}, total=2900, payment_id="pay_1", payment_plugin="stripe", provider_fee=0)


def cancelled(order_id: str = ORDER) -> OrderCancelled:
    return OrderCancelled(reason="merchant", payment_id=None, **(HEAD | {"order_id": order_id, "version": 9}))


def question(units: dict[str, int], withdrawal: str = "wdr_1", attempt: int = 1, **more: Any) -> OrderUnitsWithdrawn:
    owner = {"off_1": SUPPLIER, "off_2": OTHER, "off_3": SUPPLIER}
    asked = [UnitsOf(offer_id=offer_id, supplier_id=owner[offer_id], units=n) for offer_id, n in units.items()]
    return OrderUnitsWithdrawn(**(HEAD | {"version": 4, "why": "refund"} | more), withdrawal_id=withdrawal, attempt=attempt, units=asked)
