"""UPS in one process: OAuth, Rating, Shipping, Void and Track as developer.ups.com/api/reference documents them (versions v2409, v1)."""

from base64 import b64encode
from decimal import Decimal
from typing import Any

from conformance.standins.labels import ZPL, numbered
from functions.shipping.plugins.karrio.standin import NOWHERE, Standin, image, scanned
from monsoon_plugin.standin import Asked, Reply, as_json

SERVICES = {"03": (1099, 3), "02": (2499, 2)}
"""Ground and 2nd Day Air (…/rating/business-rules, "Service codes"): US cents for a pound, days."""
HEAVIEST = Decimal(150)


class Ups(Standin):
    TOKENS = "/security/v1/oauth/token"

    def refused(self, status: int, code: str, message: str) -> Reply:
        """…/rating, ErrorResponse."""
        return as_json({"response": {"errors": [{"code": code, "message": message}]}}, status)

    def do(self, asked: Asked, path: str) -> Reply:
        if path == "/api/rating/v2409/Shop":
            return self._rates(asked.document["RateRequest"]["Shipment"])
        if path == "/api/shipments/v2409/ship":
            return self._ship(asked.document["ShipmentRequest"])
        number = path.rpartition("/")[2]
        if asked.method == "DELETE" and path == f"/api/shipments/v2409/void/cancel/{number}":
            if self.voided(number):
                return as_json({"VoidShipmentResponse": {"Response": {"ResponseStatus": {"Code": "1", "Description": "Success"}}}})
            return self.refused(400, "190117", "The shipment has already been voided.")
        return self._track(number)

    def _problem(self, shipment: Any) -> Reply | None:
        if NOWHERE in shipment["ShipTo"]["Address"]["AddressLine"]:
            return self.refused(400, "111286", "NOWHERE is not a valid state for the specified shipment.")
        if any(_pounds(package) > HEAVIEST for package in shipment["Package"]):
            return self.refused(
                400, "111035", "The maximum per package weight for that service from the selected country is 150.00 pounds."
            )
        return None

    def _rates(self, shipment: Any) -> Reply:
        pounds = sum(map(_pounds, shipment["Package"]))
        found = [_rated(code, round(cents * max(pounds, 1)), days) for code, (cents, days) in SERVICES.items()]
        return self._problem(shipment) or as_json({"RateResponse": {"RatedShipment": found}})

    def _ship(self, request: Any) -> Reply:
        shipment, zpl = request["Shipment"], request["LabelSpecification"]["LabelImageFormat"]["Code"] == "ZPL"
        if problem := self._problem(shipment):
            return problem
        code = shipment["Service"]["Code"]
        if code not in SERVICES:
            return self.refused(400, "111100", "The requested service is invalid from the selected origin.")
        graphic = {"ImageFormat": {"Code": "ZPL" if zpl else "GIF"}, "GraphicImage": b64encode(ZPL).decode() if zpl else image()}
        numbers = [numbered("1ZA1B2C3", len(self.bought) * 30 + i + 1, 18, "UPS") for i, _ in enumerate(shipment["Package"])]
        results = {
            "ShipmentIdentificationNumber": self.sold(numbers[0], request["Request"]["TransactionReference"]["CustomerContext"]),
            "PackageResults": [{"TrackingNumber": number, "ShippingLabel": graphic} for number in numbers],
        }
        return as_json({"ShipmentResponse": {"Response": {"ResponseStatus": {"Code": "1"}}, "ShipmentResults": results}})

    def _track(self, number: str) -> Reply:
        if number not in self.bought:
            warning = {"code": "TW0001", "message": "Tracking Information Not Found"}
            return as_json({"trackResponse": {"shipment": [{"inquiryNumber": number, "warnings": [warning]}]}})
        activity = [_scan("M", "MP", "Shipper created a label, UPS has not received the package yet.")]
        if self.bought[number] == "delivered":
            activity.insert(0, _scan("D", "FS", "Delivered"))
        package = {
            "trackingNumber": number, "activity": activity, "deliveryDate": [], "packageAddress": [],
            "deliveryInformation": {"receivedBy": "READER"}, "service": {"description": "UPS Ground"}, "weight": {"weight": "0.89"},
        }  # fmt: skip
        return as_json({"trackResponse": {"shipment": [{"inquiryNumber": number, "package": [package]}]}})


def _pounds(package: Any) -> Decimal:
    return Decimal(package["PackageWeight"]["Weight"])


def _rated(code: str, cents: int, days: int) -> dict[str, Any]:
    charge = {"CurrencyCode": "USD", "MonetaryValue": f"{cents / 100:.2f}"}
    arrival = {"EstimatedArrival": {"BusinessDaysInTransit": str(days)}}
    return {
        "Service": {"Code": code}, "TransportationCharges": charge, "BaseServiceCharge": charge, "TotalCharges": charge,
        "ServiceOptionsCharges": {**charge, "MonetaryValue": "0.00"}, "ItemizedCharges": [], "TimeInTransit": {"ServiceSummary": arrival},
    }  # fmt: skip


def _scan(kind: str, code: str, description: str) -> dict[str, Any]:
    at = scanned(delivered=kind == "D")
    place = {"city": "Los Angeles", "stateProvince": "CA", "country": "US", "postalCode": "90001"}
    return {
        "date": f"{at:%Y%m%d}", "time": f"{at:%H%M%S}", "location": {"address": place},
        "status": {"type": kind, "code": code, "description": description},
    }  # fmt: skip
