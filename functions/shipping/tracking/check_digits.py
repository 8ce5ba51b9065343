"""The check digits of tracking numbers: each courier's way to compute the digit that shows a typing error. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _mod10(serial: str, spec: Mapping[str, Any]) -> str:
    """A letter counts as its place in ASCII less 3, modulo 10 (UPS)."""
    multipliers = (spec.get("evens_multiplier", 1), spec.get("odds_multiplier", 1))
    ordered = reversed(serial) if spec.get("reverse") else serial
    total = sum((int(c) if c.isdigit() else (ord(c) - 3) % 10) * multipliers[i % 2] for i, c in enumerate(ordered))
    return str(-total % 10)


def _mod7(serial: str, spec: Mapping[str, Any]) -> str:
    return str(int(serial) % 7)


def _luhn(serial: str, spec: Mapping[str, Any]) -> str:
    """ISO/IEC 7812-1, annex B."""
    total = sum(sum(divmod(int(c) * (2 - i % 2), 10)) for i, c in enumerate(reversed(serial)))
    return str(-total % 10)


def _s10(serial: str, spec: Mapping[str, Any]) -> str:
    """UPU S10: 11 less the remainder; 10 becomes 0, 11 becomes 5."""
    check = 11 - _weighted(serial, spec) % 11
    return str({10: 0, 11: 5}.get(check, check))


def _sum_product(serial: str, spec: Mapping[str, Any]) -> str:
    return str(_weighted(serial, spec) % spec["modulo1"] % spec["modulo2"])


def _weighted(serial: str, spec: Mapping[str, Any]) -> int:
    return sum(int(c) * weight for c, weight in zip(serial, spec["weightings"], strict=False))


def _mod_37_36(serial: str, spec: Mapping[str, Any]) -> str:
    """ISO/IEC 7064, MOD 37,36 (DPD Parcel Label Specification 2.4.1)."""
    check = 36
    for c in serial:
        total = (DIGITS.index(c) + check) % 36 or 36
        check = total * 2 % 37
    return DIGITS[(37 - check) % 36]


CHECK_DIGITS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "mod10": _mod10,
    "mod7": _mod7,
    "luhn": _luhn,
    "s10": _s10,
    "sum_product_with_weightings_and_modulo": _sum_product,
    "mod_37_36": _mod_37_36,
}
"""Name of a checksum in tracking_formats.json → the check digit of a serial number (CHECKSUM_ALGORITHMS.md of its source)."""
