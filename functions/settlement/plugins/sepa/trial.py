"""SEPA, tried without a stand-in: it makes pain.001 files, and reads camt.053 written here after ISO 20022's message definition."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.testing import ClearingTrial

IBAN = "DE89370400440532013000"
PAYEES = (
    {"name": "Café Ñandú", "iban": "GB82WEST12345698765432", "country": "GB"},
    {"name": "日本茶店", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPPAR", "country": "FR"},
)


def statement(movements: Sequence[StatementLine]) -> tuple[bytes, str]:
    """A camt.053.001.08 statement of these movements."""
    entries = "".join(entry(movement) for movement in movements)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<Stmt><Id>1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode(), "application/xml"


def entry(movement: StatementLine) -> str:
    amount, currency = movement.amount.amount, movement.amount.currency
    side, other = ("CRDT", "Dbtr") if amount > 0 else ("DBIT", "Cdtr")
    euros = f"{abs(amount) // 100}.{abs(amount) % 100:02d}"
    known = (
        f"<RmtInf><Ustrd>{escape(movement.text)}</Ustrd><Strd><CdtrRefInf><Ref>{movement.reference}</Ref></CdtrRefInf></Strd></RmtInf>"
        if movement.reference.startswith("RF") else f"<RmtInf><Ustrd>{escape(movement.text)}</Ustrd></RmtInf>"
    )  # fmt: skip
    return (
        f'<Ntry><Amt Ccy="{currency}">{euros}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{movement.booked_on}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{escape(movement.reference)}</EndToEndId></Refs>"
        f"<RltdPties><{other}><Pty><Nm>{escape(movement.counterparty)}</Nm></Pty></{other}></RltdPties>{known}</TxDtls></NtryDtls></Ntry>"
    )


TRIAL = ClearingTrial(
    config={"name": "Käufer & Co", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"},
    standin="nobody: files are made and read",
    payees=PAYEES,
    statement=statement,
)
