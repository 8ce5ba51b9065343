"""In which order a listing is read, for the API and for shops' pages alike."""

from typing import Literal

from functions.storefronts.listings.listing_by_price import PricePlace
from functions.storefronts.listings.listing_page import Window
from functions.storefronts.listings.listing_place import place_at, position_of
from functions.storefronts.listings.storefront_reader import StorefrontReader
from functions.storefronts.offers.priced_card import PricedCard
from shared.api.paging import Position

Sort = Literal["cheapest", "dearest", "newest"]
BY_PRICE: frozenset[Sort] = frozenset(("cheapest", "dearest"))
"""They want one currency to compare in."""


def sorted_page(
    reader: StorefrontReader, window: Window, sort: Sort | None, at: Position | None, limit: int
) -> tuple[list[PricedCard], Position | None]:  # fmt: skip
    """The next products from `at` on, at most `limit`, and where to go on; None at the end. `sort`: None for the newest first, and of a
    search for what has its words in the title; by price only of a window with a currency, in which prices are compared.
    """
    if sort not in BY_PRICE or window.currency is None:
        shown, after = reader.page(window.newest_first if sort == "newest" else window, place_at(at), limit)
        return shown, position_of(after) if after else None
    place = PricePlace(int(at["price"]), int(at["rank"])) if at else None
    shown, priced = reader.page_by_price(window, place, limit, dearest=sort == "dearest")
    return shown, {"price": priced.price, "rank": priced.rank} if priced else None
