from dataclasses import dataclass, field

import pytest

from functions.authorizer.access_token import CredentialRefused
from functions.authorizer.authentication import Authenticator, KnownAccount, KnownKey
from functions.authorizer.iam_answer import iam_answer
from functions.authorizer.jwks import rsa_keys
from shared.api.caller import Caller, Scope
from shared.api_key import hash_of, mint
from shared.ids import derived_id
from tests.fakes import FakeClock
from tests.unit.authorizer.issuing import COGNITO, URL, jwks, token

ACCOUNT, KEY_ID = derived_id("acc", URL, "s-1"), derived_id("key", "1")
TEXT = mint(KEY_ID, ACCOUNT)
ARN = "arn:aws:execute-api:us-east-1:000000000000:a1b2/prod/GET/v1/orders/ord_1"


@dataclass
class FakeCredentials:
    accounts: dict[str, KnownAccount] = field(default_factory=lambda: {ACCOUNT: KnownAccount(frozenset({"storefront", "operator"}), True)})
    keys: dict[str, KnownKey] = field(default_factory=lambda: {KEY_ID: KnownKey(hash_of(TEXT), "sf_1", revoked=False)})
    reads: int = 0

    def account(self, account_id: str) -> KnownAccount | None:
        self.reads += 1
        return self.accounts.get(account_id)

    def account_and_key(self, account_id: str, key_id: str) -> tuple[KnownAccount | None, KnownKey | None]:
        self.reads += 1
        return self.accounts.get(account_id), self.keys.get(key_id)


@pytest.fixture
def credentials() -> FakeCredentials:
    return FakeCredentials()


@pytest.fixture
def authenticator(credentials: FakeCredentials) -> Authenticator:
    return Authenticator(credentials, COGNITO, rsa_keys(jwks("one")).get, FakeClock())


def test_a_person_has_the_roles_of_its_account_and_of_its_groups(authenticator: Authenticator, credentials: FakeCredentials) -> None:
    """An account's item that says "operator" counts for nothing: only the pool's groups make one."""
    assert authenticator.authenticate(f"Bearer {token()}") == Caller(ACCOUNT, frozenset({"storefront"}), True)
    groups = {"cognito:groups": ["operators", "auditors", "supplier"]}
    assert authenticator.authenticate(f"bearer {token(**groups)}").roles == {"storefront", "operator", "auditor"}
    assert credentials.reads == 2


def test_a_person_whose_account_has_said_nothing_yet_comes_in_without_roles(authenticator: Authenticator) -> None:
    assert authenticator.authenticate(f"Bearer {token(sub='s-2')}") == Caller(derived_id("acc", URL, "s-2"), frozenset(), False)


def test_a_key_comes_in_for_its_one_storefront_by_one_read(authenticator: Authenticator, credentials: FakeCredentials) -> None:
    assert authenticator.authenticate(f"Bearer {TEXT}") == Caller(ACCOUNT, frozenset({"client_site"}), True, "sf_1", "sell")
    assert credentials.reads == 1


@pytest.mark.parametrize("scope", ["browse", "manage"])
def test_a_key_comes_in_with_the_scope_that_its_item_says(authenticator: Authenticator, credentials: FakeCredentials, scope: Scope) -> None:
    credentials.keys[KEY_ID] = KnownKey(hash_of(TEXT), "sf_1", revoked=False, scope=scope)
    assert authenticator.authenticate(f"Bearer {TEXT}").scope == scope


def test_a_key_of_an_account_that_gave_the_storefront_role_up_may_do_nothing(
    authenticator: Authenticator, credentials: FakeCredentials
) -> None:
    credentials.accounts[ACCOUNT] = KnownAccount(frozenset({"supplier"}), False)
    assert authenticator.authenticate(f"Bearer {TEXT}") == Caller(ACCOUNT, frozenset(), False, "sf_1", "sell")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", f"Basic {TEXT}", TEXT, f"Bearer {TEXT[:-1]}", f"Bearer {TEXT[:-1]}{'A' if TEXT[-1] != 'A' else 'B'}",
     f"Bearer {mint(derived_id('key', '2'), ACCOUNT)}", f"Bearer {mint(KEY_ID, derived_id('acc', 'other'))}", "Bearer mk_",
     f"Bearer {TEXT} {TEXT}", "Bearer é"],
    ids=["none", "bearer alone", "basic", "no scheme", "cut", "altered", "another key", "another account", "prefix", "twice", "accent"],
)  # fmt: skip
def test_any_other_credential_is_refused(authenticator: Authenticator, authorization: str) -> None:
    with pytest.raises(CredentialRefused):
        authenticator.authenticate(authorization)


def test_a_revoked_key_is_refused(authenticator: Authenticator, credentials: FakeCredentials) -> None:
    credentials.keys[KEY_ID] = KnownKey(hash_of(TEXT), "sf_1", revoked=True)
    with pytest.raises(CredentialRefused, match="revoked"):
        authenticator.authenticate(f"Bearer {TEXT}")


def test_the_policy_is_for_the_whole_stage_and_hands_the_caller_over() -> None:
    someone = Caller(ACCOUNT, frozenset({"client_site"}), True, "sf_1")
    answer = iam_answer(someone, ARN)
    assert answer["policyDocument"]["Statement"][0]["Resource"] == "arn:aws:execute-api:us-east-1:000000000000:a1b2/prod/*"
    assert Caller.of(answer["context"]) == someone
