"""API keys in the accounts table: `key#<id>` under their account. The authorizer reads `digest`, `storefront_id`, `scope`, `revoked_at`."""

from datetime import timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from functions.accounts.keys.issued_key import IssuedKey
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.api.caller import USUAL_SCOPE
from shared.aws.dynamo import Item, Table, bind, put_if, refused

KEY = "key#"
REVOKED_DAYS = 90


class ApiKeyItem(Item):
    class Meta(Table):
        pass

    storefront_id = UnicodeAttribute()
    name = UnicodeAttribute()
    scope = UnicodeAttribute(null=True)
    """Absent on keys of before there were scopes: they have USUAL_SCOPE."""
    prefix = UnicodeAttribute()
    digest = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    created_at = UnicodeAttribute()
    revoked_at = UnicodeAttribute(null=True)


class ApiKeyStore:
    """api_key_service.ApiKeys."""

    def __init__(self, table: str) -> None:
        bind(table, ApiKeyItem)

    def get(self, account_id: str, key_id: str) -> IssuedKey | None:
        try:
            return _key(ApiKeyItem.get(account_id, KEY + key_id, consistent_read=True))
        except ApiKeyItem.DoesNotExist:
            return None

    def add(self, key: IssuedKey) -> bool:
        item = ApiKeyItem(
            key.account_id, KEY + key.id, storefront_id=key.storefront_id, name=key.name, scope=key.scope, prefix=key.prefix,
            digest=key.key_hash, fingerprint=key.fingerprint, created_at=rfc3339(key.created_at),
        )  # fmt: skip
        return put_if(item, ApiKeyItem.pk.does_not_exist())

    def count(self, account_id: str) -> int:
        return ApiKeyItem.count(account_id, ApiKeyItem.sk.startswith(KEY))

    def page(self, account_id: str, after: str, limit: int) -> list[IssuedKey]:
        condition = ApiKeyItem.sk.between(KEY + after + "\x00", KEY + "~") if after else ApiKeyItem.sk.startswith(KEY)
        return [_key(item) for item in ApiKeyItem.query(account_id, condition, limit=limit)]

    def set_scope(self, key: IssuedKey) -> bool:
        stands = ApiKeyItem.pk.exists() & ApiKeyItem.revoked_at.does_not_exist()
        try:
            ApiKeyItem(key.account_id, KEY + key.id).update(actions=[ApiKeyItem.scope.set(key.scope)], condition=stands)
        except UpdateError as error:
            if not refused(error):
                raise
            return False
        return True

    def revoke(self, key: IssuedKey) -> None:
        if key.revoked_at is not None:
            forgotten = key.revoked_at + timedelta(days=REVOKED_DAYS)
            actions: list[Action] = [
                ApiKeyItem.revoked_at.set(rfc3339(key.revoked_at)),
                ApiKeyItem.expires_at.set(int(forgotten.timestamp())),
            ]
            ApiKeyItem(key.account_id, KEY + key.id).update(actions=actions)


def _key(item: Any) -> IssuedKey:
    return IssuedKey(
        id=item.sk.removeprefix(KEY), account_id=item.pk, storefront_id=item.storefront_id, name=item.name,
        scope=item.scope or USUAL_SCOPE, prefix=item.prefix, key_hash=item.digest, fingerprint=item.fingerprint,
        created_at=from_rfc3339(item.created_at), revoked_at=from_rfc3339(item.revoked_at) if item.revoked_at else None,
    )  # fmt: skip
