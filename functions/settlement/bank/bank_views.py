"""What requests and answers about banks' statements carry. Amounts are minor units."""

from base64 import b64decode
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from functions.settlement.bank.statement_matching import BankLine, ImportSummary, Outcome
from functions.settlement.payouts.payout_views import PageQuery, PayoutView
from shared.api.payload import Body, View

MOST_STATEMENT = 4 * 1024 * 1024
"""Bytes of a statement: a function is handed at most 6 MB, of which base64 and JSON take a third."""
MAX_STATEMENT_BODY = 6_000_000


def _bytes(text: str) -> str:
    if len(b64decode(text, validate=True)) > MOST_STATEMENT:
        raise ValueError(f"a statement has at most {MOST_STATEMENT} bytes: send it in parts")
    return text


class Statement(Body):
    """A statement of the bank, as its file is."""

    media_type: str = Field(max_length=100, examples=["application/xml", "text/csv"])
    content: Annotated[str, AfterValidator(_bytes)] = Field(
        max_length=MAX_STATEMENT_BODY, repr=False, description="the file in base64", examples=["RGF0ZTtBbW91bnQ7UmVmZXJlbmNlCg=="]
    )

    @property
    def file(self) -> bytes:
        return b64decode(self.content)


class SummaryView(View):
    """What became of a statement's lines."""

    lines: int
    known: int = Field(description="lines that an earlier statement had; nothing changed for them")
    matched: int
    differing: int
    unmatched: int
    passed_on: int = Field(description="money with a creditor reference: payments are told")

    @classmethod
    def of(cls, summary: ImportSummary) -> Self:
        found = summary.outcomes
        return cls(
            lines=summary.lines,
            known=summary.known,
            matched=found.get("matched", 0),
            differing=found.get("differing", 0),
            unmatched=found.get("unmatched", 0),
            passed_on=found.get("passed_on", 0),
        )


class LinesQuery(PageQuery):
    outcome: Outcome | None = Field(default=None, description="lines of other outcomes are left out")


class BankLineView(View):
    id: str
    booked_on: str
    amount: int = Field(description="above 0 it came in")
    currency: str
    reference: str
    counterparty: str
    outcome: Outcome
    payout_id: str | None = None
    note: str | None = Field(default=None, description="how it differs")

    @classmethod
    def of(cls, bank_line: BankLine) -> Self:
        line = bank_line.line
        return cls(
            id=line.id,
            booked_on=line.booked_on.isoformat(),
            amount=line.amount.amount,
            currency=line.amount.currency,
            reference=line.reference,
            counterparty=line.counterparty,
            outcome=bank_line.outcome,
            payout_id=bank_line.payout_id or None,
            note=bank_line.note or None,
        )


class ReconciliationView(View):
    items: list[BankLineView] = Field(description="the newest first; with `outcome`, a page may hold fewer than `limit`")
    next: str | None = None


class MissingView(View):
    items: list[PayoutView] = Field(description="payouts that the bank should have shown by now, of the hundred newest batches")
