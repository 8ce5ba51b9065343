"""What of a product nobody but its supplier sees: how many units there are, as long as there are some."""

from shared.trade.product import Product


def as_seen(product: Product) -> Product:
    """The product as anybody else may be shown it: with one unit where there are any, and none where there are none."""
    several = [variant.model_copy(update={"stock": min(variant.stock, 1)}) for variant in product.variants]
    return product.model_copy(update={"stock": min(product.stock, 1), "variants": several})
