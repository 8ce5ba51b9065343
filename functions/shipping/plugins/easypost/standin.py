"""An EasyPost of one process: shipments, orders, labels, refunds and trackers in the shapes of EasyPost's recorded answers.

What it cannot show: real carriers' prices and refusals, insurance, and how long a refund takes.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from conformance.standins.labels import ZPL, numbered, pdf
from monsoon_plugin.standin import Asked, Reply, as_json

KEY = "EZTKstandin0001neverShown"
NOWHERE = "1 Nowhere Lane"
"""The street that no carrier knows."""
HEAVIEST = Decimal(1120)
"""Ounces: the United States Postal Service takes seventy pounds."""
SERVICES = {"GroundAdvantage": (Decimal("0.35"), 3), "Priority": (Decimal("0.50"), 2)}
"""Service → US dollars an ounce, days."""
BORN = "2026-01-05T10:00:00Z"


@dataclass
class EasyPost:
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Shipments and orders, by id."""

    def answer(self, asked: Asked) -> Reply:
        path = asked.path.split("?")[0]
        if path.startswith("/files/"):
            return Reply(200, ZPL, "application/zpl") if path.endswith("zpl") else Reply(200, pdf(), "application/pdf")
        if counted := re.fullmatch(r"/labels/(.+)", path):
            return as_json({"labels": self.labels(counted[1])})
        if scanned := re.fullmatch(r"/scans/(\w+)", path):
            return as_json(self._scan(scanned[1]))
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return _refusal(401, "APIKEY.INACTIVE", "This API key is no longer active.")
        return self._do(asked, asked.method, path.removeprefix("/v2"))

    def labels(self, reference: str) -> int:
        """How many packages have a label that was bought under a reference."""
        found = [thing for thing in self.made.values() if thing["reference"] == reference]
        return sum(bool(shipment["postage_label"]) for thing in found for shipment in thing.get("shipments", [thing]))

    def _do(self, asked: Asked, method: str, path: str) -> Reply:
        if path == "/addresses":
            return as_json({"addresses": [], "has_more": False})
        if path == "/shipments":
            return self._kept(self._shipment(asked.document["shipment"]))
        if path == "/orders":
            return self._kept(self._order(asked.document["order"]))
        if path == "/refunds":
            return as_json([self._refund(code) for code in asked.document["refund"]["tracking_codes"]], 201)
        _, _, name, *verb = path.split("/")
        thing = self.made.get(name) or next((t for t in reversed(self.made.values()) if t["reference"] == name), None)
        if thing is None or (thing["object"] == "Order") != path.startswith("/orders"):
            return _refusal(404, "NOT_FOUND", "The requested resource could not be found.")
        return self._named(asked, thing, verb[0] if verb else "")

    def _named(self, asked: Asked, thing: dict[str, Any], verb: str) -> Reply:
        parts = thing.get("shipments", [thing])
        if verb == "buy":
            if any(part["postage_label"] for part in parts):
                return _refusal(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
            chosen = asked.document.get("service") or next(r["service"] for r in thing["rates"] if r["id"] == asked.document["rate"]["id"])
            for part in parts:
                self._label(asked, part, chosen)
        if verb == "refund":
            thing["refund_status"] = "submitted"
        if verb == "label":
            wanted = asked.path.rpartition("=")[2].lower()
            thing["postage_label"][f"label_{wanted}_url"] = f"{asked.address}/files/{thing['id']}.{wanted}"
        return as_json(thing)

    def _kept(self, thing: dict[str, Any]) -> Reply:
        self.made[thing["id"]] = thing
        return as_json(thing, 201)

    def _shipment(self, asked: dict[str, Any]) -> dict[str, Any]:
        weight, number = Decimal(str(asked["parcel"]["weight"])), sum(len(t.get("shipments", [1])) for t in self.made.values()) + 1
        refused = _refused(asked["to_address"], weight)
        rates = [] if refused else [_rate(number, service, weight * price, days) for service, (price, days) in SERVICES.items()]
        return {
            "id": f"shp_{number:032x}", "object": "Shipment", "mode": "test", "reference": asked.get("reference"), "rates": rates,
            "messages": [{"carrier": "USPS", "type": "rate_error", "message": refused}] if refused else [], "options": asked["options"],
            "customs_info": asked.get("customs_info"), "postage_label": None, "selected_rate": None, "tracker": None,
            "tracking_code": None, "refund_status": None, "forms": [], "parcel": asked["parcel"], "to_address": asked["to_address"],
        }  # fmt: skip

    def _order(self, asked: dict[str, Any]) -> dict[str, Any]:
        parts: list[dict[str, Any]] = []
        number = sum(len(t.get("shipments", [1])) for t in self.made.values())
        for i, each in enumerate(asked["shipments"]):
            part = self._shipment({**each, "to_address": asked["to_address"]})
            parts.append({**part, "id": f"shp_{number + i + 1:032x}"})
        rates = [
            {**rate, "rate": str(sum(Decimal(part["rates"][i]["rate"]) for part in parts))}
            for i, rate in enumerate(parts[0]["rates"])
            if all(part["rates"] for part in parts)
        ]
        return {
            "id": f"order_{number + 1:032x}", "object": "Order", "mode": "test", "reference": asked.get("reference"), "rates": rates,
            "messages": [message for part in parts for message in part["messages"]], "shipments": parts,
        }  # fmt: skip

    def _label(self, asked: Asked, part: dict[str, Any], service: str) -> None:
        wanted = part["options"]["label_format"].lower()
        code = numbered("94001002083031", int(part["id"][4:], 16), 22, "USPS")
        part["selected_rate"] = next(rate for rate in part["rates"] if rate["service"] == service)
        part["tracking_code"] = code
        part["postage_label"] = {
            "object": "PostageLabel", "label_url": f"{asked.address}/files/{part['id']}.{wanted}",
            "label_file_type": f"application/{wanted}", "label_pdf_url": None, "label_zpl_url": None,
        }  # fmt: skip
        part["tracker"] = {"object": "Tracker", "tracking_code": code, "status": "unknown", "carrier": "USPS", "tracking_details": []}

    def _refund(self, code: str) -> dict[str, Any]:
        part = self._part(code)
        part["refund_status"] = "submitted"
        return {"object": "Refund", "tracking_code": code, "status": "submitted", "carrier": "USPS", "shipment_id": part["id"]}

    def _scan(self, code: str) -> dict[str, Any]:
        """The parcel is scanned on its way, and delivered."""
        tracker: dict[str, Any] = self._part(code)["tracker"]
        tracker["tracking_details"] = delivered(datetime.now(UTC))
        return tracker

    def _part(self, code: str) -> dict[str, Any]:
        parts = [part for thing in self.made.values() for part in thing.get("shipments", [thing])]
        return next(part for part in parts if part["tracking_code"] == code)


def delivered(at: datetime) -> list[dict[str, Any]]:
    """TrackingDetails of a parcel that was delivered."""
    said = [("pre_transit", "Shipping Label Created", BORN), ("delivered", "Delivered, Front Door", at.isoformat(timespec="seconds"))]
    return [
        {
            "object": "TrackingDetail", "message": message, "status": status, "status_detail": "status_update", "datetime": moment,
            "tracking_location": {"city": "HOUSTON", "state": "TX", "country": None, "zip": "77063"},
        }
        for status, message, moment in said
    ]  # fmt: skip


def _rate(number: int, service: str, price: Decimal, days: int) -> dict[str, Any]:
    return {
        "id": f"rate_{number:x}{service.lower()}", "object": "Rate", "service": service, "carrier": "USPS", "currency": "USD",
        "rate": str(price.quantize(Decimal("0.01"))), "delivery_days": days, "est_delivery_days": days,
    }  # fmt: skip


def _refused(address: dict[str, Any], ounces: Decimal) -> str:
    """Why USPS does not take it; empty if it does."""
    if address["street1"] == NOWHERE:
        return "Unable to retrieve USPS rates for another shipper's ZIP: address not found"
    return "shipment.parcel.weight must be less than 1120 ounces" if ounces > HEAVIEST else ""


def _refusal(status: int, code: str, message: str) -> Reply:
    return as_json({"error": {"code": code, "message": message, "errors": []}}, status)
