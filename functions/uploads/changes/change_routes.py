"""A product's price and stock, changed without sending it whole."""

from functions.uploads.bootstrap import Services
from functions.uploads.changes.change_views import ChangeProduct
from functions.uploads.products.product_views import Receipt
from functions.uploads.products.submission import ProductMoved
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Invalid, NotFound

ROUTES = Routes()


@ROUTES.patch(
    "/v1/products/{product_id}", body=ChangeProduct, answers={202: Receipt}, allow=["supplier"], verified=True,
    problems=[Invalid, NotFound, ProductMoved],
)  # fmt: skip
def change_product(product_id: str, body: ChangeProduct, caller: Caller, services: Services) -> Receipt:
    """Change the price, the sale or the stock of a product, or of its variants; all else stays as it is."""
    return Receipt.of(services.changes.change(caller.tenant, product_id, body))
