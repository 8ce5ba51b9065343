"""What requests and answers about payables carry. Amounts are minor units."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from functions.settlement.payables.owed import Owed
from monsoon_plugin.money import CurrencyCode
from shared.api.payload import Query, View


class PayablesQuery(Query):
    currency: CurrencyCode
    cursor: str | None = Field(default=None, max_length=4096)


class OwedView(View):
    payee: str = Field(description="an account id, or `platform`")
    available: int = Field(description="what the next payday pays; below 0 the payee owes it, and its next payouts are that much less")
    held: int = Field(description="what later paydays pay, when the hold of its orders ends")


class PayablesView(View):
    currency: str
    items: list[OwedView] = Field(description="a payee may be on two pages: add up")
    next: str | None = None

    @classmethod
    def of(cls, currency: str, owed: Sequence[Owed], next: str | None) -> Self:
        items = [OwedView(payee=one.payee, available=one.available, held=one.held) for one in owed]
        return cls(currency=currency, items=items, next=next)
