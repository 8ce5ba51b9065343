"""Global trade item numbers (GTIN-8, -12, -13, -14), as their bars and catalogs tell them."""

LENGTHS = (8, 12, 13, 14)


def comparable(text: str) -> str | None:
    """The digits of a GTIN without leading zeros, so that a UPC and the EAN of the same thing are one; None for what cannot be one."""
    digits = text.replace(" ", "").replace("-", "")
    return digits.lstrip("0") if digits.isascii() and digits.isdigit() and len(digits) in LENGTHS else None
