"""What couriers' stand-ins hand out: labels that are real PDF and ZPL, tracking numbers with the right check digit."""

from functools import cache

from fpdf import FPDF

from functions.shipping.tracking.tracking_numbers import read_tracking_number


@cache
def pdf() -> bytes:
    """A label of one page, 4 × 6 inches."""
    page = FPDF(format=(102, 152))
    page.add_page()
    page.set_font("Helvetica", size=20)
    page.cell(text="A label")
    return bytes(page.output())


ZPL = b"^XA^FO50,50^ADN,36,20^FDA label^FS^XZ"


def numbered(beginning: str, serial: int, length: int, carrier: str) -> str:
    """A tracking number of `length` characters whose check digit is right."""
    bare = beginning + str(serial).rjust(length - len(beginning) - 1, "0")
    return next(bare + digit for digit in "0123456789" if read_tracking_number(bare + digit, carrier).valid)
