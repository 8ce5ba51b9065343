"""Account numbers of banks and references of creditors, both checked modulo 97 (ISO 7064)."""

import re

MODULUS = 97


def checked_iban(text: str) -> str:
    """An IBAN (ISO 13616) without its spaces, in capitals. Raises ValueError."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact, re.ASCII) or _number(compact[4:] + compact[:4]) % MODULUS != 1:
        raise ValueError("this is not an IBAN: its check digits do not agree")
    return compact


def creditor_references(text: str) -> list[str]:
    """The creditor references (ISO 11649: RF, two check digits, 1 to 21 letters and digits) in a remittance text, without spaces.

    People write them in groups of four, or run them into other words: only what stands alone and whose check digits agree counts.
    """
    found = []
    for match in re.finditer(r"(?<![A-Z0-9])RF\d{2}(?: ?[A-Z0-9]{4}){0,5} ?[A-Z0-9]{1,4}(?![A-Z0-9])", text.upper(), re.ASCII):
        words = match[0].split(" ")
        # The groups of a reference and the next words of the text look alike: the longest that agrees is it.
        parts = ("".join(words[:count]) for count in range(len(words), 0, -1))
        found += [part for part in parts if 5 <= len(part) <= 25 and _number(part[4:] + part[:4]) % MODULUS == 1][:1]
    return found


def creditor_reference(body: str) -> str:
    """RF and its check digits before `body`, 1 to 21 capital letters and digits."""
    return f"RF{98 - _number(body + 'RF00') % MODULUS:02d}{body}"


def _number(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text))
