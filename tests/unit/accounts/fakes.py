"""A user pool in memory, and the words that the tests of accounts share."""

from dataclasses import dataclass, field

from pydantic import BaseModel, SecretStr

from functions.accounts.user_pools.user_pool import AlreadyConfirmed, PoolUser, SignInRefused, Tokens, Unconfirmed
from functions.accounts.verification.claim import Claim
from shared.api.idempotency import Idempotency
from shared.errors import Invalid

CODE = "246810"
CLAIM = Claim(legal_name="Lantern & Loom GmbH", country="DE", registration_number="HRB 86891")


@dataclass
class FakePool:
    """functions.accounts.user_pools.user_pool.UserPool: every user's code is CODE, every subject is "sub-" and the address."""

    passwords: dict[str, str] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)

    def sign_up(self, email: str, password: SecretStr) -> PoolUser:
        self.passwords.setdefault(email, password.get_secret_value())
        return PoolUser(f"sub-{email}", could_sign_in=email in self.confirmed)

    def confirm(self, email: str, code: str) -> None:
        if email in self.confirmed:
            raise AlreadyConfirmed
        if email not in self.passwords or code != CODE:
            raise Invalid.field("/code", "this code is wrong or too old")
        self.confirmed.add(email)

    def sign_in(self, email: str, password: SecretStr) -> Tokens:
        if self.passwords.get(email) != password.get_secret_value():
            raise SignInRefused
        if email not in self.confirmed:
            raise Unconfirmed
        return Tokens(f"access {email}", 3600, f"refresh {email}")

    def refresh(self, refresh_token: SecretStr) -> Tokens:
        if not refresh_token.get_secret_value().startswith("refresh "):
            raise SignInRefused
        return Tokens("access again", 3600)


def idempotency(key: str = "one", tenant: str = "acc_1", body: BaseModel | None = None) -> Idempotency:
    return Idempotency.of({"idempotency-key": key}, tenant, "POST /x", body)
