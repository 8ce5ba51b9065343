"""Reads camt.053, the bank's statement, of every version from 02 on (ISO 20022). Pure.

Elements are known by their local names, which are the same in all versions; where a later version wraps one (Pty, Cd), both forms
are read. A document type declaration, the way of entity bombs and of outside entities, is refused before anything in it is read.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from functions.settlement.plugins.line_ids import with_ids
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import MAX_AMOUNT, Money, currency_code, exponent

MOST_BYTES = 5 * 1024 * 1024
NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1\d)")
NO_ID = "NOTPROVIDED"


class Builder(ET.TreeBuilder):
    def doctype(self, name: str, public_id: str | None, system: str | None) -> None:
        raise invalid("a statement must not declare a document type")


def statement_lines(content: bytes, iban: str) -> list[StatementLine]:
    """The booked movements of the account `iban`, in the file's order. Raises PluginError (invalid) that says what is wrong where."""
    document = _parsed(content)
    lines: list[StatementLine] = []
    for statement in _all(document, "BkToCstmrStmt/Stmt"):
        told = _text(statement, "Acct/Id/IBAN")
        if told and told != iban:
            raise invalid("this statement is of another account than the installation's")
        for number, entry in enumerate(_all(statement, "Ntry"), 1):
            if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK":
                lines += _lines(entry, number)
    return with_ids(lines)


def invalid(message: str) -> PluginError:
    return PluginError(ErrorKind.INVALID, message)


def _parsed(content: bytes) -> ET.Element:
    if len(content) > MOST_BYTES:
        raise invalid(f"a statement has at most {MOST_BYTES} bytes")
    try:
        parser = ET.XMLParser(target=Builder())  # noqa: S314 (Builder refuses declarations)
        parser.feed(content)
        document: ET.Element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise invalid(f"the statement is no XML that can be read: {error}") from error
    space = document.tag.partition("}")[0].lstrip("{")
    if not NAMESPACE.fullmatch(space):
        raise invalid("this is not a camt.053 statement of version 02 or later")
    return document


def _lines(entry: ET.Element, number: int) -> Iterator[StatementLine]:
    """One line for each transaction of an entry, if their amounts add up to the entry's; else the entry is one line.

    They need not: a bank may tell only some, or amounts in the currencies that payers sent. What moved the account is the entry.
    """
    details = _all(entry, "NtryDtls/TxDtls")
    told = [_amount(detail) for detail in details]
    try:
        whole = _line(entry, details[0] if len(details) == 1 else None, _find(entry, "Amt"))
        parts = []
        if len(details) > 1 and all(amount is not None and amount.get("Ccy") == whole.amount.currency for amount in told):
            parts = [_line(entry, detail, amount) for detail, amount in zip(details, told, strict=True)]
        yield from parts if parts and sum(part.amount.amount for part in parts) == whole.amount.amount else [whole]
    except (ValueError, InvalidOperation) as error:
        raise invalid(f"entry {number} cannot be read: {error}") from error


def _line(entry: ET.Element, detail: ET.Element | None, amount: ET.Element | None) -> StatementLine:
    side = (_text(detail, "CdtDbtInd") if detail is not None else "") or _text(entry, "CdtDbtInd")
    if amount is None or side not in ("CRDT", "DBIT"):
        raise ValueError("it lacks an amount, or says neither CRDT nor DBIT")
    money, other = _money(amount), "Dbtr" if side == "CRDT" else "Cdtr"
    ids = [_text(place, path) for place in (detail, entry) if place is not None for path in ("Refs/AcctSvcrRef", "AcctSvcrRef")]
    words = " ".join((part.text or "").strip() for part in _all(detail, "RmtInf/Ustrd"))
    end_to_end = _text(detail, "Refs/EndToEndId")
    whole_batch = _text(detail, "Refs/PmtInfId") or _text(entry, "NtryDtls/Btch/PmtInfId")
    reference = _text(detail, "RmtInf/Strd/CdtrRefInf/Ref") or (end_to_end if end_to_end != NO_ID else "") or whole_batch or words
    return StatementLine(
        id=next((known for known in ids if known), ""),
        booked_on=date.fromisoformat((_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))[:10]),
        amount=money if side == "CRDT" else -money,
        reference=reference[:140],
        counterparty=(_text(detail, f"RltdPties/{other}/Nm") or _text(detail, f"RltdPties/{other}/Pty/Nm"))[:140],
        text=words[:500],
        reversal=_text(entry, "RvslInd") in ("true", "1") or bool(_all(detail, "RtrInf")),
    )


def _amount(detail: ET.Element) -> ET.Element | None:
    """A transaction's own amount: `Amt` since version 03, in `AmtDtls` before."""
    own = _find(detail, "Amt")
    return own if own is not None else _find(detail, "AmtDtls/TxAmt/Amt")


def _money(amount: ET.Element) -> Money:
    currency = currency_code(amount.get("Ccy", ""))
    text = (amount.text or "").strip()
    if not re.fullmatch(r"\d{1,18}(\.\d{1,5})?", text, re.ASCII):
        raise ValueError(f"{text[:30]!r} is no amount")
    units = Decimal(text).scaleb(exponent(currency))
    if units != units.to_integral_value() or units > MAX_AMOUNT:
        raise ValueError(f"{text[:30]!r} is no amount of {currency}")
    return Money(int(units), currency)


def _all(place: ET.Element | None, path: str) -> list[ET.Element]:
    """The elements at a path of local names."""
    return [] if place is None else place.findall("/".join(f"{{*}}{name}" for name in path.split("/")))


def _find(place: ET.Element, path: str) -> ET.Element | None:
    return next(iter(_all(place, path)), None)


def _text(place: ET.Element | None, path: str) -> str:
    return next(((found.text or "").strip() for found in _all(place, path)), "")
