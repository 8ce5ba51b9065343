"""What became of deliveries, for their owners to read: a success in a shard's message costs some bytes, every other attempt an item."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

KEPT = timedelta(days=30)
LOOKED_THROUGH = 100
"""Records of a shard's messages that a page of one subscription's log looks through."""
_ONE = struct.Struct(">8sHBB")
"""The end of the subscription's id, milliseconds, status - 200, changes."""
_LONGEST = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt:
    """One delivery to one subscription. `first` and `last` are the stamps of what it told; `id` sorts by time."""

    id: str
    at: str
    type: str
    status: int | None
    error: str
    ms: int
    snippet: str
    changes: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """What one message to a shard achieved: `done` holds the subscriptions that took it."""

    id: str
    at: str
    first: str
    last: str
    done: bytes

    def attempt(self, subscription_id: str, kind: str) -> DeliveryAttempt | None:
        """The subscription's part; None if it had none."""
        found = unpacked(self.done, subscription_id)
        if found is None:
            return None
        status, ms, changes = found
        return DeliveryAttempt(
            id=self.id,
            at=self.at,
            type=kind,
            status=status,
            error="",
            ms=ms,
            snippet="",
            changes=changes,
            first=self.first,
            last=self.last,
        )


def packed(done: Iterable[tuple[str, int, int, int]]) -> bytes:
    """Subscription id, status (2xx), milliseconds and number of changes, in twelve bytes each."""
    return b"".join(
        _ONE.pack(subscription_id[-8:].encode(), min(ms, _LONGEST), status - 200, min(changes, 255))
        for subscription_id, status, ms, changes in done
    )


def unpacked(done: bytes, subscription_id: str) -> tuple[int, int, int] | None:
    """Status, milliseconds, changes. Two ids of a shard with the same end are not to be expected: it has 40 random bits."""
    wanted = subscription_id[-8:].encode()
    for name, ms, status, changes in _ONE.iter_unpack(done):
        if name == wanted:
            return 200 + status, ms, changes
    return None


class DeliveryLog(Protocol):
    """Where attempts are kept; newest first, older than `before` (an id) where one is given."""

    def attempts(self, tenant: str, subscription_id: str, before: str, limit: int) -> Sequence[DeliveryAttempt]: ...

    def records(self, shard: int, before: str, limit: int) -> Sequence[ShardRecord]: ...


def attempts_page(
    log: DeliveryLog, key: tuple[str, str, int], kind: str, before: str, limit: int
) -> tuple[list[DeliveryAttempt], str | None]:
    """At most `limit` attempts of the subscription `key` (tenant, id, shard), newest first, and where to go on; None at the end.

    A page may be short though there is more: a shard's messages are looked through, and few may have concerned the subscription.
    """
    tenant, subscription_id, shard = key
    own = log.attempts(tenant, subscription_id, before, limit)
    records = log.records(shard, before, LOOKED_THROUGH)
    horizon = max(own[-1].id if len(own) == limit else "", records[-1].id if len(records) == LOOKED_THROUGH else "")
    found = [*own, *(attempt for record in records if (attempt := record.attempt(subscription_id, kind)))]
    seen: Mapping[str, DeliveryAttempt] = {attempt.id: attempt for attempt in found if attempt.id >= horizon}
    newest = [seen[attempt_id] for attempt_id in sorted(seen, reverse=True)]
    if len(newest) > limit:
        return newest[:limit], newest[limit - 1].id
    return newest, horizon or None
