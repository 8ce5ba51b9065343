"""accounts: people sign up and in, prove who they are, and give their client sites keys."""

from dataclasses import dataclass
from functools import cache

from pydantic import SecretStr

from functions.accounts.account import Account, EmailTaken, person
from functions.accounts.account_store import AccountStore
from functions.accounts.account_views import (
    AccountView,
    Confirmation,
    Decide,
    EditAccount,
    KeyPage,
    KeyView,
    NewKey,
    Page,
    SessionView,
    SignIn,
    SignUp,
    VerificationPage,
    VerificationView,
)
from functions.accounts.cognito_client import CognitoPool, cognito
from functions.accounts.keys.api_keys import KeyRing, TooManyKeys
from functions.accounts.lists import Lists
from functions.accounts.registration import Applicant, Registration
from functions.accounts.user_pool import AlreadyConfirmed, SignInRefused, SignInStep, Unconfirmed
from functions.accounts.verification.claim import Claim
from functions.accounts.verification.operator_approval import OperatorApproval
from functions.accounts.verification.verification import AlreadyDecided, AlreadySubmitted, Decision, OwnVerification, VerificationDesk
from monsoon_plugin.clock import utc_now
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.api.tickets import Tickets
from shared.aws.secret import secret_of
from shared.errors import Forbidden, Malformed, NotFound, TooManyRequests
from shared.settings import settings_of

app = Service("accounts")


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str
    signing_secret: str
    token_issuer: str
    user_pool_id: str
    user_pool_client_id: str


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def store() -> AccountStore:
    return AccountStore(settings().accounts_table)


@cache
def pool() -> CognitoPool:
    return CognitoPool(cognito(), settings().user_pool_id, settings().user_pool_client_id)


@cache
def registration() -> Registration:
    return Registration(pool(), store(), settings().token_issuer, utc_now)


@cache
def desk() -> VerificationDesk:
    return VerificationDesk(store(), OperatorApproval(), utc_now)


@cache
def ring() -> KeyRing:
    return KeyRing(store(), utc_now)


@cache
def lists() -> Lists:
    return Lists(store(), Tickets(secret_of(settings().signing_secret)), utc_now)


@app.post("/v1/accounts", body=SignUp, answers={201: AccountView}, public=True, idempotent=True,
          problems=[EmailTaken, KeyReused, TooManyRequests])  # fmt: skip
def sign_up(body: SignUp, idempotency: Idempotency) -> AccountView:
    """Sign up; a code to confirm the address comes by e-mail."""
    applicant = Applicant(body.email, body.password, body.display_name, body.roles)
    return AccountView.of(registration().register(applicant, idempotency))


@app.post("/v1/accounts/confirmation", body=Confirmation, answers={204: None}, public=True, problems=[AlreadyConfirmed, TooManyRequests])
def confirm(body: Confirmation) -> None:
    """Confirm the e-mail address with the code that came there."""
    pool().confirm(body.email, body.code.get_secret_value())


@app.post("/v1/sessions", body=SignIn, answers={200: SessionView}, public=True,
          problems=[SignInRefused, Unconfirmed, SignInStep, TooManyRequests])  # fmt: skip
def sign_in(body: SignIn) -> SessionView:
    """Sign in with e-mail address and password, or go on with a refresh token."""
    if body.email is not None and body.password is not None:
        return SessionView.of(pool().sign_in(body.email, body.password))
    return SessionView.of(pool().refresh(body.refresh_token or SecretStr("")))


@app.get("/v1/account", answers={200: AccountView}, key="browse")
def account(caller: Caller) -> AccountView:
    """Show the account that is signed in."""
    return AccountView.of(store().account(caller.account_id) or Account(caller.account_id), caller)


@app.patch("/v1/account", body=EditAccount, answers={200: AccountView}, problems=[Forbidden])
def edit_account(body: EditAccount, caller: Caller) -> AccountView:
    """Change the display name or the roles; other roles count from the next access token, for this one within minutes."""
    return AccountView.of(store().edit(person(caller).account_id, body.display_name, body.roles), caller)


@app.post("/v1/account/verification", body=Claim, answers={201: VerificationView}, idempotent=True,
          problems=[AlreadySubmitted, Forbidden, KeyReused])  # fmt: skip
def submit_verification(body: Claim, caller: Caller, idempotency: Idempotency) -> VerificationView:
    """Submit the account's legal identity; a replay answers where it stands by now."""
    return VerificationView.of(desk().submit(person(caller).account_id, body, idempotency))


@app.get("/v1/account/verification", answers={200: VerificationView}, problems=[Forbidden, NotFound])
def verification(caller: Caller) -> VerificationView:
    """Show the identity that was submitted last, and the decision."""
    return VerificationView.of(desk().latest(person(caller).account_id))


@app.get("/v1/verifications", query=Page, answers={200: VerificationPage}, allow=["operator"], problems=[Malformed])
def open_verifications(query: Page, caller: Caller) -> VerificationPage:
    """List the identities that await a decision, the oldest first."""
    return lists().open(caller.account_id, query)


@app.post("/v1/verifications/{account_id}/decision", body=Decide, answers={200: VerificationView}, allow=["operator"],
          problems=[AlreadyDecided, NotFound, OwnVerification])  # fmt: skip
def decide_verification(account_id: str, body: Decide, caller: Caller) -> VerificationView:
    """Approve or refuse an identity; the same decision again changes nothing."""
    return VerificationView.of(desk().decide(account_id, Decision(body.verification_id, body.state, body.reason, caller.account_id)))


@app.post("/v1/keys", body=NewKey, answers={201: KeyView}, allow=["storefront"], verified=True, idempotent=True,
          problems=[KeyReused, TooManyKeys])  # fmt: skip
def create_key(body: NewKey, caller: Caller, idempotency: Idempotency) -> KeyView:
    """Make a client site's API key; `key` is shown this once: a replay answers the same key without it."""
    key, text = ring().create(caller.account_id, body.storefront_id, body.name, idempotency)
    return KeyView.of(key, text)


@app.get("/v1/keys", query=Page, answers={200: KeyPage}, allow=["storefront"], problems=[Malformed])
def keys(query: Page, caller: Caller) -> KeyPage:
    """List the account's API keys, without their secrets."""
    return lists().keys(caller.account_id, query)


@app.delete("/v1/keys/{key_id}", answers={204: None}, allow=["storefront"], problems=[NotFound])
def revoke_key(key_id: str, caller: Caller) -> None:
    """Revoke an API key."""
    ring().revoke(caller.account_id, key_id)
