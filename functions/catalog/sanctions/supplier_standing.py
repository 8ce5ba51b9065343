"""A supplier's standing: whether an operator lets it sell. A sanction takes all its goods off sale; reinstating puts just those back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from monsoon_plugin.clock import rfc3339
from shared.messages import Message, SupplierReinstated, SupplierSuspended

State = Literal["active", "suspended"]


@dataclass(frozen=True, slots=True)
class SupplierStanding:
    """`version` counts the decisions; 0 where there was none."""

    supplier_id: str
    state: State = "active"
    reason: str = ""
    since: str = ""
    """RFC 3339; empty where there was no decision."""
    version: int = 0

    @property
    def suspended(self) -> bool:
        return self.state == "suspended"

    @property
    def event(self) -> Message:
        """What tells the other services of this decision."""
        if self.suspended:
            return SupplierSuspended(supplier_id=self.supplier_id, reason=self.reason, version=self.version)
        return SupplierReinstated(supplier_id=self.supplier_id, version=self.version)


def standing_after(held: SupplierStanding, reason: str, now: datetime) -> SupplierStanding:
    """The standing after a suspension for `reason`, or a reinstatement if it is empty; `held` itself where it says so already."""
    state: State = "suspended" if reason else "active"
    if (held.state, held.reason) == (state, reason):
        return held
    return replace(held, state=state, reason=reason, since=rfc3339(now), version=held.version + 1)
