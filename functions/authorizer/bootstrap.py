"""What the authorizer needs, made of the environment when first asked for."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.authorizer.access_token import Issuer
from functions.authorizer.authentication import Authenticator
from functions.authorizer.credential_store import CredentialStore
from functions.authorizer.jwks import SigningKeys
from functions.authorizer.jwks_client import fetcher
from monsoon_plugin.clock import Clock, utc_now
from shared.settings import settings_of


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str
    token_issuer: str
    jwks_url: str
    user_pool_client_id: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(self, settings: Settings | None = None, *, clock: Clock = utc_now, authenticator: Authenticator | None = None) -> None:
        self.clock = clock
        if settings is not None:
            self.settings = settings
        if authenticator is not None:
            self.authenticator = authenticator

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def authenticator(self) -> Authenticator:
        issuer = Issuer(self.settings.token_issuer, self.settings.user_pool_client_id)
        keys = SigningKeys(fetcher(self.settings.jwks_url), self.clock)
        return Authenticator(CredentialStore(self.settings.accounts_table), issuer, keys, self.clock)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
