"""FedEx in one process: OAuth, Rate, Ship and Track as developer.fedex.com/api/en-us/catalog documents them (v1 of each)."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.standins.labels import ZPL, numbered, pdf
from functions.shipping.plugins.karrio.standin import NOWHERE, Standin, scanned
from monsoon_plugin.standin import Asked, Reply, as_json

SERVICES = {"FEDEX_GROUND": (1150, 3), "PRIORITY_OVERNIGHT": (4100, 1)}
"""…/guides/api-reference.html, "Service types": US cents for a pound, days."""
HEAVIEST = 150.0


class Fedex(Standin):
    TOKENS = "/oauth/token"

    def refused(self, status: int, code: str, message: str) -> Reply:
        """…/catalog/ship, "errors"."""
        return as_json({"transactionId": "624deea6", "errors": [{"code": code, "message": message}]}, status)

    def do(self, asked: Asked, path: str) -> Reply:
        document = asked.document
        if path == "/rate/v1/rates/quotes":
            return self._rates(document["requestedShipment"])
        if path == "/ship/v1/shipments":
            return self._ship(document["requestedShipment"])
        if path == "/ship/v1/shipments/cancel":
            if self.voided(document["trackingNumber"]):
                return as_json({"output": {"cancelledShipment": True, "cancelledHistory": True, "successMessage": "Success"}})
            return self.refused(400, "SHIPMENT.ALREADY.DELETED", "Shipment has already been cancelled or was never made.")
        return self._track(document["trackingInfo"][0]["trackingNumberInfo"]["trackingNumber"])

    def _problem(self, shipment: Any) -> Reply | None:
        address = (shipment.get("recipient") or shipment["recipients"][0])["address"]
        if NOWHERE in address["streetLines"]:
            return self.refused(400, "STATEORPROVINCECODE.INVALID", "The recipient's address is not known.")
        if any(package["weight"]["value"] > HEAVIEST for package in shipment["requestedPackageLineItems"]):
            return self.refused(400, "PACKAGE.WEIGHT.EXCEEDED", "Package weight exceeds the maximum for the service.")
        return None

    def _rates(self, shipment: Any) -> Reply:
        pounds = max(sum(package["weight"]["value"] for package in shipment["requestedPackageLineItems"]), 1)
        found = [_rated(service, round(cents * pounds), days) for service, (cents, days) in SERVICES.items()]
        return self._problem(shipment) or as_json({"output": {"rateReplyDetails": found}})

    def _ship(self, shipment: Any) -> Reply:
        if problem := self._problem(shipment):
            return problem
        if shipment["serviceType"] not in SERVICES:
            return self.refused(400, "SERVICETYPE.INVALID", "Service type is missing or invalid.")
        zpl = shipment["labelSpecification"]["imageType"] == "ZPLII"
        label = {"contentType": "LABEL", "docType": "ZPLII" if zpl else "PDF", "encodedLabel": b64encode(ZPL if zpl else pdf()).decode()}
        numbers = [
            numbered("7946", len(self.bought) * 30 + i + 1, 12, "FedEx") for i, _ in enumerate(shipment["requestedPackageLineItems"])
        ]  # fmt: skip
        reference = shipment["requestedPackageLineItems"][0]["customerReferences"][0]["value"]
        made = {
            "serviceType": shipment["serviceType"], "masterTrackingNumber": self.sold(numbers[0], reference),
            "pieceResponses": [{"trackingNumber": number, "packageDocuments": [label]} for number in numbers],
        }  # fmt: skip
        return as_json({"output": {"transactionShipments": [made]}})

    def _track(self, number: str) -> Reply:
        found: dict[str, Any] = {"trackingNumberInfo": {"trackingNumber": number}}
        if number not in self.bought:
            found["error"] = {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "Tracking number cannot be found."}
        else:
            done = self.bought[number] == "delivered"
            found["scanEvents"] = [*([_scan("DL", "Delivered")] if done else []), _scan("OC", "Shipment information sent to FedEx")]
            found["latestStatusDetail"] = {"code": "DL" if done else "OC"}
        return as_json({"output": {"completeTrackResults": [{"trackingNumber": number, "trackResults": [found]}]}})


def _rated(service: str, cents: int, days: int) -> dict[str, Any]:
    charge, arrives = cents / 100, datetime.now(UTC) + timedelta(days=days)
    detail = {"surCharges": [], "currency": "USD"}
    rated = {
        "rateType": "ACCOUNT", "totalDiscounts": 0.0, "totalBaseCharge": charge, "totalNetCharge": charge, "currency": "USD",
        "totalNetChargeWithDutiesAndTaxes": charge, "shipmentRateDetail": detail,
    }  # fmt: skip
    return {"serviceType": service, "ratedShipmentDetails": [rated], "operationalDetail": {"commitDate": f"{arrives:%Y-%m-%dT17:00:00}"}}


def _scan(code: str, description: str) -> dict[str, Any]:
    place = {"city": "MEMPHIS", "stateOrProvinceCode": "TN", "postalCode": "38118", "countryCode": "US"}
    return {
        "date": f"{scanned(delivered=code == 'DL'):%Y-%m-%dT%H:%M:%S+00:00}",
        "eventType": code,
        "eventDescription": description,
        "scanLocation": place,
    }
