"""catalog: what is on sale, and in which category. Wiring only."""

from dataclasses import dataclass
from functools import cache

from functions.catalog.offers.offer import NotOnSale, NotYourRecall, OnSale, Party, Recall
from functions.catalog.offers.offer_service import Catalog, Contended
from functions.catalog.offers.offer_store import OfferStore
from functions.catalog.offers.offer_views import (
    CategoriesView,
    CategoryView,
    LanguageQuery,
    OffersPage,
    OfferSummary,
    OfferView,
    PageQuery,
    RecallBody,
    ReinstatementBody,
    StandingView,
    SupplierQuery,
    SuspensionBody,
    TaxonomyQuery,
)
from functions.catalog.sanctions.sanction_queue_client import Jobs
from functions.catalog.sanctions.sanction_rollout import Job, Sanctions
from functions.catalog.taxonomy.taxonomy import taxonomy_in
from monsoon_plugin.clock import utc_now
from shared.api.answers import Answer, Raw
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.payload import View
from shared.api.revalidation import fresh, tag_of, validators
from shared.api.service import Service
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.bus import batch, consumer
from shared.errors import NotFound, Unavailable
from shared.ids import named
from shared.messages import ProductApproved, ProductRefused, SupplierReinstated, SupplierSuspended
from shared.settings import settings_of
from shared.trade.reference_data import MAX_AGE, Reference


@dataclass(frozen=True, slots=True)
class Settings:
    catalog_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str
    reference_bucket: str


@dataclass(frozen=True, slots=True)
class SanctionSettings(Settings):
    sanctions_queue_url: str


app = Service("catalog")
CACHED = {"Cache-Control": f"public, max-age={MAX_AGE:.0f}"}


@cache
def store() -> OfferStore:
    return OfferStore(settings_of(Settings).catalog_table)


@cache
def catalog() -> Catalog:
    return Catalog(store(), utc_now)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


@cache
def reference() -> Reference:
    return Reference(S3Objects(settings_of(ApiSettings).reference_bucket))


@cache
def sanctions_of() -> Sanctions:
    return Sanctions(store(), catalog(), Jobs(settings_of(SanctionSettings).sanctions_queue_url).send)


@app.get("/v1/taxonomy", key="browse", query=TaxonomyQuery, answers={200: CategoriesView, 304: None}, problems=[NotFound, Unavailable])
def list_categories(query: TaxonomyQuery, raw: Raw) -> Answer:
    """List the categories below a category, or those at the top; no more than two minutes old."""
    taxonomy = taxonomy_in(query.language, reference())
    items = [CategoryView.of(category) for category in taxonomy.below(query.parent or "", query.limit)]
    return _cached(CategoriesView(language=taxonomy.language, items=items), raw)


@app.get(
    "/v1/taxonomy/{category_id}",
    key="browse",
    query=LanguageQuery,
    answers={200: CategoryView, 304: None},
    problems=[NotFound, Unavailable],
)
def get_category(category_id: str, query: LanguageQuery, raw: Raw) -> Answer:
    """Show a category; no more than two minutes old."""
    return _cached(CategoryView.of(taxonomy_in(query.language, reference()).category(category_id)), raw)


def _cached(view: View, raw: Raw) -> Answer:
    tag = tag_of(view.model_dump_json())
    headers = CACHED | validators(tag, None, utc_now())
    return Answer(None, 304, headers) if fresh(raw.headers, tag, None) else Answer(view, headers=headers)


@app.get("/v1/catalog/products", query=PageQuery, answers={200: OffersPage}, allow=["supplier"])
def list_products(query: PageQuery, caller: Caller) -> OffersPage:
    """List the supplier's own approved products, on sale or recalled, by product id."""
    now, scope = utc_now(), f"catalog {caller.tenant}"
    at = at_cursor(tickets(), scope, query.cursor, now)
    offers = store().page(caller.tenant, str(at["after"]) if at else "", query.limit)
    end = len(offers) < query.limit
    following = None if end else cursor_of(tickets(), scope, {"after": offers[-1].product_id}, now)
    return OffersPage(items=[OfferSummary.of(offer) for offer in offers], next=following)


