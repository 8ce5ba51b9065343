"""What the catalog's requests and answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.catalog.offers.offer import Offer, Party
from functions.catalog.sanctions.supplier_standing import Standing
from functions.catalog.sanctions.supplier_standing import State as StandingState
from functions.catalog.taxonomy.taxonomy import Category
from monsoon_plugin.money import Amount
from shared.api.payload import Body, Query, View
from shared.trade.product import CategoryId, LanguageTag, Product

State = Literal["on_sale", "recalled"]


class TaxonomyQuery(Query):
    parent: CategoryId | None = Field(default=None, description="the categories below this one; those at the top without it")
    language: LanguageTag = Field(default="en", description="falls back to the base language, then to English")
    limit: int = Field(default=100, ge=1, le=100)


class LanguageQuery(Query):
    language: LanguageTag = Field(default="en", description="falls back to the base language, then to English")


class CategoryView(View):
    id: str = Field(examples=["hg-3-67"])
    name: str = Field(examples=["Vases"])
    full_name: str = Field(examples=["Home & Garden > Decor > Vases"])
    children: int = Field(description="how many categories lie directly below it")

    @classmethod
    def of(cls, category: Category) -> Self:
        return cls(id=category.id, name=category.name, full_name=category.full_name, children=category.children)


class CategoriesView(View):
    language: str = Field(description="the language of the names")
    items: list[CategoryView]


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class SupplierQuery(Query):
    supplier: str | None = Field(default=None, max_length=40, description="operators name the supplier; suppliers leave it out")


class RecallBody(Body):
    reason: str = Field(min_length=1, max_length=500, description="who sells or bought it may read this")
    supplier_id: str | None = Field(default=None, max_length=40, description="operators name the supplier; suppliers leave it out")


class ReinstatementBody(Body):
    supplier_id: str | None = Field(default=None, max_length=40, description="operators name the supplier; suppliers leave it out")


class SuspensionBody(Body):
    reason: str = Field(min_length=1, max_length=500, description="the supplier reads it, and whoever ordered its goods")


class StandingView(View):
    """Whether an operator lets a supplier sell."""

    supplier_id: str
    state: StandingState
    reason: str | None = None
    since: str | None = None
    version: int = Field(description="counts the decisions")

    @classmethod
    def of(cls, standing: Standing) -> Self:
        return cls(
            supplier_id=standing.supplier_id, state=standing.state, reason=standing.reason or None, since=standing.since or None,
            version=standing.version,
        )  # fmt: skip


class RecallView(View):
    by: Party
    reason: str


class OfferSummary(View):
    """A supplier's product in a list: without its descriptions."""

    product_id: str
    offer_id: str
    sku: str
    titles: dict[str, str] = Field(description="by BCP 47 language tag")
    category: str
    price: Amount
    state: State
    version: int
    changed_at: str

    @classmethod
    def of(cls, offer: Offer) -> Self:
        product = offer.product
        return cls(
            product_id=offer.product_id, offer_id=offer.id, sku=product.sku, category=product.category, price=product.price,
            titles={tag: text.title for tag, text in product.texts.items()}, state=_state(offer), version=offer.version,
            changed_at=offer.changed_at,
        )  # fmt: skip


class OffersPage(View):
    items: list[OfferSummary]
    next: str | None = None


class OfferView(View):
    """A supplier's product as it was last approved, and whether it is on sale."""

    product_id: str
    offer_id: str
    supplier_id: str
    state: State
    recall: RecallView | None = None
    product: Product
    submission: int = Field(description="the supplier's version that was approved")
    version: int
    changed_at: str

    @classmethod
    def of(cls, offer: Offer) -> Self:
        recall = RecallView(by=offer.recall.by, reason=offer.recall.reason) if offer.recall else None
        return cls(
            product_id=offer.product_id, offer_id=offer.id, supplier_id=offer.supplier_id, state=_state(offer), recall=recall,
            product=offer.product, submission=offer.submission, version=offer.version, changed_at=offer.changed_at,
        )  # fmt: skip


def _state(offer: Offer) -> State:
    return "recalled" if offer.recall else "on_sale"
