"""What requests about verifications and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.accounts.verification.claim import Claim
from functions.accounts.verification.verification import State, Verification
from monsoon_plugin.clock import rfc3339
from shared.api.payload import Body, View


class Decide(Body):
    """An operator's word. It names the verification that it is about, so that none is approved unseen."""

    verification_id: str = Field(pattern=r"^ver_[0-9A-HJKMNP-TV-Z]{26}$")
    decision: Literal["approve", "refuse"]
    reason: str = Field(min_length=1, max_length=500, description="shown to the claimant")

    @property
    def state(self) -> Literal["approved", "refused"]:
        return "approved" if self.decision == "approve" else "refused"


class VerificationView(View):
    """A claim of identity and where it stands."""

    verification_id: str
    account_id: str
    claim: Claim
    state: State
    reason: str | None
    submitted_at: str
    decided_at: str | None

    @classmethod
    def of(cls, verification: Verification) -> Self:
        return cls(
            verification_id=verification.id, account_id=verification.account_id, claim=verification.claim,
            state=verification.state, reason=verification.reason or None, submitted_at=rfc3339(verification.submitted_at),
            decided_at=rfc3339(verification.decided_at) if verification.decided_at else None,
        )  # fmt: skip


class VerificationPage(View):
    items: list[VerificationView]
    next: str | None
