"""storefronts: owners' rules, and the listings that shoppers read."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.storefronts.bootstrap import services
from functions.storefronts.configuration import storefront_routes, suspension_routes
from functions.storefronts.consumers import consumers, write_index
from functions.storefronts.listings import listing_routes
from functions.storefronts.offers import disputed_part_routes
from functions.storefronts.pages import shop_routes
from functions.storefronts.pages.cart import cart_routes
from shared.api.service import Service
from shared.entry_points import Scheduled, Worker

ROUTES = (
    storefront_routes.ROUTES, suspension_routes.ROUTES, listing_routes.ROUTES, disputed_part_routes.ROUTES, shop_routes.ROUTES,
    cart_routes.ROUTES,
)  # fmt: skip

app = Service("storefronts", services, ROUTES)
worker = Worker(services, consumers)
indexer = Scheduled(services, write_index, app.logger)
