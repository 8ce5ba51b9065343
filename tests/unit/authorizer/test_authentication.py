from dataclasses import dataclass, field

import pytest

from functions.accounts.keys.api_keys import digest_of, minted
from functions.authorizer.access_token import Issuer
from functions.authorizer.authentication import Door, Refused, SiteKey, Standing, policy
from functions.authorizer.jwks import rsa_keys
from shared.api.caller import Caller
from shared.ids import derived_id
from tests.fakes import FakeClock
from tests.unit.authorizer.issuing import CLIENT, URL, jwks, token

ACCOUNT, KEY_ID = derived_id("acc", URL, "s-1"), derived_id("key", "1")
TEXT = minted(KEY_ID, ACCOUNT)
ARN = "arn:aws:execute-api:us-east-1:000000000000:a1b2/prod/GET/v1/orders/ord_1"


@dataclass
class FakeRegister:
    accounts: dict[str, Standing] = field(default_factory=lambda: {ACCOUNT: Standing(frozenset({"storefront", "operator"}), True)})
    keys: dict[str, SiteKey] = field(default_factory=lambda: {KEY_ID: SiteKey(digest_of(TEXT), "sf_1", revoked=False)})
    reads: int = 0

    def account(self, account_id: str) -> Standing | None:
        self.reads += 1
        return self.accounts.get(account_id)

    def account_and_key(self, account_id: str, key_id: str) -> tuple[Standing | None, SiteKey | None]:
        self.reads += 1
        return self.accounts.get(account_id), self.keys.get(key_id)


@pytest.fixture
def register() -> FakeRegister:
    return FakeRegister()


@pytest.fixture
def door(register: FakeRegister) -> Door:
    return Door(register, Issuer(URL, CLIENT), rsa_keys(jwks("one")).get, FakeClock())


def test_a_person_has_the_roles_of_its_account_and_of_its_groups(door: Door, register: FakeRegister) -> None:
    """An account's item that says "operator" counts for nothing: only the pool's groups make one."""
    assert door.admit(f"Bearer {token()}") == Caller(ACCOUNT, frozenset({"storefront"}), True)
    groups = {"cognito:groups": ["operators", "auditors", "supplier"]}
    assert door.admit(f"bearer {token(**groups)}").roles == {"storefront", "operator", "auditor"}
    assert register.reads == 2


def test_a_person_whose_account_has_said_nothing_yet_comes_in_without_roles(door: Door) -> None:
    assert door.admit(f"Bearer {token(sub='s-2')}") == Caller(derived_id("acc", URL, "s-2"), frozenset(), False)


def test_a_key_comes_in_for_its_one_storefront_by_one_read(door: Door, register: FakeRegister) -> None:
    assert door.admit(f"Bearer {TEXT}") == Caller(ACCOUNT, frozenset({"client_site"}), True, "sf_1", "sell")
    assert register.reads == 1


def test_a_key_of_an_account_that_gave_the_storefront_role_up_may_do_nothing(door: Door, register: FakeRegister) -> None:
    register.accounts[ACCOUNT] = Standing(frozenset({"supplier"}), False)
    assert door.admit(f"Bearer {TEXT}") == Caller(ACCOUNT, frozenset(), False, "sf_1", "sell")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", f"Basic {TEXT}", TEXT, f"Bearer {TEXT[:-1]}", f"Bearer {TEXT[:-1]}{'A' if TEXT[-1] != 'A' else 'B'}",
     f"Bearer {minted(derived_id('key', '2'), ACCOUNT)}", f"Bearer {minted(KEY_ID, derived_id('acc', 'other'))}", "Bearer mk_",
     f"Bearer {TEXT} {TEXT}", "Bearer é"],
    ids=["none", "bearer alone", "basic", "no scheme", "cut", "altered", "another key", "another account", "prefix", "twice", "accent"],
)  # fmt: skip
def test_any_other_credential_is_refused(door: Door, authorization: str) -> None:
    with pytest.raises(Refused):
        door.admit(authorization)


def test_a_revoked_key_is_refused(door: Door, register: FakeRegister) -> None:
    register.keys[KEY_ID] = SiteKey(digest_of(TEXT), "sf_1", revoked=True)
    with pytest.raises(Refused, match="revoked"):
        door.admit(f"Bearer {TEXT}")


def test_the_policy_is_for_the_whole_stage_and_hands_the_caller_over() -> None:
    someone = Caller(ACCOUNT, frozenset({"client_site"}), True, "sf_1")
    answer = policy(someone, ARN)
    assert answer["policyDocument"]["Statement"][0]["Resource"] == "arn:aws:execute-api:us-east-1:000000000000:a1b2/prod/*"
    assert Caller.of(answer["context"]) == someone
