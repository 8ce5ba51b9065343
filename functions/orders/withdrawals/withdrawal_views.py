"""How it is shown that units are asked back, and what was answered."""

from typing import Literal, Self

from pydantic import Field

from functions.orders.withdrawals.withdrawal import Withdrawal
from shared.api.payload import View
from shared.shipment_messages import Why


class WithdrawalView(View):
    """Units asked back before they are sent, and what became of that."""

    id: str
    why: Why
    state: Literal["asked", "released", "partly_released", "kept"] = Field(
        description="asked: shipping has not said yet whether they have left; kept: they had"
    )
    overdue: bool = Field(description="nobody has answered for half an hour: look why")
    units: dict[str, int] = Field(description="that were asked for; offer id → units")
    released: dict[str, int] = Field(description="that will not be sent; offer id → units")
    kept: dict[str, int] = Field(description="that had left; offer id → units")
    reason: str
    asked_at: str

    @classmethod
    def of(cls, withdrawal: Withdrawal) -> Self:
        return cls(id=withdrawal.id, why=withdrawal.why, state=_state(withdrawal), overdue=withdrawal.overdue,
                   units=dict(withdrawal.units), released=dict(withdrawal.released), kept=dict(withdrawal.kept),
                   reason=withdrawal.reason, asked_at=withdrawal.asked_at)  # fmt: skip


def _state(withdrawal: Withdrawal) -> Literal["asked", "released", "partly_released", "kept"]:
    if not withdrawal.settled:
        return "asked"
    if withdrawal.kept:
        return "partly_released" if withdrawal.released else "kept"
    return "released"
