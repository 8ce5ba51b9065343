"""What settlement's requests and answers carry. Amounts are signed minor units: above 0 the account gains, below it pays."""

from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator

from functions.settlement.ledger.account_statement import AccountLine, Totals
from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import Posting
from functions.settlement.ledger.ledger_queries import Period
from monsoon_plugin.money import CurrencyCode
from shared.api.payload import Query, View

Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))]
CURSOR = Field(default=None, max_length=4096)
TEST = Field(default=False, description="of orders that were paid in test mode: they are in a book of their own, and count in no other sum")


class PeriodQuery(Query):
    since: Moment | None = Field(default=None, alias="from", description="RFC 3339, included; the beginning if absent")
    until: Moment | None = Field(default=None, alias="to", description="RFC 3339, excluded; now if absent")
    cursor: str | None = CURSOR
    test: bool = TEST

    @field_validator("until")
    @classmethod
    def _after_since(cls, until: datetime | None, info: ValidationInfo) -> datetime | None:
        since = info.data.get("since")
        if since is not None and until is not None and until < since:
            raise ValueError("this is before `from`: exchange the two")
        return until

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)


class StatementQuery(PeriodQuery):
    currency: CurrencyCode | None = Field(default=None, description="lines of other currencies are left out")
    limit: int = Field(default=24, ge=1, le=100)


class TrialQuery(Query):
    day: date | None = Field(default=None, description="in UTC; today if absent")
    cursor: str | None = CURSOR
    test: bool = TEST


class LineView(View):
    entry_id: str
    order_id: str
    storefront_id: str
    occurred_at: str
    currency: str
    amounts: dict[str, int] = Field(description="by kind: goods, margin, shipping, provider_fee, commission")
    total: int

    @classmethod
    def of(cls, line: AccountLine) -> Self:
        return cls(
            entry_id=line.entry_id,
            order_id=line.order_id,
            storefront_id=line.storefront_id,
            occurred_at=line.occurred_at,
            currency=line.currency,
            amounts=dict(line.amounts),
            total=sum(line.amounts.values()),
        )


class StatementView(View):
    items: list[LineView] = Field(description="newest first; with `currency`, a page may hold fewer than `limit`")
    test: bool = TEST
    next: str | None = None


class BalanceView(View):
    currency: str
    amounts: dict[str, int] = Field(description="by kind; `payout` is what was paid out, below 0")
    total: int = Field(description="not paid out yet; below 0 the account has had more than it earned, and its next payouts are less")


class BalancesView(View):
    items: list[BalanceView] = Field(description="the sums of this page and all before it; whole when `next` is absent")
    lines: int
    test: bool = TEST
    next: str | None = None

    @classmethod
    def of(cls, totals: Totals, next: str | None, *, test: bool) -> Self:
        items = [BalanceView(currency=c, amounts=kinds, total=sum(kinds.values())) for c, kinds in sorted(totals.sums.items())]
        return cls(items=items, lines=totals.entries, test=test, next=next)


class TrialView(View):
    currency: str
    debits: int
    credits: int
    difference: int = Field(description="credits − debits; anything but 0 is a fault of ours")
    amounts: dict[str, int] = Field(description="by kind of account, signed")


class TrialBalanceView(View):
    day: date
    items: list[TrialView] = Field(description="the sums of this page and all before it; whole when `next` is absent")
    entries: int
    test: bool = TEST
    next: str | None = None

    @classmethod
    def of(cls, day: date, totals: Totals, next: str | None, *, test: bool) -> Self:
        items = [_trial(currency, kinds) for currency, kinds in sorted(totals.sums.items())]
        return cls(day=day, items=items, entries=totals.entries, test=test, next=next)


class PostingView(View):
    account: str
    kind: str
    amount: int
    currency: str

    @classmethod
    def of(cls, posting: Posting) -> Self:
        return cls(account=posting.account, kind=posting.kind, amount=posting.amount, currency=posting.currency)


class EntryView(View):
    entry_id: str
    occurred_at: str
    postings: list[PostingView]

    @classmethod
    def of(cls, booking: Booking) -> Self:
        entry = booking.entry
        return cls(entry_id=entry.id, occurred_at=entry.occurred_at, postings=[PostingView.of(p) for p in entry.postings])


class SplitView(View):
    """Who earned what of one order."""

    order_id: str
    test: bool = Field(description="it was paid in test mode: nobody is paid for it")
    shares: list[PostingView] = Field(description="per account and kind, the sum over all entries")
    entries: list[EntryView]

    @classmethod
    def of(cls, order_id: str, bookings: list[Booking]) -> Self:
        shares: dict[tuple[str, str, str], int] = {}
        for posting in (posting for booking in bookings for posting in booking.entry.postings):
            key = posting.account, posting.kind, posting.currency
            shares[key] = shares.get(key, 0) + posting.amount
        views = [PostingView(account=a, kind=k, amount=amount, currency=c) for (a, k, c), amount in sorted(shares.items()) if amount]
        test = any(booking.test for booking in bookings)
        return cls(order_id=order_id, test=test, shares=views, entries=[EntryView.of(booking) for booking in bookings])


def _trial(currency: str, kinds: dict[str, int]) -> TrialView:
    debit = -sum(amount for amount in kinds.values() if amount < 0)
    credit = sum(amount for amount in kinds.values() if amount > 0)
    return TrialView(currency=currency, debits=debit, credits=credit, difference=credit - debit, amounts=kinds)
