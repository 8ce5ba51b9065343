"""Signing up: a user of the pool and its account, made once however often it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from functions.accounts.account import Account, EmailTaken, SelfRole, account_id
from functions.accounts.user_pools.user_pool import UserPool
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency


class Accounts(Protocol):
    """Where accounts are kept."""

    def account(self, account_id: str) -> Account | None: ...

    def add(self, account: Account) -> bool:
        """Keep a new account; False, and nothing is changed, if there is one with its id."""


@dataclass(frozen=True, slots=True)
class Applicant:
    email: str
    password: SecretStr
    display_name: str
    roles: Sequence[SelfRole]


@dataclass(frozen=True, slots=True)
class Registration:
    """Makes accounts of the users of `pool`, whose tokens say that they are of `issuer`."""

    pool: UserPool
    accounts: Accounts
    issuer: str
    clock: Clock

    def register(self, applicant: Applicant, idempotency: Idempotency) -> Account:
        """Make the applicant's account, or answer the one that this very request has made before.

        The user is made first. If the account could not be written then, the replay finds the user unconfirmed and writes it;
        a user who could sign in already is never given an account by a stranger. The address takes the tenant's place, for
        there is none yet: the same key with another address is another request. The password is no part of the fingerprint,
        so that nothing from which it could be guessed is ever stored. Raises EmailTaken, KeyReused.
        """
        user = self.pool.sign_up(applicant.email, applicant.password)
        account = Account(
            id=account_id(self.issuer, user.subject),
            roles=tuple(dict.fromkeys(applicant.roles)),
            email=applicant.email,
            display_name=applicant.display_name,
            sign_up=idempotency.id("acc"),
            fingerprint=idempotency.fingerprint,
            created_at=self.clock(),
        )
        if not user.could_sign_in and self.accounts.add(account):
            return account
        found = self.accounts.account(account.id)
        if found is None or found.sign_up != account.sign_up:
            raise EmailTaken
        idempotency.same(found.fingerprint)
        return found
