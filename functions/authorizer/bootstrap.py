"""What the authorizer needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from functions.authorizer.authentication import Authenticator
from functions.authorizer.credential_store import CredentialStore
from functions.authorizer.issuer import Issuer
from functions.authorizer.jwks import SigningKeys
from functions.authorizer.jwks_client import fetcher
from shared.api.caller import Role
from shared.bootstrap.parts import Parts


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSettings:
    token_issuer: str
    jwks_url: str
    token_audience: str
    audience_claim: str
    access_mark: str
    groups_claim: str
    verified_claim: str
    operators_group: str
    auditors_group: str


class Services(Parts):
    @cached_property
    def issuer(self) -> Issuer:
        told = self.settings(IssuerSettings)
        return Issuer(
            url=told.token_issuer, audience=told.token_audience, audience_claim=told.audience_claim, mark=told.access_mark,
            groups_claim=told.groups_claim, verified_claim=told.verified_claim,
        )  # fmt: skip

    @cached_property
    def group_roles(self) -> Mapping[str, Role]:
        told = self.settings(IssuerSettings)
        return {told.operators_group: "operator", told.auditors_group: "auditor"}

    @cached_property
    def authenticator(self) -> Authenticator:
        keys = SigningKeys(fetcher(self.settings(IssuerSettings).jwks_url), self.clock)
        credentials = CredentialStore(self.settings(Settings).accounts_table)
        return Authenticator(credentials, self.issuer, keys, self.clock, self.group_roles)


services = cache(Services)
"""Answers the process's own."""
