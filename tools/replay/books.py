"""What the hub says at the end: its orders, money, journal and stock."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

from hubclient.hub import Hub

Order = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of the feed's offers. `wrong`: how many offers do not add up by themselves."""

    start: int
    sold: int
    returned: int
    now: int
    wrong: int

    @property
    def difference(self) -> int:
        return self.start - self.sold + self.returned - self.now


def stock_of(start: Mapping[str, int], orders: Iterable[Order], now: Mapping[str, int]) -> Stock:
    """Add up each offer: `start` and `now` by offer id. A cancelled order has given all its units back, another what was refunded."""
    sold, returned = Counter[str](), Counter[str]()
    for order in orders:
        for line in order["lines"]:
            sold[line["offer_id"]] += line["quantity"]
            returned[line["offer_id"]] += line["quantity"] if order["state"] == "cancelled" else line["refunded"]
    wrong = sum(1 for offer in start if start[offer] - sold[offer] + returned[offer] != now[offer])
    return Stock(sum(start.values()), sold.total(), returned.total(), sum(now.values()), wrong)


def money_of(orders: Iterable[Order]) -> dict[str, tuple[int, int]]:
    """Currency → what shoppers paid and what was paid back to them, in minor units."""
    paid_in, paid_out = Counter[str](), Counter[str]()
    for order in orders:
        total = order["totals"]["total"]
        if order["state"] == "paid":
            paid_in[total["currency"]] += total["amount"]
        for refund in order["refunds"]:
            if refund["state"] == "paid":
                paid_out[refund["amount"]["currency"]] += refund["amount"]["amount"]
    return {currency: (paid_in[currency], paid_out[currency]) for currency in sorted(paid_in | paid_out)}


def trial_balance(operator: Hub, days: Iterable[date]) -> dict[str, tuple[int, int]]:
    """Currency → Σ debits and Σ credits of all that the hub booked on these days, of real money and of test money."""
    debits, credits_ = Counter[str](), Counter[str]()
    for day, test in product(days, ("false", "true")):
        for item in _whole_day(operator, day, test):
            debits[item["currency"]] += item["debits"]
            credits_[item["currency"]] += item["credits"]
    return {currency: (debits[currency], credits_[currency]) for currency in sorted(debits | credits_)}


def _whole_day(operator: Hub, day: date, test: str) -> list[dict[str, Any]]:
    """A day's sums; each page holds those of the pages before it too."""
    cursor = None
    while True:
        page = operator.get("/v1/trial-balance", day=day.isoformat(), test=test, cursor=cursor)
        cursor = page.get("next")
        if cursor is None:
            items: list[dict[str, Any]] = page["items"]
            return items


def days_of(orders: Iterable[Order], now: datetime) -> list[date]:
    """The days in UTC from the first order's to that of `now`."""
    today = now.astimezone(UTC).date()
    first = min((datetime.fromisoformat(order["placed_at"]).astimezone(UTC).date() for order in orders), default=today)
    return [first + timedelta(days=n) for n in range((today - first).days + 1)]


def units_of(supplier: Hub, offer_id: str) -> int:
    """How many units of an offer may still be sold."""
    return int(supplier.get(f"/v1/offers/{offer_id}/stock")["quantity"])
