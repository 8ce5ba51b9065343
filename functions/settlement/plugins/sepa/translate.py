"""What SEPA credit transfers allow, and our words in it. Pure.

Sources: EPC115-06 and EPC132-08 (SEPA Credit Transfer rulebook and customer-to-bank guidelines: character set, identifications,
amounts), EPC409-09 (countries).
"""

import re
from collections.abc import Sequence
from typing import Any

from monsoon_plugin.clearing import Payout
from monsoon_plugin.errors import ErrorKind, PluginError

COUNTRIES = (
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
)  # fmt: skip
"""By the IBAN's first letters; the French territories' IBANs begin with FR."""
MOST = 99_999_999_999
"""Cents: 999,999,999.99 EUR a transfer (EPC132-08, Instructed Amount)."""
OUTSIDE = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
"""What the SEPA character set does not hold (EPC132-08, 1.4)."""


def text(words: str, most: int) -> str:
    """`words` in the SEPA character set, other scripts transliterated, at most `most` characters; `-` if nothing is left."""
    from text_unidecode import unidecode  # type: ignore[import-untyped]  # noqa: PLC0415 (its tables are read once a file is made)

    plain = re.sub(r" +", " ", OUTSIDE.sub(" ", unidecode(words)))
    return re.sub("/{2,}", "/", plain)[:most].strip(" /") or "-"


def identification(key: str) -> str:
    """One of our keys as an identification: letters, digits and hyphens, at most 35. Raises PluginError (invalid)."""
    written = key.replace("_", "-")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,35}", written):
        raise PluginError(ErrorKind.INVALID, "a SEPA identification has at most 35 letters, digits and hyphens")
    return written


def payments_of(payouts: Sequence[Payout], execute_on: Any) -> list[dict[str, Any]]:
    """The batch as sepaxml takes it. Raises PluginError (invalid, unsupported) for what SEPA does not carry."""
    written = [identification(payout.id) for payout in payouts]
    if not written or len(set(written)) != len(written):
        raise PluginError(ErrorKind.INVALID, "a batch holds at least one payout, and each once")
    return [_payment(payout, known, execute_on) for payout, known in zip(payouts, written, strict=True)]


def _payment(payout: Payout, known: str, execute_on: Any) -> dict[str, Any]:
    payee, amount = payout.payee, payout.amount
    if amount.currency != "EUR":
        raise PluginError(ErrorKind.UNSUPPORTED, f"SEPA carries euro only, not {amount.currency}")
    if not 0 < amount.amount <= MOST:
        raise PluginError(ErrorKind.INVALID, "a SEPA transfer is of 0.01 to 999,999,999.99 EUR")
    if payee.iban[:2] not in COUNTRIES:
        raise PluginError(ErrorKind.INVALID, f"payout {payout.id} has no IBAN of a SEPA country")
    payment = {
        "name": text(payee.name, 70), "IBAN": payee.iban, "amount": amount.amount, "endtoend_id": known,
        "execution_date": execute_on, "description": text(payout.reference or payout.id, 140),
    }  # fmt: skip
    return payment | ({"BIC": payee.bic} if payee.bic else {})
