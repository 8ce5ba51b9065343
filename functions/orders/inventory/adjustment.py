"""A supplier's own correction of its stock: units found, broken or lost."""

from pydantic import BaseModel, ConfigDict

from shared.errors import Conflict


class TooFew(Conflict):
    code, title = "too-few-units", "There are fewer units on hand than you take away"


class StockAdjustment(BaseModel):
    """One correction; it is also the record of its Idempotency-Key."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    supplier_id: str
    offer_id: str
    delta: int
    reason: str
    adjusted_at: str
    fingerprint: str
