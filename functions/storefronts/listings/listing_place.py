"""Where a page of a listing ended, as its cursor says it."""

from functions.storefronts.listings.listing_page import START, Place
from shared.api.paging import Position


def place_at(at: Position | None) -> Place:
    return Place(int(at["tier"]), int(at["below"]) if "below" in at else None) if at else START


def position_of(place: Place) -> Position:
    return {"tier": place.tier} if place.below is None else {"tier": place.tier, "below": place.below}
