"""Our parcels in Karrio's words and Karrio's answers in ours (docs.karrio.io/product/resources). Pure: no network, no SDK."""

import hashlib
import math
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from functions.shipping.documents.media_types import media_type_of
from monsoon_plugin.address import Address
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.courier import (
    CarrierConfig,
    Content,
    Document,
    Format,
    Label,
    LabelRequest,
    Package,
    Parcel,
    Progress,
    Purchase,
    Rate,
    RateRequest,
    TrackEvent,
)
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import exponent

STATES: Mapping[str, Progress | None] = {
    "pending": "manifested", "picked_up": "dispatched", "in_transit": "dispatched", "delivery_delayed": "dispatched",
    "out_for_delivery": "out_for_delivery", "ready_for_pickup": "ready_for_pickup", "on_hold": "on_hold",
    "delivery_failed": "delivery_failed", "return_to_sender": "returning", "delivered": "delivered", "cancelled": None, "unknown": None,
}  # fmt: skip
"""Karrio's TrackingStatus (karrio/core/units.py); None: it says nothing of where the parcel is."""
GRAMS, MILLIMETRES = Decimal("453.59237"), Decimal("25.4")
"""Of a pound and of an inch (NIST Handbook 44, appendix C)."""
MEDIA: Mapping[Format, str] = {"PDF": "application/pdf", "ZPL": "application/zpl"}
CODES: Mapping[str, ErrorKind] = {
    "250002": ErrorKind.CONFIG, "250003": ErrorKind.CONFIG, "10401": ErrorKind.CONFIG, "190102": ErrorKind.CONFLICT,
    "SHIPPING_SDK_ERROR": ErrorKind.PROTOCOL,
    "NOT.AUTHORIZED.ERROR": ErrorKind.CONFIG, "BAD.REQUEST.ERROR": ErrorKind.INVALID, "FORBIDDEN.ERROR": ErrorKind.CONFIG,
    "invalid_client": ErrorKind.CONFIG, "unauthorized_client": ErrorKind.CONFIG,
}  # fmt: skip
"""UPS: developer.ups.com/api/reference/oauth/error-codes, …/voiding/errors. FedEx: developer.fedex.com/api/en-us/guides/best-practices.html
and the error lists of its Ship API. USPS: RFC 6749, 5.2, by developer.usps.com/api/OAuth-(v3). All others are `invalid`."""
GIVEN_BACK = frozenset({"190117", "SHIPMENT.ALREADY.DELETED"})
"""What UPS and FedEx say of a label that was voided before: so it is as it shall be."""
UNSEEN = frozenset({"TW0001", "TRACKING.TRACKINGNUMBER.NOTFOUND"})
"""What UPS and FedEx say of a label that nobody has scanned (…/tracking, "warnings"; …/catalog/track, "error"); others answer 404."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a carrier says beside its answer."""

    code: str
    text: str
    level: str


def refusal(name: str, said: Sequence[Said], status: int | None = 400) -> PluginError:
    """The carrier's refusal as ours, in its own words.

    Args: `status`: the last by which it refused; None: none, so that what it says is no refusal, nor is it an answer (protocol).
    """
    errors = [one for one in said if one.level == "error"] or list(said) or [Said(str(status), "the request is refused", "error")]
    if status is None:
        return PluginError(ErrorKind.PROTOCOL, f"{name}'s answer is not understood", "; ".join(one.code for one in said)[:100])
    kind = next((CODES[one.code] for one in errors if one.code in CODES), ErrorKind.INVALID)
    return PluginError(kind, f"{name}: {'; '.join(one.text for one in errors)}"[:300], errors[0].code)


def is_unseen(said: Sequence[Said], refused: int | None) -> bool:
    """Whether the carrier, asked where a parcel is, says that it has not seen it yet. `refused`: the status by which it refused."""
    return bool(said) and (refused == 404 or any(one.code in UNSEEN for one in said))


