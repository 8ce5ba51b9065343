"""USPS in one process: OAuth, Payments, Shipping Options, Domestic Labels and Tracking as developer.usps.com/apis documents them (v3)."""

from base64 import b64encode
from typing import Any

from conformance.standins.labels import ZPL, numbered, pdf
from functions.shipping.plugins.karrio.standin import NOWHERE, Standin, scanned, text
from monsoon_plugin.standin import Asked, Reply, as_json

SERVICES = {
    "USPS_GROUND_ADVANTAGE": ("USPS Ground Advantage Nonmachinable Dimensional Rectangular", 910, 5),
    "PRIORITY_MAIL": ("Priority Mail Machinable Single-piece", 1290, 2),
}  # fmt: skip
"""Mail class → its product's name, US cents for a pound, days."""
HEAVIEST, BOUNDARY = 70.0, "standinboundary"


class Usps(Standin):
    TOKENS = "/oauth2/v3/token"

    def refused(self, status: int, code: str, message: str) -> Reply:
        """…/apis, ErrorMessage."""
        error = {"code": code, "message": message, "errors": [{"code": code, "title": message, "detail": message}]}
        return as_json({"apiVersion": "/labels/v3", "error": error}, status)

    def do(self, asked: Asked, path: str) -> Reply:
        if path == "/payments/v3/payment-authorization":
            return as_json({"paymentAuthorizationToken": "standin-payment", "roles": asked.document["roles"]})
        if path == "/shipments/v3/options/search":
            return self._rates(asked.document)
        if path == "/labels/v3/label":
            return self._ship(asked.document)
        number = path.rpartition("/")[2]
        if asked.method == "DELETE":
            given = self.voided(number)
            return as_json({"status": "CANCELED", "trackingNumber": number}) if given else self.refused(400, "160042", "Label was refunded")
        return self._track(number)

    def _rates(self, wanted: Any) -> Reply:
        pounds = wanted["packageDescription"]["weight"]
        if pounds > HEAVIEST:
            return self.refused(400, "020030", "The weight is above 70 pounds.")
        options = [_option(mail_class, round(cents * max(pounds, 1))) for mail_class, (_, cents, _) in SERVICES.items()]
        return as_json({"originZIPCode": wanted["originZIPCode"], "pricingOptions": [{"priceType": "RETAIL", "shippingOptions": options}]})

    def _ship(self, wanted: Any) -> Reply:
        package = wanted["packageDescription"]
        if wanted["toAddress"]["streetAddress"] == NOWHERE:
            return self.refused(400, "160108", "The address is not known.")
        if package["mailClass"] not in SERVICES:
            return self.refused(400, "160115", "The mail class is not known.")
        reference = package["customerReference"][0]["referenceNumber"]
        number = self.sold(numbered("9400100208303", len(self.bought) + 1, 22, "USPS"), reference)
        metadata = {"trackingNumber": number, "postage": 9.1, "SKU": "DUXP0XXXXC", "extraServices": [], "fees": []}
        label = b64encode(ZPL if package_is_zpl(wanted) else pdf()).decode()
        return Reply(200, _multipart(metadata, label).encode(), f"multipart/form-data; boundary={BOUNDARY}")

    def _track(self, number: str) -> Reply:
        if number not in self.bought:
            return self.refused(404, "150001", "The tracking number is not known.")
        done = self.bought[number] == "delivered"
        said = [*(["Delivered, Front Door/Porch"] if done else []), "Shipping Label Created, USPS Awaiting Item"]
        status = "Delivered" if done else "Pre-Shipment"
        return as_json({
            "trackingNumber": number, "status": status, "statusCategory": status, "trackingEvents": [_scan(each) for each in said],
        })  # fmt: skip


def package_is_zpl(wanted: Any) -> bool:
    return str(wanted["imageInfo"]["imageType"]).startswith("ZPL")


def _option(mail_class: str, cents: int) -> dict[str, Any]:
    name, _, days = SERVICES[mail_class]
    rate = {"mailClass": mail_class, "productName": name, "price": cents / 100, "zone": "04"}
    commitment = {"name": f"{days} Days", "scheduleDeliveryDate": None}
    return {
        "mailClass": mail_class,
        "rateOptions": [
            {"totalPrice": cents / 100, "totalBasePrice": cents / 100, "rates": [rate], "extraServices": [], "commitment": commitment}
        ],
    }


def _multipart(metadata: dict[str, Any], label: str) -> str:
    parts = [
        f'Content-Disposition: form-data; name="labelMetadata"\nContent-Type: application/json\n\n{text(metadata)}',
        f'Content-Type: application/pdf\nContent-Disposition: form-data; filename="labelImage.pdf"; name="labelImage"\n\n{label}',
    ]
    return "".join(f"--{BOUNDARY}\n{part}\n" for part in parts) + f"--{BOUNDARY}--\n"


def _scan(said: str) -> dict[str, Any]:
    at = scanned(delivered=said.startswith("Delivered"))
    return {
        "eventType": said, "eventTimestamp": f"{at:%Y-%m-%dT%H:%M:%S}", "eventCode": "01", "eventCity": "HOUSTON",
        "eventState": "TX", "eventZIP": "77063", "eventCountry": None,
    }  # fmt: skip
