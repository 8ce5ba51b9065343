"""What differs between the carriers: where they answer, what a merchant types in, how a key is checked. Each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, SecretStr

from monsoon_plugin.courier import CarrierConfig

Name = Field(min_length=1, max_length=200)
Key = Field(min_length=4, max_length=400)


class KarrioConfig(CarrierConfig):
    """What all four have in common."""

    account_number: str = Field(pattern=r"^[0-9A-Za-z-]{3,20}$")
    days: tuple[int, int] = Field(default=(2, 10), description="earliest and latest day of delivery, where the carrier does not say")


class UpsConfig(KarrioConfig):
    client_id: str = Name
    client_secret: SecretStr = Key


class FedexConfig(KarrioConfig):
    api_key: str = Name
    secret_key: SecretStr = Key
    track_api_key: str = Field(default="", max_length=200, description="of the project for tracking; empty: the same")
    track_secret_key: SecretStr = Field(default=SecretStr(""), max_length=400, description="of the project for tracking; empty: the same")


class UspsConfig(KarrioConfig):
    client_id: str = Name
    client_secret: SecretStr = Key
    crid: str = Field(pattern=r"^[0-9]{1,15}$", description="Customer Registration ID")
    mid: str = Field(pattern=r"^[0-9]{6,9}$", description="Mailer ID")
    manifest_mid: str = Field(default="", pattern=r"^[0-9]{6,9}$|^$", description="the Mailer ID of manifests; empty: the same")


class MydhlConfig(KarrioConfig):
    username: str = Name
    password: SecretStr = Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    id: str
    """Karrio's name of the connector, and the plug-in's id."""
    name: str
    host: str
    test_host: str
    path: str = ""
    test_path: str = ""
    """Before every path of the API, where it is not at the host's root."""
    question: str = ""
    """Asked to check the keys, where the carrier gives no tokens for them."""
    max_packages: int = 20
    max_weight: int = 68_000
    """Grams of one package."""
    countries: tuple[str, ...] | None = None
    needs: tuple[Literal["phone", "email", "region", "postal_code"], ...] = ("phone", "postal_code")
    """What an address must say; see Capability."""
    void: bool = True
    metric: bool = False
    """Whether packages are told in kilograms and centimetres; see translate.package_of."""
    invoice_total: bool = False
    """Whether Karrio asks for the contents' whole value beside customs': UPS's InvoiceLineTotal, which says 1.00 without it. Elsewhere
    the same option buys cover against loss."""


UPS = Carrier(id="ups", name="UPS", host="onlinetools.ups.com", test_host="wwwcie.ups.com", invoice_total=True)
"""developer.ups.com/api/reference; 150 lb a package (ups.com, "Package size and weight limits")."""
FEDEX = Carrier(id="fedex", name="FedEx", host="apis.fedex.com", test_host="apis-sandbox.fedex.com")
"""developer.fedex.com/api/en-us/catalog.html; 150 lb a package."""
USPS = Carrier(
    needs=("region", "postal_code"),
    id="usps",
    name="USPS",
    host="apis.usps.com",
    test_host="apis-tem.usps.com",
    max_packages=1,
    max_weight=31_700,
    countries=("US",),
)
"""developer.usps.com/apis, domestic labels: one label a request, so that one operation is one request; 70 lb a package."""
MYDHL = Carrier(
    id="mydhl",
    name="DHL Express",
    host="express.api.dhl.com",
    test_host="express.api.dhl.com",
    path="/mydhlapi",
    test_path="/mydhlapi/test",
    question="/address-validate?type=pickup&countryCode=DE&cityName=Bonn&postalCode=53113",
    max_weight=70_000,
    void=False,
    metric=True,
)
"""developer.dhl.com/api-reference/dhl-express-mydhl-api; 70 kg a piece. It has no call to void a shipment: what is never handed over is
not charged."""


def settings_of(carrier: Carrier, config: Any) -> Mapping[str, Any]:
    """The connector's settings, secrets in the clear, for its memory alone."""
    opened = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in ((name, getattr(config, name)) for name in type(config).model_fields)
        if name not in CarrierConfig.model_fields and name != "days"
    }
    match carrier.id:
        case "fedex":
            opened["track_api_key"] = opened["track_api_key"] or opened["api_key"]
            opened["track_secret_key"] = opened["track_secret_key"] or opened["secret_key"]
        case "usps":
            mid = opened.pop("mid")
            opened |= {"CRID": opened.pop("crid"), "MID": mid, "manifest_MID": opened.pop("manifest_mid") or mid}
    return opened | {"account_country_code": config.origin.country, "carrier_id": carrier.id}
