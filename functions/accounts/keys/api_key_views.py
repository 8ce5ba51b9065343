"""What requests about API keys and their answers carry."""

from typing import Annotated, Self

from pydantic import Field

from functions.accounts.keys.issued_key import IssuedKey
from monsoon_plugin.clock import rfc3339
from shared.api.caller import USUAL_SCOPE, Scope
from shared.api.payload import Body, View

KeyScope = Annotated[
    Scope,
    Field(
        description="what the key may do, each with what those before it may: `browse` reads what shoppers see and may be used from a "
        "browser; `sell` quotes, orders and pays; `manage` cancels what is paid, refunds, captures, sees cost and margin",
    ),
]


class NewKey(Body):
    """A key for a client site of one storefront."""

    storefront_id: str = Field(pattern=r"^sf_[0-9A-HJKMNP-TV-Z]{26}$")
    name: str = Field(min_length=1, max_length=100, examples=["our shop's server"])
    scope: KeyScope = USUAL_SCOPE


class EditKey(Body):
    """What the key shall be able to do. The authorizer keeps what it knows of a key for up to 60 seconds."""

    scope: KeyScope


class KeyView(View):
    """An API key. `key` is there once, in the answer that made it; later, and in a replay, only its prefix is."""

    key_id: str
    storefront_id: str
    name: str
    scope: KeyScope
    prefix: str
    created_at: str
    revoked_at: str | None
    key: str | None = None

    @classmethod
    def of(cls, key: IssuedKey, text: str | None = None) -> Self:
        return cls(
            key_id=key.id, storefront_id=key.storefront_id, name=key.name, scope=key.scope, prefix=key.prefix, key=text,
            created_at=rfc3339(key.created_at), revoked_at=rfc3339(key.revoked_at) if key.revoked_at else None,
        )  # fmt: skip


class KeyPage(View):
    items: list[KeyView]
    next: str | None
