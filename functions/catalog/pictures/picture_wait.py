"""That a product goes without a picture that it names, until more is heard of the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.catalog.offers.offer import Offer
from functions.catalog.pictures.heard_picture import HeardPicture
from shared.pictures.product_pictures import named_pictures


@dataclass(frozen=True, slots=True)
class PictureWait:
    """`since`: the picture's version after which it waits; 0: nothing had been heard of it."""

    supplier_id: str
    picture_id: str
    product_id: str
    since: int


def waits_of(offer: Offer, lacking: list[str], heard: Mapping[str, HeardPicture]) -> list[PictureWait]:
    """`lacking`: the pictures that it goes without."""
    since = {each: heard[each].version if each in heard else 0 for each in lacking}
    return [PictureWait(offer.supplier_id, each, offer.product_id, since[each]) for each in lacking]


def lacking_of(offer: Offer) -> list[str]:
    """The pictures that it names and goes without; of what its supplier keeps off sale none: it comes back by a new verdict."""
    shown = {each.picture_id for each in offer.shown}
    return [] if offer.is_delisted else [each for each in named_pictures(offer.product) if each not in shown]
