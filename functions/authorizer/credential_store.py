"""What the authorizer reads of the accounts table: `account` and `key#<id>` items, one call a credential, and nothing else of them."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from functions.authorizer.authentication import SiteKey, Standing
from shared.aws.dynamo import Item, Table, bind

FIELDS = ["pk", "sk", "roles", "verified", "digest", "storefront_id", "revoked_at"]


class DoorItem(Item):
    class Meta(Table):
        pass

    roles = UnicodeAttribute(null=True)
    verified = BooleanAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    storefront_id = UnicodeAttribute(null=True)
    revoked_at = UnicodeAttribute(null=True)


class AccountRegister:
    """Reads are consistent, so that a revoked key and a withdrawn role count from the next look."""

    def __init__(self, table: str) -> None:
        bind(table, DoorItem)

    def account(self, account_id: str) -> Standing | None:
        try:
            return _standing(DoorItem.get(account_id, "account", consistent_read=True, attributes_to_get=FIELDS))
        except DoorItem.DoesNotExist:
            return None

    def account_and_key(self, account_id: str, key_id: str) -> tuple[Standing | None, SiteKey | None]:
        wanted = [(account_id, "account"), (account_id, f"key#{key_id}")]
        found = {item.sk: item for item in DoorItem.batch_get(wanted, consistent_read=True, attributes_to_get=FIELDS)}
        account, key = found.get("account"), found.get(f"key#{key_id}")
        return _standing(account) if account else None, _key(key) if key else None


def _standing(item: DoorItem) -> Standing:
    return Standing(frozenset((item.roles or "").split()), bool(item.verified))


def _key(item: DoorItem) -> SiteKey:
    return SiteKey(item.digest or "", item.storefront_id or "", item.revoked_at is not None)
