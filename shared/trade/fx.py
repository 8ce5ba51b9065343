"""Foreign exchange: the European Central Bank's reference rates of one day. Integers only; never a float."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monsoon_plugin.money import Money, exponent

BASE = "EUR"
REFERENCE = "fx"
"""The reference document `{"date": "2026-10-30", "per_euro": {"USD": "1.1172", …}}`: see `python -m tools.load fx --help`."""


class NotConvertible(ValueError):
    """The day's list has no rate for one of the two currencies."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of each currency one euro buys, on `day`. Source: ECB euro foreign exchange reference rates."""

    day: str
    per_euro: Mapping[str, str]
    """ISO 4217 code → decimal text, as published."""
    _ratios: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, document: Mapping[str, object]) -> "Rates":
        """Read the reference document. Raises ValueError for a day or a rate that is none."""
        listed = document["per_euro"]
        if not isinstance(listed, Mapping):
            raise ValueError("per_euro is not a mapping")
        rates = {str(currency): str(rate) for currency, rate in listed.items()}
        for rate in rates.values():
            _integers(rate)
        return cls(date.fromisoformat(str(document["date"])).isoformat(), rates)

    def knows(self, currency: str) -> bool:
        return currency == BASE or currency in self.per_euro

    def convert(self, money: Money, currency: str) -> Money:
        """`money` in `currency`, rounded up to a minor unit, so that a cost that is converted is always covered.

        The same money converts to no less on a larger amount (monotone). Raises NotConvertible.
        """
        if money.currency == currency:
            return money
        numerator, denominator = self._ratio(money.currency, currency)
        return Money(-(-money.amount * numerator // denominator), currency)

    def most(self, money: Money, source: str) -> int:
        """The largest amount of `source`, in its minor units, that converts to no more than `money`. Raises NotConvertible."""
        if money.currency == source:
            return money.amount
        numerator, denominator = self._ratio(source, money.currency)
        return money.amount * denominator // numerator

    def _ratio(self, source: str, target: str) -> tuple[int, int]:
        """Minor units of `target` for `denominator` minor units of `source`."""
        found = self._ratios.get((source, target))
        if found is None:
            (bought, bought_scale), (sold, sold_scale) = self._rate(target), self._rate(source)
            found = (bought * sold_scale * 10 ** exponent(target), sold * bought_scale * 10 ** exponent(source))
            self._ratios[source, target] = found
        return found

    def _rate(self, currency: str) -> tuple[int, int]:
        if currency == BASE:
            return 1, 1
        if currency not in self.per_euro:
            raise NotConvertible(f"the rates of {self.day} have no {currency}")
        return _integers(self.per_euro[currency])


def _integers(rate: str) -> tuple[int, int]:
    """`1.1172` as (11172, 10000). Raises ValueError unless it is a positive decimal number."""
    whole, _, part = rate.partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit() and int(digits)):
        raise ValueError(f"{rate!r} is not a rate")
    return int(digits), 10 ** len(part)


NO_RATES = Rates("", {})
"""Where no rates are loaded: nothing is converted."""
