"""Products, sent one by one, and where they stand with audit."""

from functions.uploads.bootstrap import Services
from functions.uploads.products.product_views import ProductPage, ProductQuery, Receipt, SentProduct, StandingView, SubmissionView
from functions.uploads.products.submission import MAX_PRODUCT, ProductMoved, SkuTaken
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Invalid, NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/products",
    body=SentProduct,
    answers={202: Receipt},
    allow=["supplier"],
    verified=True,
    idempotent=True,
    max_body=MAX_PRODUCT,
    problems=[Invalid, KeyReused, SkuTaken, ProductMoved],
)
def submit_product(body: SentProduct, caller: Caller, idempotency: Idempotency, services: Services) -> Receipt:
    """Send in a new product; audit decides whether it may be sold."""
    return Receipt.of(services.submissions.submit(caller.tenant, body.product, body.count, idempotency), body.product)


@ROUTES.put(
    "/v1/products/{product_id}",
    body=SentProduct,
    answers={202: Receipt},
    allow=["supplier"],
    verified=True,
    max_body=MAX_PRODUCT,
    problems=[Invalid, NotFound, ProductMoved],
)
def replace_product(product_id: str, body: SentProduct, caller: Caller, services: Services) -> Receipt:
    """Send in a new version of a product, and a new count of its stock; the same content again is a count alone."""
    return Receipt.of(services.submissions.replace(caller.tenant, product_id, body.product, body.count), body.product)


@ROUTES.get("/v1/products", query=ProductQuery, answers={200: ProductPage}, allow=["supplier"], verified=True)
def list_products(query: ProductQuery, caller: Caller, services: Services) -> ProductPage:
    """List your own products and where they stand with audit."""
    read = services.submissions.pages_of(caller.tenant, query.status, query.limit)
    found, following = services.paging.page(f"{caller.tenant} products", query.cursor, read)
    return ProductPage(items=[StandingView.of(submission) for submission in found], next=following)


@ROUTES.get("/v1/products/{product_id}", answers={200: SubmissionView}, allow=["supplier"], verified=True, problems=[NotFound])
def get_product(product_id: str, caller: Caller, services: Services) -> SubmissionView:
    """Show one of your own products as last sent, and what audit says of it."""
    return SubmissionView.whole(*services.submissions.one(caller.tenant, product_id))
