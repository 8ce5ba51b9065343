"""A change as the JSON of webhooks, written once for a million storefronts that hear of it.

What they all are told alike is written once, and the storefront's own prices are set into it; the result is what
`storefront_view.entry` says (a test holds the two together).
"""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, Prices, SiteView, Told, wanted_before
from monsoon_plugin.money import Money
from shared.variants.announced import Announced


class ChangeJson:
    """A change, written once for all storefronts that are told of it."""

    def __init__(self, change: ProductChange, since: str = "") -> None:
        """`since`: when the state was written after which there is news; empty if that is not known."""
        self.change, self.parsed = change, ParsedChange(change)
        self._before = self.parsed.at_costs(change.earlier_costs.since(since))

    @cached_property
    def _ids(self) -> str:
        return f'"product_id":{_text(self.change.product_id)},"offer_id":{_text(self.parsed.offer_id)},"sequence":"'

    @cached_property
    def _removal(self) -> bytes:
        return f'{{"type":"removal",{self._ids}'.encode()

    @cached_property
    def _upsert(self) -> bytes:
        return f'{{"type":"upsert",{self._ids}'.encode()

    @cached_property
    def _variants(self) -> list[bytes]:
        """Each up to its price."""
        return [f'{_text(alike)[:-1]},"price":'.encode() for alike in self.parsed.variants_alike]

    @cached_property
    def _alike(self) -> bytes:
        """The end of the sequence and the product up to its price."""
        return f'","product":{_text(self.parsed.shown_alike)[:-1]},"price":'.encode()

    def entry(self, view: SiteView) -> bytes | None:
        """The change as the storefront sees it: an upsert or a removal; None if none of its sites can hold the product."""
        change = self.change
        return self._upserted(view, view.told(self.parsed)) or (self._removed(view) if change.version and change.revision > 1 else None)

    def news(self, view: SiteView) -> bytes | None:
        """The entry; None, too, where the storefront has told nothing else since the state that the news follow."""
        told = view.told(self.parsed) if self._before else None
        return None if told and all(view.told(state) == told for state in self._before) else self.entry(view)

    def difference(self, view: SiteView, before: Sequence[SiteView] | None) -> bytes | None:
        """What sites that were told by the views `before` must hear now; they are None if nobody knows them."""
        told = view.told(self.parsed)
        if told.prices:
            alike = before is not None and all(earlier.told(self.parsed) == told for earlier in before)
            return None if alike else self._upserted(view, told)
        gone = self.change.version and (before is None or wanted_before(self.parsed, before))
        return self._removed(view) if gone else None

    def _upserted(self, view: SiteView, told: Told) -> bytes | None:
        prices = told.prices
        if not prices:
            return None
        unit = prices[0][1]
        day = b""
        if unit.currency != self._currency:
            day = b',"currency_day":"%b"' % view.day.encode()
        sequence = view.sequence(self.change).encode()
        own = _priced(prices) + _reduced(told.reduction)
        return b"%b%b%b%b%b%b}}" % (self._upsert, sequence, self._alike, own, day, self._variants_at(told))

    def _variants_at(self, told: Told) -> bytes:
        if not self._variants:
            return b""
        each = zip(self._variants, told.variants, told.variants_reductions, strict=True)
        parts = [b"%b%b%b}" % (alike, _priced(prices), _reduced(reduction)) for alike, prices, reduction in each if prices]
        return b',"variants":[%b]' % b",".join(parts)

    def _removed(self, view: SiteView) -> bytes:
        return b'%b%b"}' % (self._removal, view.sequence(self.change).encode())

    @cached_property
    def _currency(self) -> str:
        return self.parsed.product.price.currency if self.parsed.product else ""


def _priced(prices: Prices) -> bytes:
    tiers = b",".join([b'{"min_quantity":%d,"price":%b}' % (quantity, _price(price)) for quantity, price in prices[1:]])
    return b'%b,"tiers":[%b]' % (_price(prices[0][1]), tiers)


def _reduced(reduction: Announced | None) -> bytes:
    return b',"reduction":%b' % _text(reduction.told()).encode() if reduction else b""


def _price(money: Money) -> bytes:
    return b'{"amount":%d,"currency":"%b"}' % (money.amount, money.currency.encode())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
