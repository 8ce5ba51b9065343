"""What requests about accounts and sessions and their answers carry."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from functions.accounts.account import SELF_ROLES, Account, SelfRole
from functions.accounts.user_pools.user_pool import Tokens
from monsoon_plugin.clock import rfc3339
from shared.api.caller import Caller, Role
from shared.api.payload import Body, View

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s.\x00-\x1f\x7f]+(\.[^@\s.\x00-\x1f\x7f]+)+")


def _address(text: str) -> str:
    """`text` in lower case, as the user pool compares it. Raises ValueError unless it can be an address (RFC 5321)."""
    if EMAIL.fullmatch(text) is None:
        raise ValueError("this is not an e-mail address")
    return text.lower()


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_address), Field(examples=["mei@lantern.example"])]
Password = Annotated[SecretStr, Field(min_length=8, max_length=256, examples=["Lantern-and-Loom-7"])]
DisplayName = Annotated[str, Field(min_length=1, max_length=100, examples=["Lantern & Loom"])]
Roles = Annotated[list[SelfRole], Field(max_length=4, examples=[["supplier", "storefront"]])]


class SignUp(Body):
    """A new account. The password is kept by the user pool alone."""

    email: Email
    password: Password
    display_name: DisplayName
    roles: Roles


class Confirmation(Body):
    """The code that came by e-mail."""

    email: Email
    code: SecretStr = Field(min_length=4, max_length=16, examples=["123456"])


class SignIn(Body):
    """Either an e-mail address with its password, or a refresh token."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "ada@example.com", "password": "Correct horse battery 1"}]}, defer_build=True
    )
    email: Email | None = None
    password: Password | None = None
    refresh_token: SecretStr | None = Field(default=None, min_length=1, max_length=8192)

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        given = (self.email is not None, self.password is not None, self.refresh_token is not None)
        if given not in {(True, True, False), (False, False, True)}:
            raise ValueError("send email and password, or refresh_token alone")
        return self


class EditAccount(Body):
    """What to change; what is not sent stays. An empty list gives all roles up."""

    display_name: DisplayName | None = None
    roles: Roles | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.display_name is None and self.roles is None:
            raise ValueError("send display_name or roles")
        return self


class AccountView(View):
    """One account, as its owner sees it."""

    account_id: str
    storefront_id: str | None = Field(description="the storefront of the API key that asks")
    email: str | None
    display_name: str | None
    roles: list[Role]
    verified: bool
    created_at: str | None

    @classmethod
    def of(cls, account: Account, caller: Caller | None = None) -> Self:
        """`account` as `caller` sees it: with the roles that its groups give it; a client site's key sees its own role alone."""
        granted = caller.roles - SELF_ROLES if caller else frozenset()
        site = caller.storefront_id if caller else None
        return cls(
            account_id=account.id, storefront_id=site, email=None if site else account.email or None,
            display_name=account.display_name or None, roles=sorted(granted if site else granted.union(account.roles)),
            verified=account.verified, created_at=rfc3339(account.created_at) if account.created_at else None,
        )  # fmt: skip


class SessionView(View):
    """Send `access_token` as `Authorization: Bearer …`. A refresh answers no new refresh token."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (RFC 6750's name)
    expires_in: int = Field(description="seconds")
    refresh_token: str | None

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        return cls(access_token=tokens.access_token, expires_in=tokens.expires_in, refresh_token=tokens.refresh_token)
