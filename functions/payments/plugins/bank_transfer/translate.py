"""Bank transfers: account numbers and the reference by which an incoming transfer is known again."""

import re

DIGITS = 97
"""IBAN (ISO 13616) and creditor reference (ISO 11649) are both checked modulo 97 (ISO 7064)."""


def checked_iban(text: str) -> str:
    """An IBAN without its spaces. Raises ValueError."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact) or _number(compact[4:] + compact[:4]) % DIGITS != 1:
        raise ValueError("this is not an IBAN: its check digits do not agree")
    return compact


def reference(payment_id: str) -> str:
    """A creditor reference (ISO 11649) for a payment: RF, two check digits, twelve characters of its id."""
    body = re.sub(r"[^A-Z0-9]", "", payment_id.upper())[-12:]
    return f"RF{98 - _number(body + 'RF00') % DIGITS:02d}{body}"


def _number(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text))
