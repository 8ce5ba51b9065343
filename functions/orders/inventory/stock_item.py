"""An offer with its stock: what is left of it, and whether it may be sold at all."""

from dataclasses import dataclass

from functions.orders.inventory.offer import Offer
from shared.messages import OfferPublished


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """An offer with its stock."""

    offer_id: str
    version: int
    """The catalog's, of the last publication or recall that was heard."""
    quantity: int
    """Units that may still be sold, never negative."""
    declared: int | None
    """The stock that the supplier's last publication declared; None if only a recall was heard so far."""
    sellable: bool
    offer: Offer | None
    reason: str = ""
    """Why it was recalled; empty while it is sellable."""

    @property
    def in_stock(self) -> bool:
        """Whether units are left; a recall does not change that."""
        return self.quantity > 0


def after_publication(held: StockItem | None, message: OfferPublished) -> StockItem | None:
    """The offer with its stock after a publication; None if it is older than what is held.

    The first publication brings the stock that it declares. A later one whose declared stock differs moves what is left by the
    difference, for units were sold since the supplier counted; it never goes below 0.
    """
    if held and held.version >= message.version:
        return None
    declared = message.product.stock
    quantity = declared if held is None or held.declared is None else max(0, held.quantity + declared - held.declared)
    offer = Offer.of(message.product_id, message.supplier_id, message.product)
    return StockItem(offer_id=message.offer_id, version=message.version, quantity=quantity, declared=declared, sellable=True, offer=offer)
