"""The accounts table. An account's items share its partition: `account`, `key#<id>`, `verification#<id>`.

The authorizer reads `roles`, `verified`, `digest`, `storefront_id` and `revoked_at` of these items.
"""

from datetime import timedelta
from typing import Any, TypeVar

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from functions.accounts.account import Account, SelfRole
from functions.accounts.keys.api_keys import Key
from functions.accounts.verification.claim import Claim
from functions.accounts.verification.verification import Verification
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.aws.dynamo import Item, Table, bind, connection, reasons, refused

ACCOUNT, KEY, VERIFICATION = "account", "key#", "verification#"
OPEN = "verification"
"""The partition of the `open` index: identities wait for a person, so it stays small."""
REVOKED_DAYS = 90
T = TypeVar("T", bound=Item)


class AccountItem(Item):
    class Meta(Table):
        pass

    email = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    roles = UnicodeAttribute(null=True)
    verified = BooleanAttribute(null=True)
    verification_id = UnicodeAttribute(null=True)
    verification_state = UnicodeAttribute(null=True)
    sign_up = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute(null=True)


class KeyItem(Item):
    class Meta(Table):
        pass

    storefront_id = UnicodeAttribute()
    name = UnicodeAttribute()
    prefix = UnicodeAttribute()
    digest = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    created_at = UnicodeAttribute()
    revoked_at = UnicodeAttribute(null=True)


