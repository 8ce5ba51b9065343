"""Signing up, confirming the address, signing in."""

from pydantic import SecretStr

from functions.accounts.account import EmailTaken
from functions.accounts.account_views import AccountView, Confirmation, SessionView, SignIn, SignUp
from functions.accounts.bootstrap import Services
from functions.accounts.registration import Applicant
from functions.accounts.user_pools.user_pool import AlreadyConfirmed, SignInElsewhere, SignInRefused, SignInStep, Unconfirmed
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import TooManyRequests

ROUTES = Routes()


@ROUTES.post(
    "/v1/accounts",
    body=SignUp,
    answers={201: AccountView},
    public=True,
    idempotent=True,
    problems=[EmailTaken, KeyReused, SignInElsewhere, TooManyRequests],
)
def sign_up(body: SignUp, idempotency: Idempotency, services: Services) -> AccountView:
    """Sign up; a code to confirm the address comes by e-mail."""
    applicant = Applicant(body.email, body.password, body.display_name, body.roles)
    return AccountView.of(services.registration.register(applicant, idempotency))


@ROUTES.post(
    "/v1/accounts/confirmation",
    body=Confirmation,
    answers={204: None},
    public=True,
    problems=[AlreadyConfirmed, SignInElsewhere, TooManyRequests],
)
def confirm(body: Confirmation, services: Services) -> None:
    """Confirm the e-mail address with the code that came there."""
    services.pool.confirm(body.email, body.code.get_secret_value())


@ROUTES.post(
    "/v1/sessions",
    body=SignIn,
    answers={200: SessionView},
    public=True,
    problems=[SignInElsewhere, SignInRefused, Unconfirmed, SignInStep, TooManyRequests],
)
def sign_in(body: SignIn, services: Services) -> SessionView:
    """Sign in with e-mail address and password, or go on with a refresh token."""
    if body.email is not None and body.password is not None:
        return SessionView.of(services.pool.sign_in(body.email, body.password))
    return SessionView.of(services.pool.refresh(body.refresh_token or SecretStr("")))
