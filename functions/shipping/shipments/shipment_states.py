"""The states of a shipment, from draft to door, and which may follow which. Pure.

```
DRAFT ⇄ PURCHASING → LABELED → MANIFESTED → IN_TRANSIT → OUT_FOR_DELIVERY | READY_FOR_PICKUP → DELIVERED
                        └──── VOIDED, until the first scan;  ON_HOLD, DELIVERY_FAILED, RETURNING → RETURNED, LOST
```
A parcel that holds less than its label was bought for goes back to PURCHASING, before the first scan.
A label that is certainly not bought leads from PURCHASING back to DRAFT; one of which nobody knows stays PURCHASING.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    DRAFT = "draft"
    PURCHASING = "purchasing"
    LABELED = "labeled"
    MANIFESTED = "manifested"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    ON_HOLD = "on_hold"
    DELIVERY_FAILED = "delivery_failed"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    VOIDED = "voided"


S = State
UNSCANNED = frozenset({S.DRAFT, S.PURCHASING, S.LABELED, S.MANIFESTED, S.ON_HOLD})
"""States that do not show that the courier has the parcel."""
LABEL_STATES = frozenset({S.DRAFT, S.PURCHASING, S.LABELED, S.VOIDED})
"""States that only we bring about: what a label that is bought or given back goes through."""
NEXT: Mapping[State, frozenset[State]] = {
    S.DRAFT: frozenset({S.PURCHASING, S.LABELED, S.VOIDED}),
    S.PURCHASING: frozenset({S.DRAFT, S.LABELED, S.VOIDED}),
    S.LABELED: frozenset({S.PURCHASING, S.MANIFESTED, S.IN_TRANSIT, S.READY_FOR_PICKUP, S.ON_HOLD, S.VOIDED}),
    S.MANIFESTED: frozenset({S.PURCHASING, S.IN_TRANSIT, S.ON_HOLD, S.VOIDED}),
    S.IN_TRANSIT: frozenset({S.OUT_FOR_DELIVERY, S.READY_FOR_PICKUP, S.DELIVERED, S.ON_HOLD, S.DELIVERY_FAILED, S.RETURNING, S.LOST}),
    S.OUT_FOR_DELIVERY: frozenset({S.READY_FOR_PICKUP, S.DELIVERED, S.ON_HOLD, S.DELIVERY_FAILED, S.RETURNING, S.LOST}),
    S.READY_FOR_PICKUP: frozenset({S.DELIVERED, S.RETURNING, S.LOST}),
    S.ON_HOLD: frozenset({S.PURCHASING, S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.READY_FOR_PICKUP, S.RETURNING, S.LOST, S.VOIDED}),
    S.DELIVERY_FAILED: frozenset({S.OUT_FOR_DELIVERY, S.READY_FOR_PICKUP, S.DELIVERED, S.RETURNING, S.LOST}),
    S.RETURNING: frozenset({S.RETURNED, S.LOST}),
    S.LOST: frozenset({S.DELIVERED, S.RETURNING, S.RETURNED}),
    S.DELIVERED: frozenset(),
    S.RETURNED: frozenset(),
    S.VOIDED: frozenset(),
}
Report = Literal[
    "manifested", "dispatched", "out_for_delivery", "ready_for_pickup", "delivered", "on_hold", "delivery_failed",
    "returning", "returned", "lost",
]  # fmt: skip
"""What a merchant reports: a state's name, but `dispatched` for IN_TRANSIT."""


def state_of(report: Report) -> State:
    """The state that a report leads to."""
    return S.IN_TRANSIT if report == "dispatched" else State(report)
