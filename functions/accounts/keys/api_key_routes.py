"""Client sites' API keys: made, listed, given another scope, revoked by the account that owns them."""

from functions.accounts.bootstrap import Services
from functions.accounts.keys.api_key_views import EditKey, KeyPage, KeyView, NewKey
from functions.accounts.keys.issued_key import KeyRevoked, TooManyKeys
from functions.accounts.page_query_views import PageQuery
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Malformed, NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/keys",
    body=NewKey,
    answers={201: KeyView},
    allow=["storefront"],
    verified=True,
    idempotent=True,
    problems=[KeyReused, TooManyKeys],
)
def create_key(body: NewKey, caller: Caller, idempotency: Idempotency, services: Services) -> KeyView:
    """Make a client site's API key; `key` is shown this once: a replay answers the same key without it."""
    key, text = services.api_keys.create(caller.account_id, body.storefront_id, body.name, body.scope, idempotency)
    return KeyView.of(key, text)


@ROUTES.get("/v1/keys", query=PageQuery, answers={200: KeyPage}, allow=["storefront"], problems=[Malformed])
def keys(query: PageQuery, caller: Caller, services: Services) -> KeyPage:
    """List the account's API keys, without their secrets."""
    read = services.api_keys.pages_of(caller.account_id, query.limit)
    found, following = services.paging.page(f"{caller.account_id} keys", query.cursor, read)
    return KeyPage(items=[KeyView.of(key) for key in found], next=following)


@ROUTES.patch("/v1/keys/{key_id}", body=EditKey, answers={200: KeyView}, allow=["storefront"], problems=[KeyRevoked, NotFound])
def edit_key(key_id: str, body: EditKey, caller: Caller, services: Services) -> KeyView:
    """Give an API key another scope, without a new key; it counts within 60 seconds. The same scope again changes nothing."""
    return KeyView.of(services.api_keys.change_scope(caller.account_id, key_id, body.scope))


@ROUTES.delete("/v1/keys/{key_id}", answers={204: None}, allow=["storefront"], problems=[NotFound])
def revoke_key(key_id: str, caller: Caller, services: Services) -> None:
    """Revoke an API key."""
    services.api_keys.revoke(caller.account_id, key_id)
