"""The routes that a shopper's pages are made of: listings, a product, facets; each says how old it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from functions.storefronts.bootstrap import Services
from functions.storefronts.configuration.storefront import Storefront, StorefrontClosed, StorefrontSuspended
from functions.storefronts.facets.facet_views import FacetsView
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.listing_order import BY_PRICE, sorted_page
from functions.storefronts.listings.listing_page import Narrowing, Window
from functions.storefronts.listings.listing_query_views import DetailQuery, ListingQuery, NarrowingQuery
from functions.storefronts.listings.listing_views import (
    Listing,
    ListingDetail,
    ListingsPage,
    OfferView,
    as_variant,
    with_offers,
)
from functions.storefronts.listings.reader_language import language_of
from functions.storefronts.offers.priced_card import PricedCard
from monsoon_plugin.clock import from_rfc3339
from shared.api.answers import Answer, Raw
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.api.paging import Position
from shared.api.revalidation import fresh, tag_of, validators
from shared.errors import Invalid, NotFound

LISTINGS = "/v1/storefronts/{storefront_id}/listings"
VARY = {"Vary": "Accept-Language, Authorization"}
BRIEF = {"Cache-Control": "private, max-age=2, must-revalidate", **VARY}
"""With the two or three seconds that a function remembers: five seconds behind at most. Checkout never is: orders decides there."""
COUNTED = {"Cache-Control": "private, max-age=15, must-revalidate", **VARY}
RENEWAL = timedelta(hours=12)
"""A copy is sent anew so often, though nothing has changed: the cursor in it lives for a day."""
SHOPPER: dict[str, Any] = {"allow": ["storefront"], "key": "browse", "problems": [NotFound, StorefrontClosed, StorefrontSuspended]}

ROUTES = Routes()


@dataclass(frozen=True, slots=True)
class ListedPage:
    storefront: Storefront
    window: Window
    shown: list[PricedCard]
    after: Position | None
    """Where the page ended; None at the listing's end."""


@ROUTES.get(LISTINGS, query=ListingQuery, answers={200: ListingsPage, 304: None}, **SHOPPER)
def list_listings(storefront_id: str, query: ListingQuery, caller: Caller, raw: Raw, services: Services) -> Answer:
    """List what the storefront sells, at its prices, the newest first or by price, or search it; at most five seconds old.

    A search shows first what has the words in its title as they were typed, then what holds them in any form.
    """
    reader = services.reader

    def read(at: Position | None) -> tuple[list[ListedPage], Position | None]:
        storefront = reader.storefront(storefront_id, caller)
        window = reader.window(storefront, query.narrowing)
        if query.sort in BY_PRICE and window.currency is None:
            raise Invalid.field("query/sort", "say in which `currency`: this storefront sells each product in its supplier's")
        shown, after = sorted_page(reader, window, query.sort, at, query.limit)
        return [ListedPage(storefront, window, shown, after)], after

    order = f"{query.sort} " if query.sort else ""
    scope = f"listings {storefront_id} {order}{tag_of(*query.narrowing.tells_apart)}"
    [page], following = services.paging.page(scope, query.cursor, read)
    language = language_of(query.language, raw.headers.get("accept-language", ""), page.storefront.configuration.languages)
    items = [Listing.of(shown, language, services.media_url) for shown in page.shown]
    view = ListingsPage.model_construct(items=items, currency_day=page.window.day or None)
    tag = tag_of_page(page.storefront.id, page.after, view.model_dump_json(), services.clock())
    return answer(services, view.model_copy(update={"next": following}), tag, raw, BRIEF)


@ROUTES.get(LISTINGS + "/{product_id}", query=DetailQuery, answers={200: ListingDetail, 304: None}, **SHOPPER)
def get_listing(storefront_id: str, product_id: str, query: DetailQuery, *, caller: Caller, raw: Raw, services: Services) -> Answer:
    """Show a product as the storefront sells it, or, with `offer`, one of its variants; at most five seconds old."""
    storefront = services.reader.storefront(storefront_id, caller)
    window = services.reader.window(storefront, Narrowing(currency=query.currency))
    shown, detail = services.reader.product(window, product_id)
    offers, of_variants = services.reader.offers(window, shown.card), services.reader.variant_offers(window, shown.card)
    shown = next((each for each in offers if each.card is shown.card), shown)
    language = language_of(query.language, raw.headers.get("accept-language", ""), storefront.configuration.languages)
    view = with_offers(ListingDetail.of_product(shown, detail, window, language, services.media_url), of_variants)
    if len(offers) > 1:
        view = view.model_copy(update={"offers": [OfferView.of(each) for each in offers]})
    if query.offer is not None:
        view = as_variant(view, query.offer)
    modified = last_change(shown.card, storefront, window) if len(offers) < 2 and not of_variants else None
    return answer(services, view, tag_of(storefront.id, view.model_dump_json()), raw, BRIEF, modified=modified)


@ROUTES.get("/v1/storefronts/{storefront_id}/facets", query=NarrowingQuery, answers={200: FacetsView, 304: None}, **SHOPPER)
def list_facets(storefront_id: str, query: NarrowingQuery, caller: Caller, raw: Raw, services: Services) -> Answer:
    """Count what a listing holds by category, price, supplier, stock, brand, condition, option and attribute; at most 45 seconds old."""
    storefront = services.reader.storefront(storefront_id, caller)
    window = services.reader.window(storefront, query.narrowing)
    view = FacetsView.of(services.reader.facets(window), window)
    return answer(services, view, tag_of(storefront.id, view.model_dump_json()), raw, COUNTED)


def tag_of_page(storefront_id: str, after: Position | None, shown: str, now: datetime) -> str:
    """The tag of a page that ends at `after`: it changes with what is shown, and each RENEWAL if a cursor leads on."""
    return tag_of(storefront_id, str(after), str(int(now.timestamp() // RENEWAL.total_seconds())) if after else "", shown)


def last_change(card: Card, storefront: Storefront, window: Window) -> datetime | None:
    """When what is shown of a product last changed. Not known where a day's rates, or orders that took the last unit, decide it."""
    known = card.changed_at and storefront.changed_at and not card.stock_version and not window.day
    return from_rfc3339(max(card.changed_at, storefront.changed_at)) if known else None


def answer(
    services: Services, view: BaseModel, tag: str, raw: Raw, cached: dict[str, str], *, modified: datetime | None = None
) -> Answer:  # fmt: skip
    """The view, or 304 where the client's copy is still the same."""
    headers = validators(tag, modified, services.clock()) | cached
    return Answer(None, 304, headers) if fresh(raw.headers, tag, modified) else Answer(view, headers=headers)
