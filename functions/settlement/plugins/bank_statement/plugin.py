"""A bank account whose statements come as CSV. It pays nobody: it is read for what came, and for what became of payouts."""

import codecs
from collections.abc import Sequence
from dataclasses import fields
from typing import Annotated, Literal, NoReturn

from pydantic import AfterValidator, Field, model_validator

from functions.settlement.plugins.bank_statement.translate import Layout, statement_lines
from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import CurrencyCode
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook

STATEMENT = "text/csv"
Column = Annotated[str, Field(max_length=80)]


def _known(encoding: str) -> str:
    try:
        return encoding and codecs.lookup(encoding).name
    except LookupError:
        raise ValueError("this encoding is not known") from None


class BankStatementConfig(Config):
    """The statement's form. Columns are named as in its header line."""

    booked_on: str = Field(min_length=1, max_length=80, description="column of the booking day", examples=["Buchungstag"])
    amount: str = Field(min_length=1, max_length=80, description="column of the amount; of what came in, if `paid_out` is named")
    paid_out: Column = Field(default="", description="column of what went out, where the bank has two")
    currency: Column = Field(default="", description="column of the currency, where the bank has one")
    reference: Column = Field(default="", description="column of the end-to-end id or creditor reference")
    counterparty: Column = Field(default="", description="column of the payer's or payee's name")
    text: str = Field(min_length=1, max_length=80, description="column of the remittance text", examples=["Verwendungszweck"])
    bank_id: Column = Field(default="", description="column of the bank's own reference")
    fixed_currency: CurrencyCode = Field(default="EUR", description="of all lines, where there is no column")
    date_format: str = Field(default="%Y-%m-%d", pattern=r"^[%YymdbB./ -]{4,20}$", description="as in strftime", examples=["%d.%m.%Y"])
    decimal: Literal["point", "comma"] = "point"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    skip: int = Field(default=0, ge=0, le=50, description="lines before the header")
    encoding: Annotated[str, Field(max_length=32), AfterValidator(_known)] = Field(default="", description="empty: it is found out")

    @model_validator(mode="after")
    def _columns_differ(self) -> "BankStatementConfig":
        named = [self.booked_on, self.amount, self.paid_out, self.currency]
        if len({name for name in named if name}) != len([name for name in named if name]):
            raise ValueError("day, amounts and currency are columns of their own")
        return self

    @property
    def layout(self) -> Layout:
        return Layout(**{field.name: getattr(self, field.name) for field in fields(Layout)})


class BankStatement:
    manifest = Manifest(
        id="bank_statement", version="1.0", api=1, kind="clearing", name={"en": "Bank statement (CSV)", "zh": "银行对账单（CSV）"}
    )
    config_model = BankStatementConfig

    def capability(self, config: BankStatementConfig | None) -> Capability:
        return Capability(pays=False, statements=(STATEMENT,), lookup=False, max_payouts=0)

    def check_config(self, ctx: Ctx[BankStatementConfig]) -> None:
        """Nobody is asked: the first statement shows whether the form is right."""

    def submit(self, ctx: Ctx[BankStatementConfig], batch: SubmitBatch) -> Batch:
        _unsupported("it only reads statements")

    def fetch(self, ctx: Ctx[BankStatementConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        _unsupported("a bank is asked by its statements")

    def parse_statement(self, ctx: Ctx[BankStatementConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        if media_type != STATEMENT:
            _unsupported(f"send the statement as {STATEMENT}")
        return statement_lines(content, ctx.config.layout)

    def webhook(self, ctx: Ctx[BankStatementConfig], raw: RawWebhook) -> ClearingNotice | None:
        _unsupported("banks send no notices")


def _unsupported(message: str) -> NoReturn:
    raise PluginError(ErrorKind.UNSUPPORTED, message)
