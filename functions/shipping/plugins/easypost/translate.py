"""EasyPost's words and ours (docs.easypost.com/docs). Pure: no network, no SDK."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import DocumentKind, Format, Label, Progress, Rate, TrackEvent, TrackNotice
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import exponent

STATES: Mapping[str, Progress | None] = {
    "unknown": None, "error": None, "cancelled": None, "pre_transit": "manifested", "in_transit": "dispatched",
    "out_for_delivery": "out_for_delivery", "available_for_pickup": "ready_for_pickup", "delivered": "delivered",
    "return_to_sender": "returning", "failure": "delivery_failed",
}  # fmt: skip
"""docs.easypost.com/docs/trackers, `status`. None: it says nothing of where the parcel is."""
DETAILS: Mapping[str, Progress] = {
    "lost": "lost", "held": "on_hold", "awaiting_information": "on_hold", "address_correction": "on_hold", "damaged": "on_hold",
    "refused": "delivery_failed",
}  # fmt: skip
"""The same page, `status_detail`: where it says more than `status`. All others add nothing."""
REFUNDS: Mapping[str, bool] = {"submitted": True, "refunded": True, "not_applicable": True, "rejected": False}
"""docs.easypost.com/docs/shipping-refund, `refund_status` → whether the label is given back. A carrier that bills on the first scan
has nothing to refund (not_applicable)."""
FORMS: Mapping[str, DocumentKind] = {"commercial_invoice": "commercial_invoice", "cn22": "cn22", "cn23": "cn23"}
"""docs.easypost.com/docs/forms, `form_type`; all others are `other`."""
LABELS: Mapping[Format, tuple[str, str]] = {"PDF": ("label_pdf_url", "application/pdf"), "ZPL": ("label_zpl_url", "application/zpl")}
"""docs.easypost.com/docs/shipments, PostageLabel: where a label of each format lies, and its `label_file_type`."""

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "ADDRESS.VERIFY.FAILURE": (ErrorKind.INVALID, "The carrier does not know this address."),
    "SHIPMENT.INVALID_PARAMS": (ErrorKind.INVALID, "EasyPost does not accept the shipment."),
    "SHIPMENT.POSTAGE.FAILURE": (ErrorKind.INVALID, "The carrier does not sell this label."),
    "SHIPMENT.POSTAGE.EXISTS": (ErrorKind.CONFLICT, "This shipment has its label."),
    "PAYMENT_REQUIRED": (ErrorKind.CONFIG, "The EasyPost account has too little money."),
    "INSUFFICIENT_FUNDS": (ErrorKind.CONFIG, "The EasyPost account has too little money."),
}
"""docs.easypost.com/errors-guide: code → what it means here."""
STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "EasyPost does not accept the request."),
    401: (ErrorKind.CONFIG, "EasyPost does not accept the API key."),
    402: (ErrorKind.CONFIG, "The EasyPost account cannot pay for this."),
    403: (ErrorKind.CONFIG, "The EasyPost account may not do this."),
    404: (ErrorKind.INVALID, "EasyPost does not know what the request names."),
    409: (ErrorKind.CONFLICT, "EasyPost is working on another request for this."),
    422: (ErrorKind.INVALID, "EasyPost does not accept the request."),
    429: (ErrorKind.RATE_LIMITED, "EasyPost asks us to slow down."),
}
"""HTTP status → the same, where the code is not listed."""


def error_of(status: int | None, code: str | None, details: Iterable[Any], *, changes: bool) -> PluginError:
    """EasyPost's refusal as ours, with the carrier's words. No answer, a 5xx or another status: nobody knows what was done.

    Args: `details`: the error's `errors`: texts, or mappings with `field` and `message`. `changes`: whether an effect was asked for.
    """
    listed = ERRORS.get(code or "") or STATUSES.get(status or 0)
    if listed is None:
        kind = ErrorKind.OUTCOME_UNKNOWN if changes else ErrorKind.UNAVAILABLE
        return PluginError(kind, "EasyPost does not answer.", code or str(status or ""))
    said = "; ".join(_said(detail) for detail in details)
    return PluginError(listed[0], f"{listed[1]} {said}".strip()[:300], code or "")


def _said(detail: Any) -> str:
    if not isinstance(detail, Mapping):
        return str(detail)
    return ": ".join(str(detail[name]) for name in ("field", "carrier", "message") if detail.get(name))


def rates_of(quoted: Mapping[str, Any], days: tuple[int, int]) -> dict[str, Rate]:
    """The rates of a Shipment or an Order by their ids; of several accounts with one carrier the cheapest.

    Args: `days`: of delivery, where a carrier does not say.
    Raises PluginError: invalid, with the carriers' words, if they refuse; protocol for a price that is none.
    """
    found: dict[str, Rate] = {}
    for offered in quoted["rates"]:
        rate = _rate(offered, days)
        if rate.id not in found or rate.price < found[rate.id].price:
            found[rate.id] = rate
    if not found and quoted["messages"]:
        raise PluginError(ErrorKind.INVALID, "; ".join(_said(message) for message in quoted["messages"])[:300], "RATE")
    return found


def _rate(offered: Mapping[str, Any], days: tuple[int, int]) -> Rate:
    day = offered.get("delivery_days") or offered.get("est_delivery_days")
    carrier, service = offered["carrier"], offered["service"]
    return Rate(
        id=f"{carrier}:{service}", service=service, price=minor(offered["rate"], offered["currency"]), days=(day, day) if day else days,
        currency=offered["currency"], carrier=carrier,
    )  # fmt: skip


def minor(text: str, currency: str) -> int:
    """Decimal text, or a JSON number, as minor units. Raises PluginError (protocol) for what is no amount of the currency."""
    try:
        amount = Decimal(str(text)).scaleb(exponent(currency))
        if amount != amount.to_integral_value() or amount < 0:
            raise InvalidOperation
    except (InvalidOperation, TypeError, ValueError):
        raise PluginError(ErrorKind.PROTOCOL, f"EasyPost told of a price that {currency} does not have", str(text)[:40]) from None
    return int(amount)


def offered_rate(made: Mapping[str, Any], rate_id: str) -> Mapping[str, Any]:
    """EasyPost's own rate of the service that was chosen, the cheapest. Raises PluginError (invalid): no other is taken instead."""
    rates = [rate for rate in made["rates"] if f"{rate['carrier']}:{rate['service']}" == rate_id]
    if not rates:
        said = "; ".join(_said(message) for message in made["messages"]) or "The carrier does not offer this service any more."
        raise PluginError(ErrorKind.INVALID, said[:300], "RATE")
    cheapest: Mapping[str, Any] = min(rates, key=lambda rate: minor(rate["rate"], rate["currency"]))
    return cheapest


