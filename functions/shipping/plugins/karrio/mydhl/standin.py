"""DHL Express in one process: rates, shipments and tracking as developer.dhl.com/api-reference/dhl-express-mydhl-api documents them."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from conformance.standins.labels import ZPL, numbered, pdf
from functions.shipping.plugins.karrio.standin import NOWHERE, SECRET, Standin, scanned
from monsoon_plugin.standin import Asked, Reply, as_json

PRODUCTS = {"N": (1800, 1), "P": (4200, 3)}
"""Domestic and worldwide ("Product codes"): US cents for a kilogram, days."""
HEAVIEST = 70


class Mydhl(Standin):
    TOKENS = ""

    def admitted(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Basic {b64encode(f'standin:{SECRET}'.encode()).decode()}"

    def refused(self, status: int, code: str, message: str) -> Reply:
        """ "Error codes"."""
        return as_json({"instance": "/expressapi", "detail": f"{code}: {message}", "title": "Bad request", "status": str(status)}, status)

    def do(self, asked: Asked, path: str) -> Reply:
        match path.removeprefix("/mydhlapi/test"):
            case "/address-validate":
                return as_json({"address": [{"countryCode": "DE", "postalCode": "53113", "cityName": "BONN"}]})
            case "/rates":
                return self._rates(asked.document)
            case "/shipments":
                return self._ship(asked.document)
        return self._track(parse_qs(asked.path.partition("?")[2])["shipmentTrackingNumber"][0])

    def _problem(self, receiver: Any, packages: Any) -> Reply | None:
        if receiver.get("addressLine1") == NOWHERE:
            return self.refused(422, "8004", "The address is not known.")
        if any(package["weight"] > HEAVIEST for package in packages):
            return self.refused(422, "410143", "A piece weighs more than 70 kg.")
        return None

    def _rates(self, wanted: Any) -> Reply:
        weight = max(sum(package["weight"] for package in wanted["packages"]), 1)
        found = [_product(code, round(cents * weight), days) for code, (cents, days) in PRODUCTS.items()]
        return self._problem(wanted["customerDetails"]["receiverDetails"], wanted["packages"]) or as_json({"products": found})

    def _ship(self, wanted: Any) -> Reply:
        packages = wanted["content"]["packages"]
        if problem := self._problem(wanted["customerDetails"]["receiverDetails"]["postalAddress"], packages):
            return problem
        if wanted["productCode"] not in PRODUCTS:
            return self.refused(422, "410138", "Product not found.")
        zpl = wanted["outputImageProperties"]["encodingFormat"] == "zpl"
        content = b64encode(ZPL if zpl else pdf()).decode()
        numbers = [numbered("JJD01", len(self.bought) * 30 + i + 1, 13, "DHL") for i, _ in enumerate(packages)]
        return as_json({
            "shipmentTrackingNumber": self.sold(numbered("", 100_000_000 + len(self.bought), 10, "DHL Express")),
            "packages": [{"referenceNumber": i + 1, "trackingNumber": number} for i, number in enumerate(numbers)],
            "documents": [{"imageFormat": "ZPL" if zpl else "PDF", "content": content, "typeCode": "label"}],
            "shipmentCharges": [{"currencyType": "BILLC", "priceCurrency": "USD", "price": 18.0}],
        }, 201)  # fmt: skip

    def _track(self, number: str) -> Reply:
        if number not in self.bought:
            return self.refused(404, "404", "No result found.")
        done = self.bought[number] == "delivered"
        events = [*([_scan("OK", "Delivered")] if done else []), _scan("PU", "Shipment picked up")]
        return as_json({"shipments": [{
            "shipmentTrackingNumber": number, "status": "Success", "productCode": "N", "events": events, "totalWeight": 0.4,
            "numberOfPieces": 1, "shipmentTimestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
        }]})  # fmt: skip


def _product(code: str, cents: int, days: int) -> dict[str, Any]:
    price = {"currencyType": "BILLC", "priceCurrency": "USD", "price": cents / 100}
    return {"productName": "EXPRESS", "productCode": code, "totalPrice": [price], "deliveryCapabilities": {"totalTransitDays": str(days)}}


def _scan(code: str, description: str) -> dict[str, Any]:
    at = scanned(delivered=code == "OK")
    place = [{"code": "BNE", "description": "Brisbane-AU"}]
    return {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M:%S}", "typeCode": code, "description": description, "serviceArea": place}
