"""What a delivery carries: changes as a storefront sees them, in the envelope of Standard Webhooks, signed.

A million storefronts hear of one change. What they all are told alike is written once, and the storefront's own prices are set
into it; the result is what `sight.entry` says (a test holds the two together).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from functions.fanout.product_change import Change
from functions.fanout.storefront_view import Lens, Sighting, wanted_before
from functions.fanout.webhooks.subscription import CHANGED, Subscription, secret_text
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Money
from monsoon_plugin.outbound.call import Outcome, Request
from monsoon_plugin.signatures import Key, headers

MOST_CHANGES = 100
"""Of one delivery."""
MOST_BYTES = 900_000
"""Of one delivery's changes."""


class Sender(Protocol):
    """Posts to strangers' endpoints (monsoon_plugin.outbound): some at once, each within its seconds, outcomes in the requests' order."""

    def __call__(self, requests: Sequence[Request]) -> Sequence[Outcome]: ...


class Told:
    """A change, written once for all storefronts that are told of it."""

    def __init__(self, change: Change) -> None:
        self.change, self.seen = change, Sighting(change)
        ids = f'"product_id":{_text(change.product_id)},"offer_id":{_text(change.offer_id)},"sequence":"'
        self._removal, self._upsert = f'{{"type":"removal",{ids}'.encode(), f'{{"type":"upsert",{ids}'.encode()

    @cached_property
    def _alike(self) -> bytes:
        """The end of the sequence and the product up to its price."""
        return f'","product":{_text(self.seen.told)[:-1]},"price":'.encode()

    def entry(self, lens: Lens) -> bytes | None:
        """The change as the storefront sees it: an upsert or a removal; None if none of its sites can hold the product."""
        change = self.change
        return self._upserted(lens) or (self._removed(lens) if change.version and change.revision > 1 else None)

    def difference(self, lens: Lens, before: Sequence[Lens] | None) -> bytes | None:
        """What sites that were told by the lenses `before` must hear now; they are None if nobody knows them."""
        prices = lens.prices(self.seen)
        if prices:
            alike = before is not None and all(lens.prices(self.seen) == prices for lens in before)
            return None if alike else self._upserted(lens)
        gone = self.change.version and (before is None or wanted_before(self.seen, before))
        return self._removed(lens) if gone else None

    def _upserted(self, lens: Lens) -> bytes | None:
        prices = lens.prices(self.seen)
        if not prices:
            return None
        unit = prices[0][1]
        tiers = b",".join([b'{"min_quantity":%d,"price":%b}' % (quantity, _price(price)) for quantity, price in prices[1:]])
        day = b""
        if unit.currency != self._currency:
            day = b',"currency_day":"%b"' % lens.day.encode()
        sequence = lens.sequence(self.change).encode()
        return b'%b%b%b%b,"tiers":[%b]%b}}' % (self._upsert, sequence, self._alike, _price(unit), tiers, day)

    def _removed(self, lens: Lens) -> bytes:
        return b'%b%b"}' % (self._removal, lens.sequence(self.change).encode())

    @cached_property
    def _currency(self) -> str:
        return self.seen.product.price.currency if self.seen.product else ""


class Endpoint:
    """A subscription with the keys that sign for it."""

    __slots__ = ("_keys", "_until", "subscription")

    def __init__(self, subscription: Subscription, hub_secret: str, now: datetime) -> None:
        self.subscription = subscription
        self._keys = [Key(secret_text(hub_secret, subscription.id, generation)) for generation in subscription.generations(now)]
        self._until = subscription.old_secrets_until(now)

    def keys(self, now: datetime) -> list[Key]:
        """Those that sign at `now`, which is no earlier than the moment this was made at."""
        return self._keys[: 1 + sum(now < end for end in self._until)] if self._until else self._keys


class Target(Endpoint):
    """An endpoint with the rule and the rates that its storefront sees by."""

    __slots__ = ("lens",)

    def __init__(self, subscription: Subscription, lens: Lens, hub_secret: str, now: datetime) -> None:
        super().__init__(subscription, hub_secret, now)
        self.lens = lens


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST to one endpoint."""

    endpoint: Endpoint
    request: Request
    changes: int


@dataclass(frozen=True)
class Writer:
    """Writes deliveries, all at one moment."""

    now: datetime

    @cached_property
    def _stamp(self) -> str:
        return rfc3339(self.now)

    @cached_property
    def _seconds(self) -> int:
        return int(self.now.timestamp())

    def changes(self, endpoint: Endpoint, entries: Iterable[bytes | None]) -> Iterator[Delivery]:
        """The entries, in as few deliveries as the bounds allow; none if there is nothing to tell.

        A delivery's webhook-id is that of its content, so that a retry of the same has the same.
        """
        for part in parts([entry for entry in entries if entry is not None]):
            told = b",".join(part)
            digest = hashlib.sha256(endpoint.subscription.id.encode() + told).hexdigest()
            data = b'{"storefront_id":"%b","changes":[%b]}' % (endpoint.subscription.storefront_id.encode(), told)
            yield self.delivery(endpoint, f"msg_{digest[:32]}", CHANGED, data, len(part))

    def delivery(self, endpoint: Endpoint, message_id: str, kind: str, data: bytes, changes: int = 0) -> Delivery:
        """`data` (JSON) as a message of type `kind`."""
        body = b'{"type":"%b","timestamp":"%b","data":%b}' % (kind.encode(), self._stamp.encode(), data)
        signed = headers(endpoint.keys(self.now), message_id, self._seconds, body)
        signed["content-type"] = "application/json"
        signed["user-agent"] = "monsoon-webhooks/1"
        request = Request(endpoint.subscription.url, signed, body, lane=endpoint.subscription.account_id)
        return Delivery(endpoint, request, changes)


def parts(entries: Sequence[bytes]) -> Iterator[list[bytes]]:
    """`entries` in lists of at most MOST_CHANGES and about MOST_BYTES."""
    if len(entries) <= MOST_CHANGES and sum(map(len, entries)) <= MOST_BYTES:
        if entries:
            yield list(entries)
        return
    held: list[bytes] = []
    size = 0
    for entry in entries:
        if held and (len(held) == MOST_CHANGES or size + len(entry) > MOST_BYTES):
            yield held
            held, size = [], 0
        held.append(entry)
        size += len(entry)
    yield held


def mark(lens: Lens) -> str:
    """A text of the lens that rises with the rule's version and the rates' day."""
    return f"{lens.version:010d}.{lens.day}"


def message_id(subscription_id: str, event_id: str) -> str:
    """Of one event for one endpoint, however often it is sent."""
    return f"msg_{hashlib.sha256(f'{subscription_id} {event_id}'.encode()).hexdigest()[:32]}"


def _price(money: Money) -> bytes:
    return b'{"amount":%d,"currency":"%b"}' % (money.amount, money.currency.encode())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
