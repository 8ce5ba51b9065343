"""The verifier that needs no provider: an operator of the hub looks at every claim."""

from functions.accounts.user_pool import Finding
from functions.accounts.verification.claim import Claim


class OperatorApproval:
    """Leaves each claim open; GET /v1/verifications lists it, POST …/decision settles it."""

    id = "operator"

    def examine(self, verification_id: str, claim: Claim) -> Finding:
        return Finding("open")
