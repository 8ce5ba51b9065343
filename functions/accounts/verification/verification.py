"""Verifying an identity: a merchant claims, a verifier or an operator decides, and the account is verified or not."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from functions.accounts.user_pool import IdentityVerifier
from functions.accounts.verification.claim import Claim
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Forbidden, NotFound

State = Literal["open", "approved", "refused"]


class AlreadySubmitted(Conflict):
    code, title = "already-submitted", "A verification is open or approved; a new one may follow only a refusal"


class AlreadyDecided(Conflict):
    code, title = "already-decided", "This verification is decided otherwise, or a newer one has taken its place"


class OwnVerification(Forbidden):
    code, title = "own-verification", "Nobody decides on its own identity"


@dataclass(frozen=True, slots=True)
class Verification:
    """One claim and what became of it. `decided_by`: an operator's account id, or the verifier's id."""

    id: str
    account_id: str
    claim: Claim
    state: State
    submitted_at: datetime
    fingerprint: str
    reason: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An operator's word on the verification that it has seen."""

    verification_id: str
    state: Literal["approved", "refused"]
    reason: str
    by: str


def decided(verification: Verification, decision: Decision, now: datetime) -> Verification:
    """`verification` after `decision`; the same one again changes nothing. Raises OwnVerification, AlreadyDecided."""
    if decision.by == verification.account_id:
        raise OwnVerification
    if decision.verification_id != verification.id or verification.state not in ("open", decision.state):
        raise AlreadyDecided
    if verification.state == decision.state:
        return verification
    return replace(verification, state=decision.state, reason=decision.reason, decided_by=decision.by, decided_at=now)


class Verifications(Protocol):
    """Where verifications are kept, each together with its account's `verified`."""

    def verification(self, account_id: str, verification_id: str) -> Verification | None: ...

    def latest(self, account_id: str) -> Verification | None: ...

    def submit(self, verification: Verification) -> bool:
        """Keep a new one; False if it is kept already, or if the account's latest is open or approved."""

    def settle(self, verification: Verification) -> bool:
        """Keep a decision on an open one; False if it is no longer open."""


@dataclass(frozen=True, slots=True)
class VerificationDesk:
    """Takes claims and decisions."""

    kept: Verifications
    verifier: IdentityVerifier
    now: Clock

    def submit(self, account_id: str, claim: Claim, idempotency: Idempotency) -> Verification:
        """Start a verification; a replay answers it as it stands. Raises AlreadySubmitted, KeyReused."""
        found = self.kept.verification(account_id, idempotency.id("ver"))
        if found is None:
            started = self._examined(account_id, claim, idempotency)
            if self.kept.submit(started):
                return started
            found = self.kept.verification(account_id, started.id)
        if found is None:
            raise AlreadySubmitted
        idempotency.same(found.fingerprint)
        return found

    def _examined(self, account_id: str, claim: Claim, idempotency: Idempotency) -> Verification:
        verification_id, now = idempotency.id("ver"), self.now()
        finding = self.verifier.examine(verification_id, claim)
        started = Verification(verification_id, account_id, claim, finding.state, now, idempotency.fingerprint, finding.reason)
        return started if finding.state == "open" else replace(started, decided_by=self.verifier.id, decided_at=now)

    def latest(self, account_id: str) -> Verification:
        """The account's latest verification. Raises NotFound."""
        found = self.kept.latest(account_id)
        if found is None:
            raise NotFound("no identity has been submitted")
        return found

    def decide(self, account_id: str, decision: Decision) -> Verification:
        """Approve or refuse the account's latest verification. Raises NotFound, OwnVerification, AlreadyDecided."""
        before = self.latest(account_id)
        after = decided(before, decision, self.now())
        if after is not before and not self.kept.settle(after):
            raise AlreadyDecided
        return after
