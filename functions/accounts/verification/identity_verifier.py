"""What accounts asks of whoever verifies identities."""

from dataclasses import dataclass
from typing import Literal, Protocol

from functions.accounts.verification.claim import Claim


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a verifier makes of a claim; `open` waits for an operator. `reason` is shown to the claimant."""

    state: Literal["open", "approved", "refused"]
    reason: str = ""


class IdentityVerifier(Protocol):
    """Checks who stands behind an account."""

    id: str

    def examine(self, verification_id: str, claim: Claim) -> Assessment:
        """Look at one claim. The same `verification_id` may come again after a failure: it must cost nothing twice."""
