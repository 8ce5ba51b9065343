"""Joins pictures to products: which of a product's are shown, and which it waits for.

A picture and a product come in any order. Who hears of a picture writes it down and then looks who waits for it; who approves a product
writes down that it waits and then looks at the picture once more. So one of the two sees the other, whichever dies and comes again.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from functions.catalog.offers.offer import Offer
from functions.catalog.pictures.heard_picture import HeardPicture, shown_among
from functions.catalog.pictures.picture_wait import PictureWait, lacking_of, waits_of
from shared.pictures.product_pictures import Shown, named_pictures, shown_of
from shared.trade.product import Product


class Pictures(Protocol):
    """Where it is kept what was heard of pictures, and who waits for one."""

    def heard(self, supplier_id: str, picture_ids: Collection[str]) -> dict[str, HeardPicture]:
        """What was heard of these; of what is absent nothing was."""
        ...

    def await_each(self, waits: Sequence[PictureWait]) -> None: ...


class PictureService:
    """offer_service.Pictures."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def shown(self, supplier_id: str, product: Product) -> Shown:
        """Those of the product's pictures that are shown; nothing is read of a product that names none."""
        named = named_pictures(product)
        return shown_of(product, shown_among(self._pictures.heard(supplier_id, named))) if named else ()

    def standing(self, offer: Offer) -> dict[str, HeardPicture]:
        """What was heard of the pictures that the product names."""
        named = named_pictures(offer.product)
        return self._pictures.heard(offer.supplier_id, named) if named else {}

    def wait(self, offer: Offer) -> bool:
        """Let the product, as it is kept, wait for the pictures that it goes without. Answers whether all is done: False if one of them is
        shown meanwhile."""
        lacking = lacking_of(offer)
        heard = self._pictures.heard(offer.supplier_id, lacking) if lacking else {}
        while lacking and not shown_among(heard):
            waits = waits_of(offer, lacking, heard)
            self._pictures.await_each(waits)
            heard = self._pictures.heard(offer.supplier_id, lacking)
            if waits == waits_of(offer, lacking, heard):
                return True
        return not shown_among(heard)
