"""Changes of the catalog, as client sites follow them: for each product its last change, and nothing before it.

So the log is as long as the catalog, not as its history: a new site reads it from the start and has everything, a site
that was away goes on at its cursor, and an event that comes twice or late changes nothing.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, Self

from monsoon_plugin.clock import rfc3339
from shared.messages import OfferAvailabilityChanged, OfferPublished, OfferRecalled

SHARDS = 4
"""Over so many partitions the changes are spread. A product's are all in one, so each product's come in order."""
LAG = timedelta(seconds=5)
"""A change is shown once it is this old. A change is stamped before it is written, and the write ends or fails within four
seconds (see store), so that none appears behind a cursor that has passed its stamp; the rest is for the index and the clocks."""


@dataclass(frozen=True, slots=True)
class Change:
    """A product's last change. `at` is its moment and the product's id, `product` its JSON; None while it is not on sale.

    `version` counts what the catalog said (0: nothing yet), `stock_version` what orders said of its stock (0: nothing yet).
    """

    product_id: str
    offer_id: str
    supplier_id: str
    version: int
    at: str
    product: str | None
    in_stock: bool = False
    stock_version: int = 0

    @classmethod
    def published(cls, message: OfferPublished, now: datetime) -> Self:
        """In stock is what the supplier says, for as long as orders has said nothing."""
        product = message.product.model_dump_json(exclude_defaults=True)
        return cls(
            message.product_id, message.offer_id, message.supplier_id, message.version, _at(message.product_id, now), product,
            message.product.stock > 0,
        )  # fmt: skip

    @classmethod
    def recalled(cls, message: OfferRecalled, now: datetime) -> Self:
        return cls(message.product_id, message.offer_id, message.supplier_id, message.version, _at(message.product_id, now), None)

    @classmethod
    def stocked(cls, message: OfferAvailabilityChanged, now: datetime) -> Self:
        """What orders said of the stock; it says nothing of the product."""
        at = _at(message.product_id, now)
        return cls(message.product_id, message.offer_id, message.supplier_id, 0, at, None, message.in_stock, message.version)

    @property
    def revision(self) -> int:
        """Rises with every write of the product's change, since each raises one of the two versions and neither ever falls."""
        return self.version + self.stock_version

    @property
    def shard(self) -> str:
        return str(zlib.crc32(self.product_id.encode()) % SHARDS)


class Changes(Protocol):
    """Where changes are kept: the table, or a list in a test."""

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[Change]:
        """At most `limit` changes of the shard, by `at`, later than `after` and not later than `until`; fewer only at the end."""
        ...


def _at(product_id: str, now: datetime) -> str:
    return f"{rfc3339(now)}#{product_id}"
