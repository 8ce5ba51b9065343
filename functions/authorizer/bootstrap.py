"""What the authorizer needs."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.authorizer.access_token import Issuer
from functions.authorizer.authentication import Authenticator
from functions.authorizer.credential_store import CredentialStore
from functions.authorizer.jwks import SigningKeys
from functions.authorizer.jwks_client import fetcher
from shared.bootstrap.parts import Parts


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str
    token_issuer: str
    jwks_url: str
    user_pool_client_id: str


class Services(Parts):
    @cached_property
    def authenticator(self) -> Authenticator:
        issuer = Issuer(self.settings(Settings).token_issuer, self.settings(Settings).user_pool_client_id)
        keys = SigningKeys(fetcher(self.settings(Settings).jwks_url), self.clock)
        return Authenticator(CredentialStore(self.settings(Settings).accounts_table), issuer, keys, self.clock)


services = cache(Services)
"""Answers the process's own."""
