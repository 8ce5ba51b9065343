"""What requests about a supplier's standing and their answers carry."""

from typing import Self

from pydantic import Field

from functions.catalog.sanctions.supplier_standing import State, SupplierStanding
from shared.api.payload import Body, View


class SuspensionBody(Body):
    reason: str = Field(min_length=1, max_length=500, description="the supplier reads it, and whoever ordered its goods")


class StandingView(View):
    """Whether an operator lets a supplier sell."""

    supplier_id: str
    state: State
    reason: str | None = None
    since: str | None = None
    version: int = Field(description="counts the decisions")

    @classmethod
    def of(cls, standing: SupplierStanding) -> Self:
        return cls(
            supplier_id=standing.supplier_id,
            state=standing.state,
            reason=standing.reason or None,
            since=standing.since or None,
            version=standing.version,
        )
