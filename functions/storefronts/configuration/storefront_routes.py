"""The routes of a storefront's owner, and of the operators who may suspend it. Wiring only."""

from collections.abc import Callable
from typing import Any

from functions.storefronts.configuration.storefront import StorefrontChanged, TooManyChanges
from functions.storefronts.configuration.storefront_service import Desk
from functions.storefronts.index.card_store import StorefrontStore
from functions.storefronts.listings.listing_views import (
    PageQuery,
    ReinstatementBody,
    SanctionView,
    StorefrontBody,
    StorefrontChange,
    StorefrontsPage,
    StorefrontSummary,
    StorefrontView,
    SuspensionBody,
)
from monsoon_plugin.clock import utc_now
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import NotFound, Unavailable

MAX_RULE = 64 * 1024
"""Bytes of a storefront's request: its event, a copy of its rule, must fit a message of the bus."""
ONE = "/v1/storefronts/{storefront_id}"


def mount_owner(app: Service, desk: Callable[[], Desk], storefronts: Callable[[], StorefrontStore], tickets: Callable[[], Tickets]) -> None:
    """Serve the owner's routes at `app`; the factories are called with each request."""
    merchant: dict[str, Any] = {"allow": ["storefront"], "verified": True, "max_body": MAX_RULE}

    @app.post(
        "/v1/storefronts", body=StorefrontBody, answers={201: StorefrontView}, idempotent=True, problems=[KeyReused, Unavailable],
        **merchant,
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

    @app.get(ONE, answers={200: StorefrontView}, allow=["storefront"], problems=[NotFound])
    def get_storefront(storefront_id: str, caller: Caller) -> StorefrontView:
        """Show a storefront with its rules, as they are now."""
        return StorefrontView.of(desk().storefront(caller.tenant, storefront_id))

    @app.put(
        ONE, body=StorefrontChange, answers={200: StorefrontView}, problems=[NotFound, StorefrontChanged, TooManyChanges, Unavailable],
        **merchant,
    )  # fmt: skip
    def change_storefront(storefront_id: str, body: StorefrontChange, caller: Caller) -> StorefrontView:
        """Change a storefront as a whole, based on the version that was read; at most 30 times a minute."""
        return StorefrontView.of(desk().change(caller.tenant, storefront_id, body.version, body.configuration))


def mount_operator(app: Service, desk: Callable[[], Desk]) -> None:
    """Serve the operators' routes at `app`; `desk` is called with each request."""
    operator: dict[str, Any] = {"answers": {200: SanctionView}, "allow": ["operator"], "problems": [NotFound, StorefrontChanged]}

    @app.post(ONE + "/suspension", body=SuspensionBody, **operator)
    def suspend_storefront(storefront_id: str, body: SuspensionBody) -> SanctionView:
        """Suspend a storefront: from now on it neither lists nor sells; saying it again changes nothing."""
        return SanctionView.of(desk().sanction(body.account_id, storefront_id, body.reason))

    @app.post(ONE + "/reinstatement", body=ReinstatementBody, **operator)
    def reinstate_storefront(storefront_id: str, body: ReinstatementBody) -> SanctionView:
        """Let a suspended storefront list and sell again; saying it again changes nothing."""
        return SanctionView.of(desk().sanction(body.account_id, storefront_id, ""))
