"""What a parcel answered to a question for some of its units. Pure."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from shared.shipment_messages import Why


class TakenBack(BaseModel):
    """What was answered to a question for units of the parcel. Asked again, it is answered again, and nothing more is done."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    """Of the question."""
    why: Why
    attempt: int
    """Which asking was answered last."""
    units: Mapping[str, int]
    """Offer id → units that left the parcel with it."""
    kept: Mapping[str, int] = {}
    """Units that had left before."""
    since: str = ""
    """When the parcel had left, if it had."""
    reason: str = ""
    restock: bool = False
    """Of a decline: whether the supplier has the units still, to sell them again."""
    fingerprint: str = ""
    """Of the request, if a supplier declined."""

    def told_again(self, attempt: int) -> "TakenBack":
        return self.model_copy(update={"attempt": attempt})
