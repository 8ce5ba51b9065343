"""shared/pages/locales.json: the little of the Unicode CLDR (through Babel) that pages need, so that nothing that runs imports Babel."""

import json
from typing import Any

from babel import Locale
from babel.numbers import get_currency_symbol
from iso4217 import Currency

from shared.pages.interface_language import INTERFACES, Interface

TAGS: dict[Interface, str] = {"en": "en_GB", "zh": "zh_Hans_CN"}
"""Whose ways a language's are."""
DAYS: dict[Interface, str] = {"en": "{day} {month} {year}", "zh": "{year}年{month}{day}日"}
"""CLDR's `d MMM y` and `y年M月d日`, as str.format has it."""


NAMED = (
    "ar bg bn ca cs da de el en en-GB en-US es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko lt lv mk ms mt nb nl pl pt pt-BR"
    " ro ru sk sl sq sr sv ta th tr uk ur uz vi zh zh-Hans zh-Hant"
)
"""Tags whose languages are called by their own names."""


def locales() -> bytes:
    return (json.dumps({each: _locale(each) for each in INTERFACES}, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _locale(interface: Interface) -> dict[str, Any]:
    locale = Locale.parse(TAGS[interface])
    signs = locale.number_symbols["latn"]
    codes = (one.code for one in Currency if one.exponent is not None)  # without are metals, and codes for tests
    symbols = {code: get_currency_symbol(code, locale) for code in codes}
    return {
        "decimal": signs["decimal"], "group": signs["group"], "day_pattern": DAYS[interface],
        "symbols": {code: symbol for code, symbol in sorted(symbols.items()) if symbol != code},
        "countries": {code: name for code, name in sorted(locale.territories.items()) if len(code) == 2 and code.isalpha()},
        "languages": {tag: name[:1].upper() + name[1:] for tag in NAMED.split() if (name := Locale.parse(tag, sep="-").get_display_name())},
        "months": [locale.months["format"]["abbreviated"][month] for month in range(1, 13)],
    }  # fmt: skip
