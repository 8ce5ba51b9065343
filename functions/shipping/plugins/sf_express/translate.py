"""SF Express's words and ours (open.sf-express.com/Api, /developSupport/734349). Pure: no network."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from monsoon_plugin.address import Address
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Content, Label, LabelRequest, Parcel, Progress, Rate, TrackEvent, TrackNotice
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import exponent

CARRIER = "SF Express"
CHINA = timezone(timedelta(hours=8))
"""All times that SF Express tells."""
COUNTRIES: Mapping[str, str] = {"CN": "CN", "HK": "852", "MO": "853", "TW": "886"}
"""EXP_RECE_CREATE_ORDER, ContactInfo.country: where domestic services go, as SF Express names them."""
OPCODES: Mapping[str, Progress] = {
    "50": "dispatched", "51": "dispatched", "54": "dispatched", "43": "dispatched", "607": "dispatched", "655": "dispatched",
    "656": "dispatched", "700": "dispatched", "30": "dispatched", "31": "dispatched", "36": "dispatched", "105": "dispatched",
    "106": "dispatched", "302": "dispatched", "304": "dispatched", "310": "dispatched", "46": "dispatched", "47": "dispatched",
    "44": "out_for_delivery", "34": "out_for_delivery", "123": "out_for_delivery", "204": "out_for_delivery",
    "630": "out_for_delivery", "125": "ready_for_pickup", "130": "ready_for_pickup", "642": "ready_for_pickup",
    "657": "ready_for_pickup", "678": "ready_for_pickup", "80": "delivered", "8000": "delivered", "128": "delivered",
    "658": "delivered", "679": "delivered", "33": "delivery_failed", "70": "delivery_failed", "126": "delivery_failed",
    "77": "on_hold", "602": "on_hold", "605": "on_hold", "619": "on_hold", "620": "on_hold", "621": "on_hold",
    "99": "returning", "648": "returning", "631": "returned",
}  # fmt: skip
"""Route operation codes (developSupport/734349, "路由操作码"). A scan that is not listed says nothing of where the parcel is."""
NEVER_ORDERED = frozenset({"8024", "8018"})
"""EXP_RECE_UPDATE_ORDER, "业务异常代码": there is no such order."""
CANCELED = frozenset({"8037", "8253"})
ORDERED_BEFORE = "8016"
"""The same orderId was ordered before; the newer platform answers with that order instead."""
REFUSALS: Mapping[str, tuple[ErrorKind, str]] = {
    "8019": (ErrorKind.CONFLICT, "The order is confirmed, or was cancelled."),
    "8252": (ErrorKind.CONFLICT, "The order is confirmed."),
    ORDERED_BEFORE: (ErrorKind.CONFLICT, "This was ordered before."),
    "8114": (ErrorKind.CONFIG, "The monthly card may not send parcels."),
    "6126": (ErrorKind.CONFIG, "The monthly card is not valid."),
    "20052": (ErrorKind.CONFIG, "The monthly card is not the order's."),
    "S0001": (ErrorKind.PROTOCOL, "SF Express does not understand the request."),
}
"""A service's errorCode → what it means here. Others are refusals too, told in SF Express's words."""
FAILURES = frozenset({"S0003"})
"""Error codes of a service that broke off: nobody knows what was done."""
PLATFORM: Mapping[str, tuple[ErrorKind, str]] = {
    "A1001": (ErrorKind.PROTOCOL, "SF Express does not understand the request."),
    "A1003": (ErrorKind.CONFIG, "SF Express does not let this address in: remove the IP binding."),
    "A1004": (ErrorKind.CONFIG, "The SF Express account may not use this service: associate it in the console."),
    "A1005": (ErrorKind.RATE_LIMITED, "SF Express asks us to slow down."),
    "A1006": (ErrorKind.CONFIG, "SF Express does not accept the checkword."),
    "A1008": (ErrorKind.CONFIG, "SF Express does not accept the encryption."),
}
"""apiResultCode ("平台结果代码列表") → the same. A1002 (too late), A1007 (sent twice), A1009 and A1099 (broken) leave it open."""
STATUSES: Mapping[int, ErrorKind] = {401: ErrorKind.CONFIG, 403: ErrorKind.CONFIG, 429: ErrorKind.RATE_LIMITED}
UNDELIVERABLE: Mapping[str, str] = {"1": "the sender's address is out of range", "2": "the address is out of range"}
"""EXP_RECE_CREATE_ORDER, `remark` where filterResult is 3."""


def platform_error(status: int | None, code: str, *, changes: bool) -> PluginError:
    """What the platform's own refusal means, or an answer that is none."""
    lost = ErrorKind.OUTCOME_UNKNOWN if changes else ErrorKind.UNAVAILABLE
    kind, message = PLATFORM.get(code) or (STATUSES.get(status or 0, lost), "SF Express does not answer.")
    return PluginError(kind, message, code or str(status or ""))


