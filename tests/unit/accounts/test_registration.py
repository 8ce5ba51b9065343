from dataclasses import dataclass, field, replace

import pytest
from pydantic import SecretStr

from functions.accounts.account import Account, EmailTaken, account_id
from functions.accounts.account_views import SignUp
from functions.accounts.registration import Applicant, Registration
from shared.api.idempotency import KeyReused
from tests.fakes import FakeClock
from tests.unit.accounts.fakes import FakePool, idempotency

ISSUER = "https://issuer.example/pool"


@dataclass
class FakeAccounts:
    kept: dict[str, Account] = field(default_factory=dict)
    down: bool = False

    def account(self, account_id: str) -> Account | None:
        return self.kept.get(account_id)

    def add(self, account: Account) -> bool:
        if self.down:
            raise ConnectionError
        return self.kept.setdefault(account.id, account) is account


@pytest.fixture
def registration() -> Registration:
    return Registration(FakePool(), FakeAccounts(), ISSUER, FakeClock())


def sign_up(registration: Registration, key: str = "one", password: str = "Secret-word-1", name: str = "Mei") -> Account:
    body = SignUp(email="Mei@Lantern.example", password=SecretStr(password), display_name=name, roles=["supplier"])
    applicant = Applicant(body.email, body.password, body.display_name, body.roles)
    return registration.register(applicant, idempotency(key, "public", body))


def test_an_account_s_id_derives_from_its_issuer_and_subject(registration: Registration) -> None:
    assert sign_up(registration).id == account_id(ISSUER, "sub-mei@lantern.example")
    assert account_id(ISSUER, "a") != account_id("https://other.example", "a")


def test_a_replay_answers_the_same_account_before_and_after_its_confirmation(registration: Registration) -> None:
    first = sign_up(registration)
    assert sign_up(registration) == first
    registration.pool.confirmed.add(first.email)  # type: ignore[attr-defined]
    assert sign_up(registration) == first


def test_a_replay_mends_a_sign_up_that_broke_off_between_pool_and_table(registration: Registration) -> None:
    registration.accounts.down = True  # type: ignore[attr-defined]
    with pytest.raises(ConnectionError):
        sign_up(registration)
    registration.accounts.down = False  # type: ignore[attr-defined]
    assert sign_up(registration).roles == ("supplier",)


def test_an_address_that_is_taken_is_a_conflict(registration: Registration) -> None:
    sign_up(registration)
    with pytest.raises(EmailTaken):
        sign_up(registration, key="two")


def test_a_stranger_cannot_give_an_account_to_a_user_who_signs_in_already(registration: Registration) -> None:
    registration.pool.confirmed.add("mei@lantern.example")  # type: ignore[attr-defined]
    with pytest.raises(EmailTaken):
        sign_up(registration)
    assert not registration.accounts.kept  # type: ignore[attr-defined]


def test_a_key_that_came_with_another_request_is_refused(registration: Registration) -> None:
    sign_up(registration)
    with pytest.raises(KeyReused):
        sign_up(registration, name="Li")


def test_nothing_that_is_kept_depends_on_the_password() -> None:
    one, other = (
        sign_up(Registration(FakePool(), FakeAccounts(), ISSUER, FakeClock()), password=p) for p in ("Secret-word-1", "Other-word-22")
    )
    assert replace(one) == other
    assert "Secret-word-1" not in repr(Applicant("a@b.example", SecretStr("Secret-word-1"), "Mei", []))
