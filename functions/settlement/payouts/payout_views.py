"""What requests and answers about payouts and statements carry. Amounts are minor units."""

from base64 import b64decode
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from functions.settlement.bank.statement_matching import BankLine, Outcome, Summary
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, PayoutRecord
from functions.settlement.payouts.payout_account import PayoutAccount, masked
from functions.settlement.payouts.payout_schedule import Every, Minimum, Schedule
from monsoon_plugin.clearing import Payee
from monsoon_plugin.iban import checked_iban
from monsoon_plugin.money import MAX_AMOUNT, Amount, CurrencyCode
from shared.api.payload import Body, Query, View

MOST_STATEMENT = 4 * 1024 * 1024
"""Bytes of a statement: a function is handed at most 6 MB, of which base64 and JSON take a third."""
MAX_STATEMENT_BODY = 6_000_000


class PutPayoutAccount(Body):
    """Where the account is paid: an IBAN, an account at a provider, or both."""

    name: str = Field(min_length=1, max_length=70, description="of the account's holder")
    iban: Annotated[str, Field(max_length=42), AfterValidator(checked_iban)] | None = Field(default=None, repr=False)
    bic: str | None = Field(default=None, pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$", description="ISO 9362")
    provider_account: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_-]{4,64}$", repr=False, description="such as a connected Stripe account", examples=["acct_1MTf"]
    )

    def payee(self, account_id: str) -> Payee:
        country = self.iban[:2] if self.iban else ""
        return Payee(account_id, self.name, self.iban or "", self.bic or "", self.provider_account or "", country)


class PayoutAccountView(View):
    name: str
    iban: str | None = Field(default=None, description="masked")
    bic: str | None = None
    provider_account: str | None = Field(default=None, description="masked")
    blocked: str | None = Field(default=None, description="why nothing is paid to it; it ends when another is put")

    @classmethod
    def of(cls, account: PayoutAccount, payee: Payee) -> Self:
        return cls(
            name=payee.name, iban=masked(payee.iban) or None, bic=payee.bic or None,
            provider_account=masked(payee.provider_account) or None, blocked=account.blocked or None,
        )  # fmt: skip


class MinimumBody(Body):
    currency: CurrencyCode
    amount: int = Field(default=1, ge=1, le=MAX_AMOUNT, description="less is carried over to the next payday")


class PutSchedule(Body):
    """When the storefront's suppliers and the platform are paid, and by which of its clearing installations."""

    installation_id: str = Field(min_length=1, max_length=64)
    every: Every
    on: int = Field(default=0, ge=0, le=28, description="every week: 1 (Monday) to 7; every month: the day, 1 to 28; every day: leave it")
    currencies: list[MinimumBody] = Field(min_length=1, max_length=20, description="each once")

    def schedule(self, tenant: str, version: int) -> Schedule:
        minimums = tuple(Minimum(m.currency, m.amount) for m in self.currencies)
        return Schedule(tenant, self.installation_id, self.every, self.on, minimums, version)


class MinimumView(View):
    currency: str
    amount: int


class ScheduleView(View):
    installation_id: str
    every: Every
    on: int
    currencies: list[MinimumView]
    next_payday: str

    @classmethod
    def of(cls, schedule: Schedule, next_payday: str) -> Self:
        currencies = [MinimumView(currency=m.currency, amount=m.amount) for m in schedule.minimums]
        return cls(
            installation_id=schedule.installation_id, every=schedule.every, on=schedule.on, currencies=currencies, next_payday=next_payday
        )  # fmt: skip


class PayoutView(View):
    id: str
    payee: str = Field(description="an account id, or `platform`")
    amount: Amount
    state: Literal["prepared", "submitted", "paid", "failed", "returned"]
    reason: str | None = None

    @classmethod
    def of(cls, record: PayoutRecord) -> Self:
        amount = Amount.of(record.amount)
        return cls(id=record.payout_id, payee=record.payee, amount=amount, state=record.state, reason=record.reason or None)


class BatchView(View):
    key: str
    day: str
    state: Literal["collecting", "prepared", "sent", "unknown", "submitted", "settled", "empty"]
    total: Amount
    payouts: int = Field(description="how many")
    by_file: bool = Field(description="hand its file to the bank")
    reason: str | None = Field(default=None, description="why it is not further")
    items: list[PayoutView] | None = Field(default=None, description="not in lists")

    @classmethod
    def of(cls, batch: PayoutBatch, records: list[PayoutRecord] | None = None) -> Self:
        return cls(
            key=batch.key, day=batch.day, state=batch.state, total=Amount(amount=batch.total, currency=batch.currency),
            payouts=batch.count, by_file=batch.by_file, reason=batch.reason or None,
            items=None if records is None else [PayoutView.of(record) for record in records],
        )  # fmt: skip


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=4096)


class BatchesView(View):
    items: list[BatchView] = Field(description="the newest first")
    next: str | None = None


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
    def of(cls, summary: Summary) -> Self:
        found = summary.outcomes
        return cls(
            lines=summary.lines, known=summary.known, matched=found.get("matched", 0), differing=found.get("differing", 0),
            unmatched=found.get("unmatched", 0), passed_on=found.get("passed_on", 0),
        )  # fmt: skip


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
            id=line.id, booked_on=line.booked_on.isoformat(), amount=line.amount.amount, currency=line.amount.currency,
            reference=line.reference, counterparty=line.counterparty, outcome=bank_line.outcome,
            payout_id=bank_line.payout_id or None, note=bank_line.note or None,
        )  # fmt: skip


class ReconciliationView(View):
    items: list[BankLineView] = Field(description="the newest first; with `outcome`, a page may hold fewer than `limit`")
    next: str | None = None


class MissingView(View):
    items: list[PayoutView] = Field(description="payouts that the bank should have shown by now, of the hundred newest batches")


class Received(View):
    """A notice has been taken."""

    received: bool = True