@app.get(
    "/v1/catalog/products/{product_id}", query=SupplierQuery, answers={200: OfferView}, allow=["supplier", "operator"], problems=[NotFound]
)
def get_product(product_id: str, query: SupplierQuery, caller: Caller) -> OfferView:
    """Show an approved product: a supplier its own, an operator any."""
    supplier_id, _ = on_behalf(caller, query.supplier)
    return OfferView.of(catalog().offer(supplier_id, product_id))


@app.post(
    "/v1/catalog/products/{product_id}/recall", body=RecallBody, answers={200: OfferView}, allow=["supplier", "operator"],
    idempotent=True, problems=[NotFound, NotOnSale, Contended, KeyReused],
)  # fmt: skip
def recall_product(product_id: str, body: RecallBody, caller: Caller, idempotency: Idempotency) -> OfferView:
    """Take a product off sale everywhere: no order for it is accepted from now on."""
    supplier_id, by = on_behalf(caller, body.supplier_id)
    return OfferView.of(catalog().recall(supplier_id, product_id, Recall(by, body.reason), idempotency))


@app.post(
    "/v1/catalog/products/{product_id}/reinstatement", body=ReinstatementBody, answers={200: OfferView}, allow=["supplier", "operator"],
    idempotent=True, problems=[NotFound, OnSale, NotYourRecall, Contended, KeyReused],
)  # fmt: skip
def reinstate_product(product_id: str, body: ReinstatementBody, caller: Caller, idempotency: Idempotency) -> OfferView:
    """Put a recalled product back on sale, in its newest approved version."""
    supplier_id, by = on_behalf(caller, body.supplier_id)
    return OfferView.of(catalog().reinstate(supplier_id, product_id, by, idempotency))


@app.post(
    "/v1/suppliers/{supplier_id}/suspension",
    body=SuspensionBody,
    answers={200: StandingView},
    allow=["operator"],
    problems=[NotFound, Contended],
)
def suspend_supplier(supplier_id: str, body: SuspensionBody) -> StandingView:
    """Suspend a supplier: nothing of it is sold or listed from now on; saying it again changes nothing."""
    named(supplier_id)
    return StandingView.of(catalog().judge(supplier_id, body.reason))


@app.post("/v1/suppliers/{supplier_id}/reinstatement", answers={200: StandingView}, allow=["operator"], problems=[NotFound, Contended])
def reinstate_supplier(supplier_id: str) -> StandingView:
    """Let a suspended supplier sell again; what it or an operator recalled stays recalled."""
    named(supplier_id)
    return StandingView.of(catalog().judge(supplier_id, ""))


@app.get("/v1/suppliers/{supplier_id}/standing", answers={200: StandingView}, allow=["supplier", "operator"], problems=[NotFound])
def get_standing(supplier_id: str, caller: Caller) -> StandingView:
    """Show whether a supplier may sell: to itself, and to operators."""
    named(supplier_id)
    if "operator" not in caller.roles and supplier_id != caller.tenant:
        raise NotFound("you are not this supplier")
    return StandingView.of(catalog().standing(supplier_id))


def on_behalf(caller: Caller, supplier_id: str | None) -> tuple[str, Party]:
    """Whose product the caller may touch, and as whom: an operator acts as one by naming the supplier. Raises NotFound."""
    if supplier_id is None:
        return caller.tenant, "supplier"
    if "operator" in caller.roles:
        return supplier_id, "operator"
    if supplier_id != caller.tenant:
        raise NotFound("no such product among your own")
    return supplier_id, "supplier"


worker = consumer(
    {
        ProductApproved: lambda message: catalog().approve(message),
        ProductRefused: lambda message: catalog().refuse(message),
        SupplierSuspended: lambda message: sanctions_of().begin(message),
        SupplierReinstated: lambda message: sanctions_of().begin(message),
    }
)
sanctions = batch(lambda record: sanctions_of().carry_out(Job.model_validate_json(record.body)))
