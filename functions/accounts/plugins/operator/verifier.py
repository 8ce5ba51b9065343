"""The verifier that needs no provider: an operator of the hub looks at every claim."""

from functions.accounts.claim import Claim
from functions.accounts.port import Finding


class OperatorApproval:
    """Leaves each claim open; GET /v1/verifications lists it, POST …/decision settles it."""

    id = "operator"

    def examine(self, verification_id: str, claim: Claim) -> Finding:
        return Finding("open")
