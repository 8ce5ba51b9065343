from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.account_store import AccountStore
from functions.accounts.verification.claim import Claim
from functions.accounts.verification.identity_verifier import Assessment
from functions.accounts.verification.verification import (
    AlreadyDecided,
    AlreadySubmitted,
    Decision,
    OwnVerification,
    Verification,
    after_decision,
)
from functions.accounts.verification.verification_service import VerificationService
from functions.accounts.verification.verification_store import VerificationStore
from shared.api.idempotency import KeyReused
from shared.errors import NotFound
from shared.optimistic_retry import AT_ONCE
from tests.dynamodb import losing_answer
from tests.fakes import NOON, FakeClock
from tests.unit.accounts.fakes import CLAIM, idempotency


class Verifier:
    """Finds what it is told to, and counts."""

    id = "fake"

    def __init__(self, *findings: Assessment) -> None:
        self.findings, self.asked = list(findings), []

    def examine(self, verification_id: str, claim: Claim) -> Assessment:
        self.asked.append(verification_id)
        return self.findings.pop(0)


@pytest.fixture
def store(make_table) -> VerificationStore:
    return VerificationStore(make_table("accounts"))


def service(store: VerificationStore, *findings: Assessment) -> VerificationService:
    return VerificationService(store, Verifier(*findings or (Assessment("open"),)), FakeClock(), AT_ONCE)


def approve(verification: Verification, by: str = "acc_operator") -> Decision:
    return Decision(verification.id, "approved", "papers seen", by)


def refuse(verification: Verification) -> Decision:
    return Decision(verification.id, "refused", "the register does not know you", "acc_operator")


def verified(store: VerificationStore) -> bool:
    account = AccountStore("accounts-test").account("acc_1")
    return account is not None and account.verified


def test_an_account_is_verified_from_an_operator_s_approval_on(store: VerificationStore) -> None:
    verifications = service(store)
    claim = verifications.submit("acc_1", CLAIM, idempotency())
    assert not verified(store)
    assert verifications.decide("acc_1", approve(claim)).state == "approved"
    assert verified(store)
    assert verifications.latest("acc_1").decided_by == "acc_operator"


def test_a_verifier_that_decides_at_once_leaves_nothing_to_an_operator(store: VerificationStore) -> None:
    verifications = service(store, Assessment("approved"))
    verifications.submit("acc_1", CLAIM, idempotency())
    assert verified(store)
    assert verifications.latest("acc_1").decided_by == "fake"
    assert store.page_of_open("", 10) == []


def test_a_replay_asks_the_verifier_nothing_and_answers_where_the_claim_stands(store: VerificationStore) -> None:
    verifications = service(store)
    claim = verifications.submit("acc_1", CLAIM, idempotency())
    verifications.decide("acc_1", refuse(claim))
    assert verifications.submit("acc_1", CLAIM, idempotency()).state == "refused"


def test_a_key_with_another_claim_is_refused(store: VerificationStore) -> None:
    verifications = service(store)
    verifications.submit("acc_1", CLAIM, idempotency(body=CLAIM))
    other = CLAIM.model_copy(update={"country": "FR"})
    with pytest.raises(KeyReused):
        verifications.submit("acc_1", other, idempotency(body=other))


@pytest.mark.parametrize("decide", [None, approve])
def test_a_second_claim_waits_for_the_first_one_s_refusal(store: VerificationStore, decide) -> None:
    verifications = service(store, Assessment("open"), Assessment("open"))
    claim = verifications.submit("acc_1", CLAIM, idempotency())
    if decide:
        verifications.decide("acc_1", decide(claim))
    with pytest.raises(AlreadySubmitted):
        verifications.submit("acc_1", CLAIM, idempotency("two"))
    assert verified(store) is (decide is approve)


def test_after_a_refusal_a_new_claim_is_open_and_the_old_one_is_kept(store: VerificationStore) -> None:
    verifications = service(store, Assessment("open"), Assessment("open"))
    first = verifications.submit("acc_1", CLAIM, idempotency())
    verifications.decide("acc_1", refuse(first))
    second = verifications.submit("acc_1", CLAIM, idempotency("two"))
    assert verifications.latest("acc_1") == second
    kept = store.get("acc_1", first.id)
    assert kept is not None
    assert kept.reason == "the register does not know you"


def test_a_decision_on_a_claim_that_a_newer_one_replaced_is_refused(store: VerificationStore) -> None:
    verifications = service(store, Assessment("open"), Assessment("open"))
    first = verifications.submit("acc_1", CLAIM, idempotency())
    verifications.decide("acc_1", refuse(first))
    verifications.submit("acc_1", CLAIM, idempotency("two"))
    with pytest.raises(AlreadyDecided):
        verifications.decide("acc_1", approve(first))


def test_of_two_operators_who_decide_at_once_one_is_told_so(store: VerificationStore) -> None:
    claim = service(store).submit("acc_1", CLAIM, idempotency())
    assert store.save_decision(after_decision(claim, approve(claim), NOON))
    assert not store.save_decision(after_decision(claim, refuse(claim), NOON))
    assert verified(store)


class Repeating(VerificationStore):
    """Each decision is written twice, as AWS's client does when it heard no answer: the second meets the first."""

    def save_decision(self, verification: Verification) -> bool:
        super().save_decision(verification)
        return super().save_decision(verification)


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("word", [approve, refuse])
def test_a_decision_that_is_sent_again_after_any_lost_answer_is_answered_as_the_first(store: VerificationStore, word, number: int) -> None:
    claim = service(store).submit("acc_1", CLAIM, idempotency())
    with losing_answer(number), suppress(ConnectionError):
        service(store).decide("acc_1", word(claim))
    decided = service(store).decide("acc_1", word(claim))
    assert decided == service(store).decide("acc_1", word(claim)) == store.latest("acc_1")
    assert decided.state == word(claim).state


def test_a_decision_whose_write_was_repeated_is_taken(store: VerificationStore) -> None:
    claim = service(store).submit("acc_1", CLAIM, idempotency())
    assert service(Repeating("accounts-test")).decide("acc_1", approve(claim)).state == "approved"


@pytest.mark.parametrize("other", [{"reason": "seen too"}, {"by": "acc_second"}, {"state": "refused"}])
def test_whoever_decides_otherwise_or_for_another_reason_is_told_that_it_is_decided(store: VerificationStore, other) -> None:
    verifications = service(store)
    claim = verifications.submit("acc_1", CLAIM, idempotency())
    verifications.decide("acc_1", approve(claim))
    with pytest.raises(AlreadyDecided):
        verifications.decide("acc_1", replace(approve(claim), **other))


def test_nobody_decides_on_itself(store: VerificationStore) -> None:
    verifications = service(store)
    claim = verifications.submit("acc_1", CLAIM, idempotency())
    with pytest.raises(OwnVerification):
        verifications.decide("acc_1", approve(claim, by="acc_1"))


def test_an_account_that_claimed_nothing_has_nothing_to_decide(store: VerificationStore) -> None:
    with pytest.raises(NotFound):
        service(store).latest("acc_1")


@given(st.lists(st.sampled_from(["approved", "refused"]), min_size=1, max_size=6))
def test_the_first_decision_stands_whatever_follows(words: list) -> None:
    claim = Verification(id="ver_1", account_id="acc_1", claim=CLAIM, state="open", submitted_at=NOON, fingerprint="f")
    for word in words:
        try:
            claim = after_decision(claim, Decision("ver_1", word, "", "acc_2"), NOON)
        except AlreadyDecided:
            assert word != words[0]
    assert claim == replace(claim, state=words[0], decided_at=NOON)
