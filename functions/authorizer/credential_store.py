"""What the authorizer reads of the accounts table: `account` and `key#<id>` items, one call a credential, and nothing else of them."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from functions.authorizer.authentication import KnownAccount, KnownKey
from shared.api.caller import SCOPES, USUAL_SCOPE
from shared.aws.dynamo import Item, Table, bind

FIELDS = ["pk", "sk", "roles", "verified", "digest", "storefront_id", "revoked_at", "scope"]


class CredentialItem(Item):
    class Meta(Table):
        pass

    roles = UnicodeAttribute(null=True)
    verified = BooleanAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    storefront_id = UnicodeAttribute(null=True)
    revoked_at = UnicodeAttribute(null=True)
    scope = UnicodeAttribute(null=True)


class CredentialStore:
    """Reads are consistent, so that a revoked key, another scope and a withdrawn role count from the next look."""

    def __init__(self, table: str) -> None:
        bind(table, CredentialItem)

    def account(self, account_id: str) -> KnownAccount | None:
        try:
            return _account(CredentialItem.get(account_id, "account", consistent_read=True, attributes_to_get=FIELDS))
        except CredentialItem.DoesNotExist:
            return None

    def account_and_key(self, account_id: str, key_id: str) -> tuple[KnownAccount | None, KnownKey | None]:
        wanted = [(account_id, "account"), (account_id, f"key#{key_id}")]
        found = {item.sk: item for item in CredentialItem.batch_get(wanted, consistent_read=True, attributes_to_get=FIELDS)}
        account, key = found.get("account"), found.get(f"key#{key_id}")
        return _account(account) if account else None, _key(key) if key else None


def _account(item: CredentialItem) -> KnownAccount:
    return KnownAccount(frozenset((item.roles or "").split()), bool(item.verified))


def _key(item: CredentialItem) -> KnownKey:
    """A key without a scope is of before there were any; one that says what nobody knows is good for the least."""
    told = item.scope or USUAL_SCOPE
    scope = next((known for known in SCOPES if known == told), SCOPES[0])
    return KnownKey(item.digest or "", item.storefront_id or "", item.revoked_at is not None, scope)
