"""Which pictures a product's page shows, and in which order."""

from functions.storefronts.listings.listing_views import ListingDetail
from shared.pictures.addresses import ProductPictureView
from shared.trade.product import MOST_OWN_PICTURES


def gallery(whole: ListingDetail, one: ListingDetail) -> list[ProductPictureView]:
    """Those of what is chosen, in its order, then the product's own; as many as a product may have of its own.

    `one`: the chosen variant, or the product itself where none is chosen: then its variants' pictures follow its own.
    """
    own = [each for each in whole.shown or () if each.picture_id in whole.pictures]
    several = {each.picture_id: each for each in (*(one.shown or ()), *own)}
    return list(several.values())[:MOST_OWN_PICTURES]
