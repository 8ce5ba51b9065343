"""storefronts: owners' rules, and the listings that shoppers read. Wiring only."""

import hashlib
from dataclasses import dataclass
from functools import cache

from functions.storefronts.card import Card, Detail
from functions.storefronts.desk import Desk
from functions.storefronts.language import language_of
from functions.storefronts.listing import START, Place
from functions.storefronts.recent import Recent
from functions.storefronts.shop import Shop
from functions.storefronts.store import CardStore, StorefrontStore
from functions.storefronts.storefront import Storefront, StorefrontChanged, StorefrontClosed
from functions.storefronts.views import (
    DetailQuery,
    Listing,
    ListingDetail,
    ListingQuery,
    ListingsPage,
    PageQuery,
    StorefrontBody,
    StorefrontChange,
    StorefrontsPage,
    StorefrontSummary,
    StorefrontView,
)
from shared.bus import consumer
from shared.caller import Caller
from shared.clock import utc_now
from shared.errors import NotFound, Unavailable
from shared.http import Answer, Raw, Service
from shared.idempotency import Idempotency, KeyReused
from shared.messages import OfferPublished, OfferRecalled
from shared.objects import S3Objects
from shared.reference import Reference
from shared.secret import secret_of
from shared.settings import settings_of
from shared.tickets import Tickets, at_cursor, cursor_of


@dataclass(frozen=True, slots=True)
class Settings:
    storefronts_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str
    reference_bucket: str


app = Service("storefronts")
REMEMBERED = 3.0
"""Seconds that a function goes on using what it read."""
CACHED = {"Cache-Control": "private, max-age=2", "Vary": "Accept-Language, Authorization"}
"""With REMEMBERED: a listing is at most five seconds behind a rule or a recall. Checkout never is: orders decides there."""
MAX_RULE = 64 * 1024
"""Bytes of a storefront's request: its event, a copy of its rule, must fit a message of the bus."""


@cache
def storefronts() -> StorefrontStore:
    return StorefrontStore(settings_of(Settings).storefronts_table)


@cache
def cards() -> CardStore:
    return CardStore(settings_of(Settings).storefronts_table)


@cache
def shop() -> Shop:
    return Shop(storefronts(), cards(), Recent(REMEMBERED, 512), Recent(REMEMBERED, 128))


@cache
def desk() -> Desk:
    reference = Reference(S3Objects(settings_of(ApiSettings).reference_bucket))
    return Desk(storefronts(), lambda: reference.document("taxonomy/en", lambda rows: frozenset(row[0] for row in rows)), utc_now)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


@app.post(
    "/v1/storefronts", body=StorefrontBody, answers={201: StorefrontView}, allow=["storefront"], verified=True, idempotent=True,
    max_body=MAX_RULE, problems=[KeyReused, Unavailable],
)  # fmt: skip
def open_storefront(body: StorefrontBody, caller: Caller, idempotency: Idempotency) -> StorefrontView:
    """Open a storefront: which products it sells, and at which price."""
    return StorefrontView.of(desk().open(caller.tenant, body.configuration, idempotency))


@app.get("/v1/storefronts", query=PageQuery, answers={200: StorefrontsPage}, allow=["storefront"])
def list_storefronts(query: PageQuery, caller: Caller) -> StorefrontsPage:
    """List the account's storefronts, by id."""
    now, scope = utc_now(), f"storefronts {caller.tenant}"
    at = at_cursor(tickets(), scope, query.cursor, now)
    found = storefronts().page(caller.tenant, str(at["after"]) if at else "", query.limit)
    end = len(found) < query.limit
    following = None if end else cursor_of(tickets(), scope, {"after": found[-1].id}, now)
    return StorefrontsPage(items=[StorefrontSummary.of(storefront) for storefront in found], next=following)


@app.get("/v1/storefronts/{storefront_id}", answers={200: StorefrontView}, allow=["storefront"], problems=[NotFound])
def get_storefront(storefront_id: str, caller: Caller) -> StorefrontView:
    """Show a storefront with its rules, as they are now."""
    return StorefrontView.of(desk().storefront(caller.tenant, storefront_id))


@app.put(
    "/v1/storefronts/{storefront_id}", body=StorefrontChange, answers={200: StorefrontView}, allow=["storefront"], verified=True,
    max_body=MAX_RULE, problems=[NotFound, StorefrontChanged, Unavailable],
)  # fmt: skip
def change_storefront(storefront_id: str, body: StorefrontChange, caller: Caller) -> StorefrontView:
    """Change a storefront as a whole, based on the version that was read."""
    return StorefrontView.of(desk().change(caller.tenant, storefront_id, body.version, body.configuration))


@app.get(
    "/v1/storefronts/{storefront_id}/listings", query=ListingQuery, answers={200: ListingsPage, 304: None},
    allow=["client_site", "storefront"], problems=[NotFound, StorefrontClosed],
)  # fmt: skip
def list_listings(storefront_id: str, query: ListingQuery, caller: Caller, raw: Raw) -> Answer:
    """List what the storefront sells, at its prices; at most five seconds old.

    Picks come first, then all else by category.
    """
    now, scope = utc_now(), f"listings {storefront_id} {query.category}"
    at = at_cursor(tickets(), scope, query.cursor, now)
    place = Place(int(at["picks"]), str(at["path"])) if at else START
    storefront = shop().storefront(storefront_id, caller)
    found, after = shop().page(storefront, query.category, place, query.limit)
    language = language_of(query.language, raw.headers.get("accept-language", ""), storefront.configuration.languages)
    tag = _tag(storefront, language, str(after), found)
    if raw.headers.get("if-none-match") == tag:
        return Answer(None, 304, {"ETag": tag, **CACHED})
    items = [Listing.of(card, storefront.configuration.price_rule, language) for card in found]
    following = cursor_of(tickets(), scope, {"picks": after.picks, "path": after.path}, now) if after else None
    return Answer(ListingsPage(items=items, next=following), headers={"ETag": tag, **CACHED})


@app.get(
    "/v1/storefronts/{storefront_id}/listings/{product_id}", query=DetailQuery, answers={200: ListingDetail, 304: None},
    allow=["client_site", "storefront"], problems=[NotFound, StorefrontClosed],
)  # fmt: skip
def get_listing(storefront_id: str, product_id: str, query: DetailQuery, caller: Caller, raw: Raw) -> Answer:
    """Show a product as the storefront sells it; at most five seconds old."""
    storefront = shop().storefront(storefront_id, caller)
    card, detail = shop().product(storefront, product_id)
    language = language_of(query.language, raw.headers.get("accept-language", ""), storefront.configuration.languages)
    tag = _tag(storefront, language, "", [card])
    if raw.headers.get("if-none-match") == tag:
        return Answer(None, 304, {"ETag": tag, **CACHED})
    return Answer(ListingDetail.told(card, detail, storefront.configuration.price_rule, language), headers={"ETag": tag, **CACHED})


def _tag(storefront: Storefront, language: str, place: str, found: list[Card]) -> str:
    """A weak entity tag: everything that the answer is made of, but not when its cursor was signed."""
    parts = [storefront.id, str(storefront.version), language, place, *(f"{card.product_id} {card.version}" for card in found)]
    return f'W/"{hashlib.blake2b(" ".join(parts).encode(), digest_size=12).hexdigest()}"'


def _published(message: OfferPublished) -> None:
    cards().put(Card.of(message), Detail.of(message))


def _recalled(message: OfferRecalled) -> None:
    cards().remove(message.product_id, message.version)


worker = consumer({OfferPublished: _published, OfferRecalled: _recalled})
