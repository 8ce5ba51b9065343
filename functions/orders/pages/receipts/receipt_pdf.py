"""A receipt as PDF, in the letters of Chinese, Latin, Greek and Cyrillic, of which it holds those alone that it shows (fpdf2, letters.ttf).

What has none of these letters is shown as a box, and that is said.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from functions.orders.pages.receipts.receipt import Receipt
from functions.orders.pages.tax_numbers import tax_number_name
from shared.pages.figures import figures
from shared.pages.interface_language import Interface
from shared.pages.texts import texts

FONT = Path(__file__).with_name("letters.ttf")
BOX = "□"
WIDTHS = (96, 18, 36, 36)
"""Millimetres; A4 with 12 mm at each side."""


class Paper:
    """A page that is written on, line by line."""

    def __init__(self, title: str, language: str, made: datetime) -> None:
        self.pdf, self.has_boxes = FPDF(format="A4"), False
        self.pdf.set_creation_date(made)
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.pdf.set_margin(12)
        self.pdf.set_auto_page_break(auto=True, margin=15)
        self.pdf.add_font("letters", fname=FONT)
        self.pdf.set_font("letters", size=10)
        font = self.pdf.fonts["letters"]
        self._known = frozenset(font.cmap if isinstance(font, TTFFont) else ())
        self.pdf.add_page()

    def has(self, text: str) -> bool:
        return all(ord(letter) in self._known for letter in text)

    def shown(self, text: str) -> str:
        """The text, with a box for each letter that the font lacks."""
        found = "".join(letter if ord(letter) in self._known else BOX for letter in text)
        self.has_boxes = self.has_boxes or found != text
        return found

    def line(self, text: str, size: int = 10) -> None:
        self.pdf.set_font("letters", size=size)
        self.pdf.multi_cell(0, size * 0.55, self.shown(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """The first row is its head."""
        self.pdf.set_font("letters", size=10)
        with self.pdf.table(
            col_widths=WIDTHS, line_height=6, text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT"), borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(),
        ) as table:  # fmt: skip
            for row in rows:
                table.row([self.shown(cell) for cell in row])


def draw_receipt(receipt: Receipt, interface: Interface) -> bytes:
    """The same receipt gives the same bytes."""
    _ = texts(interface).gettext
    title = _("Receipt %(number)s") % {"number": receipt.number}
    paper, day = Paper(title, interface, datetime.fromisoformat(receipt.placed_at)), figures(interface).day(receipt.placed_at)
    paper.line(receipt.shop, 16)
    if receipt.seller:
        paper.line("\n".join((receipt.seller.name, *receipt.seller.address(figures(interface).country))), 9)
        paper.pdf.ln(4)
    paper.line(title, 14)
    paper.line(_("Ordered on %(day)s") % {"day": day})
    if receipt.test:
        paper.line(_("A test: no real money moved."))
    _buyer(paper, receipt, interface)
    paper.pdf.ln(4)
    paper.table(_rows(receipt, _money(paper, receipt.currency, interface), _))
    paper.pdf.ln(4)
    paper.line(_("It shows what was received. It is no tax invoice: ask the shop for one if you need it."), 9)
    if paper.has_boxes:
        paper.line(_("%(box)s stands for a letter that this paper cannot show.") % {"box": BOX}, 9)
    return bytes(paper.pdf.output())


def _buyer(paper: Paper, receipt: Receipt, interface: Interface) -> None:
    buyer = receipt.buyer
    if buyer is None:
        return
    paper.pdf.ln(2)
    if buyer.name:
        paper.line(texts(interface).gettext("Buyer: %(name)s") % {"name": buyer.name})
    if buyer.tax_id:
        paper.line(f"{tax_number_name(receipt.country, interface)}: {buyer.tax_id}")


def _rows(receipt: Receipt, money: Callable[[int], str], _: Callable[[str], str]) -> list[list[str]]:
    rows = [[_("What was bought"), _("Units"), _("Each"), _("Sum")]]
    rows += [[each.title, str(each.quantity), money(each.unit_price), money(each.total)] for each in receipt.lines]
    sums = [(_("Goods"), receipt.goods)]
    sums += [(f"{_('Delivery')} · {receipt.service}", receipt.shipping)] if receipt.service else []
    sums += [(_("Total"), receipt.total), (_("Received"), receipt.paid)]
    sums += [(_("Paid back"), receipt.refunded)] if receipt.refunded else []
    return rows + [[name, "", "", money(amount)] for name, amount in sums]


def _money(paper: Paper, currency: str, interface: Interface) -> Callable[[int], str]:
    """Amounts as readers write them; by the currency's code where the font lacks its sign."""
    ways = figures(interface)

    def written(amount: int) -> str:
        told = ways.money(amount, currency)
        return told if paper.has(told) else f"{currency} {ways.plain(amount, currency)}"

    return written
