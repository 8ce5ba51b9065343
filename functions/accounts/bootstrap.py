"""What accounts' entry points need, made of the environment when first asked for."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.accounts.account_store import AccountStore
from functions.accounts.cognito_client import CognitoPool, cognito
from functions.accounts.keys.api_key_service import ApiKeyService
from functions.accounts.keys.api_key_store import ApiKeyStore
from functions.accounts.registration import Registration
from functions.accounts.user_pool import UserPool
from functions.accounts.verification.operator_approval import OperatorApproval
from functions.accounts.verification.verification_service import VerificationService
from functions.accounts.verification.verification_store import VerificationStore
from monsoon_plugin.clock import Clock, utc_now
from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.secret import secret_of
from shared.settings import settings_of


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str
    signing_secret: str
    token_issuer: str
    user_pool_id: str
    user_pool_client_id: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(
        self, settings: Settings | None = None, *, clock: Clock = utc_now, pool: UserPool | None = None, tickets: Tickets | None = None
    ) -> None:
        self.clock = clock
        if settings is not None:
            self.settings = settings
        if pool is not None:
            self.pool = pool
        if tickets is not None:
            self.tickets = tickets

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def pool(self) -> UserPool:
        return CognitoPool(cognito(), self.settings.user_pool_id, self.settings.user_pool_client_id)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(self.settings.signing_secret))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @cached_property
    def accounts(self) -> AccountStore:
        return AccountStore(self.settings.accounts_table)

    @cached_property
    def registration(self) -> Registration:
        return Registration(self.pool, self.accounts, self.settings.token_issuer, self.clock)

    @cached_property
    def verifications(self) -> VerificationService:
        return VerificationService(VerificationStore(self.settings.accounts_table), OperatorApproval(), self.clock)

    @cached_property
    def api_keys(self) -> ApiKeyService:
        return ApiKeyService(ApiKeyStore(self.settings.accounts_table), self.clock)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
