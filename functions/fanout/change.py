"""Changes of the catalog, as client sites follow them: for each product its last change, and nothing before it.

So the feed is as long as the catalog, not as its history: a new site reads it from the start and has everything, a site
that was away goes on at its cursor, and an event that comes twice or late changes nothing.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, Self

from shared.clock import rfc3339
from shared.messages import OfferPublished, OfferRecalled

SHARDS = 4
"""Over so many partitions the changes are spread. A product's are all in one, so each product's come in order."""
LAG = timedelta(seconds=5)
"""A change is shown once it is this old. A change is stamped before it is written, and the write ends or fails within four
seconds (see store), so that none appears behind a cursor that has passed its stamp; the rest is for the index and the clocks."""
PAGE_CHARACTERS = 1_000_000
"""A page ends after this many characters of products, so that its answer fits what API Gateway carries."""


@dataclass(frozen=True, slots=True)
class Change:
    """A product's last change. `at` is its moment and the product's id, `product` its JSON; None once it is recalled."""

    product_id: str
    offer_id: str
    supplier_id: str
    version: int
    at: str
    product: str | None

    @classmethod
    def published(cls, message: OfferPublished, now: datetime) -> Self:
        product = message.product.model_dump_json(exclude_defaults=True)
        return cls(message.product_id, message.offer_id, message.supplier_id, message.version, _at(message.product_id, now), product)

    @classmethod
    def recalled(cls, message: OfferRecalled, now: datetime) -> Self:
        return cls(message.product_id, message.offer_id, message.supplier_id, message.version, _at(message.product_id, now), None)

    @property
    def shard(self) -> str:
        return str(zlib.crc32(self.product_id.encode()) % SHARDS)


@dataclass(frozen=True, slots=True)
class Position:
    """How far a site has read: the last `at` of each shard, which shard is first, and when it began."""

    since: str
    first: int = 0
    read: Mapping[str, str] = field(default_factory=dict)


class Changes(Protocol):
    """Where changes are kept: the table, or a list in a test."""

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[Change]:
        """At most `limit` changes of the shard, by `at`, later than `after` and not later than `until`."""
        ...


def start(now: datetime) -> Position:
    """Before everything. The index may still show as on sale what was recalled within LAG, so reading begins that much earlier."""
    return Position(rfc3339(now - LAG))


def read_on(position: Position, limit: int, now: datetime, changes: Changes) -> tuple[list[Change], Position, bool]:
    """The next changes, at most `limit`, where they end, and whether more can be read at once.

    Another shard comes first on each page, so that a busy one cannot hold up the others.
    """
    found: list[Change] = []
    until, room = rfc3339(now - LAG), PAGE_CHARACTERS
    read = dict(position.read)
    for turn in range(SHARDS):
        shard = str((position.first + turn) % SHARDS)
        wanted = limit - len(found)
        for change in changes.between(shard, read.get(shard, ""), until, wanted) if wanted and room > 0 else ():
            if room <= 0:
                break
            found.append(change)
            read[shard] = change.at
            room -= len(change.product or "")
    return found, Position(position.since, (position.first + 1) % SHARDS, read), len(found) == limit or room <= 0


def _at(product_id: str, now: datetime) -> str:
    return f"{rfc3339(now)}#{product_id}"
