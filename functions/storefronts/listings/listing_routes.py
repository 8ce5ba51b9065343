"""The routes that a shopper's pages are made of: listings, a product, facets; each says how old it may be. Wiring only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from functions.storefronts.configuration.storefront import Storefront, StorefrontClosed, StorefrontSuspended
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.listing_page import START, Narrowing, Place, Window
from functions.storefronts.listings.listing_views import (
    DetailQuery,
    FacetsView,
    Listing,
    ListingDetail,
    ListingQuery,
    ListingsPage,
    NarrowingQuery,
)
from functions.storefronts.listings.reader_language import language_of
from functions.storefronts.listings.storefront_reader import Shop
from monsoon_plugin.clock import from_rfc3339, utc_now
from shared.api.answers import Answer, Raw
from shared.api.caller import Caller
from shared.api.revalidation import fresh, tag_of, validators
from shared.api.service import Service
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import NotFound

LISTINGS = "/v1/storefronts/{storefront_id}/listings"
VARY = {"Vary": "Accept-Language, Authorization"}
BRIEF = {"Cache-Control": "private, max-age=2, must-revalidate", **VARY}
"""With the two or three seconds that a function remembers: five seconds behind at most. Checkout never is: orders decides there."""
COUNTED = {"Cache-Control": "private, max-age=15, must-revalidate", **VARY}
RENEWAL = timedelta(hours=12)
"""A copy is sent anew so often, though nothing has changed: the cursor in it lives for a day."""
SHOPPER: dict[str, Any] = {"allow": ["storefront"], "key": "browse", "problems": [NotFound, StorefrontClosed, StorefrontSuspended]}


def mount_shopper(app: Service, shop: Callable[[], Shop], tickets: Callable[[], Tickets]) -> None:
    """Serve the shoppers' routes at `app`; the factories are called with each request."""

    @app.get(LISTINGS, query=ListingQuery, answers={200: ListingsPage, 304: None}, **SHOPPER)
    def list_listings(storefront_id: str, query: ListingQuery, caller: Caller, raw: Raw) -> Answer:
        """List what the storefront sells, at its prices, the newest first, or search it; at most five seconds old.

        A search shows first what has the words in its title as they were typed, then what holds them in any form.
        """
        now, scope = utc_now(), _scope(storefront_id, query.narrowing)
        at = at_cursor(tickets(), scope, query.cursor, now)
        place = Place(int(at["tier"]), int(at["below"]) if "below" in at else None) if at else START
        storefront = shop().storefront(storefront_id, caller)
        window = shop().window(storefront, query.narrowing)
        found, after = shop().page(window, place, query.limit)
        language = language_of(query.language, raw.headers.get("accept-language", ""), storefront.configuration.languages)
        page = ListingsPage.model_construct(items=[Listing.of(shown, language) for shown in found], currency_day=window.day or None)
        tag = tag_of_page(storefront.id, after, page.model_dump_json(), now)
        following = cursor_of(tickets(), scope, _at(after), now) if after else None
        return _answer(page.model_copy(update={"next": following}), tag, None, raw, BRIEF)

    @app.get(LISTINGS + "/{product_id}", query=DetailQuery, answers={200: ListingDetail, 304: None}, **SHOPPER)
    def get_listing(storefront_id: str, product_id: str, query: DetailQuery, caller: Caller, raw: Raw) -> Answer:
        """Show a product as the storefront sells it; at most five seconds old."""
        storefront = shop().storefront(storefront_id, caller)
        window = shop().window(storefront, Narrowing(currency=query.currency))
        shown, detail = shop().product(window, product_id)
        language = language_of(query.language, raw.headers.get("accept-language", ""), storefront.configuration.languages)
        view = ListingDetail.told(shown, detail, window, language)
        return _answer(view, tag_of(storefront.id, view.model_dump_json()), _changed(shown.card, storefront, window), raw, BRIEF)

    @app.get("/v1/storefronts/{storefront_id}/facets", query=NarrowingQuery, answers={200: FacetsView, 304: None}, **SHOPPER)
    def list_facets(storefront_id: str, query: NarrowingQuery, caller: Caller, raw: Raw) -> Answer:
        """Count what a listing holds by category, price, supplier and stock; at most 45 seconds old."""
        storefront = shop().storefront(storefront_id, caller)
        window = shop().window(storefront, query.narrowing)
        view = FacetsView.of(shop().facets(window), window)
        return _answer(view, tag_of(storefront.id, view.model_dump_json()), None, raw, COUNTED)


def tag_of_page(storefront_id: str, after: Place | None, shown: str, now: datetime) -> str:
    """The tag of a page that ends at `after`: it changes with what is shown, and each RENEWAL if a cursor leads on."""
    return tag_of(storefront_id, str(after), str(int(now.timestamp() // RENEWAL.total_seconds())) if after else "", shown)


def _changed(card: Card, storefront: Storefront, window: Window) -> datetime | None:
    """When what is shown of a product last changed. Not known where a day's rates, or orders that took the last unit, decide it."""
    known = card.changed_at and storefront.changed_at and not card.stock_version and not window.day
    return from_rfc3339(max(card.changed_at, storefront.changed_at)) if known else None


def _scope(storefront_id: str, narrowing: Narrowing) -> str:
    return f"listings {storefront_id} {tag_of(repr(narrowing))}"


def _at(place: Place) -> dict[str, str | int]:
    return {"tier": place.tier} if place.below is None else {"tier": place.tier, "below": place.below}


def _answer(view: BaseModel, tag: str, modified: datetime | None, raw: Raw, cached: dict[str, str]) -> Answer:
    """The view, or 304 where the client's copy is still the same."""
    headers = validators(tag, modified, utc_now()) | cached
    return Answer(None, 304, headers) if fresh(raw.headers, tag, modified) else Answer(view, headers=headers)
