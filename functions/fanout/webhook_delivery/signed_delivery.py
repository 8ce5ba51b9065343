"""What a delivery carries: changes as a storefront sees them, or an event, in the envelope of Standard Webhooks, signed."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from functions.fanout.storefront_view import SiteView
from functions.fanout.webhooks.signing_secret import secret_text
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.outbound.call import Outcome, Request
from monsoon_plugin.signatures import Key, headers

MOST_CHANGES = 100
"""Of one delivery."""
MOST_BYTES = 900_000
"""Of one delivery's changes."""


class PostAll(Protocol):
    """Posts to strangers' endpoints (monsoon_plugin.outbound): some at once, each within its seconds, outcomes in the requests' order."""

    def __call__(self, requests: Sequence[Request]) -> Sequence[Outcome]: ...


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

    __slots__ = ("view",)

    def __init__(self, subscription: Subscription, view: SiteView, hub_secret: str, now: datetime) -> None:
        super().__init__(subscription, hub_secret, now)
        self.view = view


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST to one endpoint."""

    endpoint: Endpoint
    request: Request
    changes: int


@dataclass(frozen=True)
class DeliveryWriter:
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
        for part in batches([entry for entry in entries if entry is not None]):
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


def batches(entries: Sequence[bytes]) -> Iterator[list[bytes]]:
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


def message_id(subscription_id: str, event_id: str) -> str:
    """Of one event for one endpoint, however often it is sent."""
    return f"msg_{hashlib.sha256(f'{subscription_id} {event_id}'.encode()).hexdigest()[:32]}"
