"""An address as it comes in: who and where is said, in forms that a courier can use. What was kept before is read as it is."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from shared.door.characters import unseen
from shared.errors import FieldError

PHONE = re.compile(r"(\+?[\d\s().\-/]+)(?:(?:x|ext\.?|转|#)\s*\d{1,6})?", re.IGNORECASE)
LEAST_DIGITS, MOST_DIGITS = 5, 15
"""Of a telephone number: ITU-T E.164 has at most 15; the shortest national ones have five."""
EMAIL = re.compile(r'[^\s@<>,;:"()\[\]\\]{1,64}@(?:[^\s@<>,;:"()\[\]\\.]{1,63}\.)+[^\s@<>,;:"()\[\]\\.\d]{2,63}')
REMEDIES = {
    "name": "say who receives the parcel", "lines": "the line is empty: write the street and house, or leave the line out",
    "city": "say the town or city",
}  # fmt: skip


def address_flaws(address: dict[str, Any], pointer: str) -> Iterator[FieldError]:
    """What is wrong with the texts of an address as JSON; of what is no text its model tells."""
    texts = {name: value for name, value in address.items() if isinstance(value, str)}
    texts |= {f"lines/{i}": line for i, line in enumerate(address.get("lines") or ()) if isinstance(line, str)}
    for name, value in texts.items():
        if name.partition("/")[0] in REMEDIES and not value.strip():
            yield FieldError(f"{pointer}/{name}", REMEDIES[name.partition("/")[0]])
        elif hidden := unseen(value) or next((f"U+{ord(c):04X}" for c in value if c in "\n\r\t"), None):
            yield FieldError(f"{pointer}/{name}", f"the text holds a character that nobody sees ({hidden}): type it anew, on one line")
    yield from _reachable(texts, pointer)


def _reachable(texts: dict[str, str], pointer: str) -> Iterator[FieldError]:
    phone, email = (unicodedata.normalize("NFKC", texts.get(name, "").strip()) for name in ("phone", "email"))
    number = PHONE.fullmatch(phone)
    if phone and not (number and LEAST_DIGITS <= sum(c.isdigit() for c in number[1]) <= MOST_DIGITS):
        yield FieldError(f"{pointer}/phone", "this is no telephone number: write it with its country's code, such as +44 20 7946 0018")
    if email and not EMAIL.fullmatch(email):
        yield FieldError(f"{pointer}/email", "this is no e-mail address: write it as name@example.com")
