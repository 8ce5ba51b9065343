"""What every host of plug-ins (payments, shipping, settlement) shares: a merchant's installations of provider plug-ins.

A host serves `installation_routes(kind)`, and its bootstrap makes one `Installations`: install, change, disable, `preferred(tenant)`;
for a call `allow_call`, `context`, `record_outcome`. `elsewhere/` holds the plug-ins that run in functions of the operator's or behind
a merchant's address.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import to_jsonable_python

from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode, Money
from monsoon_plugin.plugin import Config, Mode
from shared.errors import FieldError, Invalid, said
from shared.providers.breaker import CLOSED, Circuit
from shared.trade.product import Country

C = TypeVar("C", bound=Config)
HIDDEN = "••••"
"""What a secret looks like in an answer; sent back in a PATCH, it leaves the secret as it is."""
MAX_CONFIG = 16 * 1024
"""A config is at most this many bytes of JSON."""


class Range(BaseModel):
    """Amounts of one currency, minor units, both ends included."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    currency: CurrencyCode
    least: int = Field(default=0, ge=0, le=MAX_AMOUNT)
    most: int = Field(default=MAX_AMOUNT, ge=0, le=MAX_AMOUNT)


class Conditions(BaseModel):
    """For what a merchant wants an installation to be used; empty: for everything that it can do."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    currencies: list[CurrencyCode] = Field(default=[], max_length=50)
    countries: list[Country] = Field(default=[], max_length=250, description="where the parcel goes, ISO 3166-1 alpha-2")
    amounts: list[Range] = Field(default=[], max_length=50, description="other currencies are not limited by these")

    def allow(self, amount: Money | None, country: str) -> bool:
        """Whether it is to be used; what is not known (None, empty) is not asked for."""
        if country and self.countries and country not in self.countries:
            return False
        if amount is None:
            return True
        ranges = [r for r in self.amounts if r.currency == amount.currency]
        fits = not ranges or any(r.least <= amount.amount <= r.most for r in ranges)
        return fits and (not self.currencies or amount.currency in self.currencies)


EVERYTHING = Conditions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One merchant's use of one plug-in at one storefront."""

    id: str
    tenant: str
    """`account#storefront`: whose it is, and the partition key."""
    plugin: str
    mode: Mode
    enabled: bool
    rank: int
    """The enabled one with the lowest rank is preferred; among equals, the newest."""
    sealed: bytes = field(repr=False)
    """The config, encrypted for this tenant, installation and plug-in alone."""
    created_at: str
    fingerprint: str
    """Of the request that created it."""
    version: int = 1
    mode_meant: bool = False
    """Whether `mode` was said, or chosen for the plug-in (decision 0026); before, who did not say got `test`, real money or not."""
    conditions: Conditions = EVERYTHING
    previous: bytes = field(default=b"", repr=False)
    """The config before the last change, encrypted likewise: notices that it signed are still on their way."""
    previous_until: str = ""
    """RFC 3339; until then notices are verified with the previous config too."""
    circuit: Circuit = CLOSED

    @property
    def context(self) -> Mapping[str, str]:
        """The encryption context: a ciphertext that is moved to another tenant, installation or plug-in cannot be opened."""
        return {"tenant": self.tenant, "installation": self.id, "plugin": self.plugin}


def checked(model: type[C], document: Mapping[str, Any]) -> C:
    """The config that a merchant typed in. Raises Invalid naming every wrong field as `/config/…`; values are never repeated."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[:50]
        fields = [FieldError("/config/" + "/".join(map(str, e["loc"])), said(e)) for e in found]
        raise Invalid("the plug-in does not accept this config", fields) from None


def written(config: Config) -> bytes:
    """The config as JSON with its secrets in the clear, to be encrypted. Raises Invalid over MAX_CONFIG."""
    plain = _json(config, SecretStr.get_secret_value).encode()
    if len(plain) > MAX_CONFIG:
        raise Invalid.field("/config", f"a config may have at most {MAX_CONFIG} bytes")
    return plain


def shown(config: Config) -> dict[str, Any]:
    """The config as its owner may see it: secrets are HIDDEN."""
    document: dict[str, Any] = json.loads(_json(config, lambda _: HIDDEN))
    return document


def merged(kept: bytes, change: Mapping[str, Any]) -> dict[str, Any]:
    """`kept` (as `written`) with the fields of `change`; null removes a field (RFC 7396, top level), HIDDEN leaves it."""
    document = json.loads(kept) | {name: value for name, value in change.items() if value != HIDDEN}
    return {name: value for name, value in document.items() if value is not None}


def _json(config: Config, secret: Any) -> str:
    def plain(value: Any) -> Any:
        return secret(value) if isinstance(value, SecretStr) else to_jsonable_python(value)

    return json.dumps(config.model_dump(), default=plain, ensure_ascii=False, separators=(",", ":"))