class OpenIndex(GlobalSecondaryIndex["VerificationItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class VerificationItem(Item):
    class Meta(Table):
        pass

    claim = UnicodeAttribute()
    state = UnicodeAttribute()
    submitted_at = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    decided_by = UnicodeAttribute(null=True)
    decided_at = UnicodeAttribute(null=True)
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    open = OpenIndex()


class AccountStore:
    """Accounts, keys and verifications (registration.Accounts, key.Keys, verification.Verifications)."""

    def __init__(self, table: str) -> None:
        bind(table, AccountItem, KeyItem, VerificationItem)

    def account(self, account_id: str) -> Account | None:
        item = _get(AccountItem, account_id, ACCOUNT)
        return None if item is None else _account(item)

    def add(self, account: Account) -> bool:
        return _put_new(
            AccountItem(
                account.id, ACCOUNT, email=account.email, display_name=account.display_name, roles=" ".join(account.roles),
                verified=account.verified, sign_up=account.sign_up, fingerprint=account.fingerprint,
                created_at=rfc3339(account.created_at) if account.created_at else None,
            )
        )  # fmt: skip

    def edit(self, account_id: str, display_name: str | None, roles: list[SelfRole] | None) -> Account:
        """Change what is not None. Makes the item for an account that another issuer's sign-in brought into being."""
        actions: list[Action] = []
        if display_name is not None:
            actions.append(AccountItem.display_name.set(display_name))
        if roles is not None:
            actions.append(AccountItem.roles.set(" ".join(dict.fromkeys(roles))))
        item = AccountItem(account_id, ACCOUNT)
        item.update(actions=actions)
        return _account(item)

    def key(self, account_id: str, key_id: str) -> Key | None:
        item = _get(KeyItem, account_id, KEY + key_id)
        return None if item is None else _key(item)

    def add_key(self, key: Key) -> bool:
        return _put_new(
            KeyItem(
                key.account_id, KEY + key.id, storefront_id=key.storefront_id, name=key.name, prefix=key.prefix,
                digest=key.digest, fingerprint=key.fingerprint, created_at=rfc3339(key.created_at),
            )
        )  # fmt: skip

    def count_keys(self, account_id: str) -> int:
        return KeyItem.count(account_id, KeyItem.sk.startswith(KEY))

    def keys(self, account_id: str, after: str, limit: int) -> list[Key]:
        """At most `limit` of the account's keys whose ids sort after `after` (empty: from the start)."""
        condition = KeyItem.sk.between(KEY + after + "\x00", KEY + "~") if after else KeyItem.sk.startswith(KEY)
        return [_key(item) for item in KeyItem.query(account_id, condition, limit=limit)]

    def revoke(self, key: Key) -> None:
        if key.revoked_at is not None:
            forgotten = key.revoked_at + timedelta(days=REVOKED_DAYS)
            actions: list[Action] = [KeyItem.revoked_at.set(rfc3339(key.revoked_at)), KeyItem.expires_at.set(int(forgotten.timestamp()))]
            KeyItem(key.account_id, KEY + key.id).update(actions=actions)

    def verification(self, account_id: str, verification_id: str) -> Verification | None:
        item = _get(VerificationItem, account_id, VERIFICATION + verification_id)
        return None if item is None else _verification(item)

    def latest(self, account_id: str) -> Verification | None:
        account = self.account(account_id)
        if account is None or account.verification_id is None:
            return None
        return self.verification(account_id, account.verification_id)

    def submit(self, verification: Verification) -> bool:
        """A transaction, for an account has one open claim at most and every claim is kept."""
        account = AccountItem(verification.account_id, ACCOUNT)
        state = AccountItem.verification_state
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(_item(verification), condition=VerificationItem.pk.does_not_exist())
                transaction.update(account, actions=_standing(verification), condition=state.does_not_exist() | (state == "refused"))
        except TransactWriteError as error:
            return _lost(error)
        return True

    def settle(self, verification: Verification) -> bool:
        """A transaction, for the account is verified exactly if its latest claim is approved."""
        item, account = _item(verification), AccountItem(verification.account_id, ACCOUNT)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=VerificationItem.state == "open")
                condition = AccountItem.verification_id == verification.id
                transaction.update(account, actions=_standing(verification), condition=condition)
        except TransactWriteError as error:
            return _lost(error)
        return True

    def open(self, after: str, limit: int) -> list[tuple[str, Verification]]:
        """At most `limit` open verifications, the oldest first, each with its place; those after the place `after`."""
        condition = VerificationItem.open_sk > after if after else None
        found = list(VerificationItem.open.query(OPEN, condition, limit=limit))
        wanted = [(key.pk, key.sk) for key in found]
        items = {item.sk: item for item in VerificationItem.batch_get(wanted, consistent_read=True)}
        return [(str(key.open_sk), _verification(items[key.sk])) for key in found]


def _get(model: type[T], pk: str, sk: str) -> T | None:
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def _put_new(item: Item) -> bool:
    try:
        item.save(condition=Item.pk.does_not_exist())
    except PutError as error:
        if not refused(error):
            raise
        return False
    return True


def _lost(error: TransactWriteError) -> bool:
    """False, if the transaction failed because another one came first; raises the error otherwise."""
    if set(reasons(error)) - {None, "ConditionalCheckFailed", "TransactionConflict"}:
        raise error
    return False


def _standing(verification: Verification) -> list[Action]:
    return [
        AccountItem.verification_id.set(verification.id),
        AccountItem.verification_state.set(verification.state),
        AccountItem.verified.set(verification.state == "approved"),
    ]


def _account(item: AccountItem) -> Account:
    roles: Any = tuple((item.roles or "").split())
    return Account(
        item.pk, roles, item.email or "", item.display_name or "", bool(item.verified), item.verification_id,
        item.sign_up or "", item.fingerprint or "", from_rfc3339(item.created_at) if item.created_at else None,
    )  # fmt: skip


def _key(item: KeyItem) -> Key:
    return Key(
        item.sk.removeprefix(KEY), item.pk, item.storefront_id, item.name, item.prefix, item.digest, item.fingerprint,
        from_rfc3339(item.created_at), from_rfc3339(item.revoked_at) if item.revoked_at else None,
    )  # fmt: skip


def _item(verification: Verification) -> VerificationItem:
    item = VerificationItem(
        verification.account_id, VERIFICATION + verification.id, claim=verification.claim.model_dump_json(),
        state=verification.state, submitted_at=rfc3339(verification.submitted_at), fingerprint=verification.fingerprint,
        reason=verification.reason, decided_by=verification.decided_by,
        decided_at=rfc3339(verification.decided_at) if verification.decided_at else None,
    )  # fmt: skip
    if verification.state == "open":
        item.open_pk, item.open_sk = OPEN, f"{item.submitted_at}#{verification.id}"
    return item


def _verification(item: VerificationItem) -> Verification:
    state: Any = item.state
    return Verification(
        item.sk.removeprefix(VERIFICATION), item.pk, Claim.model_validate_json(item.claim), state, from_rfc3339(item.submitted_at),
        item.fingerprint, item.reason, item.decided_by, from_rfc3339(item.decided_at) if item.decided_at else None,
    )  # fmt: skip
