"""The verifier that needs no provider: an operator of the hub looks at every claim."""

from functions.accounts.verification.claim import Claim
from functions.accounts.verification.identity_verifier import Assessment


class OperatorApproval:
    """Leaves each claim open; GET /v1/verifications lists it, POST …/decision decides it."""

    id = "operator"

    def examine(self, verification_id: str, claim: Claim) -> Assessment:
        return Assessment("open")
