"""What an address must say before couriers are asked: a postcode of its country's form, and what each courier needs besides."""

import json
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from monsoon_plugin.address import Address
from shared.errors import FieldError

FORMS = Path(__file__).with_name("postal_forms.json")
WANTED = {
    "phone": "this courier needs a telephone number of who receives the parcel",
    "email": "this courier needs an e-mail address of who receives the parcel",
    "region": "this courier needs the state or province",
    "postal_code": "this courier needs the postcode",
}


@lru_cache(1)
def _forms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(FORMS.read_text(encoding="utf-8"))
    return found


def postcode_flaw(address: Address) -> str | None:
    """What is wrong with a postcode, if one is given and its country's addresses need one. Spaces, hyphens and case are the writer's.

    Elsewhere postcodes are young, rare or in change: a form that refuses a real one would cost a sale.
    """
    pattern, like, needs = _forms().get(address.country, ("", "", ""))
    code = address.postal_code.strip()
    if not code or "Z" not in needs or re.fullmatch(rf"(?:[A-Z]{{1,3}}-?)?(?:{_lenient(pattern)})", code, re.IGNORECASE):
        return None
    return f'"{code}" is no postcode of {address.country}: there they look like {like}'


def _lenient(pattern: str) -> str:
    """`pattern` with every hyphen and space as one that may be there, or the other; what stands in [] stays."""
    return re.sub(r"(\[[^\]]*\])|[ -]\??", lambda found: found[1] or "[ -]?", pattern)


def missing(address: Address, needs: Collection[str]) -> list[FieldError]:
    """What a courier needs of an address that it does not say; a region and a postcode only where the country has them."""
    has = _forms().get(address.country, ("", "", ""))[2]
    applies = {"phone": True, "email": True, "region": "S" in has, "postal_code": "Z" in has}
    lacking = [need for need in WANTED if need in needs and applies[need] and not getattr(address, need).strip()]
    return [FieldError(f"/address/{need}", WANTED[need]) for need in lacking]
