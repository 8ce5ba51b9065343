"""The routes of a storefront's owner."""

from typing import Any

from functions.storefronts.bootstrap import Services
from functions.storefronts.configuration.storefront import SlugTaken, Storefront, StorefrontChanged, TooManyChanges
from functions.storefronts.configuration.storefront_views import (
    PageQuery,
    StorefrontBody,
    StorefrontChange,
    StorefrontsPage,
    StorefrontSummary,
    StorefrontView,
)
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.api.paging import Position
from shared.errors import NotFound, Unavailable

MAX_RULE = 64 * 1024
"""Bytes of a storefront's request: its event, a copy of its rule, must fit a message of the bus."""
ALL = "/v1/storefronts"
ONE = ALL + "/{storefront_id}"
MERCHANT: dict[str, Any] = {"allow": ["storefront"], "verified": True, "max_body": MAX_RULE}

ROUTES = Routes()


@ROUTES.post(
    ALL, body=StorefrontBody, answers={201: StorefrontView}, idempotent=True, problems=[KeyReused, SlugTaken, Unavailable], **MERCHANT
)  # fmt: skip
def open_storefront(body: StorefrontBody, caller: Caller, idempotency: Idempotency, services: Services) -> StorefrontView:
    """Open a storefront: which products it sells, and at which price."""
    return StorefrontView.of(services.storefronts.open(caller.tenant, body.configuration, idempotency))


@ROUTES.get(ALL, query=PageQuery, answers={200: StorefrontsPage}, allow=["storefront"])
def list_storefronts(query: PageQuery, caller: Caller, services: Services) -> StorefrontsPage:
    """List the account's storefronts, by id."""

    def read(at: Position | None) -> tuple[list[Storefront], Position | None]:
        found = services.storefront_store.page(caller.tenant, str(at["after"]) if at else "", query.limit)
        return found, {"after": found[-1].id} if len(found) == query.limit else None

    found, following = services.paging.page(f"storefronts {caller.tenant}", query.cursor, read)
    return StorefrontsPage(items=[StorefrontSummary.of(storefront) for storefront in found], next=following)


@ROUTES.get(ONE, answers={200: StorefrontView}, allow=["storefront"], problems=[NotFound])
def get_storefront(storefront_id: str, caller: Caller, services: Services) -> StorefrontView:
    """Show a storefront with its rules, as they are now."""
    return StorefrontView.of(services.storefronts.storefront(caller.tenant, storefront_id))


@ROUTES.put(
    ONE, body=StorefrontChange, answers={200: StorefrontView},
    problems=[NotFound, StorefrontChanged, SlugTaken, TooManyChanges, Unavailable], **MERCHANT,
)  # fmt: skip
def change_storefront(storefront_id: str, body: StorefrontChange, caller: Caller, services: Services) -> StorefrontView:
    """Change a storefront as a whole, based on the version that was read; at most 30 times a minute."""
    return StorefrontView.of(services.storefronts.change(caller.tenant, storefront_id, body.version, body.configuration))
