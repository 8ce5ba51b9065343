"""What accounts' entry points need."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.accounts.account_store import AccountStore
from functions.accounts.keys.api_key_service import ApiKeyService
from functions.accounts.keys.api_key_store import ApiKeyStore
from functions.accounts.registration import Registration
from functions.accounts.user_pools.cognito_client import CognitoPool, cognito
from functions.accounts.user_pools.no_pool import NoPool
from functions.accounts.user_pools.user_pool import UserPool
from functions.accounts.verification.operator_approval import OperatorApproval
from functions.accounts.verification.verification_service import VerificationService
from functions.accounts.verification.verification_store import VerificationStore
from shared.bootstrap.api_parts import ApiParts


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str
    token_issuer: str
    user_pool_id: str
    """Empty where people are another issuer's."""
    user_pool_client_id: str


class Services(ApiParts):
    @cached_property
    def pool(self) -> UserPool:
        told = self.settings(Settings)
        return CognitoPool(cognito(), told.user_pool_id, told.user_pool_client_id) if told.user_pool_id else NoPool(told.token_issuer)

    @cached_property
    def accounts(self) -> AccountStore:
        return AccountStore(self.settings(Settings).accounts_table)

    @cached_property
    def registration(self) -> Registration:
        return Registration(self.pool, self.accounts, self.settings(Settings).token_issuer, self.clock)

    @cached_property
    def verifications(self) -> VerificationService:
        return VerificationService(VerificationStore(self.settings(Settings).accounts_table), OperatorApproval(), self.clock, self.retry)

    @cached_property
    def api_keys(self) -> ApiKeyService:
        return ApiKeyService(ApiKeyStore(self.settings(Settings).accounts_table), self.clock)


services = cache(Services)
"""Answers the process's own."""
