"""Approved products: read, recalled, put back on sale by their supplier, or by an operator who names the supplier."""

from functions.catalog.bootstrap import Services
from functions.catalog.offers.offer import ChangedMeanwhile, Party, Recall
from functions.catalog.offers.offer_views import (
    OffersPage,
    OfferSummary,
    OfferView,
    PageQuery,
    RecallBody,
    ReinstatementBody,
    SupplierQuery,
    TradeItemBody,
)
from functions.catalog.offers.recalled import NotOnSale, NotYourRecall, OnSale
from functions.catalog.offers.trade_item_link import NotYourLink, SeveralItems, Thing
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Invalid, NotFound

ROUTES = Routes()


@ROUTES.get("/v1/catalog/products", query=PageQuery, answers={200: OffersPage}, allow=["supplier"])
def list_products(query: PageQuery, caller: Caller, services: Services) -> OffersPage:
    """List the supplier's own approved products, on sale or recalled, by product id."""
    read = services.offers.pages_of(caller.tenant, query.limit)
    offers, following = services.paging.page(f"catalog {caller.tenant}", query.cursor, read)
    return OffersPage(items=[OfferSummary.of(offer) for offer in offers], next=following)


@ROUTES.get(
    "/v1/catalog/products/{product_id}", query=SupplierQuery, answers={200: OfferView}, allow=["supplier", "operator"], problems=[NotFound]
)
def get_product(product_id: str, query: SupplierQuery, caller: Caller, services: Services) -> OfferView:
    """Show an approved product, and what became of its pictures: a supplier its own, an operator any."""
    supplier_id, _ = on_behalf(caller, query.supplier)
    offer = services.offers.offer(supplier_id, product_id)
    return OfferView.of(offer, services.pictures.standing(offer))


@ROUTES.post(
    "/v1/catalog/products/{product_id}/recall",
    body=RecallBody,
    answers={200: OfferView},
    allow=["supplier", "operator"],
    idempotent=True,
    problems=[NotFound, NotOnSale, ChangedMeanwhile, KeyReused],
)
def recall_product(product_id: str, body: RecallBody, caller: Caller, idempotency: Idempotency, services: Services) -> OfferView:
    """Take a product off sale everywhere: no order for it is accepted from now on."""
    supplier_id, by = on_behalf(caller, body.supplier_id)
    return OfferView.of(services.offers.recall(supplier_id, product_id, Recall(by, body.reason), idempotency))


@ROUTES.post(
    "/v1/catalog/products/{product_id}/reinstatement",
    body=ReinstatementBody,
    answers={200: OfferView},
    allow=["supplier", "operator"],
    idempotent=True,
    problems=[NotFound, OnSale, NotYourRecall, ChangedMeanwhile, KeyReused],
)
def reinstate_product(product_id: str, body: ReinstatementBody, caller: Caller, idempotency: Idempotency, services: Services) -> OfferView:
    """Put a recalled product back on sale, in its newest approved version."""
    supplier_id, by = on_behalf(caller, body.supplier_id)
    return OfferView.of(services.offers.reinstate(supplier_id, product_id, by, idempotency))


@ROUTES.put(
    "/v1/catalog/products/{product_id}/trade-item",
    body=TradeItemBody,
    answers={200: OfferView},
    allow=["supplier", "operator"],
    problems=[NotFound, NotYourLink, SeveralItems, ChangedMeanwhile, Invalid],
)
def link_product(product_id: str, body: TradeItemBody, caller: Caller, services: Services) -> OfferView:
    """Say which trade item a product, or one of its variants, is an offer of, or undo a wrong link; saying it again changes nothing."""
    supplier_id, by = on_behalf(caller, body.supplier_id)
    if body.same_as and by != "operator":
        raise NotYourLink("say the product's GTIN, or its brand and part number: by them it is linked, and an operator can do more")
    if body.same_as and (body.same_as.supplier_id, body.same_as.product_id) == (supplier_id, product_id):
        raise Invalid.field("/same_as", "this is the product itself: name another supplier's, or say `alone`")
    thing, other = Thing(supplier_id, product_id, body.offer_id or ""), body.same_as.thing if body.same_as else None
    return OfferView.of(services.offers.link(thing, by, other, alone=body.alone))


def on_behalf(caller: Caller, supplier_id: str | None) -> tuple[str, Party]:
    """Whose product the caller may touch, and as whom: an operator acts as one by naming the supplier. Raises NotFound."""
    if supplier_id is None:
        return caller.tenant, "supplier"
    if "operator" in caller.roles:
        return supplier_id, "operator"
    if supplier_id != caller.tenant:
        raise NotFound("no such product among your own")
    return supplier_id, "supplier"
