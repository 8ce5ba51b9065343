"""What is asked for a product, and what was asked before: so that a reduction is told with the lowest price of the 30 days before it.

Directive 98/6/EC, article 6a. Kept only of what was asked otherwise within that time, and of what is reduced: nothing of most products.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monsoon_plugin.clock import rfc3339
from shared.variants.offered import Offered
from shared.variants.sale import Priced

PRIOR = timedelta(days=30)
MOST, LEAST, IN_ALL = 16, 2, 500
"""Prices of before that are kept of an offer: of one, of each of many, and of a product's together."""

Past = tuple[tuple[int, int], ...]
"""Until when (seconds since 1970) a price was asked, and how much, the latest last; each less than those after it."""
Asks = tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class AskedPrices:
    """`told_at`: as of when prices are told, RFC 3339; empty where nothing is reduced."""

    told_at: str = ""
    past: Mapping[str, Past] = field(default_factory=dict)
    """By offer id."""
    lowest: Mapping[str, int] = field(default_factory=dict)
    """Of what is reduced: the lowest of the 30 days before that began; it stays while the same is asked and compared."""

    @property
    def priced(self) -> Priced:
        return Priced.told(self.told_at, ())

    def lowest_of(self, offered: Iterable[Offered]) -> list[int]:
        """In their order, 0 where it is not known; empty where none is."""
        return [self.lowest.get(each.offer_id, 0) for each in offered] if self.lowest else []

    def at(self, now_asked: Sequence[Offered], asked: Iterable[Offered], now: datetime) -> "AskedPrices":
        """As it is when `now_asked` takes the place of what was `asked`, until now."""
        before = {each.offer_id: each for each in asked}
        most, past, lowest = max(LEAST, min(MOST, IN_ALL // len(now_asked))), dict[str, Past](), dict[str, int]()
        for each in now_asked:
            was = before.get(each.offer_id)
            was = was if was and was.product.price.currency == each.product.price.currency else None
            kept = _after(self.past.get(each.offer_id, ()) if was else (), was, each, now)
            if kept:
                past[each.offer_id] = _bounded(kept, most)
            prior = _prior(self.lowest.get(each.offer_id), was, each, kept)
            if prior is not None:
                lowest[each.offer_id] = prior
        return AskedPrices(rfc3339(now) if any(each.reduced for each in now_asked) else "", past, lowest)

    def to_json(self) -> str | None:
        """None where there is nothing to keep."""
        if not (self.told_at or self.past):
            return None
        return json.dumps({"at": self.told_at, "past": self.past, "lowest": self.lowest}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> "AskedPrices":
        if not text:
            return cls()
        held = json.loads(text)
        past = {offer_id: tuple((until, amount) for until, amount in kept) for offer_id, kept in held["past"].items()}
        return cls(held["at"], past, held["lowest"])


UNTOLD = AskedPrices()


def asks_of(offered: Iterable[Offered]) -> Asks:
    """What is asked for each, and what it is compared with (0: nothing)."""
    return tuple(
        (each.offer_id, each.product.price.currency, each.product.price.amount, each.reduced.compare_at if each.reduced else 0)
        for each in offered
    )


def _after(past: Past, was: Offered | None, each: Offered, now: datetime) -> Past:
    """What was asked within 30 days, `was` with it where it is asked no more. Of two prices the later one counts if it is no higher."""
    since = (now - PRIOR).timestamp()
    held = tuple((until, amount) for until, amount in past if until > since)
    if was is None or was.product.price.amount == each.product.price.amount:
        return held
    gone = was.product.price.amount
    return (*((until, amount) for until, amount in held if amount < gone), (int(now.timestamp()), gone))


def _bounded(past: Past, most: int) -> Past:
    """Where there are too many, the oldest count for longer: so that what is told is never too high."""
    while len(past) > most:
        (_, lower), (until, _), *later = past
        past = ((until, lower), *later)
    return past


def _prior(told: int | None, was: Offered | None, each: Offered, past: Past) -> int | None:
    """The lowest that was asked before this reduction began; None where nothing was, or nothing is reduced."""
    if each.reduced is None:
        return None
    if was and asks_of([was]) == asks_of([each]):
        return told
    return min((*(amount for _, amount in past), *([was.product.price.amount] if was else ())), default=None)
