"""Verifying an identity: a merchant claims, a verifier or an operator decides, and the account is verified or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.accounts.verification.claim import Claim
from functions.accounts.verification.identity_verifier import IdentityVerifier
from functions.accounts.verification.verification import AlreadyDecided, AlreadySubmitted, Decision, Verification, after_decision
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.api.paging import Position, Read, one_beyond
from shared.errors import NotFound
from shared.optimistic_retry import Contended, Retry


class Verifications(Protocol):
    """Where verifications are kept, each together with its account's `verified`."""

    def get(self, account_id: str, verification_id: str) -> Verification | None: ...

    def latest(self, account_id: str) -> Verification | None: ...

    def page_of_open(self, after: str, limit: int) -> Sequence[tuple[str, Verification]]:
        """At most `limit` open verifications, the oldest first, each with its place; those after the place `after`."""

    def add(self, verification: Verification) -> bool:
        """Keep a new one; False if it is kept already, or if the account's latest is open or approved."""

    def save_decision(self, verification: Verification) -> bool:
        """Keep a decision on an open one; False if it is no longer open."""


@dataclass(frozen=True, slots=True)
class VerificationService:
    """Takes claims and decisions."""

    kept: Verifications
    verifier: IdentityVerifier
    clock: Clock
    retry: Retry

    def submit(self, account_id: str, claim: Claim, idempotency: Idempotency) -> Verification:
        """Start a verification; a replay answers it as it stands. Raises AlreadySubmitted, KeyReused."""
        found = self.kept.get(account_id, idempotency.id("ver"))
        if found is None:
            started = self._examine(account_id, claim, idempotency)
            if self.kept.add(started):
                return started
            found = self.kept.get(account_id, started.id)
        if found is None:
            raise AlreadySubmitted
        idempotency.same(found.fingerprint)
        return found

    def _examine(self, account_id: str, claim: Claim, idempotency: Idempotency) -> Verification:
        verification_id, now = idempotency.id("ver"), self.clock()
        assessment = self.verifier.examine(verification_id, claim)
        is_open = assessment.state == "open"
        return Verification(
            id=verification_id, account_id=account_id, claim=claim, state=assessment.state, submitted_at=now,
            fingerprint=idempotency.fingerprint, reason=assessment.reason,
            decided_by=None if is_open else self.verifier.id, decided_at=None if is_open else now,
        )  # fmt: skip

    def latest(self, account_id: str) -> Verification:
        """The account's latest verification. Raises NotFound."""
        found = self.kept.latest(account_id)
        if found is None:
            raise NotFound("no identity has been submitted")
        return found

    def decide(self, account_id: str, decision: Decision) -> Verification:
        """Approve or refuse the account's latest verification; sent again, it is answered alike.

        Who lost a race looks again: it may be the own write that was repeated. Raises NotFound, OwnVerification, AlreadyDecided.
        """

        def attempt() -> Verification:
            before = self.latest(account_id)
            after = after_decision(before, decision, self.clock())
            if after is not before and not self.kept.save_decision(after):
                raise Contended
            return after

        return self.retry(attempt, AlreadyDecided)

    def pages_of_open(self, limit: int) -> Read[Verification]:
        """Verifications that await an operator, the oldest first.

        One that was decided this moment may still be in the index; it is left out, and the page is shorter.
        """
        read = one_beyond(limit, self.kept.page_of_open, lambda found: found[0])

        def page(at: Position | None) -> tuple[list[Verification], Position | None]:
            found, following = read(at)
            return [verification for _, verification in found if verification.state == "open"], following

        return page
