"""Global trade item numbers (GTIN-8, -12, -13, -14), as their bars and catalogs tell them."""

LENGTHS = (8, 12, 13, 14)


def comparable(text: str) -> str | None:
    """The digits of a GTIN without leading zeros, so that a UPC and the EAN of the same thing are one; None for what cannot be one."""
    digits = text.replace(" ", "").replace("-", "")
    return digits.lstrip("0") if digits.isascii() and digits.isdigit() and len(digits) in LENGTHS else None


RESTRICTED = ("02", "04", "05", "2", "952", "980", "981", "982", "983", "984", "99")
"""How a GTIN of 13 digits begins that is given within one company's walls, to coupons or in examples (GS1's table of prefixes)."""


def is_worldwide(digits: str) -> bool:
    """Whether `comparable` digits are one thing's, whoever says them: what two shops print on their own scales may be equal by chance."""
    if len(digits) <= min(LENGTHS):
        return digits.zfill(min(LENGTHS))[0] not in "02"
    return not digits.zfill(max(LENGTHS))[1:].startswith(RESTRICTED)


def check_digit(body: str) -> str:
    """The last digit of a GTIN by those before it: from the right their weights are 3, 1, 3 … (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3, 1)[i % 2] for i, digit in enumerate(reversed(body)))
    return str(-total % 10)


def gtin_flaw(gtin: str) -> str | None:
    """What is wrong with a GTIN of a right length, and what to do; None if its check digit is right."""
    right = check_digit(gtin[:-1])
    if gtin[-1] == right:
        return None
    return f"the last digit checks the others and would be {right} ({gtin[:-1]}{right}): compare it with the bar code on the product"
