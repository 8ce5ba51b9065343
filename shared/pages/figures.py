"""Money, numbers, days and countries as a reader of a language writes them, by the Unicode CLDR (locales.json, which tools.pages makes)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import exponent
from shared.pages.interface_language import Interface


@dataclass(frozen=True)
class Figures:
    """One language's ways. Nothing here is a float: amounts are divided as texts are."""

    interface: Interface
    decimal: str
    group: str
    symbols: dict[str, str]
    countries: dict[str, str]
    day_pattern: str
    """Of str.format: `{day} {month} {year}`."""
    months: list[str]
    languages: dict[str, str]
    """BCP 47 tag → its own name for itself."""

    def number(self, value: int) -> str:
        """1,234,567."""
        return f"{value:,}".replace(",", self.group)

    def money(self, amount: int, currency: str) -> str:
        """Minor units of a currency: £12.99, CHF 12.99."""
        symbol, places = self.symbols.get(currency, currency), exponent(currency)
        whole, part = divmod(abs(amount), 10**places)
        text = self.number(whole) + (f"{self.decimal}{part:0{places}}" if places else "")
        gap = "\u00a0" if symbol[-1:].isalpha() else ""
        return f"{'-' if amount < 0 else ''}{symbol}{gap}{text}"

    def plain(self, amount: int, currency: str) -> str:
        """Minor units as a number field or a machine reads them: 1299 → 12.99."""
        places = exponent(currency)
        whole, part = divmod(amount, 10**places)
        return f"{whole}.{part:0{places}}" if places else str(whole)

    def day(self, moment: str) -> str:
        """The day, in UTC, of a moment in RFC 3339."""
        told = from_rfc3339(moment)
        return self.day_pattern.format(day=told.day, month=self.months[told.month - 1], year=told.year)

    def language(self, tag: str) -> str:
        """A language as its own speakers call it; its tag, where the list does not know it."""
        return self.languages.get(tag) or self.languages.get(tag.split("-")[0], tag)

    def country(self, code: str) -> str:
        """A country of ISO 3166-1 by name; its code, where it has none."""
        return self.countries.get(code, code)


@cache
def figures(interface: Interface) -> Figures:
    held: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("locales.json").read_text(encoding="utf-8"))
    return Figures(interface=interface, **held[interface])
