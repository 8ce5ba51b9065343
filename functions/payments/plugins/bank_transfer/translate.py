"""Bank transfers: the reference by which an incoming transfer is known again."""

import re

from monsoon_plugin.iban import creditor_reference


def reference(payment_id: str) -> str:
    """A creditor reference (ISO 11649) for a payment: RF, two check digits, twelve characters of its id."""
    return creditor_reference(re.sub(r"[^A-Z0-9]", "", payment_id.upper())[-12:])