def address_of(address: Address) -> dict[str, Any]:
    """Karrio has two lines for the street: what is more stands in the second."""
    first, *others = address.lines
    return {
        "person_name": address.name, "company_name": address.name, "address_line1": first, "address_line2": ", ".join(others) or None,
        "city": address.city, "state_code": address.region or None, "postal_code": address.postal_code or None,
        "country_code": address.country, "phone_number": address.phone or None, "email": address.email or None,
    }  # fmt: skip


def package_of(package: Package, *, metric: bool) -> dict[str, Any]:
    """Rounded up, as carriers weigh and measure: in pounds and inches, or in kilograms and whole centimetres.

    Karrio's FedEx sends the numbers of a metric package as inches, and its DHL cuts the decimals of inches off; hence two ways.
    Its models take binary fractions, which hold two decimals well enough.
    """
    sides = {"length": package.length, "width": package.width, "height": package.height}
    if metric:
        units = {"weight": _hundredths(package.weight, Decimal(1000)), "weight_unit": "KG", "dimension_unit": "CM"}
        return units | {name: math.ceil(side / 10) for name, side in sides.items()}
    units = {"weight": _hundredths(package.weight, GRAMS), "weight_unit": "LB", "dimension_unit": "IN"}
    return units | {name: _hundredths(side, MILLIMETRES) for name, side in sides.items()}


def _hundredths(amount: int, unit: Decimal) -> Any:
    return max(math.ceil(amount * 100 / unit), 1) / 100


def rate_request(config: CarrierConfig, parcel: Parcel, request: RateRequest, *, metric: bool) -> dict[str, Any]:
    return _journey(config, parcel, request.address, metric=metric) | {"options": {"currency": request.currency}}


def shipment_request(config: CarrierConfig, request: LabelRequest, op_key: str, *, metric: bool, invoice_total: bool) -> dict[str, Any]:
    """`op_key` stands on the label as the reference, where the carrier has room for one. `invoice_total`: see Carrier."""
    journey = _journey(config, request.parcel, request.address, metric=metric)
    abroad = config.sender(request.parcel.supplier_id).country != request.address.country
    customs = {"customs": _customs(config, request)} if abroad else {}
    options = {"currency": request.currency} if request.currency else {}
    total = {"declared_value": _declared(request)} if abroad and invoice_total else {}
    return journey | customs | {
        "service": request.rate_id, "reference": op_key, "label_type": config.label_format, "order_id": request.order_id,
        "options": options | total, "payment": {"paid_by": "sender"},
    }  # fmt: skip


def _journey(config: CarrierConfig, parcel: Parcel, to: Address, *, metric: bool) -> dict[str, Any]:
    packages = [package_of(package, metric=metric) for package in parcel.packages]
    return {"shipper": address_of(config.sender(parcel.supplier_id)), "recipient": address_of(to), "parcels": packages}


def _customs(config: CarrierConfig, request: LabelRequest) -> dict[str, Any]:
    commodities = [line for content in request.parcel.contents for line in _commodities(content)]
    return {
        "commodities": commodities, "content_type": "merchandise", "certify": True,
        "signer": config.sender(request.parcel.supplier_id).name, "incoterm": "DAP", "invoice": request.order_id,
        "invoice_date": None, "duty": {"paid_by": "recipient", "currency": request.currency, "declared_value": _declared(request)},
    }  # fmt: skip


def _declared(request: LabelRequest) -> Any:
    return _major(sum(content.value for content in request.parcel.contents), request.currency)


