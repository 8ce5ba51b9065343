"""storefronts as its tests serve it: the real table definition, and everything else in memory."""

from dataclasses import replace
from typing import Any

from functions.storefronts import handler
from functions.storefronts.bootstrap import AddressSettings, Services, Settings
from shared.api.service import Service
from shared.bus import envelope
from shared.messages import OfferPublished, OfferRecalled
from shared.trade.product import Product
from shared.trade.reference_data import Reference, load
from tests.fakes import MEDIA, NOON, TICKETS, FakeObjects, Reply, call, caller, sqs
from tests.unit.storefronts.fakes import Bucket

LISTINGS = "/v1/storefronts/{storefront_id}/listings"
BODY = {
    "name": "Lantern", "languages": ["en", "zh"], "selection": {"categories": ["hg-3"]},
    "price_rule": {"margin_per_mille": 250, "round_to": 100, "minus": 1},
}  # fmt: skip
ROWS = [["hg", "Home & Garden"], ["hg-3", "Home & Garden > Decor"], ["hg-3-67", "Home & Garden > Decor > Vases"]]


class StorefrontsService:
    """The service's parts and entry points. `forget` begins a new process."""

    def __init__(self, table: str) -> None:
        self.table, self.bucket, self.media_url, reference = table, Bucket(), MEDIA, FakeObjects()
        load(reference, "taxonomy/en", "1", ROWS)
        load(reference, "attributes/en", "1", [["4", "Material", [["640", "Glass"], ["879", "Clay"]]]])
        load(reference, "attributes/zh", "1", [["4", "材质", [["640", "玻璃"], ["879", "粘土"]]]])
        load(reference, "fx", "1", {"date": "2026-10-30", "per_euro": {"GBP": "0.8781", "USD": "1.1172"}})
        self.reference = Reference(reference)
        self.app = Service("storefronts", lambda: self.services, handler.ROUTES)
        self.indexer = replace(handler.indexer, services=lambda: self.services)
        self.forget()

    def forget(self) -> None:
        """What a new process would not know."""
        self.services = Services(
            *(Settings(self.table), AddressSettings(self.media_url)),
            tickets=TICKETS,
            reference=self.reference,
            snapshot_storage=self.bucket,
            public_url="",
        )

    def tell(self, *messages: Any) -> None:
        worker = replace(handler.worker, services=lambda: self.services)
        assert worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}
        self.forget()

    def opened(self, body: dict[str, Any] = BODY, key: str = "k1") -> Reply:
        return call(self.app, "POST", "/v1/storefronts", body=body, headers={"idempotency-key": key}, by=caller())

    def listings(self, storefront_id: str, query: dict[str, str] | None = None, by: Any = None, **headers: str) -> Reply:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(self.app, "GET", LISTINGS, path={"storefront_id": storefront_id}, query=query, headers=names, by=by or caller())

    def changed(self, storefront_id: str, version: int, **body: Any) -> Reply:
        path = {"storefront_id": storefront_id}
        return call(self.app, "PUT", "/v1/storefronts/{storefront_id}", path=path, body={**BODY, "version": version, **body}, by=caller())

    def sanctioned(self, storefront_id: str, route: str, by: Any = None, **body: str) -> Reply:
        told = {"account_id": "acc_1", **body}
        path = "/v1/storefronts/{storefront_id}/" + route
        return call(self.app, "POST", path, path={"storefront_id": storefront_id}, body=told, by=by or caller("acc_0", "operator"))

    def product(
        self, storefront_id: str, product_id: str = "prd_1", query: dict[str, str] | None = None, by: Any = None, **headers: str
    ) -> Reply:
        path = {"storefront_id": storefront_id, "product_id": product_id}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(self.app, "GET", LISTINGS + "/{product_id}", path=path, query=query, headers=names, by=by or caller())

    def asked(self, route: str, query: dict[str, str], by: Any) -> Reply:
        return call(self.app, "GET", route, query=query, by=by)

    def shown(self, path: str = "", query: dict[str, str] | None = None, slug: str = "tea-house", **headers: str) -> Reply:
        """A page of a shop as a browser asks for it: `products/prd_1`."""
        names = {"accept": "text/html", "host": "hub.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
        place, _, name = path.partition("/")
        field = "topic" if place == "about" else "product_id"
        route = "/shop/{slug}" + (f"/{place}" if place else "") + (f"/{{{field}}}" if name else "")
        return call(self.app, "GET", route, path={"slug": slug, field: name}, query=query, headers=names)

    def lost(self, rest: str, slug: str = "tea-house", **headers: str) -> Reply:
        """What a browser is answered at an address below a shop's that is no page of it."""
        names = {"accept": "text/html", "host": "hub.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return call(self.app, "GET", "/shop/{slug}/{rest+}", path={"slug": slug, "rest+": rest}, headers=names)

    def facets(self, storefront_id: str, query: dict[str, str] | None = None, by: Any = None, **headers: str) -> Reply:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        route = "/v1/storefronts/{storefront_id}/facets"
        return call(self.app, "GET", route, path={"storefront_id": storefront_id}, query=query, headers=names, by=by or caller())


def published(number: int, category: str = "hg-3-67", version: int = 1, cost: int = 1000) -> OfferPublished:
    product = Product.model_validate({
        "sku": f"V-{number}",
        "texts": {"en": {"title": f"Vase {number}", "description": "Blown glass."}, "zh": {"title": f"花瓶 {number}"}},
        "category": category, "tags": ["glass"],
        "price": {"amount": cost, "currency": "GBP"}, "stock": 5, "weight": 300, "pictures": ["pic_1", "pic_2"],
        "tiers": [{"min_quantity": 10, "price": {"amount": 800, "currency": "GBP"}}],
        "size": {"length": 100, "width": 80, "height": 90}, "hs_code": "701399", "origin": "CN",
    })  # fmt: skip
    return OfferPublished(
        version=version, offer_id=f"off_{number}", product_id=f"prd_{number}", supplier_id="acc_7", product=product,
        first_published_at=f"2026-11-01T12:00:{number:02}.000Z",
    )  # fmt: skip


def recalled(number: int, version: int) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id=f"off_{number}", product_id=f"prd_{number}", supplier_id="acc_7", reason="cracks")
