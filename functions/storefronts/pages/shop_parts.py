"""What the pages of shops are made with."""

from typing import Protocol

from functions.storefronts.listings.storefront_reader import StorefrontReader
from functions.storefronts.pages.attribute_words import AttributeWords
from functions.storefronts.pages.category_names import CategoryNames
from functions.storefronts.pages.shop_reader import ShopReader
from shared.api.paging import Paging
from shared.pages.visits.visit import Visits


class ShopParts(Protocol):
    """Of functions.storefronts.bootstrap.Services."""

    @property
    def reader(self) -> StorefrontReader: ...

    @property
    def shops(self) -> ShopReader: ...

    @property
    def paging(self) -> Paging: ...

    @property
    def visits(self) -> Visits: ...

    @property
    def media_url(self) -> str:
        """What stands before each picture's key."""
        ...

    def attribute_words(self, language: str) -> AttributeWords: ...

    def category_names(self, language: str) -> CategoryNames:
        """Raises Unavailable where the operator has loaded none."""
        ...
