"""Verifications in the accounts table: `verification#<id>` under their account, and what the account's own item says of the latest."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from functions.accounts.account_items import ACCOUNT, AccountItem
from functions.accounts.verification.claim import Claim
from functions.accounts.verification.verification import Verification
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.aws.dynamo import Item, Table, bind, connection, reasons
from shared.bounds.kept import kept

VERIFICATION = "verification#"
OPEN = "verification"
"""The partition of the `open` index: identities wait for a person, so it stays small."""


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


class VerificationStore:
    """verification_service.Verifications."""

    def __init__(self, table: str) -> None:
        bind(table, AccountItem, VerificationItem)

    def get(self, account_id: str, verification_id: str) -> Verification | None:
        try:
            return _verification(VerificationItem.get(account_id, VERIFICATION + verification_id, consistent_read=True))
        except VerificationItem.DoesNotExist:
            return None

    def latest(self, account_id: str) -> Verification | None:
        try:
            account = AccountItem.get(account_id, ACCOUNT, consistent_read=True)
        except AccountItem.DoesNotExist:
            return None
        return self.get(account_id, account.verification_id) if account.verification_id else None

    def add(self, verification: Verification) -> bool:
        """A transaction, for an account has one open claim at most and every claim is kept."""
        state = AccountItem.verification_state
        free = state.does_not_exist() | (state == "refused")
        return _write(verification, VerificationItem.pk.does_not_exist(), free)

    def save_decision(self, verification: Verification) -> bool:
        """A transaction, for the account is verified exactly if its latest claim is approved."""
        return _write(verification, VerificationItem.state == "open", AccountItem.verification_id == verification.id)

    def page_of_open(self, after: str, limit: int) -> list[tuple[str, Verification]]:
        condition = VerificationItem.open_sk > after if after else None
        found = list(VerificationItem.open.query(OPEN, condition, limit=limit))
        wanted = [(key.pk, key.sk) for key in found]
        items = {item.sk: item for item in VerificationItem.batch_get(wanted, consistent_read=True)}
        return [(str(key.open_sk), _verification(items[key.sk])) for key in found]


def _write(verification: Verification, condition: Any, account_condition: Any) -> bool:
    """Write a verification and its account's part of it, or nothing; False if another write came first."""
    account = AccountItem(verification.account_id, ACCOUNT)
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(_item(verification), condition=condition)
            transaction.update(account, actions=_account_changes(verification), condition=account_condition)
    except TransactWriteError as error:
        if set(reasons(error)) - {None, "ConditionalCheckFailed", "TransactionConflict"}:
            raise
        return False
    return True


def _account_changes(verification: Verification) -> list[Action]:
    return [
        AccountItem.verification_id.set(verification.id),
        AccountItem.verification_state.set(verification.state),
        AccountItem.verified.set(verification.state == "approved"),
    ]


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


def _verification(item: Any) -> Verification:
    return Verification(
        id=item.sk.removeprefix(VERIFICATION), account_id=item.pk, claim=kept(Claim, item.claim), state=item.state,
        submitted_at=from_rfc3339(item.submitted_at), fingerprint=item.fingerprint, reason=item.reason, decided_by=item.decided_by,
        decided_at=from_rfc3339(item.decided_at) if item.decided_at else None,
    )  # fmt: skip
