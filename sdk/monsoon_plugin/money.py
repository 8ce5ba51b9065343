"""Money: an integer number of the currency's minor units. Never a float."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from iso4217 import Currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_AMOUNT = 10**12
"""No single amount is larger, in minor units: a thousand million in a two-decimal currency."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A currency that was replaced: how many decimals it had, and by which."""

    exponent: int
    replaced_by: str


WITHDRAWN: Mapping[str, Withdrawn] = {
    "ANG": Withdrawn(2, "XCG"), "BGN": Withdrawn(2, "EUR"), "CUC": Withdrawn(2, "CUP"),
    "HRK": Withdrawn(2, "EUR"), "SLL": Withdrawn(2, "SLE"), "ZWL": Withdrawn(2, "ZWG"),
}  # fmt: skip
"""What ISO 4217's list of current currencies has no more since 2021: in orders of before they stay what they were (the maintenance agency's
list three; ec.europa.eu: the lev since 2026-01-01). When the list's package loses a code, it goes here."""


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies were added or compared."""


def currency_code(text: str) -> str:
    """`text`, if ISO 4217 lists it and it has minor units. Raises ValueError."""
    if re.fullmatch("[A-Z]{3}", text) is None:
        raise ValueError("write the currency as three capital letters of ISO 4217, such as EUR")
    try:
        if Currency(text).exponent is None:
            raise ValueError(f"{text} has no minor units and cannot be a price")
    except ValueError as error:
        raise ValueError(f"{text} is not a currency of ISO 4217 that a price can have") from error
    return text


def kept_currency_code(text: str) -> str:
    """`text`, if it is a currency that a price can have, or could: what is kept is read so. Raises ValueError."""
    return text if text in WITHDRAWN else currency_code(text)


def exponent(currency: str) -> int:
    """How many decimals `currency` has: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217), or had."""
    return WITHDRAWN[currency].exponent if currency in WITHDRAWN else Currency(currency).exponent or 0


CurrencyCode = Annotated[
    str, AfterValidator(kept_currency_code), Field(examples=["EUR"], description="ISO 4217", json_schema_extra={"pattern": "^[A-Z]{3}$"})
]


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` minor units of `currency`."""

    amount: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    def _like(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._like(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._like(other).amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._like(other).amount

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._like(other).amount

    def __str__(self) -> str:
        """As people read it: "12.50 EUR"."""
        places = exponent(self.currency)
        sign, digits = "-" if self.amount < 0 else "", str(abs(self.amount)).rjust(places + 1, "0")
        return f"{sign}{digits[:-places]}.{digits[-places:]} {self.currency}" if places else f"{sign}{digits} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of `amounts`, zero of `currency` if there are none. Raises CurrencyMismatch."""
    return sum(amounts, start=Money.zero(currency))


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` in proportion to `weights` (≥ 0, not all 0) so that the parts add up to it exactly.

    Parts are rounded down; what is left goes, a unit each, to the largest remainders (Hamilton's method).
    """
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def per_mille(amount: int, rate: int) -> int:
    """`rate` thousandths of `amount`, half rounded up; both integers ≥ 0."""
    return (amount * rate + 500) // 1000


class Amount(BaseModel):
    """Money on the wire."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    amount: int = Field(ge=0, le=MAX_AMOUNT, strict=True, description="in minor units of the currency (cents of a euro)", examples=[1250])
    currency: CurrencyCode

    @classmethod
    def of(cls, money: Money) -> Self:
        return cls(amount=money.amount, currency=money.currency)

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
