"""SEPA: files that the schema and the bank accept; statements of every version, and none that harms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sepaxml
import xmlschema

from functions.settlement.plugins.sepa.plugin import Sepa, SepaConfig
from functions.settlement.plugins.sepa.translate import text
from functions.settlement.plugins.sepa.trial import IBAN, PAYEES
from monsoon_plugin.clearing import Payee, Payout, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Ctx

KEY, DAY = "20261120-EUR-ABCDEFGHIJ-00", date(2026, 11, 20)
SCHEMAS = Path(sepaxml.__file__).parent / "schemas"
VERSIONS = ["pain.001.001.03", "pain.001.001.09"]


def ctx(hour: int = 9, **config: Any) -> Ctx[Any]:
    now = datetime(2026, 11, 19, hour, 30, tzinfo=UTC)
    return Ctx(
        config=SepaConfig(**{"name": "Shop & Söhne", "iban": IBAN, **config}), base_url="", deadline=now + timedelta(seconds=9), now=now
    )


def batch(*amounts: int) -> SubmitBatch:
    payouts = [
        Payout(f"{KEY}-{n:04d}", Payee(account_id=f"acc_{n}", **PAYEES[n % 2]), Money(amount, "EUR"), f"Auszahlung №{n} // ünd")
        for n, amount in enumerate(amounts)
    ]
    return SubmitBatch(KEY, tuple(payouts), DAY)


def refused(call: Any, *arguments: Any) -> ErrorKind:
    with pytest.raises(PluginError) as error:
        call(*arguments)
    return error.value.kind


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("bic", ["", "COBADEFFXXX"])
def test_files_are_valid_by_the_schema_and_sum_up(version, bic):
    made = Sepa().submit(ctx(version=version, bic=bic), batch(1250, 5, 999))
    document = xmlschema.XMLSchema(SCHEMAS / f"{version}.xsd").to_dict(made.document.decode())
    head, payments = document["CstmrCdtTrfInitn"]["GrpHdr"], document["CstmrCdtTrfInitn"]["PmtInf"]
    assert (head["MsgId"], head["NbOfTxs"], str(head["CtrlSum"])) == (KEY, "3", "22.54")
    assert [p["PmtInfId"] for p in payments] == [KEY]
    transfers = payments[0]["CdtTrfTxInf"]
    assert [t["PmtId"]["EndToEndId"] for t in transfers] == [f"{KEY}-{n:04d}" for n in range(3)]
    assert made.total == Money(2254, "EUR")


def test_the_same_batch_is_the_same_file_all_day():
    assert Sepa().submit(ctx(1), batch(1250)).document == Sepa().submit(ctx(23), batch(1250)).document


def test_names_and_texts_are_in_the_sepa_character_set():
    document = Sepa().submit(ctx(), batch(1250, 2)).document.decode()
    assert document.isascii()
    assert "<Nm>Ri Ben Cha Dian</Nm>" in document
    assert "Auszahlung 0 / und" in document
    assert text("//", 70) == "-"


@pytest.mark.parametrize("amount", [0, -5, 99_999_999_999 + 1])
def test_amounts_that_sepa_does_not_carry_are_refused(amount):
    assert refused(Sepa().submit, ctx(), batch(amount)) is ErrorKind.INVALID


def test_a_payout_twice_in_a_batch_is_refused():
    twice = batch(1250).payouts * 2
    assert refused(Sepa().submit, ctx(), SubmitBatch(KEY, twice, DAY)) is ErrorKind.INVALID


def test_an_iban_outside_sepa_is_refused():
    payout = batch(1250).payouts[0]
    outside = replace(payout, payee=replace(payout.payee, iban="TR330006100519786457841326"))
    assert refused(Sepa().submit, ctx(), SubmitBatch(KEY, (outside,), DAY)) is ErrorKind.INVALID


def statement(entries: str, version: str = "08", iban: str = IBAN, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>'
        f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(details: str, amount: str = "12.50", side: str = "DBIT", status: str = "<Cd>BOOK</Cd>", more: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def lines(content: bytes) -> list[StatementLine]:
    return list(Sepa().parse_statement(ctx(), content, "application/xml"))


@pytest.mark.parametrize("version", [f"{n:02d}" for n in range(2, 12)])
def test_every_version_is_read(version):
    late = int(version) >= 8
    name = "<Pty><Nm>A</Nm></Pty>" if late else "<Nm>A</Nm>"
    detail = f"<TxDtls><Refs><EndToEndId>{KEY}-0001</EndToEndId></Refs><RltdPties><Cdtr>{name}</Cdtr></RltdPties></TxDtls>"
    found = lines(statement(entry(detail, status="<Cd>BOOK</Cd>" if late else "BOOK"), version))
    assert [(line.amount, line.reference, line.counterparty) for line in found] == [(Money(-1250, "EUR"), f"{KEY}-0001", "A")]


@pytest.mark.parametrize("wrapped", ["<Amt Ccy='EUR'>{}</Amt>", "<AmtDtls><TxAmt><Amt Ccy='EUR'>{}</Amt></TxAmt></AmtDtls>"])
def test_an_entry_of_several_transactions_is_a_line_each(wrapped):
    details = "".join(f"<TxDtls><Refs><EndToEndId>{n}</EndToEndId></Refs>{wrapped.format(n)}</TxDtls>" for n in (5, 7))
    assert [(line.reference, line.amount.amount) for line in lines(statement(entry(details, "12.00")))] == [("5", -500), ("7", -700)]


@pytest.mark.parametrize(
    "amounts", ["<Amt Ccy='EUR'>5</Amt>", "<Amt Ccy='USD'>6</Amt>", "<AmtDtls><TxAmt><Amt Ccy='XTS'>6</Amt></TxAmt></AmtDtls>"]
)
def test_transactions_that_do_not_add_up_to_their_entry_are_one_line_of_its_amount(amounts):
    details = "".join(f"<TxDtls><Refs><EndToEndId>{n}</EndToEndId></Refs>{amounts}</TxDtls>" for n in (1, 2))
    assert [line.amount for line in lines(statement(entry(details, "12.00")))] == [Money(-1200, "EUR")]


def test_transactions_of_both_sides_add_up_by_their_signs():
    sides = ("CRDT", "7"), ("DBIT", "2")
    details = "".join(f"<TxDtls><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd></TxDtls>" for side, amount in sides)
    assert [line.amount.amount for line in lines(statement(entry(details, "5.00", side="CRDT")))] == [700, -200]


def test_a_batch_that_is_booked_in_one_sum_bears_our_key():
    assert lines(statement(entry(f"<Btch><PmtInfId>{KEY}</PmtInfId></Btch>")))[0].reference == KEY


def test_pending_entries_are_left_out():
    assert lines(statement(entry("", status="<Cd>PDNG</Cd>") + entry("", status="INFO"))) == []


def test_a_return_is_marked():
    back = entry("<TxDtls><Refs><EndToEndId>X</EndToEndId></Refs><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>", side="CRDT")
    assert (lines(statement(back))[0].reversal, lines(statement(entry("", more="<RvslInd>true</RvslInd>")))[0].reversal) == (True, True)


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE, '<!DOCTYPE a SYSTEM "http://example.com/x.dtd">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_are_refused_before_they_are_read(declared, encoding):
    content = statement(entry(""), before=declared).decode().encode(encoding)
    with pytest.raises(PluginError, match="document type"):
        lines(content)


@pytest.mark.parametrize(
    "bad",
    [entry("", "1,50"), entry("", "1.505"), entry("", "-1.00"), entry("", side="OUT"), entry("").replace("2026-11-20", "20.11.2026"),
     entry("").replace('"EUR"', '"EURO"'), entry("").replace('"EUR"', '"XAU"')],
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_named(bad):
    with pytest.raises(PluginError, match="entry 2"):
        lines(statement(entry("") + bad))


def test_another_accounts_statement_is_refused():
    assert refused(lines, statement("", iban="GB82WEST12345698765432")) is ErrorKind.INVALID


@pytest.mark.parametrize("space", ["camt.052.001.08", "camt.053.001.01", "pain.002.001.03"])
def test_another_message_is_refused(space):
    assert refused(lines, statement("").replace(b"camt.053.001.08", space.encode())) is ErrorKind.INVALID
