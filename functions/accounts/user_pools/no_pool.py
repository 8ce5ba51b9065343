"""In place of a user pool, where people are another OIDC issuer's: what a pool does is done there."""

from dataclasses import dataclass

from pydantic import SecretStr

from functions.accounts.user_pools.user_pool import PoolUser, SignInElsewhere, Tokens


@dataclass(frozen=True, slots=True)
class NoPool:
    """Refuses everything that a pool is asked for by SignInElsewhere, which names the issuer."""

    issuer: str

    def sign_up(self, email: str, password: SecretStr) -> PoolUser:
        raise self._elsewhere()

    def confirm(self, email: str, code: str) -> None:
        raise self._elsewhere()

    def sign_in(self, email: str, password: SecretStr) -> Tokens:
        raise self._elsewhere()

    def refresh(self, refresh_token: SecretStr) -> Tokens:
        raise self._elsewhere()

    def _elsewhere(self) -> SignInElsewhere:
        remedy = f"sign up and in at {self.issuer}, and send the access token that it gives as Authorization: Bearer …"
        return SignInElsewhere(remedy, issuer=self.issuer)
