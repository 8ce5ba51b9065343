"""CSV statements, tried without a stand-in: a German bank's form, semicolons and decimal commas, in UTF-8 with a mark."""

import csv
import io
from collections.abc import Sequence

from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.testing import ClearingTrial

COLUMNS = ["Buchungstag", "Betrag", "Währung", "Referenz", "Name", "Verwendungszweck"]


def statement(movements: Sequence[StatementLine]) -> tuple[bytes, str]:
    """These movements in UTF-8 with a byte order mark, after two lines that banks put before the header."""
    text = io.StringIO()
    text.write("Konto;DE89370400440532013000\nvon;bis\n")
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for m in movements:
        sign, amount = "-" if m.amount.amount < 0 else "", abs(m.amount.amount)
        euros = f"{amount // 100:,}".replace(",", ".")
        rows.writerow(
            [f"{m.booked_on:%d.%m.%Y}", f"{sign}{euros},{amount % 100:02d}", m.amount.currency, m.reference, m.counterparty, m.text]
        )
    return text.getvalue().encode("utf-8-sig"), "text/csv"


TRIAL = ClearingTrial(
    config={
        "booked_on": "Buchungstag", "amount": "Betrag", "currency": "Währung", "reference": "Referenz", "counterparty": "Name",
        "text": "Verwendungszweck", "date_format": "%d.%m.%Y", "decimal": "comma", "delimiter": ";", "skip": 2,
    },
    standin="nobody: statements are read",
    statement=statement,
)  # fmt: skip
