"""What requests and answers about payouts carry. Amounts are minor units."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from functions.settlement.payouts.batches.payout_batch import PayoutBatch, PayoutRecord
from functions.settlement.payouts.payout_account import PayoutAccount, masked
from functions.settlement.payouts.payout_schedule import Every, Minimum, PayoutSchedule
from monsoon_plugin.clearing import Payee
from monsoon_plugin.iban import checked_iban
from monsoon_plugin.money import MAX_AMOUNT, Amount, CurrencyCode
from shared.api.payload import Body, Query, View


class PutPayoutAccount(Body):
    """Where the account is paid: an IBAN, an account at a provider, or both."""

    name: str = Field(min_length=1, max_length=70, description="of the account's holder")
    iban: Annotated[str, Field(max_length=42), AfterValidator(checked_iban)] | None = Field(default=None, repr=False)
    bic: str | None = Field(default=None, pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$", description="ISO 9362")
    provider_account: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_-]{4,64}$", repr=False, description="such as a connected Stripe account", examples=["acct_1MTf"]
    )

    def payee(self, account_id: str) -> Payee:
        return Payee(
            account_id=account_id,
            name=self.name,
            iban=self.iban or "",
            bic=self.bic or "",
            provider_account=self.provider_account or "",
            country=self.iban[:2] if self.iban else "",
        )


class PayoutAccountView(View):
    name: str
    iban: str | None = Field(default=None, description="masked")
    bic: str | None = None
    provider_account: str | None = Field(default=None, description="masked")
    blocked: str | None = Field(default=None, description="why nothing is paid to it; it ends when another is put")

    @classmethod
    def of(cls, account: PayoutAccount, payee: Payee) -> Self:
        return cls(
            name=payee.name,
            iban=masked(payee.iban) or None,
            bic=payee.bic or None,
            provider_account=masked(payee.provider_account) or None,
            blocked=account.blocked or None,
        )


class MinimumBody(Body):
    currency: CurrencyCode
    amount: int = Field(default=1, ge=1, le=MAX_AMOUNT, description="less is carried over to the next payday")


class PutSchedule(Body):
    """When the storefront's suppliers and the platform are paid, and by which of its clearing installations."""

    installation_id: str = Field(min_length=1, max_length=64)
    every: Every
    on: int = Field(default=0, ge=0, le=28, description="every week: 1 (Monday) to 7; every month: the day, 1 to 28; every day: leave it")
    currencies: list[MinimumBody] = Field(min_length=1, max_length=20, description="each once")

    def schedule(self, tenant: str) -> PayoutSchedule:
        minimums = tuple(Minimum(m.currency, m.amount) for m in self.currencies)
        return PayoutSchedule(tenant=tenant, installation_id=self.installation_id, every=self.every, on=self.on, minimums=minimums)


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
    def of(cls, schedule: PayoutSchedule, next_payday: str) -> Self:
        currencies = [MinimumView(currency=m.currency, amount=m.amount) for m in schedule.minimums]
        return cls(
            installation_id=schedule.installation_id, every=schedule.every, on=schedule.on, currencies=currencies, next_payday=next_payday
        )


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
    def of(cls, batch: PayoutBatch, records: Sequence[PayoutRecord] | None = None) -> Self:
        return cls(
            key=batch.key,
            day=batch.day,
            state=batch.state,
            total=Amount(amount=batch.total, currency=batch.currency),
            payouts=batch.count,
            by_file=batch.by_file,
            reason=batch.reason or None,
            items=None if records is None else [PayoutView.of(record) for record in records],
        )


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=4096)


class BatchesView(View):
    items: list[BatchView] = Field(description="the newest first")
    next: str | None = None


class Received(View):
    """A notice has been taken."""

    received: bool = True
