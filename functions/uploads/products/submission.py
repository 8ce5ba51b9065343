"""A submission: a product as its supplier last sent it, and what audit said of it."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from functions.uploads.products.described import described_flaws
from functions.uploads.products.hs_codes import hs_flaw
from shared.door.checks import flaws as door_flaws
from shared.door.countries import country_flaw
from shared.errors import Conflict, FieldError
from shared.ids import derived_id
from shared.messages import ProductApproved, ProductDelisted, ProductHeld, ProductRefused, ProductSubmitted
from shared.trade.gtin import gtin_flaw
from shared.trade.product import Product

Status = Literal["submitted", "approved", "refused", "held", "delisted"]
"""`delisted`: a draft, or archived, as its supplier asked."""
PICTURE_ID = re.compile(r"pic_[0-9A-HJKMNP-TV-Z]{26}")
"""Whether there is such a picture, and what it is, is found out beside: a product is taken meanwhile."""
NO_PICTURE = "this is no picture's id: use the picture_id that POST /v1/pictures gave you"
READ_AT_THE_DOOR = {"sku", "texts", "ships_to", "options", "variants", "brand", "mpn", "item_group", "attributes", "safety", "alt_texts"}
"""Fields that hold what people read, or countries."""
MAX_PRODUCT = 128 * 1024
"""A product is at most this many bytes of JSON: its event must fit into one SNS message (256 KB) with room to spare."""


class SkuTaken(Conflict):
    code, title = "sku-taken", "A product with this sku exists already: send its new version by PUT /v1/products/{product_id}"


class ProductMoved(Conflict):
    code, title = "product-moved", "The product was changed by another request at the same moment; send yours again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A supplier's product and where it stands with audit.

    `as_of` is the moment its content was sent (RFC 3339): later content wins, whatever the order of work. A change of price or stock alone
    leaves it, so that what was sent whole just before, and is read just after, is not lost.
    """

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
    variants: tuple[str, ...] = ()
    """Their skus."""
    filled: Mapping[str, str] = field(default_factory=dict)
    """What its supplier's defaults filled: field → the category whose default it is."""
    approved: tuple[str, ...] = ()
    """What the version before it that was approved last was sold by: it is on sale while this one waits, or is refused."""
    gtins: tuple[str, ...] = ()
    """Its own and its variants'."""
    listing: str = ""
    """draft or archived, as its supplier keeps it off sale; empty: it sells it, or the item is of before this was noted."""
    source: str = ""
    """Which of its supplier's files it is of, by the name that they bear; empty: of those that bear none."""
    priced_at: str = ""
    """The moment that its prices were sent alone (RFC 3339), later than `as_of`; empty: with the rest."""
    stock_at: str = ""
    """The moment that its first version was of, if that is another: each later one counts for itself."""

    @property
    def latest(self) -> str:
        """The moment that anything of its content was sent last; its prices, which a whole product says too, are never older."""
        return self.priced_at or self.as_of

    @property
    def stock_known_at(self) -> str:
        """Of when is what is known of its stock, where no count is held: what was sent since brought none, for its numbers were older."""
        return self.stock_at or self.as_of

    @property
    def skus(self) -> tuple[str, ...]:
        """What it is sold by: its own sku, or its variants'."""
        return self.variants or (self.sku,)

    @property
    def counted(self) -> frozenset[str]:
        """What may be counted: what it is sold by, and what is on sale until it is approved."""
        return frozenset(self.skus if self.status == "approved" else (*self.skus, *self.approved))

    @property
    def row_waits(self) -> bool:
        """Whether a feed's row still waits for what audit, or a person there, decides of this version."""
        return bool(self.row) and self.status in ("submitted", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
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
    def of(cls, message: ProductApproved | ProductRefused | ProductDelisted | ProductHeld) -> "Verdict":
        approved = cls(supplier_id=message.supplier_id, product_id=message.product_id, version=message.version, status="approved")
        match message:
            case ProductRefused():
                return replace(approved, status="refused", code=message.code, evidence=message.evidence, remedy=message.remedy)
            case ProductDelisted():
                return replace(approved, status="delisted")
            case ProductHeld():
                return replace(approved, status="held", code=message.code, evidence=message.evidence)
            case _:
                return approved


def product_id_of(supplier_id: str, sku: str) -> str:
    """The one id of a supplier's sku, so that a feed and a request about the same sku meet."""
    return derived_id("prd", supplier_id, sku)


def digest_of(product: Product) -> str:
    """A short text that is the same for the same content. Defaults are left out, so that a new field does not make old content new."""
    return hashlib.sha256(product.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:32]


def submission_event(
    supplier_id: str, product: Product, version: int, as_of: str, filled: Mapping[str, str] = MappingProxyType({}), *, priced_at: str = "",
    picture_urls: Sequence[str] = (),
) -> ProductSubmitted:  # fmt: skip
    """The event that a submission is. `filled`: what of the product is its supplier's defaults; `priced_at`: see Submission;
    `picture_urls`: where pictures lie that it names."""
    product_id, told = product_id_of(supplier_id, product.sku), dict(filled)
    return ProductSubmitted(
        version=version, product_id=product_id, supplier_id=supplier_id, product=product, submitted_at=as_of, filled=told,
        priced_at=priced_at if priced_at > as_of else "", picture_urls=list(picture_urls),
    )  # fmt: skip


def submission_of(event: ProductSubmitted, before: Submission | None = None) -> Submission:
    """A submission that audit has not decided on yet. `before`: the version that it follows."""
    plain = () if before is None or before.variants else (before.sku,)
    approved = () if before is None else before.skus if before.status == "approved" else before.approved or plain
    return Submission(
        product_id=event.product_id, sku=event.product.sku, version=event.version, as_of=event.submitted_at,
        digest=digest_of(event.product), variants=tuple(variant.sku for variant in event.product.variants), approved=approved,
        filled=event.filled, source=before.source if before else "",
        gtins=gtins_of(event.product),
        listing="" if event.product.status == "active" else event.product.status, priced_at=event.priced_at,
        stock_at=before.stock_known_at if before and before.stock_known_at != event.submitted_at else "",
    )  # fmt: skip


def gtins_of(product: Product) -> tuple[str, ...]:
    """Its own and its variants', once each."""
    return tuple(dict.fromkeys(gtin for gtin in (product.gtin, *(variant.gtin for variant in product.variants)) if gtin))


def outcome_of(
    product: Product, as_of: str, found: Submission | None, *, prices_alone: bool = False
) -> Literal["submitted", "unchanged", "superseded"]:  # fmt: skip
    """What becomes of content sent at `as_of` beside what is `found`: a new version, nothing new, or too late. `prices_alone`: it is what
    was found, with other prices."""
    if found is None:
        return "submitted"
    if found.digest == digest_of(product):
        return "unchanged"
    return "superseded" if (found.latest if prices_alone else found.as_of) > as_of else "submitted"


def is_overtaken(found: Submission | None, as_of: str) -> bool:
    """Whether a whole product sent at `as_of` is newer than what is found, but for its prices."""
    return found is not None and found.as_of <= as_of < found.latest


def after_verdicts(before: Mapping[str, Submission], verdicts: Iterable[Verdict]) -> list[Submission]:
    """The submissions that `verdicts` change, as they are then.

    A verdict on another version than the stored one is dropped, and so is `held` after a decision: events may change places.
    """
    after = dict(before)
    for verdict in verdicts:
        found = after.get(verdict.product_id)
        if found is None or found.version != verdict.version or (verdict.status == "held" and found.status in ("approved", "refused")):
            continue
        after[found.product_id] = replace(found, status=verdict.status, code=verdict.code, evidence=verdict.evidence, remedy=verdict.remedy)
    return [submission for product_id, submission in after.items() if submission != before[product_id]]


def flaws(product: Product, categories: Collection[str]) -> Iterable[FieldError]:
    """What the product names that there is not, and what of it can be checked and is wrong, by JSON pointer."""
    yield from _wrong_codes(product)
    yield from described_flaws(product)
    yield from door_flaws(product.model_dump(mode="json", include=READ_AT_THE_DOOR))
    for pointer, category in (("/category", product.category), *((f"/categories/{i}", each) for i, each in enumerate(product.categories))):
        if category not in categories:
            yield FieldError(pointer, "no such category: choose one from GET /v1/taxonomy")
    for i, picture in enumerate(product.pictures):
        if not PICTURE_ID.fullmatch(picture):
            yield FieldError(f"/pictures/{i}", NO_PICTURE)
    for i, variant in enumerate(product.variants):
        wrong = (n for n, picture in enumerate(variant.pictures) if not PICTURE_ID.fullmatch(picture))
        yield from (FieldError(f"/variants/{i}/pictures/{n}", NO_PICTURE) for n in wrong)
    strangers = (each for each in product.alt_texts if each not in product.all_pictures)
    yield from (FieldError(f"/alt_texts/{each}", "the product has no such picture: name one of its `pictures`") for each in strangers)


def _wrong_codes(product: Product) -> Iterable[FieldError]:
    checked = (
        ("/origin", country_flaw(product.origin) if product.origin else None),
        ("/hs_code", hs_flaw(product.hs_code) if product.hs_code else None),
        ("/gtin", gtin_flaw(product.gtin) if product.gtin else None),
    )  # fmt: skip
    several = ((f"/variants/{i}/gtin", gtin_flaw(variant.gtin)) for i, variant in enumerate(product.variants) if variant.gtin)
    for pointer, flaw in (*checked, *several):
        if flaw:
            yield FieldError(pointer, flaw)
