"""A merchant's claim of its identity, and what becomes of it: open, approved or refused."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from functions.accounts.verification.claim import Claim
from shared.errors import Conflict, Forbidden

State = Literal["open", "approved", "refused"]


class AlreadySubmitted(Conflict):
    code, title = "already-submitted", "A verification is open or approved; a new one may follow only a refusal"


class AlreadyDecided(Conflict):
    code, title = "already-decided", "This verification is decided otherwise, or a newer one has taken its place"


class OwnVerification(Forbidden):
    code, title = "own-verification", "Nobody decides on its own identity"


@dataclass(frozen=True, slots=True, kw_only=True)
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


def after_decision(verification: Verification, decision: Decision, now: datetime) -> Verification:
    """`verification` after `decision`; the same one again changes nothing, whatever says otherwise, by another or for another reason, is
    another decision. Raises OwnVerification, AlreadyDecided.
    """
    if decision.by == verification.account_id:
        raise OwnVerification
    if decision.verification_id != verification.id:
        raise AlreadyDecided
    decided = replace(verification, state=decision.state, reason=decision.reason, decided_by=decision.by)
    if decided == verification:
        return verification
    if verification.state != "open":
        raise AlreadyDecided
    return replace(decided, decided_at=now)
