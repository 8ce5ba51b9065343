"""What the commons keeps beside grants: what a search finds, and uses."""

from dataclasses import dataclass

from functions.pictures.commons.licence import Licence
from functions.pictures.commons.thing import Thing
from shared.pictures.shown_picture import ShownPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A picture of the commons as a search finds it."""

    shown: ShownPicture
    licence: Licence
    credit: str
    shows: Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """That an account shows a content with a product of its own, by whose grant."""

    account_id: str
    sku: str
    picture_id: str
    granted_by: str
    licence: Licence
    at: str


@dataclass(frozen=True, slots=True)
class Uses:
    """`most`: whether there are more than were counted."""

    products: int
    merchants: int
    most: bool