def shipments_of(made: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The shipments of an Order, one a package; of a Shipment itself."""
    found: list[Mapping[str, Any]] = made["shipments"] if made["object"] == "Order" else [made]
    return found


def is_bought(made: Mapping[str, Any]) -> bool:
    """Whether its labels are bought. Raises PluginError (outcome_unknown) for an order of which only a part is."""
    labeled = [bool(shipment["postage_label"]) for shipment in shipments_of(made)]
    if any(labeled) and not all(labeled):
        raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "EasyPost sold labels for a part of the packages only.", made["id"])
    return all(labeled)


def label_of(bought: Mapping[str, Any]) -> Label:
    """What was bought and what EasyPost charged for it."""
    shipments = shipments_of(bought)
    numbers = tuple(shipment["tracking_code"] for shipment in shipments)
    rates = [shipment["selected_rate"] for shipment in shipments]
    return Label(
        tracking_number=numbers[0], tracking_numbers=numbers if len(numbers) > 1 else (), provider_ref=bought["id"],
        carrier=rates[0]["carrier"], currency=rates[0]["currency"], cost=sum(minor(r["rate"], r["currency"]) for r in rates),
    )  # fmt: skip


def label_url(shipment: Mapping[str, Any], wanted: Format) -> str | None:
    """Where the label lies in the wanted format; None if it was made in another."""
    label, (place, media_type) = shipment["postage_label"], LABELS[wanted]
    found: str | None = label[place] or (label["label_url"] if label["label_file_type"] == media_type else None)
    return found


def is_given_back(refund_status: str) -> bool:
    """Raises PluginError (protocol) for a status that is not listed."""
    given = REFUNDS.get(refund_status)
    if given is None:
        raise PluginError(ErrorKind.PROTOCOL, "EasyPost told of a refund's state that is not known here", refund_status)
    return given


def events_of(tracker: Mapping[str, Any]) -> list[TrackEvent]:
    """What a Tracker says, the oldest first. Raises PluginError (protocol) for a status that is not listed."""
    events = [_event(tracker["tracking_code"], detail) for detail in tracker["tracking_details"]]
    return sorted((event for event in events if event is not None), key=lambda event: event.occurred_at)


def _event(tracking_number: str, detail: Mapping[str, Any]) -> TrackEvent | None:
    status = detail["status"]
    if status not in STATES:
        raise PluginError(ErrorKind.PROTOCOL, "EasyPost told of a state that is not known here", str(status)[:40])
    state = DETAILS.get(detail.get("status_detail") or "") or STATES[status]
    if state is None:
        return None
    at, place = rfc3339(datetime.fromisoformat(detail["datetime"])), detail.get("tracking_location") or {}
    named = hashlib.sha256(f"{tracking_number}\n{at}\n{state}\n{detail['message']}".encode()).hexdigest()[:32]
    location = ", ".join(place[name] for name in ("city", "state", "country") if place.get(name))
    return TrackEvent(named, state, at, detail["message"], location)


def signature_of(body: bytes, secret: str) -> str:
    """X-Hmac-Signature (docs.easypost.com/guides/webhooks-guide, "HMAC validation")."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()


def notice_of(event: Mapping[str, Any]) -> TrackNotice | None:
    """A verified Event (docs.easypost.com/docs/events); None if it tells of no parcel."""
    told = event.get("result")
    if not isinstance(told, Mapping) or told.get("object") != "Tracker":
        return None
    return TrackNotice(event["id"], told["tracking_code"], tuple(events_of(told)))