def _commodities(content: Content) -> Iterator[dict[str, Any]]:
    """Weight and value of one unit, as carriers ask for them. Where a value cannot be shared equally, some units cost one minor unit
    more than the others: on a line of their own, so that the lines add up to what was paid."""
    value, dearer = divmod(content.value, content.quantity)
    for quantity, each in ((content.quantity - dearer, value), (dearer, value + 1)):
        if quantity:
            yield {
                "title": content.title[:35], "description": content.title[:255], "quantity": quantity, "hs_code": content.hs_code,
                "origin_country": content.origin, "weight": _hundredths(content.weight // content.quantity, GRAMS), "weight_unit": "LB",
                "value_amount": _major(each, content.currency), "value_currency": content.currency,
            }  # fmt: skip


def _major(amount: int, currency: str) -> Any:
    """Minor units as Karrio's binary fraction of the currency's unit."""
    return amount / 10 ** (exponent(currency) if currency else 2)


def minor(amount: Any, currency: str) -> int:
    """Karrio's binary fraction, by its shortest decimal text, as minor units. Raises PluginError (protocol) for what is no amount."""
    try:
        found = Decimal(str(amount)).scaleb(exponent(currency))
        if found != found.to_integral_value() or found < 0:
            raise InvalidOperation
    except (InvalidOperation, TypeError, ValueError):
        raise PluginError(ErrorKind.PROTOCOL, f"the carrier told of a price that {currency} does not have", str(amount)[:40]) from None
    return int(found)


def rates_of(details: Iterable[Any], carrier: str, days: tuple[int, int]) -> dict[str, Rate]:
    """The rates by their services, of several of one service the cheapest. `days`: of delivery, where the carrier does not say."""
    found: dict[str, Rate] = {}
    for told in details:
        when = (int(told.transit_days), int(told.transit_days)) if str(told.transit_days or "").isdigit() else days
        rate = Rate(
            id=told.service,
            service=_title(told.service),
            price=minor(told.total_charge, told.currency),
            days=when,
            currency=told.currency,
            carrier=carrier,
        )
        if rate.id not in found or rate.price < found[rate.id].price:
            found[rate.id] = rate
    return found


def _title(service: str) -> str:
    return service.replace("_", " ")


def purchase_of(details: Any, carrier: str, wanted: Format) -> Purchase:
    """Karrio's ShipmentDetails. Raises PluginError (outcome_unknown): the label is bought but cannot be printed."""
    label = b64decode(details.docs.label or "")
    if not details.tracking_number or media_type_of(label) != MEDIA[wanted]:
        raise PluginError(ErrorKind.OUTCOME_UNKNOWN, f"The label is bought but is no {wanted}.", str(details.tracking_number)[:64])
    meta, rate = details.meta or {}, details.selected_rate
    numbers = tuple(meta.get("tracking_numbers") or meta.get("package_tracking_numbers") or ())
    made = Label(
        tracking_number=details.tracking_number, tracking_numbers=numbers if len(numbers) > 1 else (),
        provider_ref=details.shipment_identifier, carrier=carrier,
        cost=minor(rate.total_charge, rate.currency) if rate else None, currency=rate.currency if rate else "",
    )  # fmt: skip
    invoice = b64decode(details.docs.invoice or "")
    papers = (Document("commercial_invoice", MEDIA["PDF"], invoice),) if media_type_of(invoice) == MEDIA["PDF"] else ()
    return Purchase(made, (Document("label", MEDIA[wanted], label), *papers))


def events_of(number: str, details: Iterable[Any]) -> list[TrackEvent]:
    """A parcel's way by Karrio's TrackingDetails, the oldest first. Scans are told in local time without its zone: it is read as UTC."""
    newest_first = [_event(number, event) for told in details for event in told.events]
    found = reversed(newest_first)
    return sorted((event for event in found if event), key=lambda event: event.occurred_at)


def _event(number: str, told: Any) -> TrackEvent | None:
    status = told.status or "unknown"
    if status not in STATES:
        raise PluginError(ErrorKind.PROTOCOL, "the carrier told of a state that is not known here", str(status)[:40])
    state = STATES[status]
    if state is None:
        return None
    at = rfc3339(_moment(str(told.timestamp)))
    named = hashlib.sha256(f"{number}\n{at}\n{told.code}\n{told.description}".encode()).hexdigest()[:32]
    return TrackEvent(named, state, at, str(told.description or "")[:200], str(told.location or "")[:200])


def _moment(text: str) -> datetime:
    """Karrio's `timestamp`; its `time` is no way to tell it, for that of the afternoon is such as 13:58 PM."""
    try:
        return from_rfc3339(text)
    except ValueError:
        raise PluginError(ErrorKind.PROTOCOL, "the carrier told of a time that is none", text[:40]) from None
