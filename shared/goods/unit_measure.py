"""How much is in a unit, and for how much of it a price is said beside (Directive 98/6/EC): 750 ml, per 1 l. Integers alone."""

from typing import Literal, Self

from pydantic import Field, model_validator

from monsoon_plugin.money import MAX_AMOUNT, Amount
from monsoon_plugin.value import Value

Unit = Literal["mg", "g", "kg", "ml", "cl", "l", "m3", "mm", "cm", "m", "cm2", "m2", "ct"]
SIZES: dict[str, tuple[str, int]] = {
    "mg": ("mass", 1), "g": ("mass", 1000), "kg": ("mass", 1_000_000), "ml": ("volume", 1), "cl": ("volume", 10), "l": ("volume", 1000),
    "m3": ("volume", 1_000_000), "mm": ("length", 1), "cm": ("length", 10), "m": ("length", 1000), "cm2": ("area", 1),
    "m2": ("area", 10_000), "ct": ("pieces", 1),
}  # fmt: skip
"""What each unit measures, and how many of the smallest it is. `ct`: pieces."""


class UnitMeasure(Value):
    """What a unit holds, and the base that its price is said for; both measure the same."""

    value: int = Field(ge=1, le=1_000_000_000, description="how much is in one unit, in `unit`", examples=[750])
    unit: Unit = Field(examples=["ml"])
    base_value: int = Field(default=1, ge=1, le=1000, description="the price is said for so much, in `base_unit`", examples=[1])
    base_unit: Unit = Field(examples=["l"])

    @model_validator(mode="after")
    def _alike(self) -> Self:
        if SIZES[self.unit][0] != SIZES[self.base_unit][0]:
            raise ValueError(f"{self.unit} and {self.base_unit} do not measure the same: give both as weights, volumes, lengths or pieces")
        return self

    @property
    def base(self) -> str:
        """`1 l`."""
        return f"{self.base_value} {self.base_unit}"

    def per_base(self, price: int) -> int:
        """What the base costs if a unit costs `price`, minor units, rounded to the nearest, a half up."""
        held, base = self.value * SIZES[self.unit][1], self.base_value * SIZES[self.base_unit][1]
        return (2 * price * base + held) // (2 * held)


class UnitPrice(Value):
    """What a base of it costs: `1 l` of a bottle of 750 ml."""

    price: Amount = Field(description="rounded to the nearest minor unit, a half up")
    per: str = Field(examples=["1 l"])

    @classmethod
    def of(cls, price: Amount, measure: UnitMeasure | None) -> Self | None:
        """None where nobody said how much a unit holds, or no amount can hold the price."""
        amount = measure.per_base(price.amount) if measure else MAX_AMOUNT + 1
        return cls(price=Amount(amount=amount, currency=price.currency), per=measure.base) if measure and amount <= MAX_AMOUNT else None
