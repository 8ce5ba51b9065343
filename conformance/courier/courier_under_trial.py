"""What the courier checks ask for: the kit's parcels and addresses, and the calls of a plug-in, each with a context of its own."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.under_trial import UnderTrial
from monsoon_plugin.address import Address
from monsoon_plugin.courier import (
    Capability,
    Content,
    Label,
    LabelRequest,
    Package,
    Parcel,
    Purchase,
    Rate,
    RateRequest,
    TrackEvent,
    TrackNotice,
)
from monsoon_plugin.plugin import RawWebhook
from monsoon_plugin.testing import CourierTrial

TITLE, HS_CODE, ORIGIN, VALUE = "Porcelain teapot", "691110", "CN", 2599
ADDRESSES: Mapping[str, Mapping[str, Any]] = {
    "GB": {"lines": ["10 Fleet Street"], "city": "London", "postal_code": "EC4Y 1AU"},
    "US": {"lines": ["179 N Harbor Dr"], "city": "Redondo Beach", "region": "CA", "postal_code": "90277"},
    "CA": {"lines": ["111 Wellington St"], "city": "Ottawa", "region": "ON", "postal_code": "K1A 0A9"},
    "DE": {"lines": ["Unter den Linden 1"], "city": "Berlin", "postal_code": "10117"},
    "CN": {"lines": ["新洲十一街万基商务大厦10楼"], "city": "深圳市", "region": "广东省", "postal_code": "518048"},
    "HK": {"lines": ["1 Queen's Road Central"], "city": "Hong Kong"},
}


def address_in(country: str, changes: Mapping[str, Any] | None = None) -> Address:
    """Somebody's address; a made-up one where the kit knows no real one."""
    place = ADDRESSES.get(country, {"lines": ["1 High Street"], "city": "Town", "postal_code": "10000"})
    someone = {"name": "Robin Reader", "phone": "+15555555555", "email": "robin@example.com", "country": country}
    return Address.model_validate({**someone, **place, **(changes or {})})


def parcel_of(packages: int = 1, weight: int = 400, supplier: str = "acc_kit", currency: str = "") -> Parcel:
    """Teapots, one in each package; `weight` in grams of a package."""
    boxes = []
    for _ in range(packages):
        content = Content(
            offer_id="off_teapot", title=TITLE, quantity=1, weight=weight, hs_code=HS_CODE, origin=ORIGIN,
            value=VALUE if currency else 0, currency=currency,
        )  # fmt: skip
        boxes.append(Package(weight=weight, length=250, width=200, height=100, contents=(content,)))
    contents = tuple(content for box in boxes for content in box.contents)
    volume = packages * 250 * 200 * 100
    return Parcel(supplier_id=supplier, weight=packages * weight, volume=volume, contents=contents, packages=tuple(boxes))


def new_key() -> str:
    return f"op_{secrets.token_hex(12)}"


@dataclass(frozen=True)
class CourierUnderTrial(UnderTrial[CourierTrial]):
    notices = "couriers"

    @property
    def capability(self) -> Capability:
        found: Capability = self.plugin.capability(self.config)
        return found

    @property
    def label_format(self) -> str:
        return str(getattr(self.config, "label_format", "PDF"))

    def rates(self, *parcels: Parcel, country: str = "", address: Address | None = None) -> list[Rate]:
        """At home, a parcel of one package, unless said otherwise."""
        to = address or address_in(country or self.trial.country)
        request = RateRequest(parcels or (parcel_of(),), to, self.trial.currency, 0)
        return list(self.plugin.rates(self.ctx(), request))

    def request(self, packages: int = 1, country: str = "", rate_id: str = "") -> LabelRequest:
        """A parcel to be labelled by the first rate that is offered for it."""
        parcel, to = parcel_of(packages, currency=self.trial.currency), country or self.trial.country
        rate = self.rates(parcel, country=to)[0]
        return LabelRequest(
            rate_id=rate_id or rate.id,
            parcel=parcel,
            address=address_in(to),
            currency=self.trial.currency,
            price=rate.price,
            order_id="ord_kit",
        )

    def buy(self, request: LabelRequest, key: str) -> Purchase:
        found: Purchase = self.plugin.buy(self.ctx(), request, key)
        return found

    def buy_one(self) -> Purchase:
        """A new label."""
        return self.buy(self.request(), new_key())

    def fetch(self, key: str) -> Purchase | None:
        found: Purchase | None = self.plugin.fetch(self.ctx(), key)
        return found

    def void(self, label: Label, key: str) -> None:
        self.plugin.void(self.ctx(), label, key)

    def track(self, label: Label) -> list[TrackEvent]:
        return list(self.plugin.track(self.ctx(), label))

    def notice(self, raw: RawWebhook) -> TrackNotice | None:
        found: TrackNotice | None = self.plugin.webhook(self.ctx(), raw)
        return found

    def buy_unless_found(self, request: LabelRequest, key: str) -> Purchase:
        """What the core does after a purchase whose answer was lost: ask, and buy with the same key only if there certainly is none."""
        found = self.fetch(key)
        return self.buy(request, key) if found is None else found
