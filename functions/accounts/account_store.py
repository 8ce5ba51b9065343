"""Accounts in the accounts table."""

from typing import Any

from pynamodb.expressions.update import Action

from functions.accounts.account import Account, SelfRole
from functions.accounts.account_items import ACCOUNT, AccountItem
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.aws.dynamo import bind, put_if


class AccountStore:
    """registration.Accounts, and what an account changes about itself."""

    def __init__(self, table: str) -> None:
        bind(table, AccountItem)

    def account(self, account_id: str) -> Account | None:
        try:
            return _account(AccountItem.get(account_id, ACCOUNT, consistent_read=True))
        except AccountItem.DoesNotExist:
            return None

    def add(self, account: Account) -> bool:
        item = AccountItem(
            account.id, ACCOUNT, email=account.email, display_name=account.display_name, roles=" ".join(account.roles),
            verified=account.verified, sign_up=account.sign_up, fingerprint=account.fingerprint,
            created_at=rfc3339(account.created_at) if account.created_at else None,
        )  # fmt: skip
        return put_if(item, AccountItem.pk.does_not_exist())

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


def _account(item: AccountItem) -> Account:
    roles: Any = tuple((item.roles or "").split())
    return Account(
        id=item.pk, roles=roles, email=item.email or "", display_name=item.display_name or "", verified=bool(item.verified),
        verification_id=item.verification_id, sign_up=item.sign_up or "", fingerprint=item.fingerprint or "",
        created_at=from_rfc3339(item.created_at) if item.created_at else None,
    )  # fmt: skip
