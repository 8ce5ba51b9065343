"""An address as it comes in: who and where is said, in forms that a courier can use. What was kept before is read as it is."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from shared.door.characters import unseen
from shared.door.phones import phone_flaw
from shared.errors import FieldError

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
        else:
            yield from _on_one_line(name, value, pointer)
    yield from _reachable(texts, pointer)


def buyer_flaws(buyer: dict[str, Any], country: str, pointer: str) -> Iterator[FieldError]:
    """What is wrong with the texts of who buys, in an order that goes to `country` (any text)."""
    texts = {name: value for name, value in buyer.items() if isinstance(value, str)}
    for name, value in texts.items():
        yield from _on_one_line(name, value, pointer)
    yield from _reachable(texts | {"country": country}, pointer)


def _on_one_line(name: str, value: str, pointer: str) -> Iterator[FieldError]:
    if hidden := unseen(value) or next((f"U+{ord(c):04X}" for c in value if c in "\n\r\t"), None):
        yield FieldError(f"{pointer}/{name}", f"the text holds a character that nobody sees ({hidden}): type it anew, on one line")


def _reachable(texts: dict[str, str], pointer: str) -> Iterator[FieldError]:
    phone, email = (texts.get(name, "").strip() for name in ("phone", "email"))
    if phone and (flaw := phone_flaw(phone, texts.get("country", ""))):
        yield FieldError(f"{pointer}/phone", flaw)
    if email and not EMAIL.fullmatch(unicodedata.normalize("NFKC", email)):
        yield FieldError(f"{pointer}/email", "this is no e-mail address: write it as name@example.com")
