"""Customs forms as PDF, by fpdf2 and its built-in font. The font knows Latin letters: others are replaced, visibly, and told."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from functions.shipping.documents.customs_forms import CustomsForm
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Content
from monsoon_plugin.money import Money

TITLES = {
    "commercial_invoice": "COMMERCIAL INVOICE",
    "cn22": "CUSTOMS DECLARATION CN 22 (May be opened officially)",
    "cn23": "CUSTOMS DECLARATION CN 23 (May be opened officially)",
}
COLUMNS = (("Description of contents", 66), ("Quantity", 17), ("Net weight (g)", 25), ("HS code", 20), ("Origin", 14), ("Value", 44))
"""Millimetres; A4 with 12 mm at each side."""
STATEMENT = (
    "I certify that the particulars given in this declaration are correct and that this item does not contain any dangerous article "
    "prohibited by legislation or by postal or customs regulations."
)
MISSING = "?"


@dataclass(slots=True)
class Printed:
    """Texts in the font's letters."""

    replaced: bool = False
    _seen: dict[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """`text` in Latin-1: accents that it lacks are left out, other letters become MISSING and `replaced` is set."""
        return "".join(self._seen.setdefault(letter, self._letter(letter)) for letter in text)

    def _letter(self, letter: str) -> str:
        for found in (letter, unicodedata.normalize("NFKD", letter)):
            plain = found.encode("latin-1", "ignore").decode("latin-1")
            if plain:
                return plain
        self.replaced = True
        return MISSING


def draw_form(form: CustomsForm) -> tuple[bytes, bool]:
    """The form as PDF, a page for each package and more if its lines need them; and whether letters were replaced.

    The same form gives the same bytes.
    """
    pdf, printed = FPDF(format="A4"), Printed()
    pdf.set_creation_date(datetime.fromisoformat(form.day).replace(tzinfo=UTC))
    pdf.set_auto_page_break(auto=True, margin=15)
    pdf.set_margin(12)
    for i, (contents, weight) in enumerate(zip(form.packages, form.gross_weights, strict=True), 1):
        pdf.add_page()
        _head(pdf, printed, form, f"Package {i} of {len(form.packages)}")
        _table(pdf, printed, contents)
        _foot(pdf, printed, form, contents, weight)
    return bytes(pdf.output()), printed.replaced


def _line(pdf: FPDF, text: str, *, size: int = 10, bold: bool = False) -> None:
    pdf.set_font("Helvetica", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _head(pdf: FPDF, printed: Printed, form: CustomsForm, package: str) -> None:
    _line(pdf, TITLES[form.kind], size=14, bold=True)
    _line(pdf, printed(f"Number: {form.number}    Date: {form.day}    {package}"))
    for title, address in (("Sender", form.sender), ("Recipient", form.recipient)):
        pdf.ln(2)
        _line(pdf, title, bold=True)
        for text in _written(address):
            _line(pdf, printed(text))
    pdf.ln(2)
    _line(pdf, f"Reason for export: {form.reason}")
    pdf.ln(2)


def _written(address: Address) -> Sequence[str]:
    place = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    reached = " ".join(part for part in (address.phone, address.email) if part)
    return [text for text in (address.name, *address.lines, place, address.country, reached) if text]


def _table(pdf: FPDF, printed: Printed, contents: Sequence[Content]) -> None:
    pdf.set_font("Helvetica", "", 9)
    with pdf.table(col_widths=[width for _, width in COLUMNS], line_height=5) as table:
        table.row([name for name, _ in COLUMNS])
        for c in contents:
            value = str(Money(c.value, c.currency))
            table.row([printed(c.title), str(c.quantity), str(c.weight or ""), c.hs_code, c.origin, value])


def _foot(pdf: FPDF, printed: Printed, form: CustomsForm, contents: Sequence[Content], weight: int) -> None:
    total = Money(sum(c.value for c in contents), form.total.currency)
    pdf.ln(2)
    net = f"    Total net weight: {sum(c.weight for c in contents)} g" if all(c.weight for c in contents) else ""
    _line(pdf, f"Total value: {total}{net}" + (f"    Gross weight: {weight} g" if weight else ""), bold=True)
    if len(form.packages) > 1:
        _line(pdf, f"Total value of all packages: {form.total}", bold=True)
    pdf.ln(4)
    _line(pdf, STATEMENT, size=9)
    pdf.ln(10)
    _line(pdf, printed(f"Date and sender's signature: {form.day}  ______________________________"))
