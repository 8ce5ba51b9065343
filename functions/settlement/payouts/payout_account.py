"""Where a payee is paid: its IBAN or its account at a provider, encrypted, shown masked only to itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from monsoon_plugin.clearing import Capability, Payee
from shared.providers.credentials import Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutAccount:
    """As it is stored. A payout that came back blocks it until its holder says another."""

    account_id: str
    sealed: bytes = field(repr=False)
    country: str
    """Of the IBAN, ISO 3166-1 alpha-2; empty without one."""
    ways: tuple[str, ...]
    """How it can be paid: `iban`, `provider_account`."""
    blocked: str = ""
    """Why nothing is paid to it at present."""
    version: int = 1

    @property
    def context(self) -> Mapping[str, str]:
        return {"tenant": self.account_id, "installation": "payout-account", "plugin": "settlement"}

    def can_be_paid_by(self, capability: Capability) -> bool:
        reachable = capability.countries is None or self.country in capability.countries or capability.pays_to != "iban"
        return not self.blocked and capability.pays_to in self.ways and reachable


def seal_account(payee: Payee, version: int, credentials: Credentials) -> PayoutAccount:
    """`payee` with what is secret in it encrypted for it alone."""
    ways = tuple(way for way in ("iban", "provider_account") if getattr(payee, way))
    bare = PayoutAccount(account_id=payee.account_id, sealed=b"", country=payee.country, ways=ways, version=version)
    return replace(bare, sealed=credentials.seal(json.dumps(asdict(payee)).encode(), bare.context))


def unseal_account(account: PayoutAccount, credentials: Credentials) -> Payee:
    """The payee in the clear."""
    return Payee(**json.loads(credentials.open(account.sealed, account.context)))


def masked(secret: str) -> str:
    """The first and last four characters of a secret of at least twelve; nothing of a shorter one."""
    return f"{secret[:4]}••••{secret[-4:]}" if len(secret) >= 12 else "••••" if secret else ""
