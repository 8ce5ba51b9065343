"""What a base of a product costs, beside its price (Directive 98/6/EC)."""

from typing import Self

from pydantic import Field

from monsoon_plugin.money import MAX_AMOUNT, Amount
from shared.api.payload import View
from shared.goods.unit_measure import UnitMeasure


class UnitPrice(View):
    """What a base of it costs: `1 l` of a bottle of 750 ml."""

    price: Amount = Field(description="rounded to the nearest minor unit, a half up")
    per: str = Field(examples=["1 l"])

    @classmethod
    def of(cls, price: Amount, measure: UnitMeasure | None) -> Self | None:
        """None where nobody said how much a unit holds, or no amount can hold the price."""
        amount = measure.per_base(price.amount) if measure else MAX_AMOUNT + 1
        return cls(price=Amount(amount=amount, currency=price.currency), per=measure.base) if measure and amount <= MAX_AMOUNT else None