def refusal_of(answer: Mapping[str, Any], *, changes: bool) -> PluginError:
    """A service's refusal, in its own words where they are not ours."""
    code = str(answer.get("errorCode") or "")
    if code in FAILURES:
        return PluginError(ErrorKind.OUTCOME_UNKNOWN if changes else ErrorKind.UNAVAILABLE, "SF Express broke off.", code)
    said = str(answer.get("errorMsg") or answer.get("errorMessage") or "SF Express refuses without a reason.")[:300]
    return PluginError(*REFUSALS.get(code, (ErrorKind.INVALID, said)), code)


def kilograms(grams: int, places: int) -> str:
    """Decimal text, rounded up to `places`."""
    return str((Decimal(grams) / 1000).quantize(Decimal(1).scaleb(-places), ROUND_CEILING))


def price_question(parcel: Parcel, sender: Address, address: Address, card: str, now: datetime) -> dict[str, Any]:
    """EXP_RECE_QUERY_DELIVERTM for all services."""
    question = {
        "businessType": "", "weight": kilograms(parcel.weight, 2), "volume": str(-(-parcel.volume // 1000)), "searchPrice": "1",
        "consignedTime": now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"), "srcAddress": _place(sender), "destAddress": _place(address),
    }  # fmt: skip
    return {**question, "monthlyCard": card} if card else question


def _place(address: Address) -> dict[str, str]:
    return {"province": address.region, "city": address.city, "address": "".join(address.lines)}


def rates_of(answer: Mapping[str, Any], services: Sequence[int], currency: str, now: datetime) -> dict[str, Rate]:
    """The priced services among `services`, by their ids. Raises PluginError (protocol) for a price that is none."""
    found = {str(offered["businessType"]): offered for offered in (answer["msgData"] or {}).get("deliverTmDto") or []}
    offers = [found[str(service)] for service in services if str(service) in found]
    return {str(o["businessType"]): _rate(o, currency, now) for o in offers if o["fee"] is not None}


def _rate(offered: Mapping[str, Any], currency: str, now: datetime) -> Rate:
    today = now.astimezone(CHINA).date()
    days = [max((_china(text).date() - today).days, 0) for text in offered["deliverTime"].split(",")]
    price = minor(offered["fee"], currency)
    return Rate(
        id=str(offered["businessType"]),
        service=offered["businessTypeDesc"],
        price=price,
        days=(min(days), max(days)),
        currency=currency,
        carrier=CARRIER,
    )


def minor(amount: Any, currency: str) -> int:
    """A number of SF Express's as minor units. Raises PluginError (protocol) for what is no amount of the currency."""
    try:
        units = Decimal(str(amount)).scaleb(exponent(currency))
        if units != units.to_integral_value() or units < 0:
            raise InvalidOperation
    except InvalidOperation:
        raise PluginError(ErrorKind.PROTOCOL, f"SF Express told of a price that {currency} does not have", str(amount)[:40]) from None
    return int(units)


def order_of(request: LabelRequest, sender: Address, op_key: str, *, card: str, collected: bool) -> dict[str, Any]:
    """EXP_RECE_CREATE_ORDER. Our key is its orderId: the same orderId is never ordered twice."""
    parcel, abroad = request.parcel, sender.country != request.address.country
    order = {
        "language": "zh-CN", "orderId": op_key, "custReferenceNo": request.order_id, "payMethod": 1,
        "expressTypeId": int(request.rate_id), "parcelQty": len(parcel.packages), "totalWeight": kilograms(parcel.weight, 3),
        "isReturnRoutelabel": 1, "isUnifiedWaybillNo": 1, "isDocall": int(collected),
        "cargoDetails": [_cargo(content) for content in parcel.contents],
        "contactInfoList": [_contact(1, sender), _contact(2, request.address)],
    }  # fmt: skip
    if card:
        order["monthlyCard"] = card
    if abroad:
        total = sum(content.value for content in parcel.contents)
        order["customsInfo"] = {"declaredValue": _decimal(total, request.currency), "declaredValueCurrency": request.currency}
    return order


def _cargo(content: Content) -> dict[str, Any]:
    """One line, with the weight and price of one unit."""
    each = Decimal(content.value) / content.quantity
    return {
        "name": content.title[:128], "count": content.quantity, "unit": "件", "hsCode": content.hs_code, "sourceArea": content.origin,
        "weight": kilograms(-(-content.weight // content.quantity), 3), "currency": content.currency,
        "amount": str(each.scaleb(-exponent(content.currency)).quantize(Decimal("0.001"))),
    }  # fmt: skip


def _decimal(amount: int, currency: str) -> str:
    return str(Decimal(amount).scaleb(-exponent(currency)))


def _contact(kind: int, address: Address) -> dict[str, Any]:
    return {
        "contactType": kind, "contact": address.name, "mobile": address.phone, "country": COUNTRIES[address.country],
        "province": address.region, "city": address.city, "address": "".join(address.lines), "postCode": address.postal_code,
        "email": address.email,
    }  # fmt: skip


def is_refused(ordered: Mapping[str, Any]) -> bool:
    """Whether SF Express took the order down, but does not deliver it."""
    return str(ordered["filterResult"]) == "3"


def label_of(ordered: Mapping[str, Any]) -> Label:
    """An order with its waybills, the mother first. Raises PluginError (invalid) if SF Express does not go there."""
    if is_refused(ordered):
        why = UNDELIVERABLE.get(str(ordered.get("remark") or ""), "SF Express does not deliver this parcel")
        raise PluginError(ErrorKind.INVALID, why, "filterResult 3")
    waybills = [waybill for waybill in ordered["waybillNoInfoList"] or [] if str(waybill["waybillType"]) in ("1", "2")]
    numbers = tuple(waybill["waybillNo"] for waybill in sorted(waybills, key=lambda waybill: str(waybill["waybillType"])))
    if not numbers:
        raise PluginError(ErrorKind.PROTOCOL, "SF Express gave no waybill number", ordered["orderId"])
    several = numbers if len(numbers) > 1 else ()
    return Label(tracking_number=numbers[0], tracking_numbers=several, provider_ref=ordered["orderId"], carrier=CARRIER)


def printed(label: Label, template: str) -> dict[str, Any]:
    """COM_RECE_CLOUD_PRINT_WAYBILLS for all waybills of a label, as one PDF each."""
    master, *branches = label.tracking_numbers or (label.tracking_number,)
    total = str(1 + len(branches))
    documents = [{"masterWaybillNo": master, "seq": "1", "sum": total}] if branches else [{"masterWaybillNo": master}]
    for place, branch in enumerate(branches, 2):
        documents.append({"masterWaybillNo": master, "branchWaybillNo": branch, "seq": str(place), "sum": total})
    return {"templateCode": template, "version": "2.0", "fileType": "pdf", "sync": True, "documents": documents}


def events_of(answer: Mapping[str, Any]) -> list[TrackEvent]:
    """EXP_RECE_SEARCH_ROUTES, the oldest first."""
    routes = [(way["mailNo"], route) for way in answer["msgData"]["routeResps"] or [] for route in way["routes"] or []]
    events = [_event(number, route) for number, route in routes if str(route["opCode"]) in OPCODES]
    return sorted(events, key=lambda event: event.occurred_at)


def _event(number: str, route: Mapping[str, Any]) -> TrackEvent:
    at, code = rfc3339(_china(route["acceptTime"]).astimezone(UTC)), str(route["opCode"])
    named = hashlib.sha256(f"{number}\n{at}\n{code}".encode()).hexdigest()[:32]
    return TrackEvent(named, OPCODES[code], at, route["remark"] or "", route["acceptAddress"] or "")


def notice_of(pushed: Mapping[str, Any]) -> TrackNotice:
    """A route push (RoutePushService, JSON). SF Express signs none: it only says of which waybill to ask.

    A push tells of at most ten waybills; the core asks for the first, and polls the others in their time.
    """
    routes = pushed["Body"]["WaybillRoute"]
    named = hashlib.sha256("\n".join(sorted(str(route["id"]) for route in routes)).encode()).hexdigest()[:32]
    return TrackNotice(named, str(routes[0]["mailno"])[:64], ())


def _china(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
