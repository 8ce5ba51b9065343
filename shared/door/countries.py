"""Countries as requests name them: ISO 3166-1 alpha-2, and what is meant where another code is written."""

import json
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).with_name("iso3166.json")


@lru_cache(1)
def _list() -> tuple[frozenset[str], dict[str, str]]:
    held = json.loads(LIST.read_text(encoding="utf-8"))
    return frozenset(held["codes"].split()), held["means"]


def country_flaw(code: str) -> str | None:
    """What is wrong with `code` as a country, and what to write instead; None for a country."""
    codes, means = _list()
    if code in codes:
        return None
    shown, capitals = code[:20], code.strip().upper()
    meant = capitals if capitals in codes else means.get(capitals)
    if meant:
        return f'"{shown}" is not how countries are written here: do you mean "{meant}"? Write {meant}'
    return f'there is no country "{shown}": write the two letters of ISO 3166-1, such as GB, DE or CN'
