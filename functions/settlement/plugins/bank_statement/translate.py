"""A bank's CSV statement as lines. Pure: encodings, columns, dates and amounts as the merchant's config says."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from functions.settlement.plugins.line_ids import with_ids
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import MAX_AMOUNT, Money, currency_code, exponent

MOST_BYTES = 5 * 1024 * 1024
MOST_CELL = 4096
NAMED = 50
"""At most this many bad lines are named."""
GUESSES = ["gb18030", "big5", "cp1252", "latin_1", "utf_16"]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bank writes its statements. Columns are named as in the header line; empty: the bank has none."""

    booked_on: str
    amount: str
    paid_out: str
    currency: str
    reference: str
    counterparty: str
    text: str
    bank_id: str
    fixed_currency: str
    date_format: str
    decimal: Literal["point", "comma"]
    delimiter: str
    skip: int
    """Lines before the header."""
    encoding: str
    """Empty: by the byte order mark, else UTF-8, else as charset-normalizer finds."""

    @property
    def columns(self) -> list[str]:
        named = (self.booked_on, self.amount, self.paid_out, self.currency, self.reference, self.counterparty, self.text, self.bank_id)
        return [name for name in named if name]


def statement_lines(content: bytes, layout: Layout) -> list[StatementLine]:
    """The statement's lines in its order, all or none.

    Raises PluginError (invalid) that names each line that cannot be read (the first NAMED) by its number in the file, and why.
    """
    if len(content) > MOST_BYTES:
        raise _invalid(f"a statement has at most {MOST_BYTES} bytes")
    lines, bad = [], []
    for number, row in _rows(decoded(content, layout.encoding), layout):
        try:
            lines.append(_line(row, layout))
        except ValueError as error:
            bad.append(f"line {number}: {error}")
    if bad:
        more = f"; and {len(bad) - NAMED} more" if len(bad) > NAMED else ""
        raise _invalid("; ".join(bad[:NAMED]) + more)
    return with_ids(lines)


def decoded(content: bytes, encoding: str) -> str:
    """The text of a file in `encoding`, or in one that it shows. Raises PluginError (invalid)."""
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    marked = next((name for mark, name in marks.items() if content.startswith(mark)), "")
    for name in (marked, encoding) if marked or encoding else ("utf-8",):
        try:
            if name:
                return content.decode(name)
        except (UnicodeDecodeError, LookupError) as error:
            if marked or encoding:
                raise _invalid(f"the file is not written in {name}") from error
    return _guessed(content)


def _guessed(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 (most statements are UTF-8, or say what they are)

    found = from_bytes(content, cp_isolation=GUESSES).best()
    if found is None:
        raise _invalid("the file's encoding cannot be told: name it in the installation")
    return str(found)


def amount_of(text: str, decimal: Literal["point", "comma"], currency: str) -> Money:
    """An amount as banks write it: signs before or behind, thousands by point, comma, space or apostrophe. Raises ValueError."""
    mark, group = (".", ",") if decimal == "point" else (",", ".")
    compact = re.sub(r"[\s\u00a0\u202f'’]", "", text.replace("−", "-"))
    if compact.endswith(("-", "+")):
        compact = compact[-1] + compact[:-1]
    found = re.fullmatch(rf"([+-]?)(\d{{1,3}}(?:\{group}\d{{3}})+|\d{{1,15}})(?:\{mark}(\d{{1,4}}))?", compact, re.ASCII)
    if not found:
        raise ValueError(f"{text[:30]!r} is no amount with a decimal {decimal}")
    units = Decimal(f"{found[1]}{found[2].replace(group, '')}.{found[3] or 0}").scaleb(exponent(currency))
    if units != units.to_integral_value() or abs(units) > MAX_AMOUNT:
        raise ValueError(f"{text[:30]!r} is no amount of {currency}")
    return Money(int(units), currency)


def _rows(text: str, layout: Layout) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Number in the file and cells by column, of each line that is not empty. Raises PluginError (invalid)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True)
    header: list[str] | None = None
    try:
        for row in reader:
            if reader.line_num <= layout.skip or not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = [cell.strip() for cell in row]
                _check(header, layout)
            elif len(row) > len(header):
                raise _invalid(f"line {reader.line_num}: it has more cells than the header")
            else:
                yield reader.line_num, dict(zip(header, (cell.strip()[:MOST_CELL] for cell in row), strict=False))
    except csv.Error as error:
        raise _invalid(f"line {reader.line_num}: {error}") from error
    if header is None:
        raise _invalid("the statement is empty")


def _check(header: list[str], layout: Layout) -> None:
    lacking = [name for name in layout.columns if header.count(name) != 1]
    if lacking:
        raise _invalid(f"the header does not name once: {', '.join(lacking)}")


def _line(row: Mapping[str, str], layout: Layout) -> StatementLine:
    currency = currency_code(row.get(layout.currency, "") if layout.currency else layout.fixed_currency)
    return StatementLine(
        id=row.get(layout.bank_id, ""),
        booked_on=_day(row.get(layout.booked_on, ""), layout.date_format),
        amount=_amount(row, layout, currency),
        reference=(row.get(layout.reference, "") or row.get(layout.text, ""))[:140],
        counterparty=row.get(layout.counterparty, "")[:140],
        text=row.get(layout.text, "")[:500],
    )


def _amount(row: Mapping[str, str], layout: Layout, currency: str) -> Money:
    """The movement: of one signed column, or of one column for what came in and one for what went out."""
    came, went = row.get(layout.amount, ""), row.get(layout.paid_out, "") if layout.paid_out else ""
    if bool(came) == bool(went):
        raise ValueError("it has no amount, or two")
    if came:
        return amount_of(came, layout.decimal, currency)
    out = amount_of(went, layout.decimal, currency)
    return Money(-abs(out.amount), currency)


def _day(text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        raise ValueError(f"{text[:30]!r} is no date as {form}") from None


def _invalid(message: str) -> PluginError:
    return PluginError(ErrorKind.INVALID, message)
