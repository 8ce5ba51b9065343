"""A submission: a product as its supplier last sent it, and what audit said of it. Knows no AWS."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from shared.errors import Conflict, FieldError
from shared.ids import derived_id
from shared.messages import ProductApproved, ProductHeld, ProductRefused, ProductSubmitted
from shared.trade.product import Product

Status = Literal["submitted", "approved", "refused", "held"]
MAX_PRODUCT = 128 * 1024
"""A product is at most this many bytes of JSON: its event must fit into one SNS message (256 KB) with room to spare."""


class SkuTaken(Conflict):
    code, title = "sku-taken", "A product with this sku exists already: send its new version by PUT /v1/products/{product_id}"


class Moved(Conflict):
    code, title = "product-moved", "The product was changed by another request at the same moment; send yours again"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a submission stands. `as_of` is the moment its content was sent (RFC 3339): later content wins, whatever the order of work."""

    product_id: str
    sku: str
    version: int
    as_of: str
    digest: str
    status: Status = "submitted"
    code: str = ""
    evidence: str = ""
    remedy: str = ""
    row: str = ""
    """`fd_… chunk row` of the feed's row that brought this version; empty if a request did."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What audit said of one version of a product."""

    supplier_id: str
    product_id: str
    version: int
    status: Status
    code: str = ""
    evidence: str = ""
    remedy: str = ""

    @classmethod
    def of(cls, message: ProductApproved | ProductRefused | ProductHeld) -> "Verdict":
        told = (message.supplier_id, message.product_id, message.version)
        match message:
            case ProductRefused():
                return cls(*told, "refused", message.code, message.evidence, message.remedy)
            case ProductHeld():
                return cls(*told, "held", message.code, message.evidence)
            case _:
                return cls(*told, "approved")


def product_id_of(supplier_id: str, sku: str) -> str:
    """The one id of a supplier's sku, so that a feed and a request about the same sku meet."""
    return derived_id("prd", supplier_id, sku)


def digest_of(product: Product) -> str:
    """A short text that is the same for the same content. Defaults are left out, so that a new field does not make old content new."""
    return hashlib.sha256(product.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:32]


def submitted(supplier_id: str, product: Product, version: int, as_of: str) -> ProductSubmitted:
    """The event that a submission is."""
    product_id = product_id_of(supplier_id, product.sku)
    return ProductSubmitted(version=version, product_id=product_id, supplier_id=supplier_id, product=product, submitted_at=as_of)


def standing_of(event: ProductSubmitted) -> Standing:
    """Where a submission stands that nobody has judged yet."""
    return Standing(event.product_id, event.product.sku, event.version, event.submitted_at, digest_of(event.product))


def decide(product: Product, as_of: str, found: Standing | None) -> Literal["submitted", "unchanged", "superseded"]:
    """What becomes of content sent at `as_of` beside what is `found`: a new version, nothing new, or too late."""
    if found is None:
        return "submitted"
    if found.digest == digest_of(product):
        return "unchanged"
    return "superseded" if found.as_of > as_of else "submitted"


def judged(before: Mapping[str, Standing], verdicts: Iterable[Verdict]) -> list[Standing]:
    """The standings that `verdicts` change, as they are then.

    A verdict on another version than the stored one is dropped, and so is `held` after a decision: events may change places.
    """
    after = dict(before)
    for verdict in verdicts:
        found = after.get(verdict.product_id)
        if found is None or found.version != verdict.version or (verdict.status == "held" and found.status in ("approved", "refused")):
            continue
        after[found.product_id] = replace(found, status=verdict.status, code=verdict.code, evidence=verdict.evidence, remedy=verdict.remedy)
    return [standing for product_id, standing in after.items() if standing != before[product_id]]


def flaws(product: Product, categories: Collection[str], pictures: Collection[str]) -> Iterable[FieldError]:
    """What the product names that the hub does not hold, by JSON pointer."""
    if product.category not in categories:
        yield FieldError("/category", "no such category: choose one from GET /v1/taxonomy")
    for i, picture in enumerate(product.pictures):
        if picture not in pictures:
            yield FieldError(f"/pictures/{i}", "no such picture of yours: use the picture_id that POST /v1/pictures gave you")
