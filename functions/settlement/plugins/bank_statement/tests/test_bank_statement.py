"""CSV statements, as banks write them and as they should not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.settlement.plugins.bank_statement.plugin import BankStatement, BankStatementConfig
from functions.settlement.plugins.bank_statement.translate import amount_of
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Ctx

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HEAD = "day,amount,text,name\n"


def read(content: bytes | str, **config: Any) -> list[StatementLine]:
    form = {"booked_on": "day", "amount": "amount", "text": "text", "counterparty": "name"}
    given = BankStatementConfig(**{**form, **config})
    written = content.encode() if isinstance(content, str) else content
    return list(
        BankStatement().parse_statement(Ctx(config=given, base_url="", deadline=NOW + timedelta(seconds=9), now=NOW), written, "text/csv")
    )


@pytest.mark.parametrize(
    ("written", "decimal", "currency", "units"),
    [("12.50", "point", "EUR", 1250), ("-1,234.5", "point", "EUR", -123450), ("1.234,50", "comma", "EUR", 123450),
     ("1 234,50", "comma", "EUR", 123450), ("1\u202f234,50", "comma", "EUR", 123450), ("1'234.50", "point", "CHF", 123450),
     ("12,50-", "comma", "EUR", -1250), ("+7", "point", "EUR", 700), ("\u22125,00", "comma", "EUR", -500), ("1,234", "point", "JPY", 1234),
     ("1.234", "point", "KWD", 1234), ("980", "comma", "JPY", 980), ("0.00", "point", "EUR", 0)],
)  # fmt: skip
def test_amounts_are_read_as_banks_write_them(written, decimal, currency, units):
    assert amount_of(written, decimal, currency) == Money(units, currency)


@pytest.mark.parametrize(
    ("written", "decimal", "currency"),
    [("1.5", "comma", "EUR"), ("12.505", "point", "EUR"), ("1.5", "point", "JPY"), ("1,23,4.00", "point", "EUR"), ("1e3", "point", "EUR"),
     ("", "point", "EUR"), ("twelve", "point", "EUR"),
     ("١٢", "point", "EUR"), ("9999999999999.00", "point", "EUR"), ("--1", "point", "EUR")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(written, decimal, currency):
    with pytest.raises(ValueError, match="is no amount"):
        amount_of(written, decimal, currency)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_show_themselves_are_read(encoding):
    content = (HEAD + "2026-11-20,1.00,Rückzahlung für Zoë,上海茶叶有限公司\n").encode(encoding)
    assert [(line.text, line.counterparty) for line in read(content)] == [("Rückzahlung für Zoë", "上海茶叶有限公司")]


@pytest.mark.parametrize("encoding", ["gb18030", "latin_1", "big5"])
def test_an_encoding_that_is_named_is_read(encoding):
    word = "Rückzahlung" if encoding == "latin_1" else "退款"
    assert read((HEAD + f"2026-11-20,1.00,{word},A\n").encode(encoding), encoding=encoding)[0].text == word


def test_chinese_statements_are_known_by_their_bytes():
    rows = "".join(f"2026-11-20,1.00,货款支付第{n}笔订单退款,上海茶叶进出口有限公司\n" for n in range(30))
    assert read((HEAD + rows).encode("gb18030"))[0].counterparty == "上海茶叶进出口有限公司"


def test_western_statements_are_known_by_their_bytes():
    rows = "".join(f"2026-11-20,1.00,Überweisung für Bestellung {n},Jürgen Größe und Söhne\n" for n in range(30))
    assert read((HEAD + rows).encode("latin_1"))[0].counterparty == "Jürgen Größe und Söhne"


def test_a_wrong_named_encoding_is_refused():
    with pytest.raises(PluginError, match="not written in ascii"):
        read(HEAD + "2026-11-20,1.00,Rück,A\n", encoding="ascii")


def test_all_bad_lines_are_named_by_their_number_and_nothing_is_taken():
    content = HEAD + '2026-11-20,1.00,a,A\n20.11.2026,1.00,b,B\n2026-11-20,"1,50",c,C\n\n2026-11-20,,d,D\n'
    with pytest.raises(PluginError) as refused:
        read(content)
    assert [part.split(":")[0] for part in refused.value.message.split("; ")] == ["line 3", "line 4", "line 6"]


def test_at_most_fifty_bad_lines_are_named():
    with pytest.raises(PluginError, match="and 150 more"):
        read(HEAD + "x,y,z,n\n" * 200)


def test_what_came_and_what_went_may_have_a_column_each():
    content = "day,in,out,text\n2026-11-20,1.00,,a\n2026-11-20,,2.00,b\n2026-11-20,,-3.00,c\n"
    assert [line.amount.amount for line in read(content, amount="in", paid_out="out", counterparty="")] == [100, -200, -300]


def test_duplicate_lines_have_stable_ids_of_their_own():
    row = "2026-11-20,1.00,a,A\n"
    once, twice = read(HEAD + row), read(HEAD + row * 2)
    assert once[0].id == twice[0].id != twice[1].id


@pytest.mark.parametrize(
    "content", [HEAD + '2026-11-20,1.00,"never closed,A\n', "day,amount\n", "day,day,amount,text,name\n", HEAD + "a,b,c,d,e\n"]
)
def test_a_broken_file_is_refused(content):
    with pytest.raises(PluginError, match=r"line|header"):
        read(content)


@pytest.mark.parametrize(
    "wrong", [{"encoding": "klingon"}, {"paid_out": "amount"}, {"date_format": "%Y"[:1]}, {"delimiter": "::"}, {"skip": 51}]
)
def test_a_form_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        BankStatementConfig(booked_on="day", amount="amount", text="text", **wrong)
