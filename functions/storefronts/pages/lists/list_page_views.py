"""The list: what a shop sells, narrowed and searched; where nothing is found, what comes near."""

from collections.abc import Mapping
from typing import Any

from functions.storefronts.listings.listing_order import Sort, sorted_page
from functions.storefronts.listings.listing_page import START, Window
from functions.storefronts.offers.priced_card import PricedCard
from functions.storefronts.pages.attribute_words import AS_WRITTEN
from functions.storefronts.pages.lists.facet_choices import chosen, groups, with_value
from functions.storefronts.pages.lists.near_misses import near_misses
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import categories_below, images, listings, names_of, shop_page, window_of
from functions.storefronts.pages.shop_parts import ShopParts
from functions.storefronts.pages.shop_query_views import ProductsQuery
from functions.storefronts.pages.structured_data_views import as_script, trail_document
from shared.api.answers import Page
from shared.api.paging import Position
from shared.api.revalidation import tag_of
from shared.errors import Malformed
from shared.pages.page_answers import moved

PRODUCTS = 24
INSTEAD = 8


def list_page(shop: Shop, query: ProductsQuery, services: ShopParts) -> Page:
    currency = shop.currency or next(iter(shop.currencies), None)
    narrowing = query.narrowing(currency)
    window, names, told = window_of(shop, services, narrowing), names_of(shop, services), query.own
    try:
        shown, following = _read(window, query, shop, services)
    except Malformed:  # a link that was kept for more than a day, or whose list has changed: the list begins anew
        return moved(shop.link("products", **with_value(told, "cursor", None)), 303)
    found = services.reader.facets(window)
    words = services.attribute_words(shop.language) if found.attributes else AS_WRITTEN
    flaw, is_plain = query.flaw(currency), told.keys() <= {"category"}
    trail = names.trail(query.category) if query.category else []
    misses = near_misses(shop.storefront, narrowing, services.reader, names) if not found.total else None
    listed = listings(shown, shop, services.media_url)
    instead = listings(services.reader.page(window_of(shop, services), START, INSTEAD)[0], shop, services.media_url) if misses else []
    values: dict[str, Any] = {
        "query": told, "listings": listed, "total": found.total,
        "sorts": _sorts(told, query, window) if found.total > 1 else [],
        "flaw": flaw, "currency": currency, "typed": query,
        "next": {**with_value(told, "cursor", None), "cursor": following} if following else None,
        "groups": groups(found, told, names, categories_below(shop, services, window), words), "trail": trail,
        "chosen": chosen(told, names, found, words),
        "matches": [(each, names.name(each)) for each in names.called(query.q)] if query.q and found.total else [], "misses": misses,
        "instead": instead,
        "indexed": is_plain and bool(found.total), "canonical": shop.canonical("products", category=query.category),
        "alternates": shop.alternates("products", category=query.category) if is_plain else [], "documents": _documents(shop, trail),
    }  # fmt: skip
    return shop_page(
        "lists/products.html", shop, "products", services.media_url, pictures=images(listed, instead), status=422 if flaw else 200, **values
    )


def _read(window: Window, query: ProductsQuery, shop: Shop, services: ShopParts) -> tuple[list[PricedCard], str | None]:
    """Raises Malformed for a cursor of another list, or of yesterday."""
    sort = _sort(query, window)

    def read(at: Position | None) -> tuple[list[list[PricedCard]], Position | None]:
        shown, after = sorted_page(services.reader, window, sort, at, PRODUCTS)
        return [shown], after

    scope = f"shop {shop.storefront.id} {sort or ''} {tag_of(*window.narrowing.tells_apart)}"
    [shown], following = services.paging.page(scope, query.cursor, read)
    return shown, following


def _sort(query: ProductsQuery, window: Window) -> Sort | None:
    """What an address asks for, as far as it can be: None where it is what comes first anyhow."""
    if query.sort == "newest":
        return query.sort if query.q else None
    return query.sort if window.currency else None


def _sorts(told: Mapping[str, object], query: ProductsQuery, window: Window) -> list[tuple[str, Mapping[str, object], bool]]:
    """Orders to choose from, each with the query that chooses it; by price only where prices are of one currency."""
    names = (*(("best", "newest") if query.q else ("newest",)), *(("cheapest", "dearest") if window.currency else ()))
    now = _sort(query, window)
    return [(name, with_value(told, "sort", name if n else None), now == (name if n else None)) for n, name in enumerate(names)]


def _documents(shop: Shop, trail: list[tuple[str, str]]) -> list[str]:
    if not trail:
        return []
    steps = [(shop.name, shop.absolute()), *((name, shop.absolute("products", category=category)) for category, name in trail)]
    return [as_script(trail_document(steps))]
