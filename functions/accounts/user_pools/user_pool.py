"""What accounts asks of the user pool that keeps addresses and passwords."""

from dataclasses import dataclass, field
from typing import Protocol

from pydantic import SecretStr

from shared.errors import Conflict, Forbidden, NotFound, Unauthorized


class SignInRefused(Unauthorized):
    code, title = "sign-in-refused", "The e-mail address and password, or the refresh token, do not fit"


class Unconfirmed(Forbidden):
    code, title = "unconfirmed", "Confirm the e-mail address first: send the code to /v1/accounts/confirmation"


class SignInStep(Forbidden):
    code, title = "sign-in-step", "The user pool asks for a further step that this route does not offer"


class AlreadyConfirmed(Conflict):
    code, title = "already-confirmed", "This account is confirmed: sign in"


class SignInElsewhere(NotFound):
    code, title = "sign-in-elsewhere", "People of this hub sign up and in at an identity provider of the operator's choice"


@dataclass(frozen=True, slots=True)
class PoolUser:
    """A user of the pool. `could_sign_in`: somebody could sign in as it before this request came."""

    subject: str
    could_sign_in: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gives. `expires_in`: seconds of the access token. A refresh gives no new refresh token."""

    access_token: str = field(repr=False)
    expires_in: int
    refresh_token: str | None = field(default=None, repr=False)


class UserPool(Protocol):
    """Keeps e-mail addresses and passwords. Every method may raise TooManyRequests, and names a bad field by Invalid."""

    def sign_up(self, email: str, password: SecretStr) -> PoolUser:
        """Make a user, who gets a code by e-mail; one that has this address already is answered as it is."""

    def confirm(self, email: str, code: str) -> None:
        """Accept the code that was sent to `email`. Raises Invalid for a wrong or old one, AlreadyConfirmed."""

    def sign_in(self, email: str, password: SecretStr) -> Tokens:
        """Raises SignInRefused (which does not tell an unknown address from a wrong password), Unconfirmed, SignInStep."""

    def refresh(self, refresh_token: SecretStr) -> Tokens:
        """Raises SignInRefused for a token that is forged, revoked or too old."""
